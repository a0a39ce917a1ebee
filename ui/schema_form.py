"""From a form's JSON Schema and what was typed to sections of fields that `ui/schema_form.html` draws. Pure.

`x-tl` of the form: `sections` (list of key and title). Of a field: `widget`, `title`, `hint`, `labels`, `section`,
`currency`. What is right is decided elsewhere: this only shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui.words import pick_text

LONG_TEXT = 200
FEW_CHOICES = 4


@dataclass(frozen=True)
class Option:
    """One answer of a choice."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class SchemaField:
    """One question with its answer. widget: text, textarea, radio, select, date, money, number, checkbox or checkboxes.

    value: the text in the control; is_on: the tick of a checkbox; error: "" when all is well.
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

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, for the control."""
        parts = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*parts, f"{self.id}-error"] if self.error else parts)


@dataclass(frozen=True)
class SchemaSection:
    """Questions that belong together; the title is empty where a form has no sections."""

    title: str
    fields: tuple[SchemaField, ...]


def schema_form(
    schema: Mapping[str, Any],
    answers: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    language: str = "en",
    ids: str = "field",
) -> list[SchemaSection]:
    """The form's sections in their order, each with its fields in the schema's order; empty ones are left out.

    answers: typed answers or posted text by field. errors: one sentence by field. ids: prefix of the controls' ids.
    A field without a section, or with an unknown one, stands in the last.
    """
    declared = schema.get("x-tl", {}).get("sections") or [{"key": "", "title": {}}]
    fields: dict[str, list[SchemaField]] = {each["key"]: [] for each in declared}
    required = required_fields(schema)
    for name, about in schema.get("properties", {}).items():
        hints = about.get("x-tl", {})
        if hints.get("widget") == "hidden" or "const" in about:
            continue
        key = hints.get("section", "")
        field = _field(name, about, answers.get(name), (errors or {}).get(name, ""), name in required, language, ids)
        fields[key if key in fields else declared[-1]["key"]].append(field)
    return [
        SchemaSection(pick_text(each.get("title"), language), tuple(fields[each["key"]]))
        for each in declared
        if fields[each["key"]]
    ]


def required_fields(schema: Mapping[str, Any]) -> frozenset[str]:
    """Names required always, or as soon as their condition makes the question appear."""
    names = set(schema.get("required", ()))
    for branch in schema.get("allOf", ()):
        names |= set(branch.get("then", {}).get("required", ()))
    return frozenset(names)


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


def _field(
    name: str, about: Mapping[str, Any], answer: Any, error: str, is_required: bool, language: str, ids: str
) -> SchemaField:
    hints, widget = about.get("x-tl", {}), widget_of(about)
    label = pick_text(hints.get("title"), language) or about.get("title", name)
    return SchemaField(
        name=name,
        id=f"{ids}-{name}",
        widget=widget,
        label=f"{label} ({hints.get('currency', 'USD')})" if widget == "money" else label,
        hint=pick_text(hints.get("hint"), language),
        value="" if answer is None or isinstance(answer, bool | list | dict) else str(answer),
        error=error,
        is_required=is_required,
        is_on=answer in (True, "on", "true", "1", "yes"),
        options=_options(about, answer, language),
        max_length=about.get("maxLength"),
    )


def _options(about: Mapping[str, Any], answer: Any, language: str) -> tuple[Option, ...]:
    labels = about.get("x-tl", {}).get("labels", {})
    chosen = {str(each) for each in answer} if isinstance(answer, list) else {str(answer)}
    values = about.get("enum") or about.get("items", {}).get("enum", ())
    return tuple(
        Option(str(value), pick_text(labels.get(str(value)), language) or str(value), str(value) in chosen)
        for value in values
    )
