"""Versions of process models under change control."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.utils.module_loading import import_string
from guardian.models import GroupObjectPermission

from accounts.actions import grant
from accounts.authority import holds
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.reactions import wiring
from audit.refusals import NotAllowed, NotFound
from processes import engine
from processes.actions.starts import set_starts
from processes.models import ProcessModel, ProcessVersion
from processes.refusals import NotPublishable
from rulebook import versions
from rulebook.change_control import State
from rulebook.feel import compile_expression

WIRED = ("userTask", "manualTask", "serviceTask")  # elements that a handler opens; others are findings of the check


@action
def add_model(*, key: str, name: dict, actor: Actor, now: datetime) -> ProcessModel:
    """Open a new process under a key."""
    model = ProcessModel(key=key, name=name)
    model.full_clean()
    save(model, actor=actor, now=now)
    record("processes.model.added", subject=f"processes.model:{model.pk}", actor=actor, now=now, after={"key": key})
    return model


@action
def grant_as_elsewhere(model: ProcessModel, *, actor: Actor, now: datetime) -> None:
    """Whoever may edit or approve every other process may do so with a new one: otherwise nobody could approve it."""
    others = set(map(str, ProcessModel.objects.exclude(pk=model.pk).values_list("pk", flat=True)))
    for right in ("edit_process", "approve_process"):
        held: dict[Group, set[str]] = {}
        for row in GroupObjectPermission.objects.filter(permission__codename=right).select_related("group"):
            held.setdefault(row.group, set()).add(row.object_pk)
        for group in (group for group, keys in held.items() if others and others <= keys):
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
    expect_publishable(xml, forms, file=file)
    last = model.versions.order_by("-number").first()
    version = ProcessVersion(
        model=model,
        number=last.number + 1 if last else 1,
        xml=xml,
        forms=dict(forms),
        digest=hashlib.sha256(xml).hexdigest(),
        maker=actor.user,
        created_at=now,
    )
    save(version, actor=actor, now=now)
    after = {"number": version.number, "digest": version.digest}
    subject = f"processes.version:{version.pk}"
    data = {**_of(version), "number": version.number}
    record("processes.version.drafted", subject=subject, actor=actor, now=now, after=after, data=data)
    return version


@action
def propose_version(
    version_id: int, *, justification: str, effective_at: datetime, actor: Actor, now: datetime
) -> ProcessVersion:
    """Propose a draft."""
    version = _locked(version_id, "edit_process", actor)
    fact = "processes.version.proposed"
    about: dict[str, Any] = {"justification": justification, "effective_at": effective_at}
    versions.propose(version, fact, of=_of(version), **about, actor=actor, now=now)
    return version


@action
def approve_version(version_id: int, *, actor: Actor, now: datetime) -> ProcessVersion:
    """Approve somebody else's proposal; it comes into force on its date."""
    version = _locked(version_id, "approve_process", actor)
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
    """Put every approved version in force whose date has come; returns how many."""
    due = lock(ProcessVersion.objects.filter(state=State.APPROVED, effective_at__lte=now)).order_by("effective_at")
    for version in (ready := list(due.select_related("model"))):
        siblings = lock(ProcessVersion.objects.filter(model=version.model_id))
        versions.put_in_force(version, siblings, "processes.version.in_force", of=_of(version), actor=actor, now=now)
        set_starts(version, now)
    return len(ready)


def expect_publishable(xml: bytes, forms: Mapping[str, dict], *, file: str = "") -> None:
    """Check a drawing as strictly as running it will need.

    Raises NotPublishable with every finding, one a line as `file:line: message`.
    """
    try:
        document = engine.parse(xml, file=file)
    except engine.ParseRefused as refused:
        raise NotPublishable(str(refused)) from None
    report = engine.check(document, compile_condition=compile_expression, publishable=True)
    found = {(finding.line, finding.message) for finding in report.blocking}
    found |= {(element.line, message) for element, message in _unwired(document, forms)}
    if found:
        raise NotPublishable("\n".join(f"{file}:{line}: {message}" for line, message in sorted(found)))


def _unwired(document: engine.Document, forms: Mapping[str, dict]) -> Iterator[tuple[Any, str]]:
    """What the drawing names that this installation does not have: kinds of task, forms, queues, matrices."""
    scopes = (scope for process in document.runnable() for scope in document.inside(process.id))
    for element in (element for scope in scopes for element in scope.elements):
        named = [element.attributes.get(name, {}).get("form") for name in ("work", "request")]
        for form in (form for form in named if form and form not in forms):
            yield element, f'Expected the form "{form}" of {element.id} beside the drawing, but it is not there.'
        for known in (form for form in named if form and form in forms):
            for problem in import_string(wiring().FORM_CHECK)(forms[known]):
                yield element, f"{known}: {problem}"
        if not element.tag.endswith("Task"):
            continue
        kind = (element.tag, element.kind or "work")
        if kind in wiring().DRAWN and (problem := import_string(wiring().DRAWN[kind])(element.attributes)):
            yield element, f"{element.id}: {problem}"
        elif element.tag in WIRED and kind not in wiring().HANDLERS:
            yield element, f'Expected a known tl:kind on {element.id}, but "{element.kind}" is none.'


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
