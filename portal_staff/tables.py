"""A decision table as a page shows and edits it: plain cells in, plain cells out. Pure but for the active language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rulebook.checks import Report, check
from rulebook.queries import Difference
from rulebook.tables import TableError, load_table
from ui.words import pick_text

Body = Mapping[str, Any]
MOST_RULES = 200
_CELL = re.compile(r"^(when|then)-(\d{1,3})-([a-z_][a-z0-9_]*)$")


def columns(body: Body) -> list[dict[str, str]]:
    """The table's columns: conditions, then results."""
    sides = [("when", column) for column in body.get("inputs", [])] + [("then", column) for column in body["outputs"]]
    return [
        {
            "side": side,
            "name": column["name"],
            "label": pick_text(column.get("label"), get_language()) or column["name"],
            "unit": column.get("unit", ""),
            "hint": " / ".join(map(str, column.get("values", []))),
        }
        for side, column in sides
    ]


def grid(
    body: Body, *, changes: Iterable[Difference] = (), problems: Mapping[tuple[str, str], str] | None = None
) -> list[dict[str, Any]]:
    """Rows of cells with what changed and what is wrong at each."""
    old = {(each.rule, column): before for each in changes for column, before, _after in each.cells}
    kinds = {each.rule: each.kind for each in changes}
    heads = columns(body)
    return [
        {
            "place": place,
            "id": rule["id"],
            "kind": kinds.get(rule["id"], ""),
            "note": pick_text(rule.get("note"), get_language()),
            "cells": [_cell(rule, head, place, old, problems or {}) for head in heads],
        }
        for place, rule in enumerate(body.get("rules", []))
    ]


def default_cells(body: Body) -> list[dict[str, str]]:
    """What holds where no rule matches, as label and cell."""
    default = body.get("default") or {}
    return [
        {"label": head["label"], "value": default.get(head["name"], "")}
        for head in columns(body)
        if head["side"] == "then"
    ]


def read_body(base: Body, posted: Mapping[str, str]) -> dict[str, Any]:
    """A body with the posted cells: rows without an id and those marked for deletion are left out."""
    notes = {rule["id"]: rule.get("note") for rule in base.get("rules", [])}
    rows = {
        int(name[5:]): text.strip()[:40]
        for name, text in posted.items()
        if name[:5] == "rule-" and name[5:].isdecimal()
    }
    cells = list(_posted_cells(posted))
    rules = []
    for place, rule_id in sorted(rows.items())[:MOST_RULES]:
        if not rule_id or posted.get(f"delete-{place}"):
            continue
        rule: dict[str, Any] = {"id": rule_id}
        for side in ("when", "then"):
            rule[side] = {
                name: text for at, of, name, text in cells if at == place and of == side and text not in ("", "-")
            }
        if notes.get(rule_id):
            rule["note"] = notes[rule_id]
        rules.append(rule)
    return {**base, "rules": rules}


def with_empty_row(body: Body) -> dict[str, Any]:
    """The body with one more row to fill in."""
    rules = list(body.get("rules", []))
    return {**body, "rules": [*rules, {"id": "", "when": {}, "then": {}}]}


def problems_of(body: Body) -> tuple[dict[tuple[str, str], str], list[str], Report | None]:
    """What is wrong: by (rule, column), with the table as a whole, and the check's report when it can be read."""
    try:
        loaded = load_table(body)
    except TableError as error:
        at_cells = {(each.rule, each.column): each.message for each in error.problems if each.rule and each.column}
        whole = [str(each) for each in error.problems if not (each.rule and each.column)]
        return at_cells, whole, None
    return {}, [], check(loaded)


def findings(report: Report | None) -> list[dict[str, str]]:
    """The check's findings as notes: style and one sentence each."""
    if report is None:
        return []
    found = [
        {"style": "crit", "text": _("No rule answers this case: %(facts)s.") % {"facts": _facts(gap.example)}}
        for gap in report.gaps
    ]
    for overlap in report.overlaps:
        said = {"one": overlap.rules[0], "other": overlap.rules[1], "facts": _facts(overlap.example)}
        found.append({"style": "crit", "text": _("Rules %(one)s and %(other)s both match: %(facts)s.") % said})
    for row in report.unreachable:
        found.append(
            {
                "style": "warn",
                "text": _("Rule %(rule)s never decides: %(reason)s") % {"rule": row.rule, "reason": row.reason},
            }
        )
    for name in report.unknown_facts:
        found.append(
            {
                "style": "warn",
                "text": _("Rule %(rule)s asks for a fact that nobody gives: %(name)s.")
                % {"rule": name.rule, "name": name.name},
            }
        )
    if report.defaulted:
        said_default = _("Some cases rely on the default, for example: %(facts)s.") % {
            "facts": _facts(report.defaulted[0].example)
        }
        found.append({"style": "", "text": said_default})
    if not (report.gaps or report.overlaps):
        found.insert(0, {"style": "ok", "text": _("No gaps and no overlaps: every case gets one answer.")})
    return found


def _cell(
    rule: Mapping[str, Any],
    head: Mapping[str, str],
    place: int,
    old: Mapping[tuple[str, str], str],
    problems: Mapping[tuple[str, str], str],
) -> dict[str, Any]:
    value, key = rule.get(head["side"], {}).get(head["name"], "-"), (rule["id"], head["name"])
    return {
        "name": f"{head['side']}-{place}-{head['name']}",
        "label": head["label"],
        "value": value,
        "old": old.get(key, value),
        "is_changed": key in old,
        "problem": problems.get(key, ""),
    }


def _posted_cells(posted: Mapping[str, str]) -> Iterator[tuple[int, str, str, str]]:
    for name, text in posted.items():
        if found := _CELL.match(name):
            yield int(found[2]), found[1], found[3], text.strip()[:2000]


def _facts(example: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in example.items())
