// The queue's row cursor: J and K move it, X selects, Space previews, Enter opens. One row has tabindex 0 (roving).
// What is done to chosen rows is done to the current one when none is chosen.

import { word } from "./words.js";

let lastPicked = null;

const queue = () => document.querySelector("[data-queue]");
const rows = () => [...(queue()?.querySelectorAll("[data-row]") ?? [])];
const current = () => queue()?.querySelector("[data-row].cur") ?? null;
const box = (row) => row.querySelector(".pick input");
const boxes = () => rows().map(box).filter(Boolean);

function setCurrent(row) {
  for (const other of rows()) {
    other.classList.toggle("cur", other === row);
    other.tabIndex = other === row ? 0 : -1;
  }
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const place = all.indexOf(current());
  const next = all[place < 0 ? 0 : Math.min(Math.max(place + step, 0), all.length - 1)];
  setCurrent(next);
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function pick(row, { range = false, checked } = {}) {
  const all = rows();
  if (!box(row)) return;
  const wanted = checked ?? !box(row).checked;
  const [from, to] = [all.indexOf(range && lastPicked?.isConnected ? lastPicked : row), all.indexOf(row)].sort((a, b) => a - b);
  all.slice(from, to + 1).forEach((each) => { box(each).checked = wanted; });
  lastPicked = row;
  showCount();
}

function showCount() {
  const chosen = boxes().filter((each) => each.checked).length;
  document.querySelectorAll("[data-count-selected]").forEach((label) => { label.textContent = word("selected", { n: chosen }); });
  const all = document.querySelector("[data-pick-all]");
  if (!all) return;
  all.checked = chosen > 0 && chosen === boxes().length;
  all.indeterminate = chosen > 0 && chosen < boxes().length;
}

function isBusy(event) {
  const { target } = event;
  const typing = target.matches("textarea, select, input:not([type=checkbox])") || target.isContentEditable;
  return typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]");
}

const LETTERS = {
  j: () => move(1),
  k: () => move(-1),
  x: (event) => current() && pick(current(), { range: event.shiftKey }),
};
const FOR_CHOSEN = ["a", "p"]; // their buttons stand in the bar, which shows itself when a row is chosen
const ON_ROW = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  " ": () => current()?.querySelector("[data-preview]")?.click(),
  Enter: () => current()?.querySelector("[data-open]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (!queue() || event.defaultPrevented || isBusy(event)) return;
  const letters = document.documentElement.dataset.keys === "off" ? {} : LETTERS;
  const key = event.key.toLowerCase();
  const onRow = event.target.matches("[data-row], body") ? ON_ROW : {};
  if (letters === LETTERS && FOR_CHOSEN.includes(key) && current() && !boxes().some((each) => each.checked)) pick(current());
  const act = letters[key] ?? onRow[event.key];
  if (!act) return;
  event.preventDefault();
  act(event);
}, { capture: true });

document.addEventListener("focusin", ({ target }) => {
  const row = target.closest?.("[data-queue] [data-row]");
  if (row) setCurrent(row);
});

document.addEventListener("click", (event) => {
  const checkbox = event.target.closest?.("[data-row] .pick input");
  if (checkbox) pick(checkbox.closest("[data-row]"), { range: event.shiftKey, checked: checkbox.checked });
});

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-pick-all]")) return;
  boxes().forEach((each) => { each.checked = target.checked; });
  showCount();
});

document.addEventListener("reset", () => setTimeout(showCount));
document.addEventListener("htmx:afterSettle", () => {
  const row = document.activeElement?.closest?.("[data-queue] [data-row]"); // a row that was swapped keeps the cursor
  if (row) setCurrent(row);
  showCount();
});

// Enter in the list of people presses the button beside it, as it does in a line of text.
document.addEventListener("keydown", (event) => {
  const button = event.key === "Enter" && event.target.dataset.enter;
  if (!button) return;
  event.preventDefault();
  document.getElementById(button)?.click();
});

// Refreshing moves no row from under the eyes: the cursor, the chosen rows and the scroll stay, where their rows do.
let kept = null;

document.addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-keeps-place]")) return;
  kept = { id: current()?.id, chosen: boxes().filter((each) => each.checked).map((each) => each.value), top: window.scrollY };
}, { capture: true });

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  // Not the answer of a look for changes that was on its way when the page was asked for.
  if (!kept || !queue() || !detail.requestConfig?.boosted) return;
  const { id, chosen, top } = kept;
  kept = null;
  boxes().forEach((each) => { each.checked = chosen.includes(each.value); });
  showCount();
  const row = (id && document.getElementById(id)) || rows()[0];
  if (row) { setCurrent(row); row.focus({ preventScroll: true }); }
  window.scrollTo(0, top);
});

// The preview: Escape or its close button empties the drawer, and the row gets the focus back.
document.addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-close-drawer]")) return;
  document.getElementById("drawer")?.replaceChildren();
  current()?.focus();
});
