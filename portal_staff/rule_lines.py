"""The rows of a matrix that asked for a decision, in words: what whoever approves attests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from approvals.models import Request, Tier
from portal_staff.because import because
from portal_staff.vocabulary import Vocabulary
from portal_staff.words import FACTS
from ui.words import pick_text

RuleLine = dict[str, Any]


def rules_of(tier: Tier, request: Request, words: Vocabulary | None = None) -> list[RuleLine]:
    """The rows that ask for a tier, each to be attested by itself. request: the tier's, with its table's version."""
    body = request.table_version.body
    words = words or Vocabulary.of_table(body)
    return [rule_line(rule, request, words) for rule in body["rules"] if rule["id"] in tier.rules]


def rule_line(rule: Mapping[str, Any], request: Request, words: Vocabulary) -> RuleLine:
    """One row: the sentence that stands beside it in the matrix, and the facts because of which it applies."""
    units, columns = units_of(request), request.table_version.body.get("inputs", [])
    cells = rule.get("when") or {}
    asked = {each["name"]: cells[each["name"]] for each in columns if each["name"] in cells}
    why = because(
        asked, request.facts, words, lambda name, value: fact_in_words(name, value, units.get(name, ""), words)
    )
    return {"id": rule["id"], "note": pick_text(rule.get("note"), get_language()), "because": why}


def units_of(request: Request) -> dict[str, str]:
    """The unit of each fact; sums are in the unit of the amount."""
    columns = request.table_version.body.get("inputs", [])
    units = {column["name"]: column.get("unit", "") for column in columns}
    return {**dict.fromkeys(FACTS, units.get("amount", "")), **units}


def fact_in_words(name: str, value: Any, unit: str, words: Vocabulary) -> str:
    """A fact's value with its unit, as people say it."""
    if unit.isupper():
        return words.value(name, {"amount": str(value), "currency": unit}, now=timezone.now())
    return f"{words.value(name, value, now=timezone.now())} {words.said('unit', unit)}".strip()
