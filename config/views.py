"""The front door: where somebody who logged in belongs, whether anybody is at home, and what stays shut."""

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from insights.health import answers


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the customer portal or to the staff portal."""
    return redirect("customer:home" if getattr(request.user, "is_client_side", False) else "staff:home")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For probes: 200 while the database answers and has our tables, else 503. Says nothing else to anybody."""
    try:
        answers()
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def closed(request: HttpRequest, **parts: str) -> HttpResponse:
    """Not a page of ours: the firm keeps people's e-mail addresses, nobody changes their own."""
    raise Http404
