"""Versions of process models under change control."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from guardian.models import GroupObjectPermission

from accounts.actions import grant
from accounts.authority import held, holds
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Invalid, NotAllowed, NotFound
from processes import engine, queries, trial
from processes.actions.starts import set_starts
from processes.models import AcceptanceCase, ProcessModel, ProcessVersion
from processes.publishing import findings
from processes.refusals import CasesFail, NotPublishable
from rulebook import versions
from rulebook.change_control import State
from rulebook.refusals import WrongState

log = logging.getLogger(__name__)
RESERVED_KEYS = ("instances", "waiting")  # pages at /staff/processes/…/, which would hide a process of that key


@action
def add_model(*, key: str, name: dict, actor: Actor, now: datetime) -> ProcessModel:
    """Open a new process under a key. Raises ValidationError."""
    if key in RESERVED_KEYS:
        raise ValidationError({"key": _("“%(key)s” is the address of a page. Choose another key.") % {"key": key}})
    model = ProcessModel(key=key, name=name)
    model.full_clean()
    save(model, actor=actor, now=now)
    record("processes.model.added", subject=f"processes.model:{model.pk}", actor=actor, now=now, after={"key": key})
    return model


@action
def open_model(*, key: str, name: dict, actor: Actor, now: datetime) -> ProcessModel:
    """Open a new process; a person must be able to edit every other one. Who holds a right on all others gets it here.

    Raises Invalid, NotAllowed.
    """
    others = set(ProcessModel.objects.values_list("pk", flat=True))
    if actor.user is not None and not (others and others <= held(actor.user, "edit_process")):
        raise NotAllowed(_("Expected the right to edit every process, but you do not hold it."))
    try:
        model = add_model(key=key, name=name, actor=actor, now=now)
    except ValidationError as wrong:
        fields = {field: " ".join(said) for field, said in wrong.message_dict.items()}
        raise Invalid(_("Expected a free key and a name in both languages."), fields=fields) from None
    grant_as_elsewhere(model, actor=actor, now=now)
    return model


@action
def grant_as_elsewhere(model: ProcessModel, *, actor: Actor, now: datetime) -> None:
    """Whoever may edit or approve every other process may do so with a new one: otherwise nobody could approve it."""
    others = set(map(str, ProcessModel.objects.exclude(pk=model.pk).values_list("pk", flat=True)))
    for right in ("edit_process", "approve_process"):
        holders: dict[Group, set[str]] = {}
        for row in GroupObjectPermission.objects.filter(permission__codename=right).select_related("group"):
            holders.setdefault(row.group, set()).add(row.object_pk)
        for group in (group for group, keys in holders.items() if others and others <= keys):
            grant(group, right, model, actor=actor, now=now)


@action
def draft_version(
    key: str, *, xml: bytes, forms: Mapping[str, dict], actor: Actor, now: datetime, file: str = ""
) -> ProcessVersion:
    """Keep a drawing and its forms as a draft. Raises NotPublishable with every error of the file."""
    model = lock(ProcessModel.objects.filter(key=key)).first()
    if model is None:
        raise NotFound(f'Expected a process, but there is none with the key "{key}".')
    expect_right(actor, "edit_process", model)
    return _drafted(model, xml, forms, actor, now, file=file)


@action
def roll_back(version_id: int, *, justification: str, actor: Actor, now: datetime) -> ProcessVersion:
    """Begin a draft with the drawing and the forms of a version that governed before.

    justification: what the form to propose it begins with. Raises NotAllowed, NotFound, NotPublishable (the check finds
    errors in it today), WrongState.
    """
    old = _locked(version_id, "edit_process", actor)
    if old.state != State.SUPERSEDED:
        raise WrongState(old.state, "rolled back to")
    model = lock(ProcessModel.objects.filter(pk=old.model_id)).get()
    return _drafted(
        model, bytes(old.xml), old.forms, actor, now, justification=justification, about={"back_to": old.number}
    )


def _drafted(
    model: ProcessModel,
    xml: bytes,
    forms: Mapping[str, dict],
    actor: Actor,
    now: datetime,
    *,
    file: str = "",
    justification: str = "",
    about: Mapping[str, Any] | None = None,
) -> ProcessVersion:
    expect_publishable(xml, forms, key=model.key, file=file)
    last = model.versions.order_by("-number").first()
    version = ProcessVersion(
        model=model,
        number=last.number + 1 if last else 1,
        xml=xml,
        forms=dict(forms),
        digest=hashlib.sha256(xml).hexdigest(),
        justification=justification,
        maker=actor.user,
        created_at=now,
    )
    save(version, actor=actor, now=now)
    after = {"number": version.number, "digest": version.digest}
    subject = f"processes.version:{version.pk}"
    data = {**_of(version), "number": version.number, **(about or {})}
    record("processes.version.drafted", subject=subject, actor=actor, now=now, after=after, data=data)
    return version


@action
def propose_version(
    version_id: int, *, justification: str, effective_at: datetime, actor: Actor, now: datetime
) -> ProcessVersion:
    """Propose a draft."""
    version = _locked(version_id, "edit_process", actor)
    _expect_cases(version, now)
    fact = "processes.version.proposed"
    about: dict[str, Any] = {"justification": justification, "effective_at": effective_at}
    versions.propose(version, fact, of=_of(version), **about, actor=actor, now=now)
    return version


@action
def approve_version(version_id: int, *, actor: Actor, now: datetime) -> ProcessVersion:
    """Approve somebody else's proposal; it comes into force on its date."""
    version = _locked(version_id, "approve_process", actor)
    _expect_cases(version, now)
    versions.approve(version, "processes.version.approved", of=_of(version), actor=actor, now=now)
    return version


@action
def reject_version(version_id: int, *, reason: str, actor: Actor, now: datetime) -> ProcessVersion:
    """Send somebody else's proposal back for good."""
    version = _locked(version_id, "approve_process", actor)
    versions.reject(version, "processes.version.rejected", of=_of(version), reason=reason, actor=actor, now=now)
    return version


@action
def withdraw_version(version_id: int, *, actor: Actor, now: datetime) -> ProcessVersion:
    """Take a draft or proposal of one's own back."""
    version = _locked(version_id, "edit_process", actor)
    versions.withdraw(version, "processes.version.withdrawn", of=_of(version), actor=actor, now=now)
    return version


@action
def put_in_force(*, actor: Actor, now: datetime) -> int:
    """Put every approved version in force whose date has come; returns how many.

    One that cannot run, or cannot repeat the acceptance cases any more (one was saved since, or a called process has
    changed), stays approved with why, and holds none up; it is looked at again each time until it is withdrawn.
    """
    begun = 0
    due = lock(ProcessVersion.objects.filter(state=State.APPROVED, effective_at__lte=now)).order_by(
        "effective_at", "pk"
    )
    for version in due.select_related("model"):
        why = _hindrances(version, now)
        if why:
            _withhold(version, why, actor, now)
            continue
        version.withheld = {}
        siblings = lock(ProcessVersion.objects.filter(model=version.model_id))
        versions.put_in_force(version, siblings, "processes.version.in_force", of=_of(version), actor=actor, now=now)
        set_starts(version, now)
        begun += 1
    return begun


def _hindrances(version: ProcessVersion, now: datetime) -> dict[str, str]:
    """Why a version cannot come into force: "" or the name of an acceptance case → why."""
    if version.model.versions.filter(state=State.IN_FORCE, effective_at__gt=version.effective_at).exists():
        return {"": gettext_noop("A version of a later date governs already.")}
    try:
        queries.graph(version.pk)
        return failing_cases(version, now)
    except engine.EngineRefusal as refused:
        log.exception("%s stays approved and cannot come into force", version)
        return {"": str(refused)}


def _withhold(version: ProcessVersion, why: dict[str, str], actor: Actor, now: datetime) -> None:
    """It stays approved; told once, and again where it is something else that hinders it."""
    if version.withheld.keys() == why.keys():
        return
    version.withheld = why
    save(version, actor=actor, now=now)
    subject, data = f"processes.version:{version.pk}", {**_of(version), "number": version.number}
    record("processes.version.withheld", subject=subject, actor=actor, now=now, after={"withheld": why}, data=data)


def expect_publishable(xml: bytes, forms: Mapping[str, dict], *, key: str, file: str = "") -> None:
    """Check a drawing as strictly as running it under a key will need.

    Raises NotPublishable with every finding, one a line as `file:line: message`.
    """
    try:
        document = engine.parse(xml, file=file).governing(key)
    except engine.ParseRefused as refused:
        raise NotPublishable(str(refused)) from None
    found = findings(document, forms).errors
    if found:
        raise NotPublishable("\n".join(f"{file}:{finding.line}: {finding.message}" for finding in found))


def _expect_cases(version: ProcessVersion, now: datetime) -> None:
    """The version can repeat every acceptance case of its process, and so can those that call it. Raises CasesFail."""
    failing = failing_cases(version, now)
    if failing:
        raise CasesFail(failing)


def failing_cases(version: ProcessVersion, now: datetime) -> dict[str, str]:
    """Acceptance cases that would not hold if the version governed, its own and its callers', each with why."""
    failing: dict[str, str] = {}
    for tried, cases in _cases_to_hold(version):
        whose = "" if tried is version else f"{tried.model.key}: "
        failing |= {
            f"{whose}{case.name}": why for case in cases if (why := trial.broken(tried, case.plan, now, version))
        }
    return failing


def _cases_to_hold(version: ProcessVersion) -> Iterator[tuple[ProcessVersion, list[AcceptanceCase]]]:
    """The version with its cases, then every version in force that calls it, directly or not, with its own."""
    kept: dict[int, list[AcceptanceCase]] = {}
    for case in AcceptanceCase.objects.filter(retired_at=None).order_by("name"):
        kept.setdefault(case.model_id, []).append(case)
    yield version, kept.pop(version.model_id, [])
    for other in ProcessVersion.objects.filter(model__in=kept, state=State.IN_FORCE).select_related("model"):
        if version.model_id in {each.model_id for each in queries.called_in_force(other)}:
            yield other, kept[other.model_id]


def _locked(version_id: int, right: str, actor: Actor) -> ProcessVersion:
    version = lock(ProcessVersion.objects.filter(pk=version_id)).select_related("model", "maker").first()
    if version is None:
        raise NotFound("Expected a version of a process, but there is none.")
    expect_right(actor, right, version.model)
    return version


def _of(version: ProcessVersion) -> dict[str, str]:
    return {"process": version.model.key}


def expect_right(actor: Actor, right: str, model: ProcessModel) -> None:
    """A person needs the right on the process. Raises NotAllowed."""
    if actor.user is not None and not holds(actor.user, right, model.pk):
        raise NotAllowed(f'Expected the right "{right}" on {model.key}, but you do not hold it.')
