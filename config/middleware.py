"""How a page says no: every refusal that a view lets through is answered here, in one place."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.refusals import NotFound, Refusal


class RefusalMiddleware:
    """Turns a refusal into a page or, for htmx, a fragment with the same words and status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotFound):
            return render(request, "404.html", status=404)
        if not isinstance(error, Refusal):
            return None
        template = "ui/refusal.html" if getattr(request, "htmx", False) else "refused.html"
        return render(request, template, {"refusal": error}, status=error.status)
