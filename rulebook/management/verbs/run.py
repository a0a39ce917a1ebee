"""`rules run MODEL.dmn`: the decisions of a model for one set of facts, or for each line of a file."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from audit.management.input import lines, read_bytes, read_text
from audit.management.one_line import CallRefused
from rulebook.dmn import DmnRefused, FactWrong, Model, Outcome, UnknownDecision, read_model
from rulebook.feel.json_text import write_json
from rulebook.management.verbs.input import Out, facts_of

HELP = "Make the decisions of a DMN model."


def add_arguments(parser: ArgumentParser) -> None:
    """The model, which decision, and the facts: one object, a file of one, or one for each line of a file."""
    parser.add_argument("model", metavar="MODEL.dmn")
    parser.add_argument("--decision", metavar="NAME", help="only this decision or decision service")
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--facts", metavar="JSON", help="a JSON object of facts")
    given.add_argument("--facts-file", metavar="FILE", help="a file with a JSON object of facts; - is standard input")
    given.add_argument("--cases", metavar="FILE.jsonl", help="one JSON object of facts a line; - is standard input")


def run(options: dict[str, Any], out: Out) -> int:
    """0: all decided; 1: a decision could not be made, as the errors say.

    Raises CallRefused for a model or facts that can't be read; with --cases after the lines before the bad one.
    """
    model = _model(options["model"])
    only = options["decision"]
    if only is not None and only not in model.names:
        known = ", ".join(model.names) or "none"
        raise CallRefused("--decision", f'Expected a decision of the model, but there is no "{only}"; it has: {known}.')
    if options["cases"]:
        return _cases(model, only, options["cases"], out, as_json=options["json"])
    file = options["facts_file"]
    text, where = (read_text(file), file) if file else (options["facts"] or "{}", "--facts")
    outcome = _decided(model, only, facts_of(text, where), f"{where}:1")
    for line in [_json(outcome)] if options["json"] else _sentences(outcome):
        out(line)
    return 1 if outcome.errors else 0


def _model(file: str) -> Model:
    try:
        return read_model(read_bytes(file))
    except DmnRefused as refused:
        first, *others = refused.problems
        more = f" ({len(others)} more: {'; '.join(f'line {one.line}: {one}' for one in others)})" if others else ""
        raise CallRefused(f"{file}:{first.line}", f"{first}{more}") from None


def _cases(model: Model, only: str | None, file: str, out: Out, *, as_json: bool) -> int:
    status = 0
    for where, text in lines(file):
        name, _colon, number = where.rpartition(":")
        outcome = _decided(model, only, facts_of(text, name, int(number)), where)
        out(_json(outcome) if as_json else "; ".join(_sentences(outcome)))
        status = 1 if outcome.errors else status
    return status


def _decided(model: Model, only: str | None, facts: dict[str, Any], where: str) -> Outcome:
    try:
        return model.evaluate(facts, only, timezone.now())
    except (FactWrong, UnknownDecision) as wrong:
        raise CallRefused(where, str(wrong)) from None


def _json(outcome: Outcome) -> str:
    errors = [{"decision": decision, "message": message} for decision, message in outcome.errors]
    return write_json({"results": outcome.results, "matched": outcome.matched, "errors": errors})


def _sentences(outcome: Outcome) -> list[str]:
    """The values as one line each, then what went wrong."""
    lines = []
    for name, value in outcome.results.items():
        rows = outcome.matched.get(name)
        by = f" (rows {', '.join(map(str, rows))})" if rows else ""
        lines.append(f"{name}: {write_json(value)}{by}")
    return lines + [f"error in {decision}: {message}" for decision, message in outcome.errors]
