"""The component gallery: every component with example data, in either shell, theme and language."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ui import examples
from ui.bands import BANDS
from ui.icons import GLYPHS, PATHS

THEMES = ("light", "dark")
SHELLS = ("staff", "customer")


def gallery(request: HttpRequest) -> HttpResponse:
    """Shows every component to staff while debugging. Query: theme (light, dark), shell (staff, customer)."""
    if not may_see(request):
        raise Http404
    shell = request.GET.get("shell", "staff")
    context: dict[str, Any] = {
        **examples.everything(timezone.now()),
        "base": f"shell_{shell if shell in SHELLS else 'staff'}.html",
        "icons": sorted(PATHS),
        "glyphs": list(GLYPHS),
        "bands": list(BANDS),
        "form": example_form(),
    }
    return render(request, "ui/gallery.html", context | _theme(request))


def may_see(request: HttpRequest) -> bool:
    """Only where the product is developed, and there only staff."""
    user = request.user
    return settings.DEBUG and user.is_authenticated and not getattr(user, "is_client_side", True)


def example_form() -> examples.ExampleForm:
    """A form that was sent with mistakes, so that its errors show."""
    form = examples.ExampleForm({"reason": "", "amount": "12,3x", "kind": "home"})
    form.is_valid()
    return form


def _theme(request: HttpRequest) -> dict[str, Any]:
    theme = request.GET.get("theme", "")
    return {"shell": examples.shell(theme if theme in THEMES else request.COOKIES.get("theme", ""))}
