"""The reader's language, the way to a second factor, and the way out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions import set_preference
from portal_customer.access import PageRequest, actor, client_page
from portal_customer.forms import PreferencesForm

YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def preferences(request: PageRequest) -> HttpResponse:
    """Show and keep the preferences; the language holds at once and on every device."""
    if request.method != "POST":
        form = PreferencesForm(initial={"language": translation.get_language()})
        return render(request, "portal_customer/preferences.html", {"form": form})
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return render(request, "portal_customer/preferences.html", {"form": form}, status=422)
    language = form.cleaned_data["language"]
    set_preference(request.user, actor=actor(request), now=timezone.now(), language=language)
    with translation.override(language):
        messages.success(request, _("Saved."))
    response = redirect("customer:preferences")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response
