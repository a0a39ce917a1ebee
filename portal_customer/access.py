"""Who may open the client's pages, and how they say no to a client."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from accounts.models import Client, User
from accounts.queries import clients_to_order_for
from audit.actors import Actor
from audit.refusals import Invalid, NotAllowed, NotFound, Refusal


class PageRequest(HttpRequest):
    """A request that passed our middleware, by somebody who is logged in."""

    user: User
    htmx: HtmxDetails


View = Callable[..., HttpResponse]
CHANNEL = "web"


class NoSuchPage(NotFound):
    """Nothing there, or not for this reader: both look the same."""

    code = "portal_customer.not_found"

    def __init__(self) -> None:
        super().__init__(_("Expected something that you may see, but there is nothing here."))


class NotDone(Refusal):
    """A refusal whose own words are for staff; the client learns what matters to them."""

    code = "portal_customer.not_done"

    def __init__(self) -> None:
        super().__init__(
            _("We could not do this just now, and nothing was changed."),
            next_step=_("Go back to the order to see how it stands, or write us a message there."),
        )


def client_page(view: View) -> View:
    """A page for clients and advisors, in their time zone; staff are told where to go."""

    @wraps(view)
    def shown(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_client_side:
            raise NotAllowed(
                _("Expected a client or an advisor, but you are signed in as staff."),
                next_step=_("Open the order in the staff portal; “As the client sees it” shows this page."),
            )
        with timezone.override(zone_of(request.user)):
            return _in_client_words(view, request, *args, **kwargs)

    return login_required(shown)


def told(refusal: Refusal) -> dict[str, str]:
    """A refusal as a client's form says it: at its fields, or above them; what is written for staff in other words."""
    if isinstance(refusal, Invalid):
        return refusal.fields or {"": refusal.sentence}
    return {"": refusal.sentence if isinstance(refusal, NotAllowed | NotDone) else NotDone().sentence}


def zone_of(user: Any) -> ZoneInfo:
    """The reader's time zone; UTC when theirs is unknown."""
    try:
        return ZoneInfo(user.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def is_fragment(request: PageRequest) -> bool:
    """Whether htmx asks for a part of the page rather than for the page."""
    return bool(request.htmx) and not request.htmx.boosted


def actor(request: PageRequest) -> Actor:
    """The reader as who acts."""
    return Actor.of(request.user)


def client_named(request: PageRequest, ref: str) -> Client | None:
    """The client to order for: the one named, or the only one; None while several are possible. Raises NoSuchPage."""
    clients = clients_to_order_for(request.user).select_related("branch")
    if ref:
        found = clients.filter(ref=ref).first()
        if found is None:
            raise NoSuchPage()
        return found
    first = list(clients.order_by("name", "pk")[:2])
    if not first:
        raise NoSuchPage()
    return first[0] if len(first) == 1 else None


def _in_client_words(view: View, request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Let through what is written for clients; other refusals may name what staff see."""
    try:
        return view(request, *args, **kwargs)
    except (NotFound, NotAllowed, Invalid, NotDone):
        raise
    except Refusal as refusal:
        raise NotDone() from refusal
