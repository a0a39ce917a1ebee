// Opens <dialog id="x"> for any control with data-dialog="x". The control may be a link: without a script it leads to a
// page with the same form. The browser keeps the focus inside and gives it back to the opener.

let opener = null;

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-dialog]");
  const dialog = control && document.getElementById(control.dataset.dialog);
  if (!dialog) return;
  event.preventDefault();
  event.stopPropagation();
  opener = control;
  dialog.showModal();
}, { capture: true });

document.addEventListener("close", ({ target }) => {
  if (target.tagName === "DIALOG" && opener?.isConnected) opener.focus();
}, { capture: true });

// A dialog inside a form has no form of its own that would close it.
document.addEventListener("click", ({ target }) => target.closest("[data-close-dialog]")?.closest("dialog").close());

// A click on the backdrop closes; a click inside the dialog's box doesn't.
document.addEventListener("click", ({ target, clientX, clientY }) => {
  if (target.tagName !== "DIALOG") return;
  const box = target.getBoundingClientRect();
  const inside = clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
  if (!inside) target.close();
});
