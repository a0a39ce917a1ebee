"""A DMN file to the one decision table that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from rulebook.dmn.body import TableReader
from rulebook.dmn.errors import DmnProblem, DmnRefused, problem
from rulebook.feel import Expression
from rulebook.hardened_xml import XmlRefused, read_tree
from rulebook.tables import Decision, DecisionTable, NoRule, decide, read_facts

READ: Mapping[str, str] = {
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
BESIDE = frozenset(
    ("decisionTable", "variable", "informationRequirement", "description", "extensionElements", "question")
    + ("allowedAnswers", "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator", "decisionMaker")
    + ("decisionOwner", "usingProcess", "usingTask")
)


@dataclass(frozen=True, slots=True)
class DmnTable:
    """A table with the expression, for each of its inputs, that gives what the input tests."""

    table: DecisionTable
    inputs: Mapping[str, Expression]

    def decide(self, variables: Mapping[str, Any]) -> Decision:
        """Apply the table to variables; where no row matches and nothing is said for that case, there is no output.

        Raises FactError, TooManyRules, FeelError. Source: DMN 1.3, clause 8.2.8.
        """
        given = {name: expression.evaluate(variables) for name, expression in self.inputs.items()}
        try:
            return decide(self.table, read_facts(self.table, given))
        except NoRule:
            return Decision((), ())


def read_table(data: bytes, key: str) -> DmnTable:
    """The decision table of a file whose decision has the key as its id or name; else that of the only decision.

    Raises DmnRefused with everything that is wrong with it.
    """
    root = _root(data)
    model = f"{{{etree.QName(root).namespace}}}"
    decision = _decision(root, model, key)
    problems = list(_beyond(decision, model))
    table = decision.find(f"{model}decisionTable")
    if problems or table is None:
        raise DmnRefused(problems or [problem(decision, "Expected a decision table, but it holds none.")])
    return DmnTable(*TableReader(root, decision, table, model).read(key))


def _root(data: bytes) -> etree._Element:
    try:
        root = read_tree(data, notation="DMN")
    except XmlRefused as refused:
        raise DmnRefused([DmnProblem("", refused.line, refused.message)]) from None
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in READ:
        versions = ", ".join(READ.values())
        found = f"<{name.localname}> of {name.namespace or 'no namespace'}"
        raise DmnRefused([problem(root, f"Expected DMN <definitions> of version {versions}, but the root is {found}.")])
    return root


def _decision(root: etree._Element, model: str, key: str) -> etree._Element:
    decisions = list(root.iterchildren(f"{model}decision"))
    for name in ("id", "name"):
        named = [node for node in decisions if node.get(name) == key]
        if len(named) == 1:
            return named[0]
    if len(decisions) == 1:
        return decisions[0]
    known = ", ".join(str(node.get("id") or node.get("name")) for node in decisions) or "none"
    raise DmnRefused([problem(root, f'Expected one decision "{key}", but the file has: {known}.')])


def _beyond(decision: etree._Element, model: str) -> Iterator[DmnProblem]:
    """What a decision is or asks for that is not read."""
    for node in decision.iterchildren(f"{model}*"):
        tag = etree.QName(node).localname
        if tag == "knowledgeRequirement":
            yield problem(node, "Expected a decision without functions of its own, but business knowledge is not read.")
        elif tag == "informationRequirement" and node.find(f"{model}requiredDecision") is not None:
            yield problem(node, "Expected a decision that needs inputs only, but it needs another decision.")
        elif tag not in BESIDE:
            yield problem(node, f"Expected a decision table, but its {tag} is not read.")
