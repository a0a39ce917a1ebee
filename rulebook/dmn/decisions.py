"""Decisions, compiled: the expression of each, with what it sees of the facts and of other decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rulebook.dmn.elements import Element
from rulebook.dmn.journal import Journal
from rulebook.feel import FeelError
from rulebook.feel.scope import STEPS, Run, Scope
from rulebook.feel.values import Function


@dataclass(slots=True)
class Decision:
    """run: its logic with its type; asks: names for the decisions that it requires, with their variables.

    functions: what it may call; single: whether the answer is one, not a list of rows; outputs: its table's columns.
    """

    element: Element
    run: Run
    asks: Mapping[str, str]
    functions: Mapping[str, Function]
    single: bool = True
    outputs: tuple[str, ...] = field(default=())

    def decide(self, facts: Mapping[str, Any], made: Mapping[str, Any], journal: Journal) -> Any:
        """Its value; null with an error where it can't be had. made: what other decisions gave, by variable."""
        scope: Scope = {**facts, **self.functions, STEPS: journal}
        for name, variable in self.asks.items():
            scope[name] = made.get(variable)
        journal.decision = self.element.name
        mark = len(journal.notes)
        try:
            value = self.run(scope)
            journal.weigh(value)
        except FeelError as error:
            journal.fail(str(error))
            return None
        except RecursionError:
            journal.fail("A value or a call is nested too deeply.")
            return None
        finally:
            del journal.notes[mark:]
        return value


def decide_all(decisions: Sequence[Decision], facts: Mapping[str, Any], journal: Journal) -> dict[str, Any]:
    """The facts, and the value of each decision by its variable. decisions: each after those that it requires."""
    made = dict(facts)
    for decision in decisions:
        made[decision.element.variable] = decision.decide(facts, made, journal)
    return made
