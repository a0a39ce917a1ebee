"""DMN files, versions 1.3 to 1.5: a model of decisions that require each other becomes functions of facts.

Pure: no Django, no clock, no I/O. `read_model` reads a file, `Model.evaluate` decides. Everything of compliance level 2
is here, and of level 3 what people meet daily: see docs/decision-models.md. What is not read is refused by name, with
its element and line: imports, other expression languages, functions in Java or PMML.
"""

from rulebook.dmn.answers import DecisionFailed, answered, decision_of, rows_of
from rulebook.dmn.errors import DmnProblem, DmnRefused
from rulebook.dmn.facts import FactWrong
from rulebook.dmn.model import Model, Outcome, UnknownDecision
from rulebook.dmn.reading import read_model

__all__ = [
    "DecisionFailed",
    "DmnProblem",
    "DmnRefused",
    "FactWrong",
    "Model",
    "Outcome",
    "UnknownDecision",
    "answered",
    "decision_of",
    "read_model",
    "rows_of",
]
