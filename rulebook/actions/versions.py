"""Tables and their versions under change control."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.authority import holds, roles
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.reactions import wiring
from audit.refusals import NotAllowed, NotFound
from rulebook import versions
from rulebook.bounds import expect_bounds
from rulebook.change_control import State
from rulebook.checks import check
from rulebook.findings import findings_here
from rulebook.models import Table, TableVersion
from rulebook.queries import judged
from rulebook.refusals import (
    CasesFail,
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

    Raises Invalid, VersionChanged, TableWrong, WrongState.
    """
    version = _locked(version_id, "edit_table", actor)
    if version.state != State.DRAFT:
        raise WrongState(version.state, "edited")
    if version.revision != revision:
        raise VersionChanged(version.maker.display_name if version.maker else "", version.revision)
    expect_bounds(body)
    _readable(version.table, body)
    before = version.body
    version.body, version.revision, version.maker = dict(body), revision + 1, actor.user or version.maker
    save(version, actor=actor, now=now)
    after = {"rules": body["rules"], "default": body.get("default")}
    old = {"rules": before["rules"], "default": before.get("default")}
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


def _expect_compliance(version: TableVersion, actor: Actor) -> None:
    wanted = frozenset(wiring().SUPERVISORY.get(version.table.key, ()))
    if wanted and not any(roles(person) & wanted for person in (version.maker, actor.user)):
        raise ComplianceMissing()


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
