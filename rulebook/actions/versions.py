"""Tables and their versions under change control."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.authority import holds
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import NotAllowed
from rulebook import versions
from rulebook.bounds import expect_bounds
from rulebook.change_control import State
from rulebook.checks import check
from rulebook.findings import findings_here, unworkable_cells
from rulebook.models import DecisionModel, Table, TableVersion
from rulebook.queries import judged
from rulebook.refusals import (
    CasesFail,
    HasFindings,
    HasGaps,
    TableWrong,
)
from rulebook.said import in_words
from rulebook.supervision import is_supervised_table
from rulebook.tables import TableError, load_table
from rulebook.typed_cells import read_typed


@action
def add_table(*, key: str, kind: str, name: dict, actor: Actor, now: datetime) -> Table:
    """Open a table under a key that no decision model has; it decides nothing until a version is in force.

    Raises ValidationError.
    """
    table = Table(key=key, kind=kind, name=name)
    table.full_clean()
    if DecisionModel.objects.filter(key=key).exists():
        raise ValidationError({"key": _("A decision model has this key. Choose another.")})
    save(table, actor=actor, now=now)
    after = {"key": key, "kind": kind}
    record("rulebook.table.added", subject=f"rulebook.table:{table.pk}", actor=actor, now=now, after=after)
    return table


@action
def draft_version(
    table: Table, *, body: Mapping[str, Any], base: TableVersion | None = None, actor: Actor, now: datetime
) -> TableVersion:
    """Begin a draft from a body; `base` is the version that it changes. Raises Invalid, NotAllowed, TableWrong."""
    row = lock(Table.objects.filter(pk=table.pk)).get()
    expect_right(actor, "edit_table", row)
    return TABLES.begin(_draft_of(row, body, base), actor=actor, now=now)


def _again(old: TableVersion) -> TableVersion:
    """With the rules of another version, as a change of the one in force. Raises Invalid, TableWrong."""
    return _draft_of(old.table, old.body, versions.governing_now(old))


def _draft_of(row: Table, body: Mapping[str, Any], base: TableVersion | None) -> TableVersion:
    expect_bounds(body)
    _readable(row, body)
    return TableVersion(table=row, body=dict(body), base=base)


@action
def edit_version(
    version_id: int, *, body: Mapping[str, Any], revision: int, source: str = "", actor: Actor, now: datetime
) -> TableVersion:
    """Save a draft. revision: the one that the page showed; source: the name of the file that the rules came from.

    Raises Invalid, VersionChanged, TableWrong, WrongState.
    """
    version = TABLES.editable(version_id, revision, actor=actor)
    expect_bounds(body)
    _readable(version.table, body)
    before = version.body
    version.body, version.revision, version.maker = dict(body), revision + 1, actor.user or version.maker
    save(version, actor=actor, now=now)
    after = {"rules": body["rules"], "default": body.get("default")}
    old = {"rules": before["rules"], "default": before.get("default")}
    about = {"file": source} if source else {}
    TABLES.record("edited", version, actor, now, before=old, after=after, data=about)
    return version


def _expect_proposable(version: TableVersion, now: datetime) -> None:
    """What the check finds wrong holds it, warnings do not. Raises CasesFail, HasFindings, HasGaps."""
    _expect_whole(version, now)
    _expect_cases(version)


def _expect_approvable(version: TableVersion, actor: Actor, now: datetime) -> None:
    """The check must prove the table whole (seed decision 1) and find no error in it with the people of today, and
    every acceptance case must hold. Raises CasesFail, HasFindings, HasGaps, TableWrong.
    """
    _readable(version.table, version.body)
    _expect_proposable(version, now)


def _expect_whole(version: TableVersion, now: datetime) -> None:
    """Raises HasGaps, HasFindings."""
    table = load_table(version.body)
    report = check(table)
    if not (report.ok and report.proven):
        raise HasGaps(report, drafted=version.state == State.DRAFT)
    errors = [finding for finding in findings_here(version.table.kind, table, now) if finding.is_error]
    if errors:
        raise HasFindings(errors, drafted=version.state == State.DRAFT)


def _expect_cases(version: TableVersion) -> None:
    """Raises CasesFail. The table's row is held: no case is saved between the judgement and what it allows."""
    lock(Table.objects.filter(pk=version.table_id)).get()
    failing = {case.name: in_words(why, _) for case, why in judged(version) if why}
    if failing:
        raise CasesFail(failing)


def _readable(table: Table, body: Mapping[str, Any]) -> None:
    """The cells parse, and whoever asks this kind of table can work with its answers. Raises TableWrong."""
    try:
        loaded = read_typed(body)
    except TableError as error:
        raise TableWrong(error.problems) from None
    problems = unworkable_cells(table.kind, loaded)
    if problems:
        raise TableWrong(problems)


def expect_right(actor: Actor, right: str, table: Table) -> None:
    """The actor holds the right on the table; machines may do all. Raises NotAllowed."""
    if actor.user is not None and not holds(actor.user, right, table.pk):
        raise NotAllowed(
            _('Expected the right "%(right)s" on this table, but you do not hold it.') % {"right": right},
            next_step=_("Ask an administrator of the rulebook."),
        )


TABLES = versions.Control(
    versions=TableVersion,
    facts="rulebook.version",
    named=lambda version: {"table": version.table.key},
    missing=gettext_lazy("Expected a version of a table, but there is none."),
    edits=lambda actor, table: expect_right(actor, "edit_table", table),
    checks=lambda actor, table: expect_right(actor, "approve_table", table),
    again=_again,
    content=lambda version: {},
    proposable=_expect_proposable,
    approvable=_expect_approvable,
    supervised=lambda version: is_supervised_table(version.table),
)
roll_back, propose_version, approve_version = TABLES.roll_back, TABLES.propose, TABLES.approve
reject_version, withdraw_version, put_in_force = TABLES.reject, TABLES.withdraw, TABLES.put_in_force
