// A process drawing that is larger than its box shows first the node where the token stands, or what is marked; one that
// fits is no stop of the Tab key.

const FIRST = [".now", ":is(.wrong, .added, .removed)", ":is(.changed, .doubtful)"];

function centre() {
  document.querySelectorAll(".diagram-box").forEach((box) => {
    const fits = box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight;
    box.toggleAttribute("tabindex", !fits);
    if (!fits) box.tabIndex = 0;
    const node = FIRST.map((css) => box.querySelector(`.node${css}`)).find(Boolean);
    if (!node) return;
    const inner = node.getBoundingClientRect();
    const outer = box.getBoundingClientRect();
    box.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
    box.scrollTop += inner.top + inner.height / 2 - (outer.top + outer.height / 2);
  });
}

document.addEventListener("htmx:afterSettle", centre);
window.addEventListener("resize", centre);
centre();
