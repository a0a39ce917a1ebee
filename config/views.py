"""The front door: where somebody who logged in belongs, whether anybody is at home, and what stays shut."""

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.refusals import NotAllowed
from config.middleware import refused_page
from insights.health import answers

SECRET = ("csrf", "password", "code", "token", "key")
MOST_KEPT = 20


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


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form does not carry the token of this session: mostly a page from before the last log-in. Gives back what was
    typed, except passwords, codes and what the page itself put in."""
    refusal = NotAllowed(
        _("Expected a page of this session, but this one was open since before you signed in. Nothing was saved."),
        next_step=_("Open the page again, and send it once more."),
    )
    texts = [text for name in request.POST for text in request.POST.getlist(name) if _is_typed(name, text)]
    return refused_page(request, refusal, texts=texts[:MOST_KEPT] if request.user.is_authenticated else [])


def _is_typed(name: str, text: str) -> bool:
    return bool(text.strip()) and " " in text.strip() and not any(word in name for word in SECRET)


def closed(request: HttpRequest, **parts: str) -> HttpResponse:
    """Not a page of ours: the firm keeps people's e-mail addresses, nobody changes their own."""
    raise Http404
