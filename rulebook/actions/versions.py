"""Tables and their versions under change control."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from guardian.models import GroupObjectPermission

from accounts.actions import grant
from accounts.authority import forget, held, holds
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.reactions import wiring
from audit.refusals import Invalid, NotAllowed
from rulebook import versions
from rulebook.bounds import expect_bounds
from rulebook.change_control import State
from rulebook.checks import check
from rulebook.columns import column_problems, same_shape
from rulebook.findings import findings_here, unworkable_cells
from rulebook.models import DecisionModel, Table, TableVersion
from rulebook.queries import judged
from rulebook.readers import SIDES, reader_of
from rulebook.refusals import (
    CasesFail,
    ColumnsWrong,
    HasFindings,
    HasGaps,
    TableWrong,
)
from rulebook.said import in_words
from rulebook.supervision import is_supervised_table
from rulebook.tables import TableError, load_table
from rulebook.typed_cells import read_typed

RULES = ("rules", "default")  # the parts of a body that an entry always tells before and after
RIGHTS = ("edit_table", "approve_table")


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
def open_table(
    *, key: str, kind: str, name: dict, body: Mapping[str, Any], actor: Actor, now: datetime
) -> TableVersion:
    """Open a table with its first draft; a person must be able to edit every other one.

    kind: one that people may open (`OPENED` of the wiring). body: columns, hit policy and rules; its key and name are
    the table's. Who holds a right on all other tables gets it here.
    Raises ColumnsWrong, Invalid, NotAllowed, TableWrong.
    """
    expect_may_open(actor)
    if kind not in wiring().OPENED:
        raise Invalid(_("Expected a kind of table that can be opened."), fields={"kind": _("Choose what asks it.")})
    try:
        table = add_table(key=key, kind=kind, name=name, actor=actor, now=now)
    except ValidationError as wrong:
        fields = {field: " ".join(said) for field, said in wrong.message_dict.items()}
        raise Invalid(_("Expected a free key and a name in both languages."), fields=fields) from None
    named = {**body, "key": key, "name": name}
    expect_columns(table, named, known={})
    for right in RIGHTS:
        _grant_as_elsewhere(table, right, actor, now)
    return TABLES.begin(_draft_of(table, named, None), actor=actor, now=now)


def may_open(user: Any) -> bool:
    """Whether the user may edit every table there is, and so may open one, or a decision model: one statement."""
    every = set(Table.objects.values_list("pk", flat=True))
    return bool(every) and every <= held(user, "edit_table")


def expect_may_open(actor: Actor) -> None:
    """The actor may edit every table there is; machines may. Raises NotAllowed."""
    if actor.user is not None and not may_open(actor.user):
        raise NotAllowed(
            _("Expected the right to edit every table, but you do not hold it."),
            next_step=_("Ask an administrator of the rulebook."),
        )


def _grant_as_elsewhere(table: Table, right: str, actor: Actor, now: datetime) -> None:
    """Whoever holds a right on every other table holds it on a new one: otherwise nobody could approve it."""
    others = set(map(str, Table.objects.exclude(pk=table.pk).values_list("pk", flat=True)))
    holders: dict[Group, set[str]] = {}
    for row in GroupObjectPermission.objects.filter(permission__codename=right).select_related("group"):
        holders.setdefault(row.group, set()).add(row.object_pk)
    for group in (group for group, keys in holders.items() if others and others <= keys):
        grant(group, right, table, actor=actor, now=now)
    if actor.user is not None:
        forget(actor.user)


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
    expect_columns(row, body, known=body)
    _readable(row, body)
    return TableVersion(table=row, body=dict(body), base=base)


@action
def edit_version(
    version_id: int, *, body: Mapping[str, Any], revision: int, source: str = "", actor: Actor, now: datetime
) -> TableVersion:
    """Save a draft. revision: the one that the page showed; source: the name of the file that the rules came from.

    Raises ColumnsWrong, Invalid, VersionChanged, TableWrong, WrongState.
    """
    version = TABLES.editable(version_id, revision, actor=actor)
    expect_bounds(body)
    before = version.body
    expect_columns(version.table, body, known=before)
    _readable(version.table, body)
    version.body, version.revision, version.maker = dict(body), revision + 1, actor.user or version.maker
    save(version, actor=actor, now=now)
    parts = RULES if same_shape(before, body) else (*RULES, *SIDES, "hit_policy")
    old, after = ({part: each.get(part) for part in parts} for each in (before, body))
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
    """Raises ColumnsWrong, HasGaps, HasFindings."""
    expect_columns(version.table, version.body, known=version.body)
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


def expect_columns(table: Table, body: Mapping[str, Any], *, known: Mapping[str, Any]) -> None:
    """The columns are those of a table, and what asks this kind of table can work with them. Raises ColumnsWrong.

    known: a body whose columns are taken as they stand.
    """
    problems = column_problems(body, reader=reader_of(table.kind), known=known)
    if problems:
        raise ColumnsWrong(problems)


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
