"""A small site around the gallery for the browser tests: no database, and answers of every kind."""

from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from ui.views import gallery

SOMEBODY = SimpleNamespace(
    is_authenticated=True,
    is_client_side=False,
    display_name="Daniel Ho",
    username="dee",
    title={"en": "Senior analyst", "zh-Hans": "高级专员"},
    single_keys=True,
)


def as_somebody(request: HttpRequest) -> HttpResponse:
    request.user = SOMEBODY
    return gallery(request)


def answer(request: HttpRequest, status: int) -> HttpResponse:
    if status == 403:
        refusal = {"sentence": "Expected somebody else, but you prepared it.", "code": "approvals.same_person"}
        return render(request, "ui/refusal.html", {"refusal": refusal}, status=403)
    return HttpResponse(f'<p id="answer" data-focus tabindex="-1">answer {status}</p>', status=status)


urlpatterns = [
    path("ui/", include(([path("", as_somebody, name="gallery")], "ui"))),
    path("me/", as_somebody),
    path("answer/<int:status>/", answer),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("", as_somebody, name="home"),
]
