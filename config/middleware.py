"""What is true of every page: nothing of it is kept, an ended session leads to the log-in, and a refusal says why."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import push_url, reswap, retarget
from django_htmx.middleware import HtmxDetails

from audit.refusals import Invalid, NotFound, Refusal

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
        if not isinstance(error, Refusal):
            return None
        htmx, context = getattr(request, "htmx", None), {"refusal": error}
        if not htmx or (htmx.boosted and request.method != "POST"):
            return render(request, "refused.html", context, status=error.status)
        response = render(request, "ui/refusal.html", context, status=error.status)
        if not htmx.boosted:
            return response
        # a whole page was asked for, but the one that is there, with what was typed, stays
        return retarget(reswap(push_url(response, False), "innerHTML"), "#alerts")


def _leads_to_log_in(response: HttpResponse) -> bool:
    return response.headers.get("Location", "").startswith(f"{resolve_url(settings.LOGIN_URL)}?next=")


def _sent(request: HttpRequest, kwargs: dict[str, Any]) -> Iterator[str]:
    """Every text of the address and of the form."""
    for name, texts in chain(request.GET.lists(), request.POST.lists()):
        yield from (name, *texts)
    yield from (str(value) for value in kwargs.values())
