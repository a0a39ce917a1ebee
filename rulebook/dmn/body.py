"""The decision table of a DMN file as a table of the rulebook; what is wrong is named by its element."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from rulebook.dmn.errors import DmnProblem, DmnRefused, problem
from rulebook.dmn.types import column_type, item_types
from rulebook.feel import Expression, FeelError, compile_expression
from rulebook.feel.values import SCALARS
from rulebook.tables import DecisionTable, Problem, TableError, load_table

POLICIES: Mapping[str, str] = {
    "UNIQUE": "unique",
    "FIRST": "first",
    "PRIORITY": "priority",
    "ANY": "any",
    "COLLECT": "collect",
    "RULE ORDER": "rule_order",
    "OUTPUT ORDER": "output_order",
}
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")
Column = dict[str, Any]


class TableReader:
    """Reads one table once; rows are named by their number."""

    def __init__(self, root: etree._Element, decision: etree._Element, table: etree._Element, model: str) -> None:
        self.decision, self.table, self.model = decision, table, model
        self.items = item_types(root, model)
        self.problems: list[DmnProblem] = list(_languages(root, table))
        self.places: dict[tuple[str, str], etree._Element] = {}
        self.expressions: dict[str, Expression] = {}

    def read(self, key: str) -> tuple[DecisionTable, Mapping[str, Expression]]:
        """The table, and for each of its inputs the expression that it tests. Raises DmnRefused."""
        body: dict[str, Any] = {"key": key, "name": {"en": self.decision.get("name") or key}}
        body["hit_policy"] = self._policy()
        body["inputs"] = [self._input(place, node) for place, node in enumerate(self._all("input"), 1)]
        body["outputs"] = [self._output(node) for node in self._all("output")]
        body["rules"] = [self._rule(place, node, body) for place, node in enumerate(self._all("rule"), 1)]
        body["default"] = self._default(body["outputs"])
        if self.problems:
            raise DmnRefused(self.problems)
        return self._loaded(body), self.expressions

    def _loaded(self, body: Mapping[str, Any]) -> DecisionTable:
        try:
            table = load_table(body)
        except TableError as error:
            raise DmnRefused([self._placed(one) for one in error.problems]) from None
        unknown = [
            Problem(rule, column, f"Expected names of inputs of the table, but it reads {name}.")
            for rule, column, name in table.unknown_facts
        ]
        if unknown:
            raise DmnRefused([self._placed(one) for one in unknown])
        return table

    def _placed(self, one: Problem) -> DmnProblem:
        """The problem of a cell, column or row at the element where it stands."""
        places = [(one.rule, one.column), (one.rule, ""), ("", one.column)]
        node = next((self.places[place] for place in places if place in self.places), self.table)
        return problem(node, str(one))

    def _all(self, tag: str) -> list[etree._Element]:
        return list(self.table.iterchildren(f"{self.model}{tag}"))

    def _text(self, node: etree._Element | None) -> str:
        return "" if node is None else (node.findtext(f"{self.model}text") or "").strip()

    def _refuse(self, node: etree._Element, message: str) -> None:
        self.problems.append(problem(node, message))

    # the table

    def _policy(self) -> str:
        given, aggregation = self.table.get("hitPolicy", "UNIQUE"), self.table.get("aggregation", "")
        policy = POLICIES.get(given, "")
        if not policy:
            self._refuse(self.table, f"Expected a hit policy of {', '.join(POLICIES)}, but it is {given}.")
        if aggregation and (policy != "collect" or aggregation not in AGGREGATIONS):
            known = ", ".join(AGGREGATIONS)
            self._refuse(self.table, f"Expected COLLECT with one of {known}, but it is {given} with {aggregation}.")
        return f"{policy}_{aggregation.lower()}" if aggregation else policy

    def _default(self, outputs: Sequence[Column]) -> dict[str, str] | None:
        given = {}
        for column, node in zip(outputs, self._all("output")):
            entry = node.find(f"{self.model}defaultOutputEntry")
            if entry is not None:
                given[column["name"]] = self._text(entry) or "null"
                self.places["default", column["name"]] = entry
        return given or None

    # columns

    def _input(self, place: int, node: etree._Element) -> Column:
        held = node.find(f"{self.model}inputExpression")
        text = self._text(held)
        name = text if text.isidentifier() and text not in self.expressions else f"input_{place}"
        self.places["", name] = node
        if held is None or not text:
            self._refuse(node, "Expected an input expression, but it has none.")
            return {"name": name}
        try:
            self.expressions[name] = compile_expression(text)
        except FeelError as error:
            self._refuse(held, f"Expected an input expression in FEEL, but: {error}")
        return self._column(node, name, held.get("typeRef", ""), "inputValues")

    def _output(self, node: etree._Element) -> Column:
        variable = self.decision.find(f"{self.model}variable")
        names = [node.get("name", ""), "" if variable is None else variable.get("name", "")]
        names += [self.decision.get("name", ""), self.decision.get("id", "")]
        fitting = [name for name in names[: 1 if node.get("name") else None] if name.isidentifier()]
        if not fitting:
            self._refuse(node, "Expected a name that is one word for the output, but it has none.")
        kind = node.get("typeRef") or ("" if variable is None else variable.get("typeRef", ""))
        name = fitting[0] if fitting else "output"
        self.places["", name] = node
        return self._column(node, name, kind or self._likely(), "outputValues")

    def _likely(self) -> str:
        """Outputs without a type are texts, as Camunda has it, unless they are added up."""
        return "number" if self.table.get("aggregation") else "string"

    def _column(self, node: etree._Element, name: str, reference: str, values: str) -> Column:
        kind, allowed = column_type(reference, self.items)
        if not kind:
            found = f'"{reference}"' if reference else "none"
            self._refuse(node, f"Expected a type of string, number, boolean or date, but it is {found}.")
        own = self._text(node.find(f"{self.model}{values}")) or allowed
        return {"name": name, "type": kind, "values": self._values(node, own)}

    def _values(self, node: etree._Element, text: str) -> list[Any]:
        if text in ("", "-"):
            return []
        try:
            values = compile_expression(f"[{text}]").evaluate({})
        except FeelError:
            values = [None]
        if any(value is None or type(value) not in SCALARS for value in values):
            self._refuse(node, f'Expected allowed values one by one, such as "a", "b", but they are {text}.')
        return list(values)

    # rows

    def _rule(self, place: int, node: etree._Element, body: Mapping[str, Any]) -> dict[str, Any]:
        number = str(place)
        self.places[number, ""] = node
        tests, results = (self._cells(number, node, body[f"{side}s"], f"{side}Entry") for side in ("input", "output"))
        return {
            "id": number,
            "when": {name: text or "-" for name, text in tests.items()},
            "then": {name: text or "null" for name, text in results.items()},
        }

    def _cells(self, number: str, rule: etree._Element, columns: Sequence[Column], tag: str) -> dict[str, str]:
        entries = list(rule.iterchildren(f"{self.model}{tag}"))
        if len(entries) != len(columns):
            self._refuse(rule, f"Expected {len(columns)} {tag} elements, but it has {len(entries)}.")
        cells = {}
        for column, entry in zip(columns, entries):
            self.places[number, column["name"]] = entry
            cells[column["name"]] = self._text(entry)
        return cells


def _languages(root: etree._Element, table: etree._Element) -> Iterator[DmnProblem]:
    """Expressions that are declared as something else than FEEL."""
    for node in (root, *table.iter()):
        declared = node.get("expressionLanguage", "") if isinstance(node.tag, str) else ""
        if declared and "feel" not in declared.lower():
            yield problem(node, f"Expected FEEL, but its language is {declared}.")
