"""From a form's JSON Schema and what was typed to sections of questions that `ui/schema_form.html` draws. Pure.

`x-tl` of the form: `sections` (list of key and title). Of a field: `widget`, `title`, `hint`, `labels`, `section`,
`currency`, and what the room has worked out for this page: `shown_when` (the condition as one other field and its
answers), `first` and `last` (the earliest and the latest day). What is right is decided elsewhere: this only shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ui.words import pick_text

LONG_TEXT = 200
FEW_CHOICES = 4
ON = (True, "on", "true", "1", "yes")


@dataclass(frozen=True)
class Option:
    """One answer of a choice; `group` stands above those that belong together."""

    value: str
    label: str
    is_chosen: bool = False
    group: str = ""


@dataclass(frozen=True)
class ShownWhen:
    """A question matters only while `driver` has one of `values`; both in words too, for readers without a script."""

    driver: str
    values: tuple[str, ...]
    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question with its answer.

    widget: text, textarea, radio, select, date, money, number, checkbox, checkboxes, document or slot.
    value: the text in the control; is_on: the tick of a checkbox; error: "" when all is well.
    first, last: the days between which a date lies, as ISO texts; sent: name of the paper that is there already.
    """

    name: str
    id: str
    widget: str
    label: str
    hint: str
    value: str
    error: str
    is_required: bool
    is_on: bool = False
    options: tuple[Option, ...] = ()
    max_length: int | None = None
    first: str = ""
    last: str = ""
    sent: str = ""
    shown_when: ShownWhen | None = None

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, for the control."""
        parts = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*parts, f"{self.id}-error"] if self.error else parts)


@dataclass(frozen=True)
class Section:
    """Questions that belong together; the title is empty where a form has no sections."""

    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Problem:
    """A line of the error summary; label and id are empty when it is about the form as a whole."""

    text: str
    label: str = ""
    id: str = ""


@dataclass(frozen=True)
class SchemaForm:
    """A form as a page shows it."""

    sections: tuple[Section, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def questions(self) -> list[Question]:
        return [question for section in self.sections for question in section.questions]

    @property
    def has_documents(self) -> bool:
        return any(question.widget == "document" for question in self.questions)

    @property
    def texts(self) -> list[str]:
        """What was typed in words, to be shown where the form itself can no longer be sent."""
        typed = ("text", "textarea", "money", "number", "date")
        return [question.value for question in self.questions if question.widget in typed and question.value]


def schema_form(
    schema: Mapping[str, Any],
    answers: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    language: str = "en",
    ids: str = "field",
    slots: Iterable[Option] = (),
    papers: Mapping[str, str] | None = None,
) -> SchemaForm:
    """The form's sections in their order, each with its questions in the schema's order; empty ones are left out.

    answers: typed answers or posted text by field. errors: one sentence by field, "" for the form as a whole.
    ids: prefix of the controls' ids. slots: the free times of a slot field. papers: names of papers by their id.
    A field without a section, or with an unknown one, stands in the last.
    """
    drawing = _Drawing(schema, answers, errors or {}, language, ids, tuple(slots), papers or {})
    sections = drawing.sections()
    return SchemaForm(sections, drawing.problems(sections))


def widget_of(about: Mapping[str, Any]) -> str:
    """The control of a field: the one that it names, or what its type suggests."""
    named = about.get("x-tl", {}).get("widget")
    if named:
        return named
    if about.get("type") == "array":
        return "checkboxes"
    if "enum" in about:
        return "radio" if len(about["enum"]) <= FEW_CHOICES else "select"
    by_type = {"boolean": "checkbox", "integer": "number", "number": "number"}
    if about.get("type") in by_type:
        return by_type[about["type"]]
    if about.get("format") == "date":
        return "date"
    return "textarea" if about.get("maxLength", 0) > LONG_TEXT else "text"


@dataclass(frozen=True)
class _Drawing:
    """One form being drawn for one reader."""

    schema: Mapping[str, Any]
    answers: Mapping[str, Any]
    errors: Mapping[str, str]
    language: str
    ids: str
    slots: tuple[Option, ...]
    papers: Mapping[str, str]

    def sections(self) -> tuple[Section, ...]:
        declared = self.schema.get("x-tl", {}).get("sections") or [{"key": "", "title": {}}]
        found: dict[str, list[Question]] = {each["key"]: [] for each in declared}
        required = self._required()
        for name, about in self.schema.get("properties", {}).items():
            hints = about.get("x-tl", {})
            if hints.get("widget") == "hidden" or "const" in about:
                continue
            key = hints.get("section", "")
            question = self._question(name, about, is_required=name in required)
            found[key if key in found else declared[-1]["key"]].append(question)
        titled = [(self._words(each.get("title")), tuple(found[each["key"]])) for each in declared]
        return tuple(Section(title, questions) for title, questions in titled if questions)

    def problems(self, sections: tuple[Section, ...]) -> tuple[Problem, ...]:
        asked = {question.name: question for section in sections for question in section.questions}
        whole = [Problem(text) for name, text in self.errors.items() if name not in asked]
        at_fields = [Problem(each.error, each.label, each.id) for each in asked.values() if each.error]
        return (*whole, *at_fields)

    def _required(self) -> set[str]:
        """Names required always, or as soon as their condition makes the question appear."""
        names = set(self.schema.get("required", ()))
        for branch in self.schema.get("allOf", ()):
            names |= set(branch.get("then", {}).get("required", ()))
        return names

    def _question(self, name: str, about: Mapping[str, Any], *, is_required: bool) -> Question:
        hints, widget, answer = about.get("x-tl", {}), widget_of(about), self.answers.get(name)
        label = self._label(name, about)
        value = "" if answer is None or isinstance(answer, bool | list | dict) else str(answer)
        return Question(
            name=name,
            id=f"{self.ids}-{name}",
            widget=widget,
            label=f"{label} ({hints.get('currency', 'USD')})" if widget == "money" else label,
            hint=self._words(hints.get("hint")),
            value=value,
            error=self.errors.get(name, ""),
            is_required=is_required,
            is_on=answer in ON,
            options=self._options(about, answer, widget),
            max_length=about.get("maxLength"),
            first=hints.get("first", ""),
            last=hints.get("last", ""),
            sent=self.papers.get(value, "") if widget == "document" else "",
            shown_when=self._shown_when(hints.get("shown_when")),
        )

    def _options(self, about: Mapping[str, Any], answer: Any, widget: str) -> tuple[Option, ...]:
        chosen = {str(each) for each in answer} if isinstance(answer, list) else {str(answer)}
        if widget == "slot":
            return tuple(Option(each.value, each.label, each.value in chosen, each.group) for each in self.slots)
        values = about.get("enum") or about.get("items", {}).get("enum", ())
        return tuple(Option(str(value), self._choice(about, value), str(value) in chosen) for value in values)

    def _shown_when(self, when: Mapping[str, Any] | None) -> ShownWhen | None:
        if not when:
            return None
        driver = self.schema["properties"][when["driver"]]
        answers = [self._choice(driver, value) for value in driver.get("enum", ()) if str(value) in when["values"]]
        return ShownWhen(when["driver"], tuple(when["values"]), self._label(when["driver"], driver), tuple(answers))

    def _label(self, name: str, about: Mapping[str, Any]) -> str:
        return self._words(about.get("x-tl", {}).get("title")) or about.get("title", name)

    def _choice(self, about: Mapping[str, Any], value: Any) -> str:
        return self._words(about.get("x-tl", {}).get("labels", {}).get(str(value))) or str(value)

    def _words(self, texts: Mapping[str, str] | None) -> str:
        return pick_text(texts, self.language)
