"""Facts as JSON has them, made into values of the types that a model declares for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from rulebook.feel import FeelError
from rulebook.feel.functions.ranges import range_of
from rulebook.feel.json_text import write_json
from rulebook.feel.limits import Steps
from rulebook.feel.literals import read_date, read_date_time, read_duration, read_time
from rulebook.feel.types import Type
from rulebook.feel.values import Interval, Months, admit

MOST_SHOWN = 60
EXAMPLES: Mapping[type, str] = {
    Decimal: "42.5",
    str: '"text"',
    bool: "true",
    date: '"2026-11-22"',
    time: '"09:30:00"',
    datetime: '"2026-11-22T09:30:00Z"',
    timedelta: '"P2DT12H"',
    Months: '"P1Y6M"',
}
READ: Mapping[type, Callable[[str], Any]] = {
    date: read_date,
    time: read_time,
    datetime: read_date_time,
    timedelta: read_duration,
    Months: read_duration,
}


class FactWrong(Exception):
    """A fact is none of its type. The text names the fact, what was expected and an example."""

    def __init__(self, fact: str, message: str) -> None:
        super().__init__(f"{fact}: {message}")
        self.fact = fact


def typed_fact(given: Any, wanted: Type, fact: str, steps: Steps) -> Any:
    """A fact as a value of its type; null stays null. fact: its name, with the path inside it. Raises FactWrong."""
    if given is None:
        return None
    if wanted.base is not None:
        value = typed_fact(given, wanted.base, fact, steps)
        if not _is_allowed(value, wanted, fact, steps):
            raise FactWrong(fact, f"Expected one of {wanted.shown}, but got {_shown(given)}.")
        return value
    return _KINDS.get(wanted.kind, _any)(given, wanted, fact, steps)


def _is_allowed(value: Any, wanted: Type, fact: str, steps: Steps) -> bool:
    try:
        return wanted.allowed is None or wanted.allowed(value, steps)
    except FeelError as error:
        raise FactWrong(fact, error.message) from None


def admitted(given: Any, fact: str) -> Any:
    """A fact without a type. Raises FactWrong for what the language has no value for."""
    try:
        return admit(given)
    except FeelError as error:
        raise FactWrong(fact, error.message) from None


def _any(given: Any, wanted: Type, fact: str, steps: Steps) -> Any:
    return admitted(given, fact)


def _single(given: Any, wanted: Type, fact: str, steps: Steps) -> Any:
    kind = wanted.python or object
    value = admitted(given, fact)
    if type(value) is str and kind in READ:
        value = READ[kind](value)
    if type(value) is not kind:
        raise FactWrong(fact, f"Expected {_said(wanted)} such as {EXAMPLES[kind]}, but got {_shown(given)}.")
    return value


def _list(given: Any, wanted: Type, fact: str, steps: Steps) -> Any:
    if not isinstance(given, list | tuple):
        example = _example(wanted.item)
        raise FactWrong(fact, f"Expected a list such as [{example}, {example}], but got {_shown(given)}.")
    item = wanted.item
    if item is None:
        return admitted(given, fact)
    steps.charge(len(given))
    return [typed_fact(one, item, f"{fact}[{place}]", steps) for place, one in enumerate(given, 1)]


def _context(given: Any, wanted: Type, fact: str, steps: Steps) -> Any:
    if not isinstance(given, Mapping):
        raise FactWrong(fact, f"Expected an object such as {_example(wanted)}, but got {_shown(given)}.")
    fields = dict(wanted.fields)
    tidied = {" ".join(str(name).split()): one for name, one in given.items()}
    value = {name: admitted(one, f"{fact}.{name}") for name, one in tidied.items() if name not in fields}
    return value | {name: typed_fact(tidied.get(name), kind, f"{fact}.{name}", steps) for name, kind in fields.items()}


def _range(given: Any, wanted: Type, fact: str, steps: Steps) -> Any:
    value = range_of(steps, given) if isinstance(given, str) else given
    if type(value) is not Interval:
        raise FactWrong(fact, f'Expected a range such as "[1..10]", but got {_shown(given)}.')
    return value


def _function(given: Any, wanted: Type, fact: str, steps: Steps) -> Any:
    raise FactWrong(fact, "Expected nothing, as a function can't be given as a fact.")


def _said(wanted: Type) -> str:
    return f"a {wanted.name}" if wanted.name != "Any" else "a value"


def _example(wanted: Type | None, depth: int = 0) -> str:
    if wanted is None or depth > 1:
        return "…"
    if wanted.kind == "list":
        return f"[{_example(wanted.item, depth + 1)}]"
    if wanted.kind == "context":
        return "{" + ", ".join(f'"{name}": {_example(kind, depth + 1)}' for name, kind in wanted.fields[:3]) + "}"
    if wanted.base is not None and wanted.shown:
        return wanted.shown.split(",")[0].strip()
    return EXAMPLES.get(wanted.python or object, "…")


def _shown(given: Any) -> str:
    try:
        text = write_json(given)
    except (FeelError, RecursionError):
        text = str(given)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


_KINDS: dict[str, Callable[[Any, Type, str, Steps], Any]] = {
    "single": _single,
    "list": _list,
    "context": _context,
    "range": _range,
    "function": _function,
}
