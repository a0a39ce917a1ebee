"""How large a text, a value and an evaluation may grow, and the steps that an evaluation has left."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context
from typing import Any

from rulebook.feel.errors import FeelError
from rulebook.said import Said
from rulebook.said import gettext_noop as _

MAX_TEXT = 10_000
MAX_NESTING = 100
MAX_STEPS = 1_000_000
MAX_STRING = 100_000
MAX_LIST = 100_000
CHARACTERS_PER_STEP = 64
MAX_CALLS = 60
MAX_NOTES = 20
CALL_STEPS = 2

# IEEE 754 decimal128, as DMN asks. No traps: an answer that is no number is looked at where it arises.
DECIMAL128 = Context(prec=34, Emin=-6143, Emax=6144, rounding=ROUND_HALF_EVEN, traps=[])


class Steps:
    """The work that one evaluation may still do; counting down makes every evaluation end."""

    __slots__ = ("depth", "left", "notes", "now")

    def __init__(self, left: int = MAX_STEPS, now: datetime | None = None) -> None:
        self.left = left
        self.depth = 0
        self.now = now  # what now() and today() answer; None: there is no clock here
        self.notes: list[str] = []

    def note(self, sentence: str) -> None:
        """Remember why an operation has no answer, for whoever wonders about a null."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(sentence)

    @contextmanager
    def one_deeper(self) -> Iterator[None]:
        """Inside a call of a function; FeelError for calls within calls without end."""
        self.charge(CALL_STEPS)
        if self.depth >= MAX_CALLS:
            raise FeelError(Said(_("Functions call each other more than %(most)s deep."), most=MAX_CALLS))
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def charge(self, steps: int) -> None:
        """Use up steps; FeelError when none are left."""
        self.left -= steps
        if self.left < 0:
            raise FeelError(Said(_("The expression needs more than %(most)s steps."), most=f"{MAX_STEPS:,}"))

    def charge_for(self, value: Any) -> None:
        """Use up the steps that reading a text or a list once costs."""
        kind = type(value)
        if kind is list or kind is dict:
            self.charge(1 + len(value))
        elif kind is str:
            self.charge(1 + len(value) // CHARACTERS_PER_STEP)

    def weigh(self, value: Any) -> None:
        """Walk a whole value, so that one that was made exponentially large by sharing, or too deep, is refused."""
        level, depth = [value], 0
        while level:
            if depth > MAX_NESTING:
                raise FeelError(Said(_("A value is nested too deeply.")))
            inner: list[Any] = []
            for current in level:
                if type(current) is list:
                    self.charge(1 + len(current))
                    inner.extend(current)
                elif type(current) is dict:
                    self.charge(1 + len(current))
                    inner.extend(current.values())
            level, depth = inner, depth + 1
