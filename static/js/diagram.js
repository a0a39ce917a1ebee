// A process drawing is larger than its box: show first the node where the token stands, or what is marked.

const FIRST = [".now", ":is(.wrong, .added, .removed)", ":is(.changed, .doubtful)"];

function centre() {
  document.querySelectorAll(".diagram-box").forEach((box) => {
    const node = FIRST.map((css) => box.querySelector(`.node${css}`)).find(Boolean);
    if (!node) return;
    const inner = node.getBoundingClientRect();
    const outer = box.getBoundingClientRect();
    box.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
    box.scrollTop += inner.top + inner.height / 2 - (outer.top + outer.height / 2);
  });
}

document.addEventListener("htmx:afterSettle", centre);
centre();
