"""Every row of both matrices with every other, at the edges that their texts name.

What is expected is written down here from the tables of the source text and the decisions about its gaps (the middle
bands are closed at both ends; a fee of exactly 500 is on the strict side), not read from the tables that are tested.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal as D
from pathlib import Path

import pytest

from approvals.rules import explain, matrix_facts
from rulebook.tables import load_table

RULES = Path(__file__).parents[2] / "demo" / "rules"
TRANSFERS, FIRM = (load_table(json.loads((RULES / f"{name}.json").read_text())) for name in ("transfers", "firm"))
LEAD, MANAGER, COMPLIANCE = SIGNING = ("team_lead", "operations_manager", "compliance")
MINUTES = {"2h": 120, "4h": 240, "8h": 480, "1bd": 10_000}  # a business day is longer than any hours
DAY = "2026-11-16"
CLIENTS = {  # born on → completed years on that day
    "1961-11-16": 65,  # the birthday itself
    "1961-11-17": 64,  # the day before it
    "1990-05-05": 36,
    None: None,  # a company
}
AMOUNTS = (
    "0.01", "50000", "50000.01", "100000", "100000.01", "499999.99", "500000", "2000000", "2000000.01",
)  # fmt: skip
KINDS = ("full_acat", "partial_acat", "non_acat_journal", "non_acat_wire", "non_acat_dtc")


@dataclass(frozen=True)
class Row:
    """A line of the source's table. applies: to (kind, amount, age, destination)."""

    name: str
    applies: Callable[[str, D, int | None, str], bool]
    signs: tuple[str, ...]
    adds: str | None
    calls_back: bool = False


SOURCE = (
    # Full ACAT (standard) | Under $500K | Operations analyst (self-review) + automated supervisory log | No added delay
    Row("T1", lambda kind, amount, age, to: kind == "full_acat" and amount < 500_000, (), None),
    # Full ACAT (high-value) | $500K - $2M | Operations analyst + team lead review | Add 4 hours max
    Row("T2", lambda kind, amount, age, to: kind == "full_acat" and 500_000 <= amount <= 2_000_000, (LEAD,), "4h"),
    # Full ACAT (very high value) | Over $2M | Operations analyst + team lead + operations manager | Add 8 hours max
    Row("T3", lambda kind, amount, age, to: kind == "full_acat" and amount > 2_000_000, (LEAD, MANAGER), "8h"),
    # Transfer to third-party account | Any value | analyst + team lead + compliance review | Add 1 business day max
    Row("T4", lambda kind, amount, age, to: to == "third_party", (LEAD, COMPLIANCE), "1bd"),
    # Transfer from client age 65+ | Over $100K | Operations analyst + team lead | Add 4 hours max
    Row("T5", lambda kind, amount, age, to: age is not None and age >= 65 and amount > 100_000, (LEAD,), "4h"),
    # Non-ACAT wire transfer | Over $50K | analyst + team lead + verbal callback confirmation | Add 2 hours max
    Row("T6", lambda kind, amount, age, to: kind == "non_acat_wire" and amount > 50_000, (LEAD,), "2h", True),
)
EVERY = list(itertools.product(KINDS, AMOUNTS, CLIENTS, ("own", "third_party")))


def expected(kind: str, amount: str, born: str | None, to: str) -> dict:
    """The union of the roles of all rows that apply, each with the tightest of its limits."""
    rows = [row for row in SOURCE if row.applies(kind, D(amount), CLIENTS[born], to)]
    limits = {role: [row.adds for row in rows if role in row.signs and row.adds] for role in SIGNING}
    adds = [row.adds for row in rows if row.adds]
    return {
        "rules": [row.name for row in rows],
        "tiers": [(role, min(given, key=MINUTES.__getitem__)) for role, given in limits.items() if given],
        "adds": max(adds, key=MINUTES.__getitem__, default=None),
        "evidence": ["verbal_callback"] if any(row.calls_back for row in rows) else [],
        "log_only": not any(row.signs for row in rows),
    }


def answered(table, raw: dict) -> dict:
    found = explain(table, matrix_facts(table, raw))
    return {
        "rules": list(found.rules),
        "tiers": [(tier.role, tier.time_limit) for tier in found.tiers],
        "adds": found.adds_at_most,
        "evidence": list(found.evidence),
        "log_only": found.log_only,
    }


@pytest.mark.parametrize(("kind", "amount", "born", "to"), EVERY)
def test_a_transfer_is_answered_as_the_source_says(kind: str, amount: str, born: str | None, to: str) -> None:
    raw = {"transfer": kind, "amount": amount, "currency": "USD", "destination": to, "on": DAY}
    raw |= {"client_birth_date": born} if born else {}
    assert answered(TRANSFERS, raw) == expected(kind, amount, born, to)


def test_the_combinations_are_all_there() -> None:
    """Those that can apply together at all: one of T1 to T3 or none, with T4, with T5, with T6 where it is a wire."""
    met = {tuple(expected(*each)["rules"]) for each in EVERY}
    full = {(*one, *more) for one in [("T1",), ("T2",), ("T3",)] for more in [(), ("T4",), ("T5",), ("T4", "T5")]}
    wire = {(*some, "T6") for some in [(), ("T4",), ("T5",), ("T4", "T5")]}
    assert met == full | wire | {(), ("T4",), ("T5",), ("T4", "T5")}


@pytest.mark.parametrize(
    ("on", "protected"),
    [("2025-02-28", False), ("2025-03-01", True), ("2028-02-28", True), ("2024-02-29", False)],
)
def test_somebody_born_on_29_february_is_65_from_1_march_of_a_common_year(on: str, protected: bool) -> None:
    raw = {"transfer": "partial_acat", "amount": "100000.01", "destination": "own", "client_birth_date": "1960-02-29"}
    assert ("T5" in answered(TRANSFERS, {**raw, "on": on})["rules"]) is protected


ANALYST = "operations_analyst"
FIRM_ROWS = [  # task, amounts, who prepares, who signs: the source's example of a delegation of authority
    ("cash_disbursement", ["0.01", "24999.99"], ANALYST, []),
    ("cash_disbursement", ["25000", "25000.01", "50000", "50000.01", "99999.99", "100000"], ANALYST, [LEAD]),
    ("cash_disbursement", ["100000.01", "2000000.01"], ANALYST, [LEAD, MANAGER]),
    ("account_transfer_full_acat", ["0.01", "499999.99", "500000", "2000000.01"], ANALYST, [LEAD]),
    ("journal_entry_different_registration", ["0.01", "100000", "2000000.01"], ANALYST, [COMPLIANCE]),
    ("fee_waiver_or_adjustment", ["0.01", "499.99"], None, [LEAD]),
    ("fee_waiver_or_adjustment", ["500", "500.01", "100000"], None, [MANAGER]),
]


@pytest.mark.parametrize(
    ("task", "amount", "prepares", "signs"),
    [(task, amount, prepares, signs) for task, amounts, prepares, signs in FIRM_ROWS for amount in amounts],
)
def test_the_firm_answers_as_the_source_says(task: str, amount: str, prepares: str | None, signs: list[str]) -> None:
    found = explain(FIRM, matrix_facts(FIRM, {"task": task, "amount": amount, "currency": "USD"}))
    assert (found.prepared_by, [tier.role for tier in found.tiers], found.evidence) == (prepares, signs, ())


@pytest.mark.parametrize("span", ["amount_last_day", "amount_last_week"])
@pytest.mark.parametrize(
    ("total", "signs"),
    [("24999.99", []), ("25000", [LEAD]), ("100000", [LEAD]), ("100000.01", [LEAD, MANAGER]), ("74700", [LEAD])],
)
def test_the_stricter_of_the_own_amount_and_a_sum_decides(span: str, total: str, signs: list[str]) -> None:
    raw = {"task": "cash_disbursement", "amount": "24900", "currency": "USD", span: total}
    assert [role for role, _limit in answered(FIRM, raw)["tiers"]] == signs


@pytest.mark.parametrize(("total", "signs"), [("499.99", LEAD), ("500", MANAGER), ("503.30", MANAGER)])
def test_of_two_single_signatures_the_higher_one_is_stricter(total: str, signs: str) -> None:
    raw = {"task": "fee_waiver_or_adjustment", "amount": "300", "currency": "USD", "amount_last_week": total}
    assert [role for role, _limit in answered(FIRM, raw)["tiers"]] == [signs]


def test_a_sum_below_the_own_amount_makes_nothing_milder() -> None:
    raw = {"task": "cash_disbursement", "amount": "100000.01", "amount_last_day": "5", "amount_last_week": "6"}
    assert [role for role, _limit in answered(FIRM, raw)["tiers"]] == [LEAD, MANAGER]
