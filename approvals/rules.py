"""From the matched rows of an approval matrix to a chain: who prepares, who signs in which order, and how fast.

Pure. Source: worked example 1 and core concept 3 of the seed; seed decisions 1 to 6, 19 to 21.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.hierarchy import NEXT_HIGHER
from rulebook.feel.literals import read_date
from rulebook.table_parts import told
from rulebook.tables import DecisionTable, FactError, decide, missing_fact, read_facts

TIER_ORDER = ("team_lead", "operations_manager", "compliance")
PREPARER = "operations_analyst"
REMIND_AFTER = "2h"
ESCALATE_AFTER = "4h"
AMOUNTS = ("amount", "amount_last_day", "amount_last_week")
_AMOUNT = re.compile(r"\d{1,20}(\.\d{1,10})?", re.ASCII)
_SPAN = re.compile(r"([1-9]\d{0,3})(h|bd)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tier:
    """One level of a chain. rules: the rows that ask for it, each to be attested by itself (seed decision 6).

    stage: tiers of one stage are open at once, the next stage opens when they are complete. needs: how many different
    holders of the role must sign.
    """

    tier: int
    role: str
    remind_after: str
    escalate_after: str
    escalate_to: str | None
    time_limit: str | None
    rules: tuple[str, ...]
    stage: int = 1
    needs: int = 1

    def as_json(self) -> dict[str, Any]:
        """The tier as `approvals explain` prints it; stage and needs only where they say more than its number does."""
        names = ("tier", "role", "remind_after", "escalate_after", "escalate_to", "time_limit")
        more = {"stage": self.stage} if self.stage != self.tier else {}
        more |= {"needs": self.needs} if self.needs > 1 else {}
        return {name: getattr(self, name) for name in names} | more


@dataclass(frozen=True, slots=True)
class Chain:
    """What a matrix asks for. log_only: nobody signs, the work is entered in the supervisory log.

    in_bulk: every row lets it be decided together with others.
    """

    rules: tuple[str, ...]
    prepared_by: str | None
    tiers: tuple[Tier, ...]
    evidence: tuple[str, ...]
    adds_at_most: str | None
    log_only: bool
    in_bulk: bool = False

    def as_json(self) -> dict[str, Any]:
        """The chain as `approvals explain` prints it."""
        return {
            "rules": list(self.rules),
            "prepared_by": self.prepared_by,
            "tiers": [tier.as_json() for tier in self.tiers],
            "evidence": list(self.evidence),
            "adds_at_most": self.adds_at_most,
            "log_only": self.log_only,
        }

    @property
    def signers(self) -> tuple[str, ...]:
        """The role of each signature, in the order of the tiers."""
        return tuple(role for stage in self.stages for role in stage)

    @property
    def stages(self) -> tuple[tuple[str, ...], ...]:
        """The role of each signature, those together that are asked for at once."""
        found: dict[int, tuple[str, ...]] = {}
        for tier in self.tiers:
            found[tier.stage] = found.get(tier.stage, ()) + (tier.role,) * tier.needs
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """The outputs of one row of a matrix, in the words of a chain.

    roles: one that stands several times must be signed for by so many people. together: roles that sign at once.
    """

    rule: str
    roles: tuple[str, ...]
    evidence: tuple[str, ...]
    adds_at_most: str | None
    logged: bool
    in_bulk: bool = False
    together: tuple[str, ...] = ()


def span_size(span: str) -> tuple[int, int]:
    """How long `4h` or `1bd` is, for comparison: any business day is longer than any hours."""
    found = _SPAN.fullmatch(span) if isinstance(span, str) else None
    if found is None:
        raise FactError("adds_at_most", f"Expected a time like 4h or 1bd, but got {told(span)}.")
    return (1 if found[2] == "bd" else 0, int(found[1]))


def shortest(spans: Iterable[str | None]) -> str | None:
    """The tightest of some times; None where none is given."""
    return min((span for span in spans if span), key=span_size, default=None)


def longest(spans: Iterable[str | None]) -> str | None:
    """The largest of some times; None where none is given."""
    return max((span for span in spans if span), key=span_size, default=None)


def chain_of(rows: Iterable[MatchedRow]) -> Chain:
    """Add matched rows up: tiers are the union of their roles, each with its tightest limit. Seed decision 6.

    Of a role sign as many people as the row that asks for most of them says. Roles that a row names together share a
    stage, which stands where the first of them would.
    """
    kept = tuple(rows)
    roles = {role for row in kept for role in row.roles if role != PREPARER}
    stages = _stages(roles, kept)
    ranked = sorted(roles, key=lambda role: (stages[role], place_of(role)))
    tiers = tuple(_tier(place, role, stages[role], kept) for place, role in enumerate(ranked, 1))
    return Chain(
        rules=tuple(row.rule for row in kept if row.rule),
        prepared_by=PREPARER if any(PREPARER in row.roles for row in kept) else None,
        tiers=tiers,
        evidence=tuple(dict.fromkeys(item for row in kept for item in row.evidence)),
        adds_at_most=longest(row.adds_at_most for row in kept),
        log_only=not tiers and any(row.logged for row in kept),
        in_bulk=bool(kept) and all(row.in_bulk for row in kept),
    )


def place_of(role: str) -> tuple[int, str]:
    """Where a role stands in a chain."""
    return (TIER_ORDER.index(role) if role in TIER_ORDER else len(TIER_ORDER), role)


def _stages(roles: Iterable[str], rows: Iterable[MatchedRow]) -> dict[str, int]:
    """The stage of each role, from 1."""
    groups = {role: {role} for role in roles}
    for row in rows:
        merged = {role for named in row.together if named in groups for role in groups[named]}
        groups |= dict.fromkeys(merged, merged)
    first = {role: min(map(place_of, group)) for role, group in groups.items()}
    numbers = {place: number for number, place in enumerate(sorted(set(first.values())), 1)}
    return {role: numbers[place] for role, place in first.items()}


def _tier(place: int, role: str, stage: int, rows: tuple[MatchedRow, ...]) -> Tier:
    naming = [row for row in rows if role in row.roles]
    limit = shortest(row.adds_at_most for row in naming)
    return Tier(
        tier=place,
        role=role,
        remind_after=shortest((REMIND_AFTER, limit)) or REMIND_AFTER,
        escalate_after=shortest((ESCALATE_AFTER, limit)) or ESCALATE_AFTER,
        escalate_to=NEXT_HIGHER.get(role),
        time_limit=limit,
        rules=tuple(row.rule for row in naming if row.rule),
        stage=stage,
        needs=max(row.roles.count(role) for row in naming),
    )


def explain(table: DecisionTable, facts: Mapping[str, Any]) -> Chain:
    """The chain that a matrix asks for, given typed facts (`matrix_facts` makes them).

    Where the sums of the last day or week for the same client and beneficiary are given (`amount_last_day`,
    `amount_last_week`), the strictest of the answers decides: seed decision 20.
    Raises NoRule for a named gap, FactError for a fact that doesn't fit.
    """
    amounts = dict.fromkeys(facts[name] for name in AMOUNTS if facts.get(name) is not None)
    asked = [{**facts, "amount": amount} for amount in amounts] or [dict(facts)]
    return max((_explain_one(table, one) for one in asked), key=strictness)


def strictness(chain: Chain) -> tuple[int, int, int, tuple[int, int]]:
    """How much a chain asks for: signatures, the highest of their roles, evidence, then time. Of equals the first."""
    added = span_size(chain.adds_at_most) if chain.adds_at_most else (0, 0)
    highest = max((TIER_ORDER.index(tier.role) for tier in chain.tiers if tier.role in TIER_ORDER), default=-1)
    return len(chain.signers), highest, len(chain.evidence), added


def _explain_one(table: DecisionTable, facts: Mapping[str, Any]) -> Chain:
    missing = missing_fact(table, facts)
    if missing:  # a row that would match must not be passed over: fewer people would sign
        rule, name = missing
        raise FactError(name, f"Expected a value because the rule {rule} asks for it, but it is missing.")
    decision = decide(table, facts)
    rules = decision.rules or ("",)
    return chain_of(matched_row(rule, output) for rule, output in zip(rules, decision.outputs))


def matched_row(rule: str, output: Mapping[str, Any]) -> MatchedRow:
    """One row's outputs (of the default: "") in the words of a chain."""
    return MatchedRow(
        rule,
        tuple(output.get("roles") or ()),
        tuple(output.get("evidence") or ()),
        output.get("adds_at_most"),
        output.get("log") is not None,
        output.get("in_bulk") is True,
        tuple(output.get("together") or ()),
    )


def matrix_facts(table: DecisionTable, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Typed facts for a matrix from JSON: the amount in the table's currency, the client's age on the day asked.

    Raises FactError naming the fact, also for an amount in another currency than the table's: never guessed.
    """
    derived = transfer_facts(raw, unit=unit_of(table))
    typed = read_facts(table, derived)
    sums = {name: derived[name] for name in AMOUNTS[1:] if derived.get(name) is not None}
    return {**typed, **sums}


def unit_of(table: DecisionTable) -> str | None:
    """The currency of a matrix's amounts; None where it looks at none."""
    return next((column.unit for column in table.inputs if column.name == "amount"), None)


def transfer_facts(raw: Mapping[str, Any], *, unit: str | None = "USD") -> dict[str, Any]:
    """Raw facts with the derived ones: amounts as decimals, `client_age` on the day `on`.

    raw: `amount` as a decimal text, `currency` (missing: the unit), `client_birth_date` and `on` as ISO days.
    Raises FactError for another currency, a text that is no amount or day, and a birth after the day.
    """
    facts = {name: value for name, value in raw.items() if name not in ("matrix", "currency")}
    currency = raw.get("currency")
    if unit and currency is not None and currency != unit:
        raise FactError("currency", f"Expected an amount in {unit}, but got {currency}.")
    for name in AMOUNTS:
        if facts.get(name) is not None:
            facts[name] = amount_of(name, facts[name])
    if facts.get("client_birth_date") is not None:
        born, on = (_day(name, facts.get(name)) for name in ("client_birth_date", "on"))
        facts["client_age"] = Decimal(age_on(born, on))
    return facts


def amount_of(name: str, value: Any) -> Decimal:
    """An amount from a decimal text, whole number or decimal; negative ones, floats and anything else are refused."""
    if isinstance(value, Decimal) and value.is_finite() and value >= 0:
        return value
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not (is_whole or isinstance(value, str)) or not _AMOUNT.fullmatch(str(value)):
        raise FactError(name, f"Expected an amount like 1200.00, but got {told(value)}.")
    return Decimal(value)


def _day(name: str, value: Any) -> date:
    day = read_date(value) if isinstance(value, str) else value
    if type(day) is not date:
        raise FactError(name, f"Expected a day like 2026-11-22, but got {told(value)}.")
    return day


def age_on(born: date, on: date) -> int:
    """Completed years of age. Somebody born on 29 February is a year older on 1 March of a year without that day."""
    if on < born:
        raise FactError("client_birth_date", f"Expected a birth before {on}, but got {born}.")
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
