"""Tables and their versions under change control."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from guardian.models import GroupObjectPermission

from accounts.actions import grant
from accounts.authority import forget, held, holds, roles
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.reactions import wiring
from audit.refusals import Invalid, NotAllowed, NotFound
from rulebook import versions
from rulebook.bounds import expect_bounds
from rulebook.change_control import State
from rulebook.checks import check
from rulebook.columns import column_problems, same_shape
from rulebook.findings import findings_here
from rulebook.models import Table, TableVersion
from rulebook.queries import judged
from rulebook.readers import SIDES, reader_of
from rulebook.refusals import (
    CasesFail,
    ColumnsWrong,
    ComplianceMissing,
    HasFindings,
    HasGaps,
    OtherInForce,
    TableWrong,
    VersionChanged,
    WrongState,
)
from rulebook.said import in_words
from rulebook.tables import TableError, load_table
from rulebook.typed_cells import read_typed

RULES = ("rules", "default")  # the parts of a body that an entry always tells before and after
RIGHTS = ("edit_table", "approve_table")


@action
def add_table(*, key: str, kind: str, name: dict, actor: Actor, now: datetime) -> Table:
    """Open a table under a key; it decides nothing until a version is in force."""
    table = Table(key=key, kind=kind, name=name)
    table.full_clean()
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
    return _drafted(table, named, None, actor, now)


def may_open(user: Any) -> bool:
    """Whether the user may edit every table there is: one statement."""
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
    return _drafted(row, body, base, actor, now)


@action
def roll_back(version_id: int, *, justification: str, actor: Actor, now: datetime) -> TableVersion:
    """Begin a draft with the rules of a version that governed before, as a change of the one in force.

    justification: what the form to propose it begins with. Raises NotAllowed, NotFound, TableWrong, WrongState.
    """
    old = _locked(version_id, "edit_table", actor)
    if old.state != State.SUPERSEDED:
        raise WrongState(old.state, "rolled back to")
    row = lock(Table.objects.filter(pk=old.table_id)).get()
    governing = row.versions.filter(state=State.IN_FORCE).first()
    return _drafted(row, old.body, governing, actor, now, justification=justification, about={"back_to": old.number})


def _drafted(
    row: Table,
    body: Mapping[str, Any],
    base: TableVersion | None,
    actor: Actor,
    now: datetime,
    *,
    justification: str = "",
    about: Mapping[str, Any] | None = None,
) -> TableVersion:
    expect_bounds(body)
    expect_columns(row, body, known=body)
    _readable(row, body)
    last = row.versions.order_by("-number").first()
    version = TableVersion(
        table=row,
        number=last.number + 1 if last else 1,
        body=dict(body),
        base=base,
        justification=justification,
        maker=actor.user,
        created_at=now,
    )
    save(version, actor=actor, now=now)
    _record("rulebook.version.drafted", version, actor, now, after={"number": version.number}, about=about)
    return version


@action
def edit_version(
    version_id: int, *, body: Mapping[str, Any], revision: int, source: str = "", actor: Actor, now: datetime
) -> TableVersion:
    """Save a draft. revision: the one that the page showed; source: the name of the file that the rules came from.

    Raises ColumnsWrong, Invalid, VersionChanged, TableWrong, WrongState.
    """
    version = _locked(version_id, "edit_table", actor)
    if version.state != State.DRAFT:
        raise WrongState(version.state, "edited")
    if version.revision != revision:
        raise VersionChanged(version.maker.display_name if version.maker else "", version.revision)
    expect_bounds(body)
    before = version.body
    expect_columns(version.table, body, known=before)
    _readable(version.table, body)
    version.body, version.revision, version.maker = dict(body), revision + 1, actor.user or version.maker
    save(version, actor=actor, now=now)
    parts = RULES if same_shape(before, body) else (*RULES, *SIDES, "hit_policy")
    old, after = ({part: each.get(part) for part in parts} for each in (before, body))
    about = {"file": source} if source else {}
    _record("rulebook.version.edited", version, actor, now, before=old, after=after, about=about)
    return version


@action
def propose_version(
    version_id: int, *, justification: str, effective_at: datetime, actor: Actor, now: datetime
) -> TableVersion:
    """Propose a draft; from then on it cannot be edited. What the check finds wrong holds it, warnings do not.

    Raises CasesFail, HasFindings, HasGaps, Invalid, NotAllowed, WrongState.
    """
    version = _locked(version_id, "edit_table", actor)
    _expect_whole(version, now)
    _expect_cases(version)
    fact = "rulebook.version.proposed"
    about: dict[str, Any] = {"justification": justification, "effective_at": effective_at}
    versions.propose(version, fact, of=_of(version), **about, actor=actor, now=now)
    return version


@action
def approve_version(version_id: int, *, governing: int = 0, actor: Actor, now: datetime) -> TableVersion:
    """Approve somebody else's proposal.

    governing: the number of the version in force with which the page compared the proposal, when it came from a page.
    The check must prove the table whole (seed decision 1) and find no error in it with the people of today, and a
    supervisory table needs somebody of compliance among maker and checker (seed decision 22).
    Every acceptance case of the table must hold.
    Raises SameMakerAndChecker, NeedsAPerson, TableWrong, HasFindings, HasGaps, CasesFail, ComplianceMissing,
    OtherInForce, WrongState, NotAllowed.
    """
    version = _locked(version_id, "approve_table", actor)
    _expect_governing(version, governing)
    versions.expect_checker(version, actor, "approved")
    _readable(version.table, version.body)
    _expect_whole(version, now)
    _expect_cases(version)
    _expect_compliance(version, actor)
    versions.approve(version, "rulebook.version.approved", of=_of(version), actor=actor, now=now)
    return version


@action
def reject_version(version_id: int, *, reason: str, actor: Actor, now: datetime) -> TableVersion:
    """Send somebody else's proposal back for good, with a reason."""
    version = _locked(version_id, "approve_table", actor)
    versions.reject(version, "rulebook.version.rejected", of=_of(version), reason=reason, actor=actor, now=now)
    return version


@action
def withdraw_version(version_id: int, *, actor: Actor, now: datetime) -> TableVersion:
    """Take a version of one's own back that governs nothing yet. Raises NotAllowed, NotFound, WrongState."""
    version = _locked(version_id, "edit_table", actor)
    versions.withdraw(version, "rulebook.version.withdrawn", of=_of(version), actor=actor, now=now)
    return version


@action
def put_in_force(*, actor: Actor, now: datetime) -> int:
    """Put every approved version in force whose date has come; returns how many."""
    due = TableVersion.objects.filter(state=State.APPROVED, effective_at__lte=now)
    for version in (ready := list(lock(due).select_related("table").order_by("effective_at", "number"))):
        siblings = lock(TableVersion.objects.filter(table=version.table_id))
        versions.put_in_force(version, siblings, "rulebook.version.in_force", of=_of(version), actor=actor, now=now)
    return len(ready)


def _expect_governing(version: TableVersion, shown: int) -> None:
    """What the checker compared with still governs: else the proposal may take back what they have not seen."""
    current = version.table.versions.filter(state=State.IN_FORCE).first()
    if shown and (current is None or current.number != shown):
        raise OtherInForce(current.number if current else 0)


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


def _expect_compliance(version: TableVersion, actor: Actor) -> None:
    wanted = frozenset(wiring().SUPERVISORY.get(version.table.key, ()))
    if wanted and not any(roles(person) & wanted for person in (version.maker, actor.user)):
        raise ComplianceMissing()


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
    checker = wiring().TABLES.get(table.kind)
    problems = import_string(checker)(loaded) if checker else []
    if problems:
        raise TableWrong(problems)


def _locked(version_id: int, right: str, actor: Actor) -> TableVersion:
    version = lock(TableVersion.objects.filter(pk=version_id)).select_related("table", "maker").first()
    if version is None:
        raise NotFound(_("Expected a version of a table, but there is none."))
    expect_right(actor, right, version.table)
    return version


def expect_right(actor: Actor, right: str, table: Table) -> None:
    """The actor holds the right on the table; machines may do all. Raises NotAllowed."""
    if actor.user is not None and not holds(actor.user, right, table.pk):
        raise NotAllowed(
            _('Expected the right "%(right)s" on this table, but you do not hold it.') % {"right": right},
            next_step=_("Ask an administrator of the rulebook."),
        )


def _of(version: TableVersion) -> dict[str, str]:
    return {"table": version.table.key}


def _record(
    fact: str,
    version: TableVersion,
    actor: Actor,
    now: datetime,
    *,
    before: dict | None = None,
    after: dict | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    subject = f"rulebook.version:{version.pk}"
    data = {**_of(version), "number": version.number, **(about or {})}
    record(fact, subject=subject, actor=actor, now=now, before=before, after=after, data=data)
