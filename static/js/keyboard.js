// Keys press visible controls: <button data-key="c">, <a data-key="g q">, <input data-key="/">, data-key="ctrl+enter".
// So a key can do no more than a click can. Single letters rest in fields, with modifiers, and with <html data-keys="off">.

const SEQUENCE_MS = 1200;
let prefix = "";
let prefixTimer = 0;

function isTyping(target) {
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
}

function isVisible(element) {
  return element.checkVisibility ? element.checkVisibility({ visibilityProperty: true }) : element.offsetParent !== null;
}

function openDialog() {
  return document.querySelector("dialog[open]");
}

// The control of a key: in the open dialog, else in the current row, else anywhere on the page but in another row.
function controlOf(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const places = openDialog() ? [openDialog()] : [document.querySelector("[data-row].cur"), document];
  for (const place of places) {
    const found = [...(place?.querySelectorAll(selector) ?? [])]
      .find((element) => isVisible(element) && !element.disabled && !element.closest("[data-row]:not(.cur)"));
    if (found) return found;
  }
  return null;
}

function press(control) {
  if (control.matches("input:not([type=radio], [type=checkbox]), textarea, select, h2")) {
    control.focus();
    control.select?.();
    control.scrollIntoView({ block: "nearest" });
  } else {
    if (control.matches("input")) control.focus();
    control.click();
    document.getElementById(control.dataset.then)?.focus();
  }
}

function pressKey(key, event) {
  const control = controlOf(key);
  if (!control) return false;
  event.preventDefault();
  press(control);
  return true;
}

function startsSequence(key) {
  return Boolean(document.querySelector(`[data-key^="${CSS.escape(key)} "]`));
}

function withControl(event) {
  if (event.key === "Enter") {
    const form = event.target.closest("form");
    const inForm = form?.querySelector('[data-key="ctrl+enter"]');
    if (inForm) { event.preventDefault(); inForm.click(); return; }
  }
  pressKey(`ctrl+${event.key.toLowerCase()}`, event);
}

function single(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const sequence = prefix ? `${prefix} ${key}` : "";
  prefix = "";
  clearTimeout(prefixTimer);
  if (sequence && pressKey(sequence, event)) return;
  if (startsSequence(key)) {
    prefix = key;
    prefixTimer = setTimeout(() => { prefix = ""; }, SEQUENCE_MS);
    return;
  }
  pressKey(key, event);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) { if (!event.altKey) withControl(event); return; }
  if (event.altKey) return;
  if (event.key === "Escape") { if (!openDialog()) escape(event); return; }
  if (event.key.length !== 1 || event.key === " " || event.repeat) return;
  if (document.documentElement.dataset.keys === "off" || isTyping(event.target)) return;
  single(event);
});

function escape(event) {
  const open = [...document.querySelectorAll("details.menu[open]")].at(-1);
  if (open) { open.open = false; open.querySelector("summary").focus(); return; }
  if (isTyping(event.target)) { event.target.blur(); return; }
  if (controlOf("escape")?.matches("a") && holdsTypedText()) return;
  pressKey("escape", event);
}

// What was typed and not sent: Escape leads away from no such page.
function holdsTypedText() {
  return [...document.querySelectorAll("main textarea, main input[type=text]")].some((field) => field.value !== field.defaultValue);
}

// A menu closes when the click or the focus goes elsewhere.
document.addEventListener("click", ({ target }) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
});
