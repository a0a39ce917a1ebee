"""Decision tables: read from JSON, decided by pure functions. What a table is about is not known here.

The format is that of `rules check FILE.json`; the hit policies are those of DMN 1.3, clause 8.2.8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from rulebook.feel.literals import read_date
from rulebook.feel.scope import Scope
from rulebook.hit_policies import CannotCombine, combine
from rulebook.table_loading import Problem, TableError, load_table
from rulebook.table_parts import Column, DecisionTable, FactError, Rule, fact_for, told

__all__ = [
    "Column",
    "Decision",
    "DecisionTable",
    "FactError",
    "NoRule",
    "Problem",
    "Rule",
    "TableError",
    "TooManyRules",
    "decide",
    "load_table",
    "missing_fact",
    "needed_fact",
    "read_facts",
]

ONE_ROW = ("unique", "first")  # hit policies for which one matching row is the answer


class NoRule(Exception):
    """No row covers the facts and the table has no default: a named gap."""

    def __init__(self, key: str, facts: Mapping[str, Any]) -> None:
        shown = ", ".join(f"{name} {value}" for name, value in facts.items())
        super().__init__(f"The table {key} has no rule for {shown}.")
        self.key, self.facts = key, dict(facts)


class TooManyRules(Exception):
    """Several rows match where the hit policy allows one, or they disagree where it wants them to agree."""

    def __init__(self, key: str, rules: tuple[str, ...], message: str) -> None:
        super().__init__(f"The table {key} matches the rules {', '.join(rules)}: {message}")
        self.key, self.rules = key, rules


@dataclass(frozen=True, slots=True)
class Decision:
    """rules: the ids of the rows that decided, as the hit policy orders them; outputs: one for each of them, or one
    for all where the policy aggregates; is_default: no row matched and the table's default answered."""

    rules: tuple[str, ...]
    outputs: tuple[dict[str, Any], ...]
    is_default: bool = False


def decide(table: DecisionTable, facts: Mapping[str, Any]) -> Decision:
    """Apply the table to facts; facts that it doesn't declare are not looked at, missing ones are null.

    Raises FactError, NoRule (a gap, and no default), TooManyRules (unique, any), FeelError (an output can't be had).
    """
    scope = table.scope(facts)
    matched = table.matching(scope, only_first=table.hit_policy == "first")
    if not matched:
        return _by_default(table, scope)
    outputs = [{name: expression.run(scope) for name, expression in rule.outputs.items()} for rule in matched]
    rows = [(rule.id, output) for rule, output in zip(matched, outputs)]
    try:
        kept, combined = combine(table.hit_policy, rows, table.ranking)
    except CannotCombine as error:
        raise TooManyRules(table.key, tuple(rule.id for rule in matched), str(error)) from None
    return Decision(tuple(kept), tuple(combined))


def _by_default(table: DecisionTable, scope: Scope) -> Decision:
    if table.default is None:
        raise NoRule(table.key, {column.name: scope[column.name] for column in table.inputs})
    return Decision((), ({name: value.run(scope) for name, value in table.default.items()},), is_default=True)


def missing_fact(table: DecisionTable, facts: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first row that would match but for facts that are missing, with one of them; None where nothing hangs on it.

    Facts of optional columns are never missing.
    """
    scope = table.scope(facts)
    needed = {column.name for column in table.inputs if not column.optional and scope[column.name] is None}
    for rule in table.rules:
        missing = [name for name in rule.tests if name in needed]
        others = (test.run(scope.get(name), scope) for name, test in rule.tests.items() if name not in needed)
        if missing and all(passed is True for passed in others):
            return rule.id, missing[0]
    return None


def needed_fact(table: DecisionTable, facts: Mapping[str, Any]) -> tuple[str, str] | None:
    """The row and the missing fact on which the answer hangs; None where one row is enough and answers without it."""
    missing = missing_fact(table, facts)
    if missing and table.hit_policy in ONE_ROW and table.matching(table.scope(facts)):
        return None
    return missing


def read_facts(table: DecisionTable, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON has them made into the columns' types: decimals and dates are read from text.

    Facts that the table doesn't declare are left out. Raises FactError naming the fact.
    """
    return {c.name: _read(c, raw[c.name]) for c in table.inputs if c.name in raw}


def _read(column: Column, value: Any) -> Any:
    if column.type == "number" and isinstance(value, str):
        try:
            value = Decimal(value)
        except InvalidOperation:
            raise FactError(column.name, f"Expected a number, but got {told(value)}.") from None
    if column.type == "date" and isinstance(value, str):
        day = read_date(value)
        if day is None:
            raise FactError(column.name, f"Expected a date like 2026-11-22, but got {told(value)}.")
        value = day
    return fact_for(column, value)
