"""The one place where allauth touches Throughline: no open sign-up, and log-ins become ledger entries."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.actions import record_access


class AccountAdapter(DefaultAccountAdapter):
    """People are added by an administrator, never by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


@receiver(user_logged_in, dispatch_uid="accounts.logged_in")
def logged_in(sender: Any, request: HttpRequest | None, user: Any, **signal: Any) -> None:
    if request is not None:
        record_access(user, "accounts.user.logged_in", now=timezone.now())


@receiver(user_logged_out, dispatch_uid="accounts.logged_out")
def logged_out(sender: Any, request: HttpRequest | None, user: Any, **signal: Any) -> None:
    if request is not None and user is not None:
        record_access(user, "accounts.user.logged_out", now=timezone.now())
