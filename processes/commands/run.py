"""`process run MODEL --steps STEPS.json --json`: plays a steps file in memory, on virtual time."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from os.path import isfile
from pathlib import Path
from typing import Any, TextIO

from audit.management.input import json_object, read_text
from audit.management.one_line import CallRefused
from processes.commands.decisions import calendar_times, decider
from processes.commands.files import compiled, read_model, runnable_graphs
from processes.engine import Graph, Outside
from processes.engine.graph import HOLDABLE
from processes.engine.patience import Patience
from processes.engine.simulate import WORK
from processes.engine.steps import BadSteps, StepResult, follow
from processes.evaluate import evaluate
from rulebook.tables import TableError

KEYS = ["model", "also_deploy", "process", "variables", "now", "hold", "decisions", "calendars", "instances", "steps"]
NOTES = ["comment", "description", "name", "note", "shows", "source", "title"]  # for people: nothing reads them
PASS = HOLDABLE | {"serviceTask"}
STAY = PASS | WORK


def add_arguments(parser: ArgumentParser) -> None:
    """The model, its steps, and the form of the answer."""
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--steps", required=True, metavar="STEPS.json")
    parser.add_argument("--json", action="store_true", help="one JSON line for each step")


def run(options: Mapping[str, Any], stdout: TextIO) -> int:
    """Print each step's result up to the first that does not hold; then 1. Raises CallRefused."""
    file = options["steps"]
    text = read_text(file)
    plan = _plan(file, text)
    graph, *others = deployed(options["model"], file, plan)
    _expect_holdable(file, plan.get("hold") or (), (graph, *others))
    outside = _outside(options["model"], file, plan)
    result: StepResult | None = None
    try:
        for result in follow(graph, plan, outside, others, Patience(time.monotonic)):
            stdout.write(_line(result, as_json=options["json"]) + "\n")
    except BadSteps as refusal:
        where = f"step {refusal.step}: " if refusal.step else ""
        raise CallRefused(f"{file}:{step_line(text, refusal.step)}", f"{where}{refusal}") from refusal
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


def _plan(file: str, text: str) -> dict[str, Any]:
    plan = json_object(text, file)
    if "steps" not in plan:
        raise CallRefused(f"{file}:1", 'Expected "steps", but the file has none.')
    if unknown := [name for name in plan if name not in KEYS + NOTES]:
        said = (
            f'but there is "{unknown[0][:80]}". What it may say: {", ".join(KEYS)}; and as a note {", ".join(NOTES)}.'
        )
        raise CallRefused(f"{file}:1", f"Expected only what a steps file may say, {said}")
    if not isinstance(plan.get("process") or "", str):
        raise CallRefused(f"{file}:1", 'Expected "process" to be the id of a process.')
    for name, kind in (("also_deploy", list), ("decisions", dict), ("calendars", dict)):
        if plan.get(name) is not None and not isinstance(plan[name], kind):
            raise CallRefused(f"{file}:1", f'Expected "{name}" to be a JSON {"list" if kind is list else "object"}.')
    if not all(isinstance(name, str) for name in plan.get("also_deploy") or ()):
        raise CallRefused(f"{file}:1", 'Expected "also_deploy" to be a list of files.')
    return plan


def _expect_holdable(file: str, hold: Any, graphs: Sequence[Graph]) -> None:
    nodes = {name: node for graph in graphs for name, node in graph.nodes.items()}
    for name in hold if isinstance(hold, list) else ():
        if isinstance(name, str) and (name not in nodes or nodes[name].element not in STAY):
            found = f"there is no {name!r}" if name not in nodes else f"{name!r} is of the kind {nodes[name].element}"
            ids = ", ".join(one for one, node in nodes.items() if node.element in PASS) or "none"
            said = f'Expected "hold" to name tasks that can wait, but {found}. Those that it may hold: {ids}.'
            raise CallRefused(f"{file}:1", said)


def deployed(model: str, file: str, plan: Mapping[str, Any]) -> list[Graph]:
    """The process that the file is about, the others of its drawing that run, and those of `also_deploy`."""
    document = read_model(model)
    graphs = [compiled(model, document, plan.get("process") or None)]
    graphs += [graph for graph in runnable_graphs(document) if graph.process != graphs[0].process]
    for name in plan.get("also_deploy") or ():
        path = _beside((file, model), name)
        also = read_model(path)
        graphs += [compiled(path, also, process.id) for process in also.runnable()]
    first: dict[str, Graph] = {}
    for graph in graphs:
        first.setdefault(graph.process, graph)
    return list(first.values())


def _beside(files: Sequence[str], name: str) -> str:
    """A file beside the first of these that has it there, else as it is named."""
    places = (str(Path(file).parent / name) for file in files)
    return next((place for place in places if isfile(place)), name)


def _outside(model: str, file: str, plan: Mapping[str, Any]) -> Outside:
    try:
        decide = decider(plan.get("decisions") or {}, lambda name: _beside((file, model), name))
        return Outside(evaluate, decide, calendar_times(plan.get("calendars") or {}))
    except (ValueError, TableError) as error:
        raise CallRefused(f"{file}:1", str(error)) from error


def _line(result: StepResult, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(asdict(result), ensure_ascii=False, default=str)
    verdict = "ok" if result.ok else "FAILED"
    active = ", ".join(result.active) or "none"
    return f"{result.step}: {verdict}, {result.status}, active: {active}. {result.message}".rstrip()
