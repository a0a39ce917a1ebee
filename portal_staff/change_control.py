"""The page of a version under change control and the steps that are taken on it: one piece for all kinds of thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST
from django_htmx.http import push_url

from audit.actors import Actor
from audit.refusals import Invalid, NotAllowed, NotFound, Refusal
from portal_staff.access import actor, requires
from portal_staff.days import EARLIEST, LATEST
from rulebook.change_control import ControlledVersion, State
from rulebook.supervision import is_of_compliance
from rulebook.versions import Control, base_moved_on, begun_from, compared_with, furthest, is_maker
from ui.schema_form import Problem

STAGES = ("draft", "proposed", "approved", "in_force")
WAITING = STAGES[:3]
SAID: dict[str, Promise] = {  # the steps of a version, each with what is said once it is taken
    "propose": gettext_lazy("Proposed. Somebody else has to approve it."),
    "approve": gettext_lazy("Approved. It takes effect on its date."),
    "reject": gettext_lazy("Rejected."),
    "withdraw": gettext_lazy("Withdrawn."),
    "roll_back": gettext_lazy("The draft is as version %(number)s was. Look at what differs, then propose it."),
}
CHECKS = ("approve", "reject")
MINUTE = "%Y-%m-%dT%H:%M"
NO_MOMENT = datetime.min.replace(tzinfo=UTC)
FIELDS = {  # of the forms on a version's page: their labels and ids
    "justification": (gettext_lazy("Why it changes"), "why"),
    "effective_at": (gettext_lazy("Takes effect from"), "from"),
    "reason": (gettext_lazy("What has to change"), "reason"),
}


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The page of a version, and the addresses at which its steps are posted: the same for everything under control.

    noun: how the steps' addresses are called, as in `propose_table`; page: the name of a version's page; find: the
    version that an address names, for a reader; about: what its page shows besides what all have; keeps: what stays as
    it is when it comes into force. edit, check: the rights without which a step's address is closed.
    """

    control: Control[Any]
    noun: str
    page: str
    template: str
    find: Callable[..., Any]
    about: Callable[[HttpRequest, Any], Mapping[str, Any]]
    keeps: str | Promise
    edit: tuple[str, ...]
    check: tuple[str, ...]

    def paths(self, at: str) -> list[URLPattern]:
        """The addresses of the steps below that of a version's page."""
        return [path(f"{at}{verb.replace('_', '-')}/", self._posted(verb), name=f"{verb}_{self.noun}") for verb in SAID]

    def show(self, request: HttpRequest, version: Any, refused: Refusal | None = None) -> HttpResponse:
        """The page of a version; with a refusal of a step, at the page's own address."""
        where = self._where(request, version.number)
        base = compared_with(version)
        moved = base_moved_on(version, base)  # a version that waits is compared with what it takes over from
        context = {
            "version": version,
            "base": base,
            "moved": moved,
            "begun_from": begun_from(version) if moved else None,
            "governing": base.number if base and base.state in (State.APPROVED, State.IN_FORCE) else 0,
            "needs_compliance": self.control.supervised(version),
            "is_of_compliance": is_of_compliance(request.user),
            "keeps": self.keeps,
            "may_edit": _may(self.control.edits, request, version),
            "may_approve": _may(self.control.checks, request, version),
            **_standing(request, version, refused),
            "addresses": {verb: reverse(f"staff:{verb}_{self.noun}", kwargs=where) for verb in SAID},
        }
        context |= self.about(request, context)
        response = render(request, self.template, context, status=refused.status if refused else 200)
        return push_url(response, reverse(self.page, kwargs=where)) if refused else response

    def _posted(self, verb: str) -> Callable[..., HttpResponse]:
        @require_POST
        @requires(*(self.check if verb in CHECKS else self.edit))
        def step(request: HttpRequest, **where: Any) -> HttpResponse:
            return self._step(request, verb, where)

        return step

    def _step(self, request: HttpRequest, verb: str, where: Mapping[str, Any]) -> HttpResponse:
        found = self.find(request.user, **where)
        take = getattr(self.control, verb)
        try:
            made = take(found.pk, **_given(verb, request, found), actor=actor(request), now=timezone.now())
        except NotFound:
            raise
        except Refusal as refusal:
            return self.show(request, found, refusal)
        messages.success(request, SAID[verb] % {"number": found.number})
        return redirect(self.page, **{**where, "number": made.number})

    def _where(self, request: HttpRequest, number: int) -> dict[str, Any]:
        """The address of a version of the thing that the request is about: it differs in the number only."""
        match = request.resolver_match
        return {**(match.kwargs if match else {}), "number": number}


def _given(verb: str, request: HttpRequest, version: ControlledVersion) -> dict[str, Any]:
    posted = request.POST
    match verb:
        case "propose":
            return proposal(posted)
        case "approve":
            shown = posted.get("governing", "")
            return {"governing": int(shown) if shown.isdecimal() and len(shown) < 9 else 0}
        case "reject":
            return {"reason": posted.get("reason", "")}
        case "roll_back":
            return {"justification": _("Back to version %(number)s.") % {"number": version.number}}
    return {}


def _may(right: Callable[[Actor, Any], None], request: HttpRequest, version: ControlledVersion) -> bool:
    try:
        right(actor(request), version.thing)
    except NotAllowed:
        return False
    return True


def _standing(request: HttpRequest, version: ControlledVersion, refused: Refusal | None = None) -> dict[str, Any]:
    """Where a version stands, and what its forms show: what was typed, what is wrong with it, which times are open."""
    now = timezone.localtime()
    return {
        "stages": _stages(version.state),
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
        if read is None or not EARLIEST <= read.date() <= LATEST:
            return None
        return (timezone.make_aware(read) if timezone.is_naive(read) else read).astimezone(UTC)
    except ValueError:  # no moment
        return None
