"""A model that can decide: facts in, the value of every decision out. Nothing in it changes while it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rulebook.dmn.decisions import Decision, decide_all
from rulebook.dmn.elements import Element
from rulebook.dmn.facts import admitted, typed_fact
from rulebook.dmn.graph import in_order
from rulebook.dmn.journal import Journal
from rulebook.dmn.services import Service
from rulebook.feel.functions.strings import shown
from rulebook.feel.limits import Steps
from rulebook.feel.spaced import tidy
from rulebook.feel.types import ANY, Type
from rulebook.feel.values import Function, Interval

Inputs = Sequence[tuple[str, str, Type]]  # name, variable and type of what facts are given for


class UnknownDecision(Exception):
    """The model has no decision and no service of a name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """results: values by the names of decisions; matched: numbers of rows; errors: what could not be had, and why.

    reasons: as matched, also of the decisions that were required on the way.
    """

    results: dict[str, Any]
    matched: dict[str, list[int]]
    errors: tuple[tuple[str, str], ...]
    reasons: dict[str, list[int]]


class Model:
    """Everything of a file, compiled. reads: names that its expressions take from facts without declaring them."""

    def __init__(
        self,
        inputs: Sequence[tuple[Element, Type]],
        decisions: Mapping[Element, Decision],
        services: Sequence[Service],
        reads: frozenset[str],
    ) -> None:
        self.decisions, self._reads = decisions, reads
        self._inputs: Inputs = [(one.name, one.variable, kind) for one, kind in inputs]
        self._services = {service.element.name: service for service in services}
        self._by_name = {one.name: one for one in decisions}
        self._order = [decisions[one] for one in in_order(decisions, _asked)[0]]

    @property
    def inputs(self) -> list[tuple[str, Type]]:
        """What facts are given for: names and types as declared, then names that are read without a declaration."""
        declared = [(name, kind) for name, _variable, kind in self._inputs]
        known = {variable for _name, variable, _kind in self._inputs}
        return [*declared, *((name, ANY) for name in sorted(self._reads - known))]

    @property
    def names(self) -> list[str]:
        """What can be asked for: the decisions, then the services, as the file has them."""
        return [*self._by_name, *self._services]

    def evaluate(self, facts: Mapping[str, Any], only: str | None = None, now: datetime | None = None) -> Outcome:
        """Make all decisions, or one with what it requires; each once, after those that it requires.

        facts: by name, as JSON has them; missing ones are null. only: the name of a decision or service.
        now: what now() and today() answer. Raises FactWrong, UnknownDecision.
        """
        journal = Journal(now)
        if only in self._services:
            return self._served(self._services[only], facts, journal)
        order = self._order if only is None else self._needed(only)
        given = self._given(facts, self._inputs, journal)
        made = decide_all(order, given, journal)
        asked = [one for one in self.decisions if only in (None, one.name)]
        return _outcome({one.name: made[one.variable] for one in asked}, journal)

    def _needed(self, only: str) -> list[Decision]:
        if only not in self._by_name:
            known = ", ".join(self.names) or "none"
            raise UnknownDecision(f'Expected a decision of the model, but there is no "{only}"; it has: {known}.')
        return [self.decisions[one] for one in in_order([self._by_name[only]], _asked)[0]]

    def _served(self, service: Service, facts: Mapping[str, Any], journal: Journal) -> Outcome:
        parameters = [(name, name, kind) for name, kind in service.parameters]
        given = self._given(facts, [*self._inputs, *parameters], journal)
        journal.decision = service.element.name
        return _outcome({service.element.name: service.decide(given, journal)}, journal)

    def _given(self, facts: Mapping[str, Any], inputs: Inputs, steps: Steps) -> dict[str, Any]:
        """The facts that something reads, as values of the language; what is declared has its type."""
        by_name = {tidy(name): name for name in facts}
        given = {}
        for name, variable, kind in inputs:
            key = by_name.get(variable, by_name.get(name))
            if key is not None:
                given[variable] = typed_fact(facts[key], kind, name, steps)
        for name in self._reads & by_name.keys() - given.keys():
            given[name] = admitted(facts[by_name[name]], name)
        return dict.fromkeys((variable for _name, variable, _kind in inputs), None) | given


def _asked(element: Element) -> list[Element]:
    return element.named("requiredDecision")


def _outcome(results: dict[str, Any], journal: Journal) -> Outcome:
    plain = {name: _plain(value) for name, value in results.items()}
    matched = {name: rows for name, rows in journal.matched.items() if name in results}
    return Outcome(plain, matched, tuple(journal.errors), dict(journal.matched))


def _plain(value: Any) -> Any:
    """What has no JSON of its own, ranges and functions, as text."""
    if type(value) in (Interval, Function):
        return shown(value, Steps())
    if type(value) is list:
        return [_plain(item) for item in value]
    if type(value) is dict:
        return {name: _plain(item) for name, item in value.items()}
    return value
