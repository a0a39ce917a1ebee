"""What a drawing says about one element beyond its shape: repetition, data, scripts, calls, messages. Frozen values.

A Formula is text as the file has it; `expressions.in_feel` gives what is evaluated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from processes.engine.values import path_of


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression as written. language: as declared on it; line: where it stands."""

    text: str
    language: str = ""
    line: int = 0


def literal(text: str, line: int = 0) -> Formula:
    """A formula whose value is the text itself."""
    return Formula(json.dumps(text, ensure_ascii=False), "", line)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A variable gets the value of an expression; target "": the expression gives an object of variables."""

    target: str
    source: Formula


def as_they_are(inputs: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """The variables that mappings have given before, by their names."""
    names = dict.fromkeys(path_of(one.target)[0] for one in inputs)
    return tuple(Assignment(name, Formula(name)) for name in names)


@dataclass(frozen=True, slots=True)
class Loop:
    """many: multi-instance (cardinality or collection), otherwise a standard loop (condition, maximum).

    element: variable that holds the item; output, output_element: variable for the list of results, and what of each
    instance goes into it; until: the completion condition.
    """

    many: bool
    line: int
    sequential: bool = False
    cardinality: Formula | None = None
    collection: Formula | None = None
    element: str = ""
    output: str = ""
    output_element: Formula | None = None
    until: Formula | None = None
    condition: Formula | None = None
    test_before: bool = False
    maximum: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """The process that a call activity calls. all_in, all_out: every variable goes along, beside those named."""

    process: Formula
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    all_in: bool = True
    all_out: bool = True


@dataclass(frozen=True, slots=True)
class Decide:
    """A business-rule task's table and the variable that gets its answer.

    shape: "" (one value, one object or a list, as the table answers), or Camunda 7's singleEntry, singleResult,
    collectEntries, resultList.
    """

    table: Formula
    result: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A message, signal, error or escalation of the file. code: of an error or escalation; said: what an error says;
    local: a signal that its tool sends within one instance only."""

    id: str
    tag: str
    name: str
    code: str
    line: int
    keys: tuple[Assignment, ...] = ()
    said: Formula | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class Correlation:
    """One correlation property of a process: `path` gives its value over the process's variables (receiving)."""

    name: str
    path: Formula
    messages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unread:
    """Names of what is written at an element and not carried out here, by why.

    code: of another tool, which is not called; versions: others than the one in force, which is taken; people: who
    does it, until when, with which form, which are said in words of our own; rest: what only its tool carries out;
    beyond: what would let it run in a way that ours does not, so that it does not run.
    """

    code: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Details:
    """All of one element. keys: what a message is recognised by; payload: what a thrown one carries."""

    loop: Loop | None = None
    script: tuple[Assignment, ...] = ()
    decide: Decide | None = None
    call: Call | None = None
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    keys: tuple[Assignment, ...] = ()
    payload: tuple[Assignment, ...] = ()
    complex_parameters: tuple[str, ...] = ()
