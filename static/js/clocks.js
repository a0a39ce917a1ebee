// Ticks the texts that count down. The server decides the band and the business time left; here only minutes pass,
// and none while business is closed (data-stops).

import { word } from "./words.js";

const TICK_MS = 15_000;
const started = new WeakMap(); // when each text came into the page, by this machine's steady clock

function words(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  if (!minutes) return word("moments");
  if (!h) return word("minutes", { m });
  return m ? word("hoursMinutes", { h, m, mm: String(m).padStart(2, "0") }) : word("hours", { h });
}

function secondsLeft(clock) {
  const { until, now, left, stops } = clock.dataset;
  const rendered = Date.parse(now);
  const passed = performance.now() - started.get(clock);
  const open = stops ? Math.max(Date.parse(stops) - rendered, 0) : Infinity;
  const total = left === undefined ? (Date.parse(until) - rendered) / 1000 : Number(left);
  return total - Math.min(passed, open) / 1000;
}

function tick() {
  document.querySelectorAll("[data-until]").forEach((clock) => {
    if (!started.has(clock)) { started.set(clock, performance.now()); return; }
    const left = secondsLeft(clock);
    const time = words(left);
    const text = "bare" in clock.dataset ? time : word(left < 0 ? "over" : "left", { time });
    if (Number.isFinite(left) && clock.textContent !== text) clock.textContent = text;
  });
}

tick();
setInterval(() => { if (!document.hidden) tick(); }, TICK_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
document.addEventListener("htmx:afterSettle", tick);
