"""The reader's own settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions import set_preference
from portal_staff.access import ANY_STAFF, actor, requires

LANGUAGES = (("en", "English"), ("zh-hans", "简体中文"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*ANY_STAFF)
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, and whether single letters act."""
    if request.method != "POST":
        return render(request, "portal_staff/preferences.html", {"languages": LANGUAGES})
    reader: Any = request.user
    language = request.POST.get("language", "")
    if language not in dict(LANGUAGES):
        language = reader.language
    keys = request.POST.get("single_keys") == "on"
    set_preference(reader, language=language, single_keys=keys, actor=actor(request), now=timezone.now())
    with translation.override(language):
        messages.success(request, _("Your settings are saved."))
    answer = redirect("staff:preferences")
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax")
    return answer
