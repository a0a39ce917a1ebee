"""What a decision table is made of: columns, rows, and the facts that go in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from rulebook.feel import Expression, FeelError, UnaryTests
from rulebook.feel.json_text import write_json
from rulebook.feel.limits import Steps
from rulebook.feel.scope import STEPS, Scope
from rulebook.feel.values import admit
from rulebook.hit_policies import Ranking
from rulebook.row_index import RowIndex, index_of

TYPES: dict[str, type] = {"number": Decimal, "text": str, "boolean": bool, "date": date, "list": list}


class FactError(Exception):
    """A fact has another type or value than the table's column declares."""

    def __init__(self, fact: str, message: str) -> None:
        super().__init__(f"{fact}: {message}")
        self.fact, self.message = fact, message


@dataclass(frozen=True, slots=True)
class Column:
    """An input or output: values, where given, are all that is allowed, for outputs in order of priority.

    optional: the fact may rightly be missing (a company has no age); what that means is for who decides with it.
    within: tests that a value passes in any case; the checker looks at no other.
    """

    name: str
    type: str
    unit: str | None = None
    values: tuple[Any, ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    within: tuple[UnaryTests, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: the tests of its cells that test anything, and the expressions of its outputs."""

    id: str
    tests: Mapping[str, UnaryTests]
    outputs: Mapping[str, Expression]
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A table ready to decide. `unknown_facts`: (rule, column, name) of what the rows read but no column declares."""

    key: str
    name: Mapping[str, str]
    hit_policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    default: Mapping[str, Expression] | None
    unknown_facts: tuple[tuple[str, str, str], ...]
    index: RowIndex = field(init=False, repr=False, compare=False)
    ranking: Ranking = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kinds = {column.name: column.type for column in self.inputs}
        object.__setattr__(self, "index", index_of(kinds, [rule.tests for rule in self.rules]))
        object.__setattr__(self, "ranking", tuple((column.name, column.values) for column in self.outputs))

    @property
    def columns(self) -> frozenset[str]:
        """The names of the facts that it asks for."""
        return frozenset(column.name for column in self.inputs)

    def scope(self, facts: Mapping[str, Any]) -> Scope:
        """The facts of the columns as values of the language; a missing one is null. Raises FactError."""
        scope: Scope = {STEPS: Steps()}
        for column in self.inputs:
            scope[column.name] = fact_for(column, facts.get(column.name))
        return scope

    def matching(self, scope: Scope, *, only_first: bool = False) -> list[Rule]:
        """The rows whose cells all pass, in the table's order."""
        places = self.index.matching(scope)
        return [self.rules[place] for place in (islice(places, 1) if only_first else places)]


def fact_for(column: Column, value: Any) -> Any:
    """A fact as a value of the language, of the column's type and values; null stays null. Raises FactError."""
    if value is None:
        return None
    try:
        taken = admit(value)
    except FeelError as error:
        raise FactError(column.name, error.message) from None
    if type(taken) is not TYPES[column.type]:
        raise FactError(column.name, f"Expected a {column.type}, but got {told(value)}.")
    if column.values and taken not in column.values:
        allowed = ", ".join(map(str, column.values))
        raise FactError(column.name, f"Expected one of {allowed}, but got {taken}.")
    return taken


def told(value: Any) -> str:
    """A value as the JSON of facts has it."""
    if isinstance(value, str):
        return repr(value)
    try:
        return write_json(value)
    except (TypeError, ValueError):
        return str(value)
