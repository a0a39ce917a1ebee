"""What a table's columns and hit policy must be: everything that is wrong, each named by its place. Pure.

A place is `hit_policy`, a side (`inputs`, `outputs`), or a field of a column: `inputs.0.type`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from rulebook.bounds import LONGEST_CELL, NOTES
from rulebook.feel import FeelError, compile_expression
from rulebook.hit_policies import AGGREGATES, HIT_POLICIES
from rulebook.readers import SIDES, Reader, unread
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import KINDS
from rulebook.table_parts import TYPES

MOST_COLUMNS = 30  # of both sides together: the form of the rules holds so many
MOST_VALUES = 200
LONGEST_NAME = 60
LONGEST_LABEL = 80
LONGEST_UNIT = 20
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
TAKEN = ("id", "default", "rule")  # what the places of a rule's other parts are called
CLOSED = ("text", "number")  # types of columns that may list what is allowed
RANKED = ("priority", "output_order")

Found = Iterator[tuple[str, str]]


def column_problems(
    body: Mapping[str, Any], *, reader: Reader | None = None, known: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """Place → what is wrong there, one sentence each, as `rulebook.said` has it.

    known: a body whose columns are taken as they stand: of the same column nothing but its reader's wants is judged.
    """
    found: dict[str, str] = {}
    for place, said in [*_of_sides(body), *_of_columns(body, known or {}), *_of_policy(body)]:
        found.setdefault(place, said)
    for place, said in unread(reader, body) if reader else ():
        found.setdefault(place, said)
    return found


def same_shape(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two bodies have the same columns and hit policy."""
    return all(one.get(part) == other.get(part) for part in (*SIDES, "hit_policy"))


def _of_sides(body: Mapping[str, Any]) -> Found:
    sides = {"inputs": _("A table has at least one condition."), "outputs": _("A table has at least one output.")}
    for side, sentence in sides.items():
        if not body.get(side):
            yield side, Said(sentence)
    if sum(len(body.get(side) or ()) for side in SIDES) > MOST_COLUMNS:
        yield "outputs", Said(_("A table has at most %(most)s columns."), most=MOST_COLUMNS)


def _of_columns(body: Mapping[str, Any], known: Mapping[str, Any]) -> Found:
    every = [(side, place, column) for side in SIDES for place, column in enumerate(body.get(side) or ())]
    names = Counter(str(column.get("name")) for _side, _place, column in every)
    for side, place, column in every:
        at, name = f"{side}.{place}", str(column.get("name") or "")
        if names[name] > 1 and name:
            yield f"{at}.name", Said(_("Each column has a name of its own, but this one stands there twice."))
        if column not in (known.get(side) or ()):
            yield from ((f"{at}.{field}", said) for field, said in _of_one(column, name))


def _of_one(column: Mapping[str, Any], name: str) -> Found:
    said = _wrong_name(name)
    if said:
        yield "name", said
    if column.get("type") not in TYPES:
        yield "type", Said(_("Choose a type."))
    yield from _of_label(column.get("label") or {})
    yield from _of_unit(column, str(column.get("unit") or ""))
    yield from _of_values(column)


def _wrong_name(name: str) -> str:
    if not name:
        return Said(_("Give it a name: rules and processes call the fact so."))
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        sentence = _("Use one word of at most %(most)s letters, digits and underscores, such as client_age.")
        return Said(sentence, most=LONGEST_NAME)
    if name in TAKEN or not _is_plain(name):
        return Said(_("“%(name)s” means something else in rules: choose another name."), name=name)
    return ""


def _is_plain(name: str) -> bool:
    """Whether the language takes the word for the name of a fact."""
    try:
        return set(compile_expression(name).names) == {name}
    except FeelError:
        return False


def _of_label(label: Mapping[str, str]) -> Found:
    for code in NOTES:
        text = str(label.get(code) or "")
        if not text:
            yield f"label-{code}", Said(_("Say what it is called."))
        elif len(text) > LONGEST_LABEL:
            yield f"label-{code}", Said(_("Use at most %(count)s characters."), count=LONGEST_LABEL)


def _of_unit(column: Mapping[str, Any], unit: str) -> Found:
    if unit and column.get("type") != "number":
        yield "unit", Said(_("Only numbers have a currency or a unit."))
    elif len(unit) > LONGEST_UNIT:
        yield "unit", Said(_("Use at most %(count)s characters."), count=LONGEST_UNIT)
    elif len(unit) == 3 and unit.isalpha() and unit.isascii() and not unit.isupper():
        yield "unit", Said(_("A currency is written in capitals: %(code)s."), code=unit.upper())


def _of_values(column: Mapping[str, Any]) -> Found:
    values, kind = column.get("values") or [], column.get("type")
    if not values:
        return
    if kind not in CLOSED:
        yield "values", Said(_("Only texts and numbers list what is allowed."))
    elif len(values) > MOST_VALUES:
        yield "values", Said(_("List at most %(most)s values."), most=MOST_VALUES)
    elif len(set(map(str, values))) < len(values):
        yield "values", Said(_("Each value stands there once."))
    elif odd := [each for each in values if not _fits(each, kind)]:
        sentence = _("“%(value)s” is no whole number.") if kind == "number" else _("“%(value)s” is no text.")
        yield "values", Said(sentence, value=str(odd[0])[:60])
    elif any(len(str(each)) > LONGEST_LABEL for each in values):
        yield "values", Said(_("Use at most %(count)s characters."), count=LONGEST_LABEL)
    yield from _of_words(column.get("labels") or {}, set(map(str, values)))


def _of_words(words: Mapping[str, Mapping[str, str]], values: Iterable[str]) -> Found:
    for code in values:
        said = words.get(code)
        if said and not all(said.get(language) for language in NOTES):
            yield "values", Said(_("Say “%(value)s” in both languages, or in none."), value=code)
        elif said and any(len(text) > LONGEST_CELL for text in said.values()):
            yield "values", Said(_("Use at most %(count)s characters."), count=LONGEST_CELL)


def _fits(value: Any, kind: Any) -> bool:
    if kind == "number":
        return isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value)
    return isinstance(value, str)


def _of_policy(body: Mapping[str, Any]) -> Found:
    policy, outputs = body.get("hit_policy"), body.get("outputs") or []
    if policy not in HIT_POLICIES:
        yield "hit_policy", Said(_("Choose a hit policy."))
    if policy in RANKED and not any(column.get("values") for column in outputs):
        yield "hit_policy", Said(_("This one ranks outputs: list the allowed values of an output, the highest first."))
    if policy in AGGREGATES and policy != "collect_count":
        for place, column in enumerate(outputs):
            kind = column.get("type")
            if kind in TYPES and kind != "number":
                sentence = _("This hit policy reckons with numbers, but this output is a %(kind)s.")
                yield f"outputs.{place}.type", Said(sentence, kind=Said(KINDS[kind]))
