"""What the pages of versions under change control share: the stages, and the forms by which a version moves on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from audit.refusals import Invalid, NotFound, Refusal
from portal_staff.access import actor
from rulebook.change_control import ControlledVersion
from rulebook.versions import furthest, is_maker
from ui.schema_form import Problem

STAGES = ("draft", "proposed", "approved", "in_force")
WAITING = STAGES[:3]
STEPS = ("propose", "approve", "reject", "withdraw")
MINUTE = "%Y-%m-%dT%H:%M"
NO_MOMENT = datetime.min.replace(tzinfo=UTC)
FIELDS = {  # of the forms on a version's page: their labels and ids
    "justification": (gettext_lazy("Why it changes"), "why"),
    "effective_at": (gettext_lazy("Takes effect from"), "from"),
    "reason": (gettext_lazy("What has to change"), "reason"),
}


def standing(
    request: HttpRequest, version: ControlledVersion, addresses: Mapping[str, str], refused: Refusal | None = None
) -> dict[str, Any]:
    """Where a version stands, and what its forms show: what was typed, what is wrong with it, which times are open.

    addresses: where each of `STEPS` is posted.
    """
    now = timezone.localtime()
    return {
        "stages": _stages(version.state),
        "addresses": addresses,
        "refused": refused,
        "errors": refused.fields if isinstance(refused, Invalid) else {},
        "problems": _problems(refused),
        "kept": _kept(request, refused),
        "is_maker": is_maker(version, request.user),
        "first": now.strftime(MINUTE),
        "soon": (now + timedelta(days=1)).strftime("%Y-%m-%dT09:00"),
        "last": furthest(now).strftime(MINUTE),
        "typed": request.POST,
    }


def gone_back(
    request: HttpRequest,
    roll_back: Callable[..., ControlledVersion],
    version: ControlledVersion,
    page: str,
    show: Callable[[Refusal], HttpResponse],
) -> HttpResponse:
    """Begin a draft that is as a version that governed before; on to its page.

    page: the name of a version's page, whose address differs in the number only. show: the page with a refusal.
    """
    told = {"number": version.number}
    why = _("Back to version %(number)s.") % told
    try:
        made = roll_back(version.pk, justification=why, actor=actor(request), now=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        return show(refusal)
    messages.success(
        request, _("The draft is as version %(number)s was. Look at what differs, then propose it.") % told
    )
    match = request.resolver_match
    return redirect(page, **{**(match.kwargs if match else {}), "number": made.number})


def _stages(state: str) -> list[dict[str, str]]:
    """The steps of a version's way into force, and at which one it is."""
    labels = [
        pgettext("version", "Draft"),
        pgettext("version", "Proposed"),
        _("Approved by a second person"),
        pgettext("version", "In force"),
    ]
    place = STAGES.index(state) if state in STAGES else len(STAGES) if state == "superseded" else -1
    return [
        {"label": label, "state": "done" if at < place else "now" if at == place else ""}
        for at, label in enumerate(labels)
    ]


def proposal(posted: Mapping[str, str]) -> dict[str, Any]:
    """What was posted to propose a version; a time that is none is refused with what would be right."""
    moment = _moment(posted.get("effective_at", "")) or NO_MOMENT
    return {"justification": posted.get("justification", ""), "effective_at": moment}


def _problems(refused: Refusal | None) -> list[Problem]:
    """What a refusal says, each at its field where it has one."""
    if refused is None:
        return []
    fields = refused.fields if isinstance(refused, Invalid) else {}
    found = [Problem(text, str(FIELDS[name][0]), FIELDS[name][1]) for name, text in fields.items() if name in FIELDS]
    return found or [Problem(f"{refused.sentence} {refused.next_step}".strip())]


def _kept(request: HttpRequest, refused: Refusal | None) -> list[str]:
    """What was typed into a form that the version's new state no longer shows."""
    if refused is None or isinstance(refused, Invalid):
        return []
    return [text for text in (request.POST.get(name) for name in FIELDS) if text]


def _moment(text: str) -> datetime | None:
    try:
        read = parse_datetime(text)
        moment = timezone.make_aware(read) if read and timezone.is_naive(read) else read
        return moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError):  # no moment, or one beyond the calendar's edge
        return None
