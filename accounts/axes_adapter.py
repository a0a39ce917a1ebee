"""The one place where axes touches Throughline: a lock-out becomes a ledger entry."""

from typing import Any

from axes.signals import user_locked_out
from django.dispatch import receiver
from django.utils import timezone

from accounts.actions import record_access
from accounts.models import User


@receiver(user_locked_out, dispatch_uid="accounts.locked_out")
def locked_out(sender: Any, username: str | None = None, **signal: Any) -> None:
    user = User.objects.filter(username=username).first()
    if user is not None:
        record_access(user, "accounts.user.locked_out", now=timezone.now())
