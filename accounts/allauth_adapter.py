"""The one place where allauth touches Throughline: no open sign-up, and what people do there becomes ledger entries."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
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


@receiver([password_changed, password_set], dispatch_uid="accounts.password_changed")
def changed_password(sender: Any, user: Any, **signal: Any) -> None:
    record_access(user, "accounts.password.changed", now=timezone.now())


@receiver(password_reset, dispatch_uid="accounts.password_reset")
def reset_password(sender: Any, user: Any, **signal: Any) -> None:
    record_access(user, "accounts.password.reset", now=timezone.now())


@receiver(authenticator_added, dispatch_uid="accounts.second_factor_added")
def added_factor(sender: Any, user: Any, authenticator: Authenticator, **signal: Any) -> None:
    _record_factor(user, "accounts.second_factor.added", authenticator)


@receiver(authenticator_removed, dispatch_uid="accounts.second_factor_removed")
def removed_factor(sender: Any, user: Any, authenticator: Authenticator, **signal: Any) -> None:
    _record_factor(user, "accounts.second_factor.removed", authenticator)


@receiver(authenticator_reset, dispatch_uid="accounts.second_factor_renewed")
def renewed_factor(sender: Any, user: Any, authenticator: Authenticator, **signal: Any) -> None:
    _record_factor(user, "accounts.second_factor.renewed", authenticator)


def _record_factor(user: Any, fact: str, authenticator: Authenticator) -> None:
    record_access(user, fact, now=timezone.now(), data={"kind": str(authenticator.type)})
