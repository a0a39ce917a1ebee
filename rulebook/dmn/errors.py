"""What is wrong with a DMN file, or beyond what is read of one: everything at once, each with element and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from rulebook.hardened_xml import line_of


@dataclass(frozen=True, slots=True)
class DmnProblem:
    """One thing that is wrong. element: its tag with its id or name, "" for the file; line: from 1."""

    element: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.element}: {self.message}" if self.element else self.message


class DmnRefused(Exception):
    """The file cannot be read as the decision table that is asked for; `problems` in the order of their lines."""

    def __init__(self, problems: Sequence[DmnProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("; ".join(map(str, self.problems)))


def problem(node: etree._Element, message: str) -> DmnProblem:
    """What is wrong with an element of the file."""
    return DmnProblem(called(node), line_of(node), message)


def called(node: etree._Element) -> str:
    """How messages name an element: its tag with its id, name or label."""
    name = next((str(node.get(key)) for key in ("id", "name", "label") if node.get(key)), "")
    return f"{etree.QName(node).localname} {name}".strip()
