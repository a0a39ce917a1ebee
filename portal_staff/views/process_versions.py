"""A version of a process: its drawing, what may be done with it, and what differs from another one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from accounts.authority import holds
from audit.refusals import NotFound, Refusal
from portal_staff.access import PROCESSES, actor, requires
from portal_staff.change_control import STEPS, WAITING, gone_back, proposal, standing
from portal_staff.difference_words import HOW, MOST_LINES, difference_lines, form_lines
from portal_staff.drawing_words import Words
from portal_staff.process_drawing import found, in_words, marks_of, picture
from portal_staff.process_models import model_seen, version_of
from portal_staff.retired_cases import retired_cases
from processes import actions
from processes.engine.difference import difference
from processes.engine.picture.marking import marks_of_difference
from processes.models import ProcessVersion
from processes.publishing import findings
from processes.queries import document
from rulebook.change_control import State

EDIT, APPROVE = ("edit_process",), ("approve_process",)


@require_safe
@requires(*PROCESSES)
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version of a model, with what the check found while it is not in force."""
    return _show(request, version_of(model_seen(request.user, key), number, "xml"))


@require_safe
@requires(*PROCESSES)
def file(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The version's BPMN file, for a drawing tool."""
    shown = version_of(model_seen(request.user, key), number, "xml")
    name = f'attachment; filename="{key}-{number}.bpmn"'
    return HttpResponse(bytes(shown.xml), content_type="application/xml", headers={"Content-Disposition": name})


@require_safe
@requires(*PROCESSES)
def compare(request: HttpRequest, key: str, before: int, after: int) -> HttpResponse:
    """Two versions side by side, every difference marked, and the same in words."""
    model = model_seen(request.user, key)
    one, other = version_of(model, before, "xml"), version_of(model, after, "xml")
    old, new = document(one.pk), document(other.pk)
    differs = difference(old, new)
    marks = marks_of_difference(differs)
    lines = [*difference_lines(differs, Words(old), Words(new)), *form_lines(one.forms, other.forms)]
    context = {
        "model": model,
        "before": one,
        "after": other,
        "pictures": [(one, picture(old, model, marks[0])), (other, picture(new, model, marks[1]))],
        "lines": list(islice(lines, MOST_LINES)),
        "more_lines": max(len(lines) - MOST_LINES, 0),
        "counts": {how: len({(line.name, line.kind) for line in lines if line.how == how}) for how in HOW},
    }
    return render(request, "portal_staff/process_difference.html", context)


@require_POST
@requires(*EDIT)
def roll_back(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Begin a draft with the drawing and the forms of a version that governed before."""
    shown = version_of(model_seen(request.user, key), number, "xml")
    return gone_back(
        request,
        actions.roll_back,
        shown,
        "staff:process_version",
        lambda refusal: _show(request, shown, refused=refusal),
    )


@require_POST
@requires(*EDIT)
def propose(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Propose a draft: why, and from when."""
    said = _("Proposed. Somebody else has to approve it.")
    return _move(request, key, number, actions.propose_version, said, **proposal(request.POST))


@require_POST
@requires(*APPROVE)
def approve(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Approve somebody else's proposal."""
    return _move(request, key, number, actions.approve_version, _("Approved. It takes effect on its date."))


@require_POST
@requires(*APPROVE)
def reject(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Reject somebody else's proposal, with a reason."""
    return _move(request, key, number, actions.reject_version, _("Rejected."), reason=request.POST.get("reason", ""))


@require_POST
@requires(*EDIT)
def withdraw(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Take a draft or a proposal back."""
    return _move(request, key, number, actions.withdraw_version, _("Withdrawn."))


def _show(request: HttpRequest, shown: ProcessVersion, *, refused: Refusal | None = None) -> HttpResponse:
    model, drawn, base = shown.model, document(shown.pk), _compared_with(shown)
    here = [model.key, shown.number]
    report = findings(drawn, shown.forms) if shown.state in WAITING else None
    context: dict[str, Any] = {
        "model": model,
        "version": shown,
        "base": base,
        "compare_url": reverse("staff:process_change", args=[model.key, base.number, shown.number]) if base else "",
        "diagram": picture(drawn, model, marks_of(report) if report else None),
        **in_words(drawn),
        **(found(drawn, report) if report else {}),
        "retired": retired_cases(shown, model.versions, f"processes.model:{model.pk}", "processes.case.retired"),
        "is_checked": report is not None,
        "may_edit": holds(request.user, "edit_process", model.pk),
        "may_approve": holds(request.user, "approve_process", model.pk),
        "keeps": _("Somebody else has to approve it. Orders under way keep the version that they started with."),
        **standing(request, shown, {verb: reverse(f"staff:{verb}_process", args=here) for verb in STEPS}, refused),
    }
    response = render(request, "portal_staff/process_version.html", context, status=refused.status if refused else 200)
    return push_url(response, reverse("staff:process_version", args=here)) if refused else response


def _compared_with(shown: ProcessVersion) -> ProcessVersion | None:
    """What this one changes: the version that was in force before it, or the one in force while it waits."""
    others = shown.model.versions.exclude(pk=shown.pk).defer("xml", "forms")
    if shown.in_force_at is None:
        return others.filter(state=State.IN_FORCE).first()
    return others.filter(in_force_at__lt=shown.in_force_at).order_by("-in_force_at").first()


def _move(
    request: HttpRequest, key: str, number: int, act: Callable[..., Any], said: str, **given: Any
) -> HttpResponse:
    shown = version_of(model_seen(request.user, key), number, "xml")
    try:
        act(shown.pk, **given, actor=actor(request), now=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(request, shown, refused=refusal)
    messages.success(request, said)
    return redirect("staff:process_version", key, number)
