// Light or dark: the choice is kept in a cookie, so that the server draws the next page right from the start.

const YEAR_SECONDS = 365 * 24 * 3600;
const root = document.documentElement;

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function show() {
  document.querySelectorAll("[data-theme-toggle]").forEach((button) => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isDark()));
  });
}

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-theme-toggle]")) return;
  root.dataset.theme = isDark() ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
  show();
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
document.addEventListener("htmx:afterSettle", show);
show();
