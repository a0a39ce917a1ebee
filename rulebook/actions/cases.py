"""Acceptance cases of a table: what every version must decide before it is approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Invalid, NotAllowed, NotFound
from rulebook.acceptance import written
from rulebook.actions.versions import expect_right
from rulebook.bounds import LONGEST_CELL
from rulebook.column_words import takes_fact, takes_output
from rulebook.feel import FeelError, compile_expression
from rulebook.models import AcceptanceCase, Table, TableVersion
from rulebook.queries import table_of
from rulebook.said import in_words, sentence_of
from rulebook.table_parts import TYPES, Column, DecisionTable
from rulebook.tables import FactError, read_facts

MOST = 200  # of one table: they are all decided when a version is proposed and approved
MOST_ANSWERS = 50  # rows of one answer
LONGEST_NAME = 120
LONGEST_REASON = 500


@action
def save_case(
    version_id: int,
    *,
    name: str,
    facts: Mapping[str, Any],
    rules: Sequence[str] | None,
    outputs: Sequence[Mapping[str, str]],
    actor: Actor,
    now: datetime,
) -> AcceptanceCase:
    """Keep facts and what must be decided for them as a case of the table; the version says which columns there are.

    facts: as JSON has them. rules: the ids of the rows that must answer; None for whichever. outputs: one mapping of
    column to cell for each answer; an empty cell is null.
    Raises NotFound, NotAllowed, Invalid; its fields are named `fact.NAME`, `output.NAME` and `name`.
    """
    version = TableVersion.objects.select_related("table").filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Expected a version of a table, but there is none."))
    row = lock(Table.objects.filter(pk=version.table_id)).get()
    expect_right(actor, "edit_table", row)
    if actor.user is None:
        raise NotAllowed(_("Expected a person who answers for the case, but there is none."))
    table = table_of(version)
    wrong = {**_wrong_name(row, name.strip()), **_wrong_facts(table, facts)}
    expected = {"rules": list(rules) if rules is not None else None, "outputs": _read(table, outputs, wrong)}
    if wrong:
        raise Invalid(_("Expected a case that can be decided, but something is wrong with it."), fields=wrong)
    known = {column.name for column in table.inputs}
    given = {fact: value for fact, value in facts.items() if fact in known}
    case = AcceptanceCase.objects.create(
        table=row, name=name.strip(), facts=given, expected=expected, saved_by=actor.user, saved_at=now
    )
    _record("rulebook.case.saved", case, actor, now, after={"name": case.name, "facts": given, "expected": expected})
    return case


@action
def retire_case(case_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """A case is not wanted any more. Raises NotFound, NotAllowed, Invalid."""
    case = lock(AcceptanceCase.objects.filter(pk=case_id, retired_at=None)).select_related("table").first()
    if case is None:
        raise NotFound(_("Expected an acceptance case that is in use, but there is none."))
    expect_right(actor, "edit_table", case.table)
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        problem = _("Say in at most %(most)s characters why it is not wanted.") % {"most": LONGEST_REASON}
        raise Invalid(_("Expected a reason, but something is wrong with it."), fields={"reason": problem})
    case.retired_at = now
    case.save(update_fields=["retired_at"])
    before = {"name": case.name, "facts": case.facts, "expected": case.expected}
    _record("rulebook.case.retired", case, actor, now, before=before, reason=said)


def _wrong_name(table: Table, name: str) -> dict[str, str]:
    used = AcceptanceCase.objects.filter(table=table, retired_at=None)
    if not 0 < len(name) <= LONGEST_NAME:
        return {"name": _("Expected a name of at most %(most)s characters.") % {"most": LONGEST_NAME}}
    if used.filter(name=name).exists():
        return {"name": _("Expected a new name, but there is a case of this name.")}
    if used.count() >= MOST:
        return {"name": _("Expected at most %(most)s cases of one table.") % {"most": MOST}}
    return {}


def _wrong_facts(table: DecisionTable, facts: Mapping[str, Any]) -> dict[str, str]:
    wrong = {}
    for column in table.inputs:
        try:
            read_facts(table, {column.name: facts.get(column.name)})
        except FactError:
            wrong[f"fact.{column.name}"] = takes_fact(column)
    return wrong


def _read(table: DecisionTable, outputs: Sequence[Mapping[str, str]], wrong: dict[str, str]) -> list[dict[str, str]]:
    """The outputs with each cell as the language writes its value; what is wrong is noted by column."""
    if not 0 < len(outputs) <= MOST_ANSWERS:
        wrong["outputs"] = _("Expected from 1 to %(most)s answers.") % {"most": MOST_ANSWERS}
        return []
    columns = table.outputs
    return [written({column.name: _value(table, column, each.get(column.name, ""), wrong) for column in columns})
            for each in outputs]  # fmt: skip


def _value(table: DecisionTable, column: Column, text: str, wrong: dict[str, str]) -> Any:
    place = f"output.{column.name}"
    if len(text) > LONGEST_CELL:
        wrong[place] = _("Use at most %(count)s characters.") % {"count": LONGEST_CELL}
        return None
    try:
        value = compile_expression(text.strip() or "null").run(table.scope({}))
    except FeelError as error:
        wrong[place] = in_words(sentence_of(error), _)
        return None
    if value is not None and type(value) is not TYPES[column.type]:
        wrong[place] = takes_output(column)
        return None
    return value


def _record(fact: str, case: AcceptanceCase, actor: Actor, now: datetime, **parts: Any) -> None:
    data = {"table": case.table.key, "case": case.pk}
    record(fact, subject=f"rulebook.table:{case.table_id}", actor=actor, now=now, data=data, **parts)
