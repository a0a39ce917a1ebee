"""What is true of every page: nothing of it is kept, an ended session leads to the log-in, and a refusal says why."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render, resolve_url
from django.urls import is_valid_path
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import push_url, reswap, retarget
from django_htmx.middleware import HtmxDetails

from audit.refusals import Invalid, NotFound, Refusal, TooLarge, Unreadable
from audit.texts import is_readable, readable, visible
from ui.typed import judges_all

LARGEST_BODY = 24 << 20  # two papers of the largest size, and the form around them
LARGEST_ANONYMOUS_BODY = 1 << 20  # a log-in, or an answer of a connected system
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
GetResponse = Callable[[HttpRequest], HttpResponse]


class NoStoreMiddleware:
    """Keeps every answer out of all caches, the browser's own included. Static files are answered before it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "private, no-store"
        return response


class LanguageMiddleware:
    """Speaks the language that was chosen in this browser, else the one kept with the reader, on every device."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and request.user.is_authenticated:
            translation.activate(_supported(request.user.language))
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


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


class PageAboveMiddleware:
    """Leads a browser that asks for an address which only takes what a form sends to the nearest page above it.

    So does a reader who switches the language, logs in or reloads where a form was sent to.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_asked_by_browser = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
        if response.status_code == 405 and is_asked_by_browser:
            return redirect(_page_above(request.path_info))
        return response


class RefusalMiddleware:
    """Turns a refusal into a page or, for htmx, a fragment with the same words and status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Take texts in without the marks that nobody sees, and refuse what is no text: no room has to think of it.

        A view that judges its fields itself says what is wrong there, with what was typed.
        """
        if getattr(view, "csrf_exempt", False):
            return None
        request.GET, request.POST = _visible(request.GET), _visible(request.POST)  # type: ignore[assignment]
        kwargs.update({name: visible(value) for name, value in kwargs.items() if isinstance(value, str)})
        strange = {name for name, texts in request.POST.lists() if not all(map(is_readable, texts))}
        if all(map(is_readable, _around(request, kwargs))) and judges_all(view, strange):
            return None
        sentence = _("Expected text that can be read, but it contains an invisible character.")
        refusal = Invalid(sentence, next_step=_("Type it again instead of pasting it."))
        typed = [readable(text) for name in strange for text in request.POST.getlist(name)]
        return refused_page(request, refusal, texts=typed if request.user.is_authenticated else [])

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
    if request.method != "POST":
        return response
    # a page or a part of it was asked for, but what is there, with what was typed, stays
    return retarget(reswap(push_url(response, False), "innerHTML"), "#alerts")


def _page_above(path: str) -> str:
    parts = path.strip("/").split("/")
    above = ["/".join(["", *parts[:length], ""]) for length in range(len(parts) - 1, 0, -1)]
    return next(filter(is_valid_path, above), "/")


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _leads_to_log_in(response: HttpResponse) -> bool:
    return response.headers.get("Location", "").startswith(f"{resolve_url(settings.LOGIN_URL)}?next=")


def _visible(sent: QueryDict) -> QueryDict:
    if all(visible(text) == text for _name, texts in sent.lists() for text in texts):
        return sent
    kept = QueryDict(mutable=True)
    for name, texts in sent.lists():
        kept.setlist(name, [visible(text) for text in texts])
    kept._mutable = False
    return kept


def _around(request: HttpRequest, kwargs: dict[str, Any]) -> Iterator[str]:
    """Every text of the address, and the names of the form's fields."""
    for name, texts in request.GET.lists():
        yield from (name, *texts)
    yield from request.POST
    yield from (str(value) for value in kwargs.values())


def _supported(language: str) -> str:
    try:
        return translation.get_supported_language_variant(language.lower())
    except LookupError:
        return settings.LANGUAGE_CODE
