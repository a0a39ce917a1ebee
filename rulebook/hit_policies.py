"""How several matching rows become one answer: the hit policies of DMN 1.5, clause 8.2.8."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from rulebook.feel.functions import statistics
from rulebook.feel.limits import Steps

Row = tuple[str, dict[str, Any]]
Ranking = Sequence[tuple[str, tuple[Any, ...]]]  # outputs with their values in order of priority
AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "collect_sum": lambda values: statistics.total(Steps(), values),
    "collect_min": lambda values: statistics.least(Steps(), values),
    "collect_max": lambda values: statistics.greatest(Steps(), values),
    "collect_count": lambda values: Decimal(len(values)),
}
HIT_POLICIES = (
    "unique", "first", "any", "priority", "collect", "collect_sum", "collect_min", "collect_max", "collect_count",
    "rule_order", "output_order",
)  # fmt: skip


class CannotCombine(Exception):
    """The matching rows don't go together under the hit policy."""


def combine(policy: str, rows: list[Row], ranking: Ranking) -> tuple[list[str], list[dict[str, Any]]]:
    """The ids of the rows that count and their outputs, at least one row given. Raises CannotCombine."""
    if policy in AGGREGATES:
        return [rule for rule, _ in rows], [_aggregate(policy, rows)]
    if len(rows) == 1:
        return [rows[0][0]], [rows[0][1]]
    if policy in ("priority", "output_order"):
        rows = sorted(rows, key=lambda row: rank(row[1], ranking))
    if policy == "unique" and len(rows) > 1:
        raise CannotCombine("only one may match.")
    if policy == "any" and any(output != rows[0][1] for _, output in rows):
        raise CannotCombine("they must say the same.")
    if policy == "priority":
        rows = rows[:1]
    outputs = [output for _, output in (rows[:1] if policy == "any" else rows)]
    return [rule for rule, _ in rows], outputs


def rank(output: dict[str, Any], ranking: Ranking) -> tuple[int, ...]:
    """Where an output stands: the place of each value in its column's list, unlisted ones last."""
    places = []
    for name, values in ranking:
        if values:
            places.append(values.index(output[name]) if output[name] in values else len(values))
    return tuple(places)


def _aggregate(policy: str, rows: list[Row]) -> dict[str, Any]:
    combined = {}
    for name in rows[0][1]:
        combined[name] = AGGREGATES[policy]([output[name] for _, output in rows])
        if combined[name] is None:
            raise CannotCombine(f"{name or 'the output'} is not a number in all of them.")
    return combined
