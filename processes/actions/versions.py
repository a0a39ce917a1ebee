"""Versions of process models under change control."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
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
    return PROCESSES.begin(_draft_of(model, xml, forms, file), actor=actor, now=now)


def _again(old: ProcessVersion) -> ProcessVersion:
    """With the drawing and the forms of another version. Raises NotPublishable for what the check finds today."""
    return _draft_of(old.model, bytes(old.xml), old.forms)


def _draft_of(model: ProcessModel, xml: bytes, forms: Mapping[str, dict], file: str = "") -> ProcessVersion:
    expect_publishable(xml, forms, key=model.key, file=file)
    return ProcessVersion(model=model, xml=xml, forms=dict(forms), digest=hashlib.sha256(xml).hexdigest())


def _is_hindered(version: ProcessVersion, actor: Actor, now: datetime) -> bool:
    """One that cannot run, or cannot repeat the acceptance cases any more (one was saved since, or a called process has
    changed), stays approved with why, and holds none up; it is looked at again each time until it is withdrawn.
    """
    why = _hindrances(version, now)
    if why:
        _withhold(version, why, actor, now)
    else:
        version.withheld = {}
    return bool(why)


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
    PROCESSES.record("withheld", version, actor, now, after={"withheld": why})


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


def expect_right(actor: Actor, right: str, model: ProcessModel) -> None:
    """A person needs the right on the process. Raises NotAllowed."""
    if actor.user is not None and not holds(actor.user, right, model.pk):
        raise NotAllowed(f'Expected the right "{right}" on {model.key}, but you do not hold it.')


PROCESSES = versions.Control(
    versions=ProcessVersion,
    facts="processes.version",
    named=lambda version: {"process": version.model.key},
    missing=gettext_lazy("Expected a version of a process, but there is none."),
    edits=lambda actor, model: expect_right(actor, "edit_process", model),
    checks=lambda actor, model: expect_right(actor, "approve_process", model),
    again=_again,
    content=lambda version: {"digest": version.digest},
    proposable=_expect_cases,
    approvable=lambda version, actor, now: _expect_cases(version, now),
    hindered=_is_hindered,
    begun=set_starts,
)
roll_back, propose_version, approve_version = PROCESSES.roll_back, PROCESSES.propose, PROCESSES.approve
reject_version, withdraw_version, put_in_force = PROCESSES.reject, PROCESSES.withdraw, PROCESSES.put_in_force
