"""Who may open which page of the staff side: nobody, unless the page names a right or a role that they hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.authority import has_any, roles
from accounts.delegations import lent_to
from accounts.hierarchy import SIGNING
from audit.actors import Actor
from audit.refusals import Invalid, NotAllowed, Refusal
from ui.zones import reading_in

View = Callable[..., HttpResponse]

WORK = ("work_queue", "lead_queue", "view_queue", "oversee_branch", "examine_branch")
MANAGE = ("lead_queue", "oversee_branch", "examine_branch")
RULES = ("edit_table", "approve_table", "oversee_branch", "examine_branch")
MODELS = ("edit_model", "approve_model", "oversee_branch", "examine_branch")
PROCESSES = ("edit_process", "approve_process", "oversee_branch", "examine_branch")
CALENDARS = ("administer_branch", "oversee_branch", "examine_branch")
ORDERS = ("view_product", "oversee_branch", "examine_branch")
EXAMINE = ("examine_branch",)
WATCH = ("edit_process", "examine_branch")  # the health of the installation
WORKERS = ("work_queue", "lead_queue")
WRITE = ("work_queue", "lead_queue", "oversee_branch")  # messages and notes
DESK = ("lead_queue", "oversee_branch")  # cancelling and repairing orders
ANY_STAFF: tuple[str, ...] = ()

# What each right is called when a page says who has it.
HOLDERS: dict[str, str | Promise] = {
    "work_queue": gettext_lazy("operations analyst"),
    "lead_queue": gettext_lazy("team lead"),
    "view_queue": gettext_lazy("head of operations"),
    "view_product": gettext_lazy("operations analyst"),
    "oversee_branch": gettext_lazy("operations manager"),
    "examine_branch": gettext_lazy("examiner"),
    "edit_table": gettext_lazy("administrator"),
    "approve_table": gettext_lazy("chief compliance officer"),
    "edit_model": gettext_lazy("administrator"),
    "approve_model": gettext_lazy("chief compliance officer"),
    "edit_process": gettext_lazy("administrator"),
    "administer_branch": gettext_lazy("administrator"),
    "approve_process": gettext_lazy("chief compliance officer"),
}


def requires(*rights: str) -> Callable[[View], View]:
    """A page for staff who hold one of the rights on anything; with none named, for all staff.

    Everybody else gets a 403 page that says which role has it. What the page shows is filtered by its own queries.
    """

    def around(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            expect_staff(request.user)
            if rights and not has_any(request.user, *rights):
                raise _missing(rights)
            with reading_in(zone_of(request.user)):
                return view(request, *args, **kwargs)

        shown.required_rights = rights  # type: ignore[attr-defined]
        return login_required(shown)

    return around


def expect_staff(user: Any) -> None:
    """Refuse clients and advisors. Raises NotAllowed."""
    if user.is_client_side:
        raise NotAllowed(
            _("Expected a member of staff, but you are signed in as a client or an advisor."),
            next_step=_("Open your orders in the customer portal."),
        )


def may(user: Any, rights: tuple[str, ...]) -> bool:
    """Whether the user may open a page of those rights."""
    return not rights or has_any(user, *rights)


def is_approver(user: Any) -> bool:
    """Whether decisions may wait for the user: by a role of their own, or because somebody lends them theirs."""
    return bool(SIGNING & roles(user)) or bool(lent_to(user, timezone.now()))


def zone_of(user: Any) -> ZoneInfo:
    """The reader's time zone; UTC when theirs is unknown."""
    try:
        return ZoneInfo(user.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def actor(request: HttpRequest) -> Actor:
    """The reader as who acts."""
    return Actor.of(request.user)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page rather than for the page."""
    return bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]


def said_at(refusal: Refusal, field: str) -> str:
    """What a refusal says of the field of a form; one without fields says it there in its own words."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    return fields.get(field) or f"{refusal.sentence} {refusal.next_step}".strip()


def back(request: HttpRequest, *otherwise: Any) -> HttpResponse:
    """To the page that the form named, when it is ours, else to a view."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return redirect(wanted)
    return redirect(*otherwise)


def _missing(rights: tuple[str, ...]) -> NotAllowed:
    names = ", ".join(dict.fromkeys(str(HOLDERS[right]) for right in rights))
    return NotAllowed(
        _("Expected one of these roles, but you hold none of them: %(roles)s.") % {"roles": names},
        next_step=_("An administrator can give you one, if your work needs this page."),
    )
