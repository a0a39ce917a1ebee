"""An instance of a process: where it stands, how it came there, and its repair."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.authority import holds
from audit.actors import Actor
from audit.refusals import Invalid, NotAllowed, NotFound, Refusal
from orders import actions as orders
from orders.access import has_part, is_in_charge
from portal_staff import instance_parts as parts
from portal_staff.access import actor, requires, said_at
from portal_staff.instances import WAITS, Seen, instance_seen, page_of
from portal_staff.vocabulary import Vocabulary
from processes import actions as processes
from processes import queries, waiting
from processes.models import Instance, Skip
from processes.reasons import reason_of

MOST_VARIABLES = 50
NAME = re.compile(r"[A-Za-z_]\w*")
Deed = Callable[[Seen, Actor, datetime], Any]


@require_safe
@requires(*WAITS)
def instance(request: HttpRequest, ref: str, serial: int = 0) -> HttpResponse:
    """Where an instance stands and how it came there."""
    return _shown(request, instance_seen(request.user, ref), serial)


@require_POST
@requires(*WAITS)
def retry(request: HttpRequest, ref: str) -> HttpResponse:
    """Let what failed run again."""

    def deed(seen: Seen, by: Actor, now: datetime) -> None:
        reason = request.POST.get("reason", "")
        if seen.order is not None:
            orders.repair_order(seen.order.public_id, reason=reason, actor=by, now=now)
        else:
            _expect_keeper(seen, by)
            processes.retry_instance(seen.root.pk, reason=_given(reason), order=None, actor=by, now=now)

    return _done(request, ref, "retry", deed, _("It runs again."))


@require_POST
@requires(*WAITS)
def cancel(request: HttpRequest, ref: str) -> HttpResponse:
    """Call the process off; with it the order that it runs for."""

    def deed(seen: Seen, by: Actor, now: datetime) -> None:
        reason = request.POST.get("reason", "")
        if seen.order is not None:
            orders.cancel_order(seen.order.public_id, reason=reason, actor=by, now=now)
        else:
            _expect_keeper(seen, by)
            processes.cancel_instance(seen.root.pk, reason=_given(reason), order=None, actor=by, now=now)

    return _done(request, ref, "cancel", deed, _("The process is called off."))


@require_POST
@requires(*WAITS)
def propose_skip(request: HttpRequest, ref: str) -> HttpResponse:
    """Propose to somebody else to let the failed element pass."""

    def deed(seen: Seen, by: Actor, now: datetime) -> None:
        _expect_keeper(seen, by)
        incident = queries.open_incident(seen.root)
        if incident is None:
            raise NotFound(_("Expected a failed step, but there is none any more."))
        given = variables_in(request.POST.get("variables", ""))
        processes.propose_skip(incident.pk, variables=given, reason=request.POST.get("reason", ""), actor=by, now=now)

    return _done(request, ref, "skip", deed, _("It is proposed. Somebody else has to agree."))


@require_POST
@requires(*WAITS)
def approve_skip(request: HttpRequest, ref: str) -> HttpResponse:
    """Agree to somebody else's proposal."""

    def deed(seen: Seen, by: Actor, now: datetime) -> None:
        _expect_keeper(seen, by)
        processes.approve_skip(_proposal_of(request, seen), actor=by, now=now)

    return _done(request, ref, "approve", deed, _("The step may pass, and the process runs again."))


@require_POST
@requires(*WAITS)
def reject_skip(request: HttpRequest, ref: str) -> HttpResponse:
    """Disagree with somebody else's proposal, and say why."""

    def deed(seen: Seen, by: Actor, now: datetime) -> None:
        _expect_keeper(seen, by)
        skip = _proposal_of(request, seen)
        processes.reject_skip(skip, reason=_given(request.POST.get("reason", "")), actor=by, now=now)

    return _done(request, ref, "reject", deed, _("The proposal is refused. Everything stays as it is."))


def variables_in(text: str) -> dict[str, Any]:
    """Variables as they are typed: `name = value`, one a line; numbers, true, false and JSON as such, the rest as text.

    Raises Invalid at the field.
    """
    found: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not equals or not NAME.fullmatch(name) or name in found or len(found) >= MOST_VARIABLES:
            wrong = _("Line %(number)s: write a new name, an equals sign and its value.") % {"number": number}
            raise Invalid(_("Expected variables, but a line is none."), fields={"variables": wrong})
        try:
            found[name] = json.loads(value, parse_constant=_no_number)
        except (ValueError, RecursionError):
            found[name] = value
    return found


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _shown(
    request: HttpRequest, seen: Seen, serial: int, refused: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    here, user, now = seen.part(serial), request.user, timezone.now()
    words = Vocabulary.of_order(seen.order) if seen.order else Vocabulary()
    incident = queries.open_incident(seen.root) if here.status == Instance.Status.ERROR else None
    labels = parts.labels_of(queries.graph(here.version_id))
    is_open = seen.root.status in waiting.OPEN
    leads, model = _leads(seen, user), seen.root.version.model_id
    context = {
        "seen": seen,
        "instance": here,
        "order": seen.order,
        "status": parts.status_of(here),
        "scopes": parts.variables(here, words, now),
        "timers": parts.timers(here, labels),
        "subscriptions": parts.subscriptions(here, labels),
        "may_skip": incident is not None and not incident.is_calling_off and _keeps(seen, user),
        "may_agree": incident is not None and (leads if seen.order else holds(user, "approve_process", model)),
        "may_retry": incident is not None and leads,
        "may_cancel": is_open and leads,
        "refused": refused or {},
        **parts.drawing(here, incident),
        **parts.path(here),
        **parts.calls(here, seen),
        **parts.failure(incident, seen, words, now, user),
    }
    return render(request, "portal_staff/instance.html", context, status=status)


def _done(request: HttpRequest, ref: str, verb: str, deed: Deed, said: str) -> HttpResponse:
    """Do it and show the instance; what is refused stands at its form, as it was typed."""
    seen = instance_seen(request.user, ref)
    typed = request.POST.get("serial", "")
    serial = int(typed) if typed.isdecimal() and len(typed) < 9 else 0
    try:
        deed(seen, actor(request), timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        refused = {
            "verb": verb,
            "reason": request.POST.get("reason", ""),
            "variables": request.POST.get("variables", ""),
            "text": said_at(refusal, "variables" if _is_about(refusal, "variables") else "reason"),
            "field": "variables" if _is_about(refusal, "variables") else "reason",
        }
        return _shown(request, instance_seen(request.user, ref), serial, refused, refusal.status)
    messages.success(request, said)
    return redirect(page_of(seen.ref, serial))


def _is_about(refusal: Refusal, field: str) -> bool:
    return isinstance(refusal, Invalid) and field in refusal.fields


def _given(reason: str) -> str:
    return reason_of(reason, _("Say why, in a few words."))


def _proposal_of(request: HttpRequest, seen: Seen) -> int:
    """The proposal that the form showed, of this process. Raises NotFound."""
    key = request.POST.get("skip", "")
    found = Skip.objects.filter(incident__instance__in=queries.family(seen.root), decided_at=None)
    skip = found.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    if skip is None:
        raise NotFound(_("Expected a proposal that waits, but there is none."))
    return skip.pk


def _keeps(seen: Seen, user: Any) -> bool:
    """Whether the reader may propose a skip: who takes part in the order; else who keeps the process."""
    if seen.order is not None:
        return has_part(seen.order, user)
    model = seen.root.version.model_id
    return holds(user, "edit_process", model) or holds(user, "approve_process", model)


def _leads(seen: Seen, user: Any) -> bool:
    return is_in_charge(seen.order, user) if seen.order is not None else _keeps(seen, user)


def _expect_keeper(seen: Seen, by: Actor) -> None:
    if not _keeps(seen, by.user):
        raise NotAllowed(_("Expected somebody who works on this order or keeps its process, but you may only read it."))
