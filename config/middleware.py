"""What is true of every page: nothing of it is kept, an ended session leads to the log-in, and a refusal says why."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import push_url, reswap, retarget
from django_htmx.middleware import HtmxDetails

from audit.refusals import Invalid, NotFound, Refusal, TooLarge, Unreadable

LARGEST_BODY = 24 << 20  # two papers of the largest size, and the form around them
LARGEST_ANONYMOUS_BODY = 1 << 20  # a log-in, or an answer of a connected system
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
GetResponse = Callable[[HttpRequest], HttpResponse]

# Control characters but for tabs and ends of lines, and what turns the direction of a text: a reader does not see them,
# and a text that holds them reads otherwise than it was written. PostgreSQL keeps NUL in no text.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class NoStoreMiddleware:
    """Keeps every answer out of all caches, the browser's own included. Static files are answered before it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "private, no-store"
        return response


class BodyMiddleware:
    """Bounds what is sent, before anything of it is read, and says in words what cannot be read as a form."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        most = LARGEST_BODY if request.user.is_authenticated else LARGEST_ANONYMOUS_BODY
        if _length(request) > most:
            said = _("Expected at most %(most)s MB, but more was sent. Nothing was saved.") % {"most": most >> 20}
            return refused_page(request, TooLarge(said))
        if request.content_type in FORMS:
            try:
                request.POST  # noqa: B018 - read here, so that what is wrong with it is said by a page of ours
            except (SuspiciousOperation, MultiPartParserError):
                return refused_page(request, Unreadable(_("Expected a form, but what was sent cannot be read as one.")))
        return self.get_response(request)


class LogInMiddleware:
    """Says to htmx what a redirect to the log-in says to a browser, so that no log-in page stands inside a page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
        if not htmx or not _leads_to_log_in(response):
            return response
        if request.method == "POST":  # what is being sent is not led away: the page keeps it and says that it failed
            return HttpResponse(status=401)
        wanted = request.get_full_path()
        back = wanted if htmx.boosted else htmx.current_url_abs_path or wanted
        return HttpResponse(headers={"HX-Redirect": redirect_to_login(back).url})


class RefusalMiddleware:
    """Turns a refusal into a page or, for htmx, a fragment with the same words and status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse invisible characters wherever they are sent: no room has to think of them."""
        if getattr(view, "csrf_exempt", False) or not any(map(_INVISIBLE.search, _sent(request, kwargs))):
            return None
        sentence = _("Expected text that can be read, but it contains an invisible character.")
        return self.process_exception(request, Invalid(sentence, next_step=_("Type it again instead of pasting it.")))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotFound):
            return render(request, "404.html", status=404)
        return refused_page(request, error) if isinstance(error, Refusal) else None


def refused_page(request: HttpRequest, refusal: Refusal, **more: Any) -> HttpResponse:
    """A refusal as a page or, for htmx, a fragment. more: context of the page."""
    htmx, context = getattr(request, "htmx", None), {"refusal": refusal, **more}
    if not htmx or (htmx.boosted and request.method != "POST"):
        return render(request, "refused.html", context, status=refusal.status)
    response = render(request, "ui/refusal.html", context, status=refusal.status)
    if not htmx.boosted:
        return response
    # a whole page was asked for, but the one that is there, with what was typed, stays
    return retarget(reswap(push_url(response, False), "innerHTML"), "#alerts")


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _leads_to_log_in(response: HttpResponse) -> bool:
    return response.headers.get("Location", "").startswith(f"{resolve_url(settings.LOGIN_URL)}?next=")


def _sent(request: HttpRequest, kwargs: dict[str, Any]) -> Iterator[str]:
    """Every text of the address and of the form."""
    for name, texts in chain(request.GET.lists(), request.POST.lists()):
        yield from (name, *texts)
    yield from (str(value) for value in kwargs.values())
