// A file dropped on the place for it lands in its plain file input; the names of the chosen files are shown.

const place = (event) => event.target.closest?.("[data-drop]");

document.addEventListener("dragover", (event) => {
  if (!place(event)) return;
  event.preventDefault();
  place(event).classList.add("over");
});

document.addEventListener("dragleave", (event) => place(event)?.classList.remove("over"));

document.addEventListener("drop", (event) => {
  const drop = place(event);
  if (!drop) return;
  event.preventDefault();
  drop.classList.remove("over");
  const input = drop.querySelector("input[type=file]");
  if (!input || !event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", ({ target }) => {
  const shown = target.matches?.("[data-drop] input[type=file]") && target.closest("[data-drop]").querySelector("[data-chosen]");
  if (shown) shown.textContent = [...target.files].map((file) => file.name).join(", ");
});
