"""The inbox."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notifications.actions import mark_all_read
from notifications.queries import inbox
from portal_staff.access import ANY_STAFF, actor, requires


@require_safe
@requires(*ANY_STAFF)
def notices(request: HttpRequest) -> HttpResponse:
    """What the reader was told, the newest first."""
    return render(request, "portal_staff/notices.html", {"notices": inbox(request.user)})


@require_POST
@requires(*ANY_STAFF)
def read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    mark_all_read(actor=actor(request), now=timezone.now())
    return redirect("staff:notices")
