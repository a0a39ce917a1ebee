"""A custodian's statement as bytes say it, and as we keep it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from integrations.messages import short_text
from integrations.refusals import BadMessage
from orders.money import Money
from reconciliation.rules import Record

MOST_LINES = 600
CURRENCY = re.compile(r"[A-Z]{3}")
AMOUNT = re.compile(r"\d{1,13}(\.\d{1,3})?", re.ASCII)


def read(content: Mapping[str, Any]) -> dict[str, Any]:
    """`{"kind": "statement", "day": ISO date, "count": n, "lines": [{"reference", "operation", "order", "amount",
    "currency"}, …]}`; amount and currency only where there is an amount. count is the number of lines.

    Raises BadMessage.
    """
    lines = content.get("lines")
    if not isinstance(lines, list) or len(lines) > MOST_LINES or not all(isinstance(line, dict) for line in lines):
        raise BadMessage(_("its lines are not a list of at most %(count)s objects") % {"count": MOST_LINES})
    if content.get("count") != len(lines):
        raise BadMessage(_("it does not hold as many lines as it says"))
    return {"day": _day(content), "lines": [_line(line) for line in lines]}


def records(payload: Mapping[str, Any]) -> list[Record]:
    """The lines of a statement that was read."""
    return [Record(**line) for line in payload["lines"]]


def _line(line: dict[str, Any]) -> dict[str, Any]:
    said = {name: short_text(line, name) for name in ("reference", "order", "operation")}
    if not all(said.values()):
        raise BadMessage(_("one of its lines lacks reference, order or operation"))
    amount = line.get("amount")
    if amount is None:
        return {**said, "minor": None, "currency": ""}
    money = _money(amount, line.get("currency"))
    return {**said, "minor": money.minor, "currency": money.currency}


def _money(amount: Any, currency: Any) -> Money:
    try:
        if isinstance(amount, str) and AMOUNT.fullmatch(amount) and CURRENCY.fullmatch(str(currency)):
            return Money.of(amount, str(currency))
    except ValueError:
        pass
    raise BadMessage(_("an amount of it is none"))


def _day(content: Mapping[str, Any]) -> str:
    try:
        return date.fromisoformat(str(content.get("day"))).isoformat()
    except ValueError:
        raise BadMessage(_("its day is none")) from None
