"""What speaks against keeping a form: a field whose answers have no bound. For who writes products and drawings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from orders.days import NoBound, first_and_last
from rulebook.said import Said
from rulebook.said import gettext_noop as _

LONGEST_TEXT = 20_000
LONGEST_AMOUNT = 16  # 15 digits and a point
MOST = 10**15 - 1  # 15 digits
_DAYS = (date(2000, 1, 1), date(2100, 1, 1))  # bounds that never fit together fit on neither of them


def why_unfit(form: Mapping[str, Any]) -> list[str]:
    """One sentence for every field without a bound; none when the form can be kept."""
    fields = form.get("properties", {}).items()
    return [problem for name, field in fields for problem in _problems(name, field)]


def _problems(name: str, field: Mapping[str, Any]) -> Iterator[str]:
    if "const" in field or "enum" in field or field.get("type") == "boolean":
        return
    match field.get("type", "string"):
        case "integer" | "number":
            yield from _of_number(name, field)
        case "array":
            if "maxItems" not in field:
                yield Said(_('Expected maxItems of the list "%(name)s", but it has none.'), name=name)
            yield from _problems(f"{name}[]", field.get("items", {}))
        case _:
            yield from _of_text(name, field)
            if field.get("format") == "date" or field.get("x-tl", {}).get("widget") == "date":
                yield from _of_date(name, field)


def _of_number(name: str, field: Mapping[str, Any]) -> Iterator[str]:
    if "minimum" not in field or "maximum" not in field:
        yield Said(_('Expected a minimum and a maximum of the number "%(name)s", but one is missing.'), name=name)
    elif field["minimum"] < -MOST or field["maximum"] > MOST:
        yield Said(_('Expected numbers of at most 15 digits for "%(name)s", but its bounds allow more.'), name=name)


def _of_text(name: str, field: Mapping[str, Any]) -> Iterator[str]:
    longest = field.get("maxLength")
    if longest is None:
        yield Said(_('Expected a maxLength of the text "%(name)s", but it has none.'), name=name)
    elif field.get("x-tl", {}).get("widget") == "money" and longest > LONGEST_AMOUNT:
        yield Said(
            _(
                'Expected a maxLength of at most %(most)s for the amount "%(name)s" (15 digits and a point), '
                "but it is %(longest)s."
            ),
            most=LONGEST_AMOUNT,
            name=name,
            longest=longest,
        )
    elif longest > LONGEST_TEXT:
        sentence = _('Expected a maxLength of at most %(most)s for "%(name)s", but it is %(longest)s.')
        yield Said(sentence, most=LONGEST_TEXT, name=name, longest=longest)


def _of_date(name: str, field: Mapping[str, Any]) -> Iterator[str]:
    try:
        bounds = [first_and_last(field, today) for today in _DAYS]
    except NoBound as error:
        sentence = _(
            'Expected the bounds of the date "%(name)s" as a day, "today" or a distance such as "+1y", but "%(bound)s" '
            "is none."
        )
        yield Said(sentence, name=name, bound=error.text)
        return
    if None in bounds:
        sentence = _('Expected not_before and not_after in x-tl of the date "%(name)s", but one is missing.')
        yield Said(sentence, name=name)
    elif all(first > last for first, last in filter(None, bounds)):
        yield Said(_('Expected not_before of "%(name)s" to be no later than its not_after, but it is.'), name=name)
