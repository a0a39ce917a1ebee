"""Acceptance cases of a model: facts, and what its decisions must say for them. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rulebook.dmn.facts import FactWrong
from rulebook.dmn.model import Model
from rulebook.feel.json_text import read_json, write_json
from rulebook.said import Said
from rulebook.said import gettext_noop as _


def broken(model: Model, facts: str, expected: Mapping[str, str], now: datetime) -> str:
    """Why a case does not hold on a model, or nothing. facts: a JSON object; expected: decision → value, both as text.

    now: what now() and today() answer.
    """
    try:
        outcome = model.evaluate(read_json(facts), None, now)
    except FactWrong as wrong:
        return Said(_("A fact does not fit: %(problem)s"), problem=str(wrong))
    failed = dict(outcome.errors)
    for name, wanted in expected.items():
        if name not in outcome.results:
            return Said(_("“%(decision)s” is no decision of this version."), decision=name)
        if name in failed:
            return Said(_("“%(decision)s” cannot be decided: %(problem)s"), decision=name, problem=failed[name])
        found = write_json(outcome.results[name])
        if read_json(found) != read_json(wanted):
            sentence = _("“%(decision)s”: expected %(wanted)s, but decided was %(found)s")
            return Said(sentence, decision=name, wanted=wanted, found=found)
    return ""
