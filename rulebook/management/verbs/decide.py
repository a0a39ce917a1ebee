"""`rules decide --table KEY --facts JSON`: the matched rows and outputs of the table that governs at a time."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from rulebook.feel import FeelError
from rulebook.feel.json_text import write_json
from rulebook.management.verbs.input import BadInput, Out, json_object
from rulebook.models import TableVersion
from rulebook.queries import in_force, table_of
from rulebook.tables import Decision, FactError, NoRule, TooManyRules, decide, read_facts

HELP = "Say what a table in force decides for some facts."


def add_arguments(parser: ArgumentParser) -> None:
    """The table, its facts and the time."""
    parser.add_argument("--table", required=True, metavar="KEY")
    parser.add_argument("--facts", required=True, metavar="JSON", help="a JSON object of facts")
    parser.add_argument("--at", metavar="TIME", help="an ISO time with offset; now when left out")


def run(options: dict[str, Any], out: Out) -> int:
    """0: decided; 1: no row covers the facts, or too many do. Raises BadInput for an unknown table, fact or time."""
    version = _version(options["table"], _time(options["at"]))
    table = table_of(version)
    try:
        decision = decide(table, read_facts(table, json_object(options["facts"], "--facts")))
    except (NoRule, TooManyRules) as unfit:
        line = {"table": table.key, "version": version.number, "error": str(unfit)}
        out(write_json(line) if options["json"] else str(unfit))
        return 1
    except (FactError, FeelError) as error:
        raise BadInput(f"--facts:1: {error}") from None
    answer = as_json(version, decision)
    out(write_json(answer) if options["json"] else _sentence(answer))
    return 0


def as_json(version: TableVersion, decision: Decision) -> dict[str, Any]:
    """A decision as JSON: the ids of the matched rows, and one object of outputs for each."""
    return {
        "table": version.table.key,
        "version": version.number,
        "rules": list(decision.rules),
        "outputs": list(decision.outputs),
        "is_default": decision.is_default,
    }


def _sentence(answer: dict[str, Any]) -> str:
    rules = ", ".join(answer["rules"]) or "no rule (the default)"
    return f"{answer['table']} v{answer['version']}: {rules} → {write_json(answer['outputs'])}"


def _version(key: str, at: datetime) -> TableVersion:
    try:
        return in_force(key, at)
    except TableVersion.DoesNotExist as missing:
        raise BadInput(f"--table:1: {missing}") from None


def _time(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadInput(f'--at:1: Expected a time such as 2026-11-22T10:00:00Z, but got "{text}".')
    return at
