"""A DMN file to a model that can decide: everything in it is compiled once, everything wrong is said at once."""

from __future__ import annotations

import re

from rulebook.dmn.boxes import BOXES, functions, tables
from rulebook.dmn.decisions import Decision
from rulebook.dmn.document import Document, open_document
from rulebook.dmn.elements import Element, read_elements
from rulebook.dmn.graph import in_order, refuse_cycles
from rulebook.dmn.items import ItemTypes
from rulebook.dmn.journal import Journal
from rulebook.dmn.making import Maker, Sight, nothing
from rulebook.dmn.model import Model
from rulebook.dmn.plain_tables import PlainTable, plain_tables
from rulebook.dmn.services import Service
from rulebook.feel.callables import closure
from rulebook.feel.scope import Run, Scope
from rulebook.feel.spaced import is_word, own_names, tidy
from rulebook.feel.types import Type
from rulebook.feel.values import Function
from rulebook.feel.vocabulary import Vocabulary
from rulebook.said import Said
from rulebook.said import gettext_noop as _

NAMED = ("itemDefinition", "itemComponent", "variable", "output", "column", "formalParameter", "parameter")
BESIDE = frozenset(
    ("variable", "informationRequirement", "knowledgeRequirement", "authorityRequirement", "description", "question")
    + ("extensionElements", "allowedAnswers", "supportedObjective", "impactedPerformanceIndicator", "decisionMaker")
    + ("decisionOwner", "usingProcess", "usingTask")
)
ARITHMETIC = re.compile(r"\w+(?:\s*[-+*/]\s*\w+)+")  # elsewhere such a key is a difference or the like
LISTED = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")


def read_model(data: bytes) -> Model:
    """The model of a DMN file. Raises DmnRefused with everything that is wrong with it or not read."""
    model, _reader = _read(data)
    return model


def read_tables(data: bytes) -> list[PlainTable]:
    """The decision tables of a DMN file, made ready for the checker. Raises DmnRefused."""
    _model, reader = _read(data)
    return list(plain_tables(reader.maker, reader.kinds))


def _read(data: bytes) -> tuple[Model, _Reader]:
    document = open_document(data)
    elements = read_elements(document)
    refuse_cycles(document, elements)
    reader = _Reader(document, elements)
    model = reader.read()
    document.expect_whole()
    return model, reader


class _Reader:
    """Compiles the elements of one document."""

    def __init__(self, document: Document, elements: list[Element]) -> None:
        self.document, self.elements = document, elements
        members = frozenset(name for name in _members(document) if not is_word(name))
        self.types = ItemTypes(document, Vocabulary(spaced=members))
        self.inputs = [element for element in elements if element.kind == "inputData"]
        self.maker = Maker(document, self.types, BOXES, strict=bool(self.inputs))
        words = Vocabulary(spaced=members, types=self.types.by_name, has_clock=True)
        self.sight = Sight(frozenset(), words)
        self.facts = self.sight.plus([element.variable for element in self.inputs])
        self.functions: dict[Element, Function] = {}

    def read(self) -> Model:
        services = [Service(self.document, one, self.types) for one in self._all("decisionService")]
        self.functions |= {service.element: service.function() for service in services}
        for element in in_order(self._all("businessKnowledgeModel"), lambda one: one.named("requiredKnowledge"))[0]:
            if element.kind == "businessKnowledgeModel":
                self.functions[element] = self._knowledge(element)
        decisions = {element: self._decision(element) for element in self._all("decision")}
        for service in services:
            service.decisions = [decisions[one] for one in service.order]
        inputs = [(one, self.types.of(one.node, one.type_ref)) for one in self.inputs]
        return Model(inputs, decisions, services, frozenset(self.maker.reads))

    @property
    def kinds(self) -> dict[str, Type]:
        """The types of what is given and of what is decided, by the names that expressions use."""
        valued = [element for element in self.elements if element.kind in ("inputData", "decision")]
        return {one.variable: self.types.of(one.node, one.type_ref) for one in valued}

    def _all(self, kind: str) -> list[Element]:
        return [element for element in self.elements if element.kind == kind]

    def _knowledge(self, element: Element) -> Function:
        """Business knowledge as a function; it sees what it requires, and itself. DMN 1.5, clause 6.3.8."""
        known = {
            one.variable: self.functions[one] for one in element.named("requiredKnowledge") if one in self.functions
        }
        logic = self.document.child(element.node, "encapsulatedLogic")
        if logic is None:
            self.document.refuse(
                element.node, Said(_("Expected business knowledge with its logic, but it holds none."))
            )
            return closure(element.name, (), nothing, {})
        formals, body = functions.parts_of(self.maker, logic, self.sight.plus([*known, element.variable]))
        body = self.maker.typed(body, self.types.of(element.node, element.type_ref), element.name)
        scope: Scope = dict(known)
        scope[element.variable] = closure(element.name, formals, body, scope)
        made: Function = scope[element.variable]
        return made

    def _decision(self, element: Element) -> Decision:
        callables = {one.variable: self.functions[one] for one in element.named("requiredKnowledge")}
        asks = self._asks(element, self.facts.plus(callables).known)
        sight = self.facts.plus([*asks, *callables])
        run = self.maker.typed(self._logic(element, sight), self.types.of(element.node, element.type_ref), element.name)
        table = self.document.child(element.node, "decisionTable")
        if table is None:
            return Decision(element, run, asks, callables)
        outputs = tuple(tidy(one.get("name", "")) for one in self.document.children(table, "output"))
        single = table.get("hitPolicy", "UNIQUE") not in LISTED or bool(table.get("aggregation"))
        return Decision(element, run, asks, callables, single, outputs)

    def _asks(self, element: Element, taken: frozenset[str]) -> dict[str, str]:
        """The decisions that one requires: by their names, and where nothing else is, by their ids as in Camunda 8."""
        required = element.named("requiredDecision")
        by_id = {str(one.node.get("id") or one.variable): one.variable for one in required}
        by_name = {one.variable: one.variable for one in required}
        return {name: one for name, one in by_id.items() if name not in taken} | by_name

    def _logic(self, element: Element, sight: Sight) -> Run:
        name = element.name

        def matched(journal: Journal, rows: list[int]) -> None:
            journal.matched[name] = rows

        for child in self.document.children(element.node):
            if self.document.tag(child) not in BESIDE and not self.maker.is_box(child):
                self.document.refuse(
                    child, Said(_("Expected an expression of DMN, but this element is none that is read."))
                )
        table = self.document.child(element.node, "decisionTable")
        if table is None:
            return self.maker.expected(element.node, sight, Said(_("an expression that decides")))
        self.maker.expect_one(element.node)
        wanted = self.types.of(table, table.get("typeRef"))
        return self.maker.typed(tables.table(self.maker, table, sight, matched), wanted, name)


def _members(document: Document) -> frozenset[str]:
    """What may stand after a dot or before a colon: names of several words have to be known before texts are read."""
    names = {tidy(node.get("name", "")) for tag in NAMED for node in document.root.iter(f"{document.model}{tag}")}
    for node in document.root.iter(f"{document.model}text"):
        if node.text and ":" in node.text:
            names.update(name for name in own_names(node.text) if not ARITHMETIC.fullmatch(name))
    return frozenset(names - {""})
