"""Acceptance cases: runs that every version of a process must be able to repeat before it is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Invalid, NotAllowed, NotFound
from processes import trial
from processes.actions.versions import expect_right
from processes.models import AcceptanceCase, ProcessModel, ProcessVersion
from processes.reasons import reason_of

MOST = 50  # of one process: they all run when a version is published
LONGEST_NAME = 120


@action
def save_case(version_id: int, *, name: str, plan: Mapping[str, Any], actor: Actor, now: datetime) -> AcceptanceCase:
    """Keep a trial of a version as an acceptance case of its process, with what was seen as what is expected.

    Raises NotFound, NotAllowed, Invalid, BadTrial.
    """
    version = ProcessVersion.objects.select_related("model").filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Expected a version of a process, but there is none."))
    model = lock(ProcessModel.objects.filter(pk=version.model_id)).get()
    expect_right(actor, "edit_process", model)
    if actor.user is None:
        raise NotAllowed(_("Expected a person who answers for the case, but there is none."))
    _expect_name(model, name.strip())
    made = AcceptanceCase.objects.create(
        model=model, name=name.strip(), plan=trial.as_case(version, plan, now), saved_by=actor.user, saved_at=now
    )
    after = {"name": made.name, "version": version.number, "steps": len(plan.get("steps") or ())}
    _record("processes.case.saved", made, actor, now, after=after)
    return made


@action
def retire_case(case_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """A case is not wanted any more. Raises NotFound, NotAllowed, Invalid."""
    case = lock(AcceptanceCase.objects.filter(pk=case_id, retired_at=None)).select_related("model").first()
    if case is None:
        raise NotFound(_("Expected an acceptance case that is in use, but there is none."))
    expect_right(actor, "edit_process", case.model)
    reason = reason_of(reason, _("Say why it is not wanted."))
    case.retired_at = now
    case.save(update_fields=["retired_at"])
    _record("processes.case.retired", case, actor, now, before={"name": case.name}, reason=reason)


def _expect_name(model: ProcessModel, name: str) -> None:
    used = AcceptanceCase.objects.filter(model=model, retired_at=None)
    problem = ""
    if not name:
        problem = _("Expected a name, but it is empty.")
    elif len(name) > LONGEST_NAME:
        problem = _("Expected a name of at most %(most)s characters.") % {"most": LONGEST_NAME}
    elif used.filter(name=name).exists():
        problem = _("Expected a new name, but there is a case of this name.")
    elif used.count() >= MOST:
        problem = _("Expected at most %(most)s cases of one process.") % {"most": MOST}
    if problem:
        raise Invalid(problem, fields={"name": problem})


def _record(fact: str, case: AcceptanceCase, actor: Actor, now: datetime, **parts: Any) -> None:
    record(fact, subject=f"processes.model:{case.model_id}", actor=actor, now=now, data={"case": case.pk}, **parts)
