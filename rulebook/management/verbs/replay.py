"""`rules replay --table KEY --draft N --since DATE`: what a draft would have decided otherwise for past orders."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.utils.module_loading import import_string

from audit.management.input import instant, whole_number
from audit.management.one_line import CallRefused
from audit.reactions import wiring
from rulebook.feel.json_text import write_json
from rulebook.management.verbs.input import Out
from rulebook.models import TableVersion

HELP = "Say what a version of a table would have decided otherwise for past orders."


def add_arguments(parser: ArgumentParser) -> None:
    """The table, the version and the time from which on orders are decided again."""
    parser.add_argument("--table", required=True, metavar="KEY")
    parser.add_argument("--draft", required=True, type=whole_number(1, 10**6), metavar="N", help="the version's number")
    parser.add_argument("--since", required=True, type=instant, metavar="DATE", help="an ISO date or time")


def run(options: dict[str, Any], out: Out) -> int:
    """0: decided again, whatever differs. Progress is told on standard error.

    Raises CallRefused for an unknown table or version, and for a table that decides no orders.
    """
    draft = _version(options["table"], options["draft"])
    ask = wiring().WHAT_IF.get(draft.table.kind)
    if ask is None:
        raise CallRefused("--table", f"Expected an approval matrix, but {draft.table.key} is none.")
    found = import_string(ask)(draft, options["since"], lambda line: sys.stderr.write(f"{line}\n"))
    if options["json"]:
        out(write_json(found))
    else:
        for line in sentences(found):
            out(line)
    return 0


def sentences(found: dict[str, Any]) -> list[str]:
    """The findings as a person reads them."""
    decided, changed, gaps = (f"{found[name]:,}" for name in ("decided", "changed", "gaps"))
    head = f"{decided} orders decided again, {changed} otherwise, {gaps} without an answer"
    load = [f"{role}: {sides['then']} signatures then, {sides['draft']} now" for role, sides in found["load"].items()]
    changes = [_change(change["order"], each) for change in found["changes"] for each in change["decisions"]]
    return [head, *load, *changes]


def _change(order: str, decision: dict[str, Any]) -> str:
    then, now = (_answer(decision[side]) for side in ("then", "draft"))
    return f"{order} {decision['amount']}: {then} → {now}"


def _answer(answer: dict[str, Any]) -> str:
    return answer["gap"] or ", ".join(" + ".join(stage) for stage in answer["stages"]) or "nobody"


def _version(key: str, number: int) -> TableVersion:
    versions = TableVersion.objects.filter(table__key=key).select_related("table")
    found = versions.filter(number=number).first()
    if found is None:
        known = ", ".join(str(each) for each in versions.order_by("number").values_list("number", flat=True))
        there = f"the table {key} has: {known}" if known else f"there is no table {key}"
        raise CallRefused("--draft" if known else "--table", f"Expected a version of a table, but {there}.")
    return found
