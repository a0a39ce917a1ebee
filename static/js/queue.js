// The queue's row cursor: J and K move it, X selects, Space previews, Enter opens. One row has tabindex 0 (roving).

import { word } from "./words.js";

let lastPicked = null;

const queue = () => document.querySelector("[data-queue]");
const rows = () => [...(queue()?.querySelectorAll("[data-row]") ?? [])];
const current = () => queue()?.querySelector("[data-row].cur") ?? null;
const box = (row) => row.querySelector(".pick input");

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
  const wanted = checked ?? !box(row).checked;
  const [from, to] = [all.indexOf(range && lastPicked?.isConnected ? lastPicked : row), all.indexOf(row)].sort((a, b) => a - b);
  all.slice(from, to + 1).forEach((each) => { box(each).checked = wanted; });
  lastPicked = row;
  showCount();
}

function showCount() {
  const boxes = rows().map(box);
  const chosen = boxes.filter((each) => each.checked).length;
  document.querySelectorAll("[data-count-selected]").forEach((label) => { label.textContent = word("selected", { n: chosen }); });
  const all = document.querySelector("[data-pick-all]");
  if (!all) return;
  all.checked = chosen > 0 && chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
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
const ON_ROW = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  " ": () => current()?.querySelector("[data-preview]")?.click(),
  Enter: () => current()?.querySelector("[data-open]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (!queue() || event.defaultPrevented || isBusy(event)) return;
  const letters = document.documentElement.dataset.keys === "off" ? {} : LETTERS;
  const onRow = event.target.matches("[data-row], body") ? ON_ROW : {};
  const act = letters[event.key.toLowerCase()] ?? onRow[event.key];
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
  rows().forEach((row) => { box(row).checked = target.checked; });
  showCount();
});

document.addEventListener("reset", () => setTimeout(showCount));
document.addEventListener("htmx:afterSettle", () => {
  const row = document.activeElement?.closest?.("[data-queue] [data-row]"); // a row that was swapped keeps the cursor
  if (row) setCurrent(row);
  showCount();
});

// The preview: Escape or its close button empties the drawer, and the row gets the focus back.
document.addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-close-drawer]")) return;
  document.getElementById("drawer")?.replaceChildren();
  current()?.focus();
});
