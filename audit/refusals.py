"""How any room says no: a code, a sentence of the form "Expected …, but …", and what to do next."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An action that was not done. Rolls its transaction back by itself; the faces show it in one place each."""

    code = "audit.refused"
    status = 409

    def __init__(self, sentence: str, *, next_step: str = "", **facts: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step
        self.facts = facts


class NotFound(Refusal):
    """It does not exist, or the actor may not see it: both look the same."""

    code = "audit.not_found"
    status = 404


class NotAllowed(Refusal):
    """The actor sees it but lacks the right; says which role has it."""

    code = "audit.not_allowed"
    status = 403


class Invalid(Refusal):
    """The input is wrong; `fields` maps each field's name to what would be right."""

    code = "audit.invalid"
    status = 422

    def __init__(self, sentence: str, *, fields: dict[str, str] | None = None, next_step: str = "") -> None:
        super().__init__(sentence, next_step=next_step)
        self.fields = fields or {}


class Stale(Refusal):
    """Somebody changed it since it was shown."""

    code = "audit.stale"


class TooLarge(Refusal):
    """More was sent than is taken in."""

    code = "audit.too_large"
    status = 413


class Unreadable(Refusal):
    """What was sent cannot be read as what it says it is."""

    code = "audit.unreadable"
    status = 400


class TooOften(Refusal):
    """The same person asks for something dear too often."""

    code = "audit.too_often"
    status = 429
