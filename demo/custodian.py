"""How the simulated custodians decide, as `custodians.yaml` describes them: pure, so that the demo's history and the
process that plays the custodians live decide alike."""

from __future__ import annotations

import math
import random as randomness
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.utils.dateparse import parse_duration

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
Outcome = Literal["acknowledged", "rejected", "silent"]


@dataclass(frozen=True)
class Reply:
    """What a custodian does with a call. delay: business time on its calendar until the answer; zero when silent."""

    outcome: Outcome
    delay: timedelta = timedelta()
    reference: str = ""
    code: str = ""

    @property
    def payload(self) -> dict[str, str]:
        """The answer as `integrations` takes it in."""
        return {"outcome": self.outcome, "reference": self.reference, "code": self.code}


def answer_for(operation: str, random: randomness.Random, custodian: Mapping[str, Any]) -> Reply:
    """Decide one call. custodian: its block of `custodians.yaml`, or the settings of its connector.

    Shares of `reject` and `silent` are of all calls; the delay is log-normal around the median. An operation that the
    custodian does not know is rejected at once with the code "unknown".
    """
    habits = custodian["operations"].get(operation)
    if habits is None:
        return Reply("rejected", code="unknown")
    chance = random.random()
    if chance < habits["silent"]:
        return Reply("silent")
    delay = _delay(habits["acknowledge"], random)
    if chance < habits["silent"] + habits["reject"]:
        codes = habits["codes"]
        return Reply("rejected", delay, code=random.choices(list(codes), weights=list(codes.values()))[0])
    reference = f"{custodian['reference_prefix']}-" + "".join(random.choices(LETTERS, k=8))
    return Reply("acknowledged", delay, reference=reference)


@dataclass(frozen=True)
class Confirmed:
    """One thing that a custodian confirmed. amount: decimal text, "" where there is none."""

    reference: str
    operation: str
    order: str
    amount: str = ""
    currency: str = ""

    @property
    def line(self) -> dict[str, str]:
        """The same as a statement lists it."""
        said = {"reference": self.reference, "operation": self.operation, "order": self.order}
        return {**said, "amount": self.amount, "currency": self.currency} if self.amount else said


def statement_of(
    day: date, confirmed: Sequence[Confirmed], random: randomness.Random, habits: Mapping[str, Any]
) -> dict[str, Any]:
    """The statement of a day as it goes out: now and then a line is left out, doubled, or has another amount.

    habits: `statement` of the custodian's block.
    """
    lines: list[dict[str, str]] = []
    for one in confirmed:
        chance, left_out, doubled = random.random(), habits["left_out"], habits["doubled"]
        if chance < left_out:
            continue
        line = one.line
        if one.amount and left_out + doubled <= chance < left_out + doubled + habits["changed"]:
            line["amount"] = _another(one.amount, random)
        lines += [line, dict(line)] if chance < left_out + doubled else [line]
    return {"kind": "statement", "day": day.isoformat(), "count": len(lines), "lines": lines}


def _another(amount: str, random: randomness.Random) -> str:
    """A slip: a fee was taken off, a place is lost or too many, or cents are wrong."""
    whole = Decimal(amount)
    slips = [whole - Decimal("25.00"), whole / 10, whole * 10, whole + Decimal("0.90")]
    return str(max(random.choice(slips), Decimal("0.01")).quantize(Decimal("0.01")))


def _delay(times: Mapping[str, Any], random: randomness.Random) -> timedelta:
    median = parse_duration(times["median"])
    if median is None:
        raise ValueError(f"Expected a duration like PT2H, but got {times['median']!r}.")
    return timedelta(seconds=round(median.total_seconds() * math.exp(random.gauss(0, times["spread"]))))
