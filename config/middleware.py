"""How a page says no: every refusal that a view lets through is answered here, in one place."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from audit.refusals import Invalid, NotFound, Refusal


class RefusalMiddleware:
    """Turns a refusal into a page or, for htmx, a fragment with the same words and status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse the NUL character wherever it is sent: PostgreSQL keeps it in no text."""
        if getattr(view, "csrf_exempt", False) or not any("\0" in text for text in _sent(request, kwargs)):
            return None
        return self.process_exception(request, Invalid(_("Expected text, but it contains a character that is none.")))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotFound):
            return render(request, "404.html", status=404)
        if not isinstance(error, Refusal):
            return None
        template = "ui/refusal.html" if getattr(request, "htmx", False) else "refused.html"
        return render(request, template, {"refusal": error}, status=error.status)


def _sent(request: HttpRequest, kwargs: dict[str, Any]) -> Iterator[str]:
    """Every text of the address and of the form."""
    for name, texts in chain(request.GET.lists(), request.POST.lists()):
        yield from (name, *texts)
    yield from (str(value) for value in kwargs.values())
