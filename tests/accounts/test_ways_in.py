"""What the log-in libraries do is on record: who came and went, who was locked out, whose password or second factor
changed. Addresses are kept by the firm: their pages are closed.
"""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from demo.load import PASSWORD

LOG_IN = reverse("account_login")
NEW = "lantern-orchard-47"


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> None:
    cache.clear()  # the libraries count tries there


def enter(browser: Browser, user: User) -> Browser:
    """Log in through the page."""
    assert browser.post(LOG_IN, {"login": user.username, "password": PASSWORD}).status_code == 302
    return browser


def facts_of(user: User) -> list[str]:
    rows = Entry.objects.filter(subject=f"accounts.user:{user.pk}", actor=f"user:{user.pk}")
    return list(rows.order_by("pk").values_list("fact", flat=True))


def test_coming_and_going_is_on_record(firm, client) -> None:
    enter(client, firm.dee).post(reverse("account_logout"))
    assert facts_of(firm.dee) == ["accounts.user.logged_in", "accounts.user.logged_out"]


def test_a_lock_out_is_on_record_once_however_the_name_is_written(firm, client, settings) -> None:
    settings.AXES_ENABLED = True
    names = ["dana", "Dana", "DANA", "dana", "dAna"]
    answers = [client.post(LOG_IN, {"login": name, "password": "wrong"}).status_code for name in names]
    assert answers == [200, 200, 200, 200, 429]
    cache.clear()
    assert client.post(LOG_IN, {"login": "dana", "password": PASSWORD}).status_code == 429
    assert client.post(LOG_IN, {"login": "dana", "password": "wrong"}).status_code == 429
    assert facts_of(firm.dee) == ["accounts.user.locked_out"]


def test_who_was_locked_out_locks_out_no_colleague_at_the_same_address(firm, client, settings) -> None:
    settings.AXES_ENABLED = True
    for _try in range(5):
        client.post(LOG_IN, {"login": "dana", "password": "wrong"})
    cache.clear()
    enter(client, firm.dov)


def test_a_wrong_name_locks_nobody_out(firm, client, settings) -> None:
    settings.AXES_ENABLED = True
    for _try in range(5):
        client.post(LOG_IN, {"login": "nobody", "password": "wrong"})
    assert not Entry.objects.filter(fact="accounts.user.locked_out").exists()


def test_a_new_password_is_on_record_and_ends_the_other_sessions(firm, client) -> None:
    elsewhere = enter(Browser(), firm.ana)
    browser = enter(client, firm.ana)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert browser.post(reverse("account_change_password"), form).status_code == 302
    assert facts_of(firm.ana)[-1] == "accounts.password.changed"
    assert browser.get(reverse("customer:home")).status_code == 200
    assert elsewhere.get(reverse("customer:home")).status_code == 302


def test_a_password_set_again_through_the_mailed_link_is_on_record(firm, client) -> None:
    client.post(reverse("account_reset_password"), {"email": firm.ana.email})
    link = re.search(r"http\S+/account/password/reset/key/\S+", mail.outbox[0].body)
    assert link is not None
    form = client.get(link[0].removeprefix("http://testserver"))
    assert form.status_code == 302
    assert client.post(form["Location"], {"password1": NEW, "password2": NEW}).status_code == 302
    assert facts_of(firm.ana) == ["accounts.password.reset"]


def test_a_second_factor_is_on_record_from_first_to_last(firm, client, django_capture_on_commit_callbacks) -> None:
    browser = enter(client, firm.dee)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    for verb, form in (("activate_totp", {"code": code}), ("generate_recovery_codes", {}), ("deactivate_totp", {})):
        with django_capture_on_commit_callbacks(execute=True):
            assert browser.post(reverse(f"mfa_{verb}"), form).status_code == 302, verb
    assert [fact for fact in facts_of(firm.dee) if "second_factor" in fact] == [
        "accounts.second_factor.added",
        "accounts.second_factor.added",
        "accounts.second_factor.renewed",
        "accounts.second_factor.removed",
        "accounts.second_factor.removed",
    ]
    kinds = Entry.objects.filter(fact="accounts.second_factor.added").order_by("pk").values_list("data", flat=True)
    assert list(kinds) == [{"kind": "totp"}, {"kind": "recovery_codes"}]


@pytest.mark.parametrize("who", ["anonymous", "ana", "dee"])
@pytest.mark.parametrize("address", ["/account/email/", "/account/confirm-email/", "/account/confirm-email/Mg:key/"])
def test_nobody_changes_an_address_past_the_firm(who: str, address: str, firm, client) -> None:
    if who != "anonymous":
        enter(client, getattr(firm, who))
    assert client.get(address).status_code == 404
    assert client.post(address, {"email": "mine@example.com", "action_add": ""}).status_code == 404
