// Toasts leave after a while; not while they are pointed at or hold the focus, and never the ones that report a failure.

const STAY_MS = 8000;

function leave(toast) {
  if (!toast.isConnected) return;
  if (toast.matches(":hover, :focus-within")) setTimeout(() => leave(toast), STAY_MS / 2);
  else toast.remove();
}

function watch() {
  document.querySelectorAll("[data-toast]:not([data-watched])").forEach((toast) => {
    toast.dataset.watched = "";
    toast.querySelectorAll("[data-dismiss]").forEach((button) => { button.hidden = false; });
    if (!toast.classList.contains("crit")) setTimeout(() => leave(toast), STAY_MS);
  });
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-dismiss]")) target.closest("[data-toast], .note")?.remove();
});
document.addEventListener("htmx:afterSettle", watch);
document.addEventListener("htmx:oobAfterSwap", watch);
watch();
