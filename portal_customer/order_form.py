"""From a form's JSON Schema to sections of fields: what to ask, in which widget, and when. Pure.

`x-tl` of the form: `sections` (list of key and title). Of a field: `widget`, `title`, `hint`, `labels`, `section`,
`currency`, and `show_if`, a FEEL condition over the form's other fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rulebook.feel import Expression, FeelError, compile_expression

Texts = Mapping[str, str]
LONG_TEXT = 200


@dataclass(frozen=True)
class ShownWhen:
    """The field matters only while `driver` has one of `values`."""

    driver: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One question. widget: text, textarea, radio, select, date, money, number, checkbox, document or slot."""

    name: str
    widget: str
    label: Texts
    hint: Texts
    choices: tuple[tuple[str, Texts], ...] = ()
    is_required: bool = False
    max_length: int | None = None
    currency: str = ""
    shown_when: ShownWhen | None = None


@dataclass(frozen=True)
class Section:
    """Questions that belong together; the title is empty where a form has no sections."""

    key: str
    title: Texts
    fields: Sequence[Field] = field(default=())


def sections(schema: Mapping[str, Any]) -> list[Section]:
    """The form's sections in their order, each with its fields in the schema's order; empty ones are left out.

    A field without a section, or with an unknown one, stands in the last.
    """
    declared = schema.get("x-tl", {}).get("sections") or [{"key": "form", "title": {}}]
    keys = [each["key"] for each in declared]
    by_key: dict[str, list[Field]] = {key: [] for key in keys}
    required = _required(schema)
    for name, about in schema.get("properties", {}).items():
        if _hints(about).get("widget") == "hidden" or "const" in about:
            continue
        key = _hints(about).get("section", "")
        by_key[key if key in by_key else keys[-1]].append(_field(schema, name, about, name in required))
    return [Section(each["key"], each["title"], by_key[each["key"]]) for each in declared if by_key[each["key"]]]


def fields(schema: Mapping[str, Any]) -> list[Field]:
    """All questions of a form."""
    return [each for section in sections(schema) for each in section.fields]


def _field(schema: Mapping[str, Any], name: str, about: Mapping[str, Any], is_required: bool) -> Field:
    hints = _hints(about)
    labels = hints.get("labels", {})
    return Field(
        name=name,
        widget=hints.get("widget") or _widget(about),
        label=hints.get("title") or {"en": about.get("title", name)},
        hint=hints.get("hint", {}),
        choices=tuple((str(value), labels.get(str(value), {"en": str(value)})) for value in about.get("enum", ())),
        is_required=is_required,
        max_length=about.get("maxLength"),
        currency=hints.get("currency", "USD") if hints.get("widget") == "money" else "",
        shown_when=_shown_when(schema, hints.get("show_if", "")),
    )


def _widget(about: Mapping[str, Any]) -> str:
    if "enum" in about:
        return "radio" if len(about["enum"]) <= 4 else "select"
    by_type = {"boolean": "checkbox", "integer": "number", "number": "number"}
    if about.get("type") in by_type:
        return by_type[about["type"]]
    if about.get("format") == "date":
        return "date"
    return "textarea" if about.get("maxLength", 0) > LONG_TEXT else "text"


def _required(schema: Mapping[str, Any]) -> set[str]:
    """Names required always, or as soon as their condition makes the question appear."""
    names = set(schema.get("required", ()))
    for branch in schema.get("allOf", ()):
        names |= set(branch.get("then", {}).get("required", ()))
    return names


def _shown_when(schema: Mapping[str, Any], condition: str) -> ShownWhen | None:
    """The condition as one other field and its values, tried out one by one; None where it hangs on more than that."""
    expression = _condition(condition)
    if expression is None or len(expression.names) != 1:
        return None
    (driver,) = expression.names
    about = schema.get("properties", {}).get(driver, {})
    values = about.get("enum") or ([True, False] if about.get("type") == "boolean" else [])
    fitting = tuple(_posted(value) for value in values if _holds(expression, {driver: value}))
    return ShownWhen(driver, fitting) if values else None


def _holds(expression: Expression, answers: Mapping[str, Any]) -> bool:
    try:
        return expression.evaluate(answers) is True
    except FeelError:
        return False


def _posted(value: Any) -> str:
    """A value as a browser posts it; an unticked box posts nothing."""
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value)


@lru_cache(maxsize=500)
def _condition(text: str) -> Expression | None:
    if not text:
        return None
    try:
        return compile_expression(text)
    except FeelError:
        return None


def _hints(about: Mapping[str, Any]) -> Mapping[str, Any]:
    return about.get("x-tl", {})
