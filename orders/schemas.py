"""Forms as JSON Schema 2020-12 with `x-tl`: from what a browser posts to typed answers, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import orjson
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as SchemaError

from audit.texts import is_readable
from orders.conditions import shown_when
from orders.days import first_and_last
from processes.evaluate import value_of
from rulebook.feel import FeelError, compile_expression
from rulebook.feel.literals import read_date
from ui.schema_form import widget_of
from ui.words import date_text

LONGEST_WHOLE = 12  # digits of an amount before its point
# Digits, in threes when a comma or a blank groups them: "1,20" may mean 1.20, so it is not taken for 120.
_AMOUNT = re.compile(r"([0-9]+|[1-9][0-9]{0,2}([, ，])[0-9]{3}(?:\2[0-9]{3})*)(?:\.([0-9]+))?")
_BREAKS = re.compile(r"[\t\n\r]")
_FORMATS = FormatChecker(formats=["date", "date-time", "email", "time"])


def clean(schema: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Typed answers from posted text. Empty fields and fields that are not shown are left out.

    raw: field name → text, or a list of texts for fields with several values (a QueryDict or a dict).
    """
    answers: dict[str, Any] = {}
    for name, field in schema.get("properties", {}).items():
        value = _typed(field, _texts(raw, name))
        if value is not None:
            answers[name] = value
    shown = {name for name in answers if is_shown(schema["properties"][name], answers)}
    return {name: value for name, value in answers.items() if name in shown}


def check(schema: Mapping[str, Any], answers: Mapping[str, Any], today: date) -> dict[str, str]:
    """What is wrong, as field name → one sentence; "" is the form as a whole. Empty when all is well.

    today: the day at the branch, from which the bounds of dates are counted.
    """
    found: dict[str, str] = {}
    if not schema:
        return {} if not answers else {"": _("Expected no answers for this step, but there are some.")}
    found |= unreadable(answers)
    errors = _validator(orjson.dumps(schema)).iter_errors(dict(answers))
    for error in sorted(errors, key=lambda error: [str(part) for part in error.path]):
        for name, sentence in _sentences(error, schema):
            found.setdefault(name, sentence)
    for name, sentence in (*_days_outside(schema, answers, today), *_on_more_lines(schema, answers)):
        found.setdefault(name, sentence)
    return found


def unreadable(answers: Mapping[str, Any]) -> dict[str, str]:
    """Answers with characters that are none, as field name → one sentence: they can't even be kept as a draft."""
    return {name: no_text() for name, value in answers.items() if not all(map(is_readable, _within(value)))}


def no_text() -> str:
    """What is wrong with a text that holds control characters."""
    return _("This contains an invisible character. Type it again instead of pasting it.")


def asked(schema: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The schema as a page asks it on a day, worked out in `x-tl`: `shown_when`, and `first` and `last` of dates."""
    fields = schema.get("properties", {})
    return {**schema, "properties": {name: _asked(schema, field, today) for name, field in fields.items()}}


def is_shown(field: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether the field's condition (`x-tl.show_if`) holds for the answers so far."""
    condition = field.get("x-tl", {}).get("show_if")
    if not condition:
        return True
    try:
        return compile_expression(condition).evaluate(_Lenient(answers)) is True
    except FeelError:
        return False


def variables(schema: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as process variables: money carries its currency, so that conditions see a number."""
    fields = schema.get("properties", {})
    return {name: _with_currency(fields.get(name, {}), value) for name, value in answers.items()}


def fields_with(schema: Mapping[str, Any], widget: str) -> Iterator[str]:
    """Names of the fields that use a widget, such as "document", "money" or "slot"."""
    for name, field in schema.get("properties", {}).items():
        if field.get("x-tl", {}).get("widget") == widget:
            yield name


def _asked(schema: Mapping[str, Any], field: Mapping[str, Any], today: date) -> dict[str, Any]:
    hints = {**field.get("x-tl", {}), "shown_when": shown_when(schema, field.get("x-tl", {}).get("show_if", ""))}
    bounds = first_and_last(field, today)
    if bounds:
        hints |= {"first": bounds[0].isoformat(), "last": bounds[1].isoformat()}
    return {**field, "x-tl": hints}


def _days_outside(schema: Mapping[str, Any], answers: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    for name, field in schema.get("properties", {}).items():
        bounds, day = first_and_last(field, today), read_date(str(answers.get(name, "")))
        if bounds and day and not bounds[0] <= day <= bounds[1]:
            first, last = (date_text(each, get_language(), this_year=0) for each in bounds)
            yield name, _("Enter a date from %(first)s to %(last)s.") % {"first": first, "last": last}


def _within(value: Any) -> Iterator[str]:
    yield from (str(item) for item in (value if isinstance(value, list) else [value]))


def _on_more_lines(schema: Mapping[str, Any], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, field in schema.get("properties", {}).items():
        if widget_of(field) == "text" and _BREAKS.search(str(answers.get(name, ""))):
            yield name, _("Write this on one line.")


class _Lenient(dict):
    """Answers in which a field not filled yet is null."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        super().__init__({name: value_of(value) for name, value in answers.items()})

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> None:
        return None


def _texts(raw: Mapping[str, Any], name: str) -> list[Any]:
    if hasattr(raw, "getlist"):
        return [text.strip() for text in raw.getlist(name)]
    value = raw.get(name)
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [item.strip() if isinstance(item, str) else item for item in values]


def _typed(field: Mapping[str, Any], texts: list[Any]) -> Any:
    if "const" in field:
        return field["const"]
    kind = field.get("type", "string")
    if kind == "boolean":
        return bool(texts) and texts[-1] in (True, "true", "on", "1", "yes")
    if kind == "array":
        return [text for text in texts if text != ""] or None
    if not texts or texts[-1] == "":
        return None
    text = texts[-1]
    if kind == "integer" and isinstance(text, str):
        return int(text) if text.removeprefix("-").isdecimal() and len(text) <= 18 else text
    if field.get("x-tl", {}).get("widget") == "money" and isinstance(text, str):
        return _plain_amount(text)
    return text


def _plain_amount(text: str) -> str:
    found = _AMOUNT.fullmatch(text)
    if not found:
        return text
    whole, grouped_by, cents = found.groups(default="")
    return f"{whole.replace(grouped_by, '').lstrip('0') or '0'}.{cents.ljust(2, '0')}"


def _with_currency(field: Mapping[str, Any], value: Any) -> Any:
    hints = field.get("x-tl", {})
    if hints.get("widget") == "money":
        return {"amount": value, "currency": hints.get("currency", "USD")}
    return value


@lru_cache(maxsize=512)
def _validator(schema: bytes) -> Draft202012Validator:
    return Draft202012Validator(orjson.loads(schema), format_checker=_FORMATS)


def _sentences(error: SchemaError, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = str(error.path[0]) if error.path else ""
    if error.validator == "required":
        present: Any = error.instance
        for missing in list(error.validator_value):  # type: ignore[arg-type]
            if missing not in present:
                yield missing, _("Please fill this in.")
    elif error.validator == "additionalProperties":
        yield "", _("Expected only the fields of this form, but there are others.")
    elif error.validator in ("if", "allOf", "anyOf", "oneOf") and error.context:
        for inner in error.context:
            yield from _sentences(inner, schema)
    else:
        yield name, _sentence(error, schema.get("properties", {}).get(name, {}))


def _sentence(error: SchemaError, field: Mapping[str, Any]) -> str:
    wanted = error.validator_value
    widget = field.get("x-tl", {}).get("widget")
    if widget == "money":
        return _amount_sentence(str(error.instance))
    match error.validator:
        case "maxLength":
            return _("Use at most %(count)s characters.") % {"count": wanted}
        case "minLength":
            return _("Use at least %(count)s characters.") % {"count": wanted}
        case "minimum":
            return _("Enter a number of at least %(bound)s.") % {"bound": wanted}
        case "maximum":
            return _("Enter a number of at most %(bound)s.") % {"bound": wanted}
        case "enum" | "const":
            return _("Choose one of the answers listed.")
        case "format" if wanted == "date":
            return _("Enter a date such as 2026-11-25.")
        case "format" if wanted == "email":
            return _("Enter an e-mail address such as name@example.com.")
        case "type" if wanted in ("integer", "number"):
            return _("Enter a number.")
        case _:
            return _("This is not in the form we expect. See the hint beside the field.")


def _amount_sentence(text: str) -> str:
    whole = text.partition(".")[0]
    if whole.isdecimal() and len(whole) > LONGEST_WHOLE:
        return _("Use at most 12 digits before the point.")
    if "," in text or "，" in text:
        return _("A comma only groups three digits, as in 1,234,567.89. Put a point before the cents.")
    return _("Enter an amount such as 1200.00.")
