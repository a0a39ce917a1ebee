"""`process run MODEL --steps STEPS.json --json`: plays a steps file in memory, on virtual time."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TextIO

from processes.commands.files import read_bytes, read_graph
from processes.commands.refusals import CallRefused
from processes.engine.steps import BadSteps, StepResult, follow
from processes.evaluate import evaluate


def add_arguments(parser: ArgumentParser) -> None:
    """The model, its steps, and the form of the answer."""
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--steps", required=True, metavar="STEPS.json")
    parser.add_argument("--json", action="store_true", help="one JSON line for each step")


def run(options: Mapping[str, Any], stdout: TextIO) -> int:
    """Print each step's result up to the first that does not hold; then 1. Raises CallRefused."""
    file = options["steps"]
    text = _text(file)
    plan = _plan(file, text)
    graph = read_graph(options["model"], plan.get("process") or None)
    result: StepResult | None = None
    try:
        for result in follow(graph, plan, evaluate):
            stdout.write(_line(result, as_json=options["json"]) + "\n")
    except BadSteps as refusal:
        where = f"step {refusal.step}: " if refusal.step else ""
        raise CallRefused(file, step_line(text, refusal.step), f"{where}{refusal}") from refusal
    return 0 if result is None or result.ok else 1


def step_line(text: str, step: int) -> int:
    """The line on which a step of a steps file begins (step from 1; 0: the first line)."""
    at = text.find("[", text.find('"steps"')) + 1 if step else 0
    decoder = json.JSONDecoder()
    for _ in range(step):
        while text[at] in " \t\r\n,":
            at += 1
        begin, (_, at) = at, decoder.raw_decode(text, at)
    return text.count("\n", 0, begin if step else 0) + 1


def _text(file: str) -> str:
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CallRefused(file, 1, "Expected UTF-8 text.") from error


def _plan(file: str, text: str) -> dict[str, Any]:
    try:
        plan = json.loads(text)
    except json.JSONDecodeError as error:
        raise CallRefused(file, error.lineno, f"Expected JSON, but: {error.msg}.") from error
    except RecursionError as error:
        raise CallRefused(file, 1, "Expected JSON that is not nested so deep.") from error
    if not isinstance(plan, dict):
        raise CallRefused(file, 1, "Expected a JSON object with steps.")
    if not isinstance(plan.get("process") or "", str):
        raise CallRefused(file, 1, 'Expected "process" to be the id of a process.')
    return plan


def _line(result: StepResult, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(asdict(result), ensure_ascii=False, default=str)
    verdict = "ok" if result.ok else "FAILED"
    active = ", ".join(result.active) or "none"
    return f"{result.step}: {verdict}, {result.status}, active: {active}. {result.message}".rstrip()
