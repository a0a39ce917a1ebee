"""I2 for any state machine: what the entries about a row say, step by step, against the machine and the row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from audit.invariants import legal_moves, select


@dataclass(frozen=True)
class Life:
    """A kind of row. facts: fact → the state that it leads to, the opening one first; legal: (from, to)."""

    noun: str
    facts: Mapping[str, str]
    legal: frozenset[tuple[str, str]]

    @property
    def opening(self) -> str:
        return next(iter(self.facts))


def life(noun: str, facts: Mapping[str, str], model: Any, field: str = "state") -> Life:
    """The life of a model's rows."""
    return Life(noun, facts, frozenset(legal_moves(model._meta.get_field(field), model)))


def steps(one: Life) -> Iterable[tuple[str, str]]:
    """(reference, fact) of every transition, row by row and in order."""
    facts = ", ".join(f"'{fact}'" for fact in one.facts)
    sql = f"SELECT subject, fact FROM audit_entry WHERE fact IN ({facts}) ORDER BY subject, id"  # noqa: S608
    return ((subject.rpartition(":")[2], fact) for subject, fact in select(sql))


def walk(one: Life, taken: Iterable[tuple[str, str]], rows: Mapping[str, str]) -> dict[str, list[str]]:
    """What does not hold → the references. taken: as `steps` gives them; rows: reference → state."""
    illegal: list[str] = []
    differs, lost, seen = [], [], set()
    for ref, group in groupby(taken, key=lambda step: step[0]):
        seen.add(ref)
        state = _follow(one, ref, [fact for _ref, fact in group], illegal)
        if ref not in rows:
            lost.append(ref)
        elif rows[ref] != state:
            differs.append(f"{ref} is {rows[ref]}, entries say {state}")
    return {
        f"a step of {one.noun} is not legal, or is on record twice or not at all": illegal,
        f"{one.noun} is not in the state of its last entry": differs,
        f"{one.noun}'s entries have no row": lost,
        f"{one.noun} has no entry": [ref for ref in rows if ref not in seen],
    }


def _follow(one: Life, ref: str, facts: list[str], illegal: list[str]) -> str:
    state = ""
    for fact in facts:
        after = one.facts[fact]
        fits = (state, after) in one.legal and fact != one.opening if state else fact == one.opening
        if not fits:
            illegal.append(f"{ref} {state or 'nothing'} → {after}")
        state = after
    return state
