"""What one evaluation of a model leaves behind besides values: the rows that matched and what went wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from rulebook.feel.limits import MAX_STEPS, Steps
from rulebook.feel.scope import STEPS, Scope
from rulebook.feel.types import Type, expectation
from rulebook.feel.values import kind_of

MOST_ERRORS = 100


class Journal(Steps):
    """errors: (decision, what went wrong) in the order of evaluation; matched: numbers of rows by decision."""

    __slots__ = ("decision", "errors", "matched")

    def __init__(self, now: datetime | None = None) -> None:
        super().__init__(MAX_STEPS, now)
        self.decision = ""
        self.errors: list[tuple[str, str]] = []
        self.matched: dict[str, list[int]] = {}

    def fail(self, message: str) -> None:
        """What the decision that is being made could not do."""
        entry = (self.decision, message)
        if entry not in self.errors and len(self.errors) < MOST_ERRORS:
            self.errors.append(entry)

    def misfit(self, value: Any, wanted: Type, place: str) -> None:
        """A value that is none of its type. place: what it was meant as, such as `of Fee`."""
        self.fail(f"Expected {expectation(value, wanted, self)} {place}, but it is {kind_of(value)}.")


def journal_of(scope: Scope) -> Journal:
    """The journal of the evaluation that a scope belongs to."""
    return cast(Journal, scope[STEPS])
