// Where the focus goes after the page or a part of it was replaced. Controls that need a script show themselves here.

let leaving = null; // the row that is about to be replaced: its place, to go on with the next one

function showScriptedControls(root) {
  root.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
}

function announce(text) {
  const region = document.getElementById("announcer");
  if (region && text) region.textContent = text;
}

function focusWanted(root) {
  const wanted = root.matches?.("[data-focus]") ? root : root.querySelector?.("[data-focus]");
  wanted?.focus();
  return Boolean(wanted);
}

function focusHeading() {
  const heading = document.querySelector("#main h1") ?? document.getElementById("main");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  announce(document.title);
}

function focusRow(place) {
  const rows = document.querySelectorAll("[data-queue] [data-row]");
  const row = rows[Math.min(place, rows.length - 1)];
  row?.focus();
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const row = detail.target.closest?.("[data-row]");
  const rows = row ? [...document.querySelectorAll("[data-queue] [data-row]")] : [];
  leaving = row && row.contains(document.activeElement) ? rows.indexOf(row) : null;
});

// A whole page: the focus is set in the moment of the swap, so that a quick key after it is not overruled.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!detail.requestConfig?.boosted) return;
  showScriptedControls(document);
  if (!focusWanted(document.body)) focusHeading();
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.requestConfig?.boosted) return;
  showScriptedControls(document);
  if (!focusWanted(detail.elt) && leaving !== null) focusRow(leaving);
  leaving = null;
});

// After a form that was answered without htmx the server marks what to read first.
showScriptedControls(document);
focusWanted(document.body);
