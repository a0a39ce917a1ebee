"""The one place where axes touches Throughline: whose tries it counts, and a lock-out becomes a ledger entry."""

from collections.abc import Mapping
from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.actions import record_access
from accounts.models import User


def name_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The user name of a try, however it is written: the log-in takes Dana for dana."""
    given = (credentials or {}).get("username") or request.POST.get(settings.AXES_USERNAME_FORM_FIELD, "")
    return str(given).lower()


@receiver(user_locked_out, dispatch_uid="accounts.locked_out")
def locked_out(sender: Any, request: HttpRequest, username: str | None = None, **signal: Any) -> None:
    """Only the try that locks is on record: nobody fills the ledger by trying on."""
    if getattr(request, "axes_failures_since_start", 0) != settings.AXES_FAILURE_LIMIT:
        return
    user = User.objects.filter(username__iexact=username or "").first()
    if user is not None:
        record_access(user, "accounts.user.locked_out", now=timezone.now())
