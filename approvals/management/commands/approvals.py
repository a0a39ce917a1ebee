"""`manage.py approvals explain`: who must sign what for given facts, under the matrix in force or a file's."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import CommandParser
from django.utils import timezone

from approvals.rules import Chain, Tier, explain, matrix_facts
from audit.management.input import instant, lines
from audit.management.one_line import CallRefused, OneLineCommand
from rulebook.feel import FeelError
from rulebook.feel.json_text import write_json
from rulebook.management.verbs.input import facts_of, read_table
from rulebook.tables import DecisionTable, FactError, NoRule, TooManyRules

TableOf = Callable[[str], DecisionTable]


class Command(OneLineCommand):
    help = "Explain which approvals given facts need."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        one = self.verbs(parser).add_parser("explain", help="rules, tiers and evidence for one set of facts or many")
        given = one.add_mutually_exclusive_group(required=True)
        given.add_argument("--facts", metavar="JSON", help="one JSON object")
        given.add_argument("--cases", metavar="FILE.jsonl", help="one JSON object a line, - reads standard input")
        one.add_argument(
            "--at", type=instant, metavar="TIME", help="under the matrix in force at this ISO time; now if not given"
        )
        one.add_argument(
            "--file", nargs="+", default=[], metavar="TABLE.json", help="use these tables, not those in force"
        )
        one.add_argument("--json", action="store_true", help="print JSON, one line per set of facts")

    def answer(self, options: dict[str, Any]) -> int:
        table_of = tables_for(options["file"], options["at"] or timezone.now())
        given = cases(options["facts"], options["cases"])
        return max((self._answer(*case, table_of, as_json=options["json"]) for case in given), default=0)

    def _answer(self, where: str, raw: dict[str, Any], table_of: TableOf, *, as_json: bool) -> int:
        try:
            chain = chain_for(raw, table_of, where)
        except (NoRule, TooManyRules) as gap:
            self.stderr.write(f"{where}: {gap}")
            if as_json and where.partition(":")[0] != "--facts":
                self.stdout.write(write_json({"error": str(gap)}))  # one line out for each line in
            return 1
        self.stdout.write(write_json(chain.as_json()) if as_json else sentence(chain))
        return 0


def cases(facts: str | None, path: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The sets of facts with their place. Raises CallRefused with the line of what is no JSON object."""
    if facts is not None:
        yield "--facts:1", facts_of(facts, "--facts")
        return
    for where, line in lines(path or ""):
        file, _, number = where.rpartition(":")
        yield where, facts_of(line, file, int(number))


class MatrixMissing(LookupError):
    """There is no such matrix, or none of it governs at that moment; the text says which."""

    def __init__(self, key: str, moment: datetime) -> None:
        from approvals.queries import matrix_begins

        begins = matrix_begins(key, moment)
        found = f"There is no matrix {key!r}."
        if begins is not None:
            found = f"The matrix {key!r} is in force from {begins.isoformat()} on, not yet at {moment.isoformat()}."
        super().__init__(found)


def tables_for(files: list[str], moment: datetime) -> TableOf:
    """Where the matrices come from: the files' tables by their keys, or those in force. Raises CallRefused."""
    if files:
        given = {table.key: table for table in map(read_table, files)}
        return given.__getitem__
    found: dict[str, DecisionTable] = {}

    def in_force(key: str) -> DecisionTable:
        from approvals.queries import matrix_in_force  # only this way of asking needs the database

        if key not in found:
            try:
                found[key] = matrix_in_force(key, moment)[1]
            except ObjectDoesNotExist:
                raise MatrixMissing(key, moment) from None
        return found[key]

    return in_force


def chain_for(raw: dict[str, Any], table_of: TableOf, where: str) -> Chain:
    """The chain for raw facts. Raises CallRefused for facts that don't fit, NoRule and TooManyRules from the matrix."""
    key = raw.get("matrix")
    if not isinstance(key, str):
        raise CallRefused(where, "matrix: Expected the name of a matrix, but it is missing.")
    try:
        table = table_of(key)
    except MatrixMissing as missing:
        raise CallRefused(where, f"matrix: {missing}") from None
    except LookupError:
        raise CallRefused(where, f"matrix: There is no matrix {key!r}.") from None
    try:
        return explain(table, matrix_facts(table, raw))
    except (FactError, FeelError) as error:
        raise CallRefused(where, str(error)) from None


def sentence(chain: Chain) -> str:
    """The chain in one line for a person."""
    tiers = ", ".join(f"{_place(tier)} {tier.role} (within {tier.time_limit or '-'})" for tier in chain.tiers)
    asked = tiers or ("supervisory log only" if chain.log_only else "no approval")
    evidence = f"; evidence {', '.join(chain.evidence)}" if chain.evidence else ""
    return f"{', '.join(chain.rules) or 'no rule'}: prepared by {chain.prepared_by or '-'}; {asked}{evidence}"


def _place(tier: Tier) -> str:
    """Where a tier stands, and how many sign it: `2 (stage 1) 2 of`."""
    stage = f" (stage {tier.stage})" if tier.stage != tier.tier else ""
    return f"{tier.tier}{stage}" + (f" {tier.needs} of" if tier.needs > 1 else "")
