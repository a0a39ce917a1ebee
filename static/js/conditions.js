// Shows a question only while the answer that it hangs on is given. Without this script all questions are shown,
// each with the words "Only if …", and the server leaves out what does not apply.

function answersOf(form, driver) {
  return new FormData(form).getAll(driver).map(String);
}

function refresh(form) {
  form.querySelectorAll("[data-driver]").forEach((question) => {
    const values = question.dataset.values.split("|");
    const given = answersOf(form, question.dataset.driver);
    const answers = given.length ? given : [""];
    question.hidden = !answers.some((answer) => values.includes(answer));
  });
  form.querySelectorAll("[data-section]").forEach((section) => {
    section.hidden = !section.querySelector(".question:not([hidden])");
  });
  form.querySelectorAll(".only-if").forEach((words) => { words.hidden = true; });
}

function refreshAll() {
  document.querySelectorAll("form:has([data-driver])").forEach(refresh);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form");
  if (form?.querySelector("[data-driver]")) refresh(form);
});
document.addEventListener("htmx:afterSettle", refreshAll);
refreshAll();
