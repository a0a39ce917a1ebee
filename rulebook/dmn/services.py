"""Decision services: a part of the graph that is called like a function. Source: DMN 1.5, clauses 6.3.9 and 10.4."""

from __future__ import annotations

from typing import Any, cast

from rulebook.dmn.decisions import Decision, decide_all
from rulebook.dmn.document import Document
from rulebook.dmn.elements import Element
from rulebook.dmn.graph import in_order
from rulebook.dmn.items import ItemTypes
from rulebook.dmn.journal import Journal
from rulebook.feel.limits import Steps
from rulebook.feel.types import Type, coerced
from rulebook.feel.values import Function, kind_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _


class Service:
    """A service ready to be called. parameters: its input data, then its input decisions, each with its type."""

    def __init__(self, document: Document, element: Element, types: ItemTypes) -> None:
        self.element = element
        given = element.named("inputData", "inputDecision")
        self.parameters: list[tuple[str, Type]] = [(one.variable, types.of(one.node, one.type_ref)) for one in given]
        self.type = types.of(element.node, element.type_ref)
        self.outputs = element.named("outputDecision")
        self.order = _order(element)
        self.decisions: list[Decision] = []
        if not self.outputs:
            document.refuse(element.node, Said(_("Expected a service with an output decision, but it has none.")))

    def function(self) -> Function:
        """The service as a value of the language."""
        return Function(self.element.name, tuple(name for name, _type in self.parameters), self._called)

    def decide(self, given: dict[str, Any], journal: Journal) -> Any:
        """The value of its output decision; of several a context of them. given: values of its parameters."""
        made = decide_all(self.decisions, given, journal)
        values = {one.name: made[one.variable] for one in self.outputs}
        value = next(iter(values.values())) if len(values) == 1 else values
        fitting, fits = coerced(value, self.type, journal)
        if not fits:
            journal.decision = self.element.name
            journal.misfit(value, self.type, f"of {self.element.name}")
        return fitting

    def _called(self, values: list[Any], steps: Steps) -> Any:
        journal, given = cast(Journal, steps), {}
        for (name, wanted), value in zip(self.parameters, values):
            given[name], fits = coerced(value, wanted, steps)
            if not fits:
                steps.note(f"Expected {wanted.name} as {name} of {self.element.name}, but got {kind_of(value)}.")
                return None
        asking, matched = journal.decision, dict(journal.matched)
        try:
            return self.decide(given, journal)
        finally:
            journal.decision, journal.matched = asking, matched


def _order(element: Element) -> list[Element]:
    """The decisions that it makes, in their order: those behind its outputs, as far as its input decisions."""
    given = set(element.named("inputDecision"))

    def asks(one: Element) -> list[Element]:
        return [asked for asked in one.named("requiredDecision") if asked not in given]

    wanted = [one for one in element.named("outputDecision", "encapsulatedDecision") if one not in given]
    return in_order(wanted, asks)[0]
