"""`rules decide --table KEY --facts JSON`: the matched rows and outputs of the table that governs at a time."""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from audit.management.input import instant
from audit.management.one_line import CallRefused
from rulebook.feel import FeelError
from rulebook.feel.json_text import write_json
from rulebook.management.verbs.input import Out, facts_of
from rulebook.models import TableVersion
from rulebook.queries import in_force, table_of
from rulebook.tables import Decision, DecisionTable, FactError, NoRule, TooManyRules, decide, needed_fact, read_facts

HELP = "Say what a table in force decides for some facts."


def add_arguments(parser: ArgumentParser) -> None:
    """The table, its facts and the time."""
    parser.add_argument("--table", required=True, metavar="KEY")
    parser.add_argument("--facts", required=True, metavar="JSON", help="a JSON object of facts")
    parser.add_argument("--at", type=instant, metavar="TIME", help="an ISO date or time; now when left out")


def run(options: dict[str, Any], out: Out) -> int:
    """0: decided; 1: no row covers the facts, or too many do.

    Raises CallRefused for an unknown table, a bad fact or time, and a fact that is missing.
    """
    version = _version(options["table"], options["at"] or timezone.now())
    table = table_of(version)
    given = facts_of(options["facts"], "--facts")
    try:
        facts = read_facts(table, given)
        _refuse_missing(table, given, facts)
        decision = decide(table, facts)
    except (NoRule, TooManyRules) as unfit:
        line = {"table": table.key, "version": version.number, "error": str(unfit)}
        out(write_json(line) if options["json"] else str(unfit))
        return 1
    except (FactError, FeelError) as error:
        raise CallRefused("--facts:1", str(error)) from None
    answer = as_json(version, decision)
    out(write_json(answer) if options["json"] else _sentence(answer))
    return 0


def _refuse_missing(table: DecisionTable, given: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """A fact that is not given, and on which the answer hangs; null may be given as such."""
    missing = needed_fact(table, facts)
    if missing is None or missing[1] in given:
        return
    rule, name = missing
    known = {column.name for column in table.inputs}
    strange = [each for each in given if each not in known]
    also = f"; the table does not know {', '.join(strange)}" if strange else ""
    raise CallRefused("--facts:1", f'Expected the fact "{name}", since the rule {rule} asks for it{also}.')


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
        raise CallRefused("--table", str(missing)) from None
