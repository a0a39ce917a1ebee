"""Mails go out in the reader's language, each at most once, and none is lost while the gateway is gone."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts.models import User
from audit.due import run_due
from notifications.models import Notice
from notifications.tasks import send_mail
from tests.firm import address_change


@pytest.fixture
def order(firm, now, settings):
    settings.BASE_URL = "https://portal.example"
    User.objects.filter(pk=firm.ana.pk).update(email="ana@example.com", language="en")
    order = address_change(firm, now)
    run_due(now)
    return order


class Gone(EmailBackend):
    """A gateway that is not reached."""

    def open(self) -> None:
        raise ConnectionRefusedError("refused")


class Breaks(EmailBackend):
    """A gateway that breaks off while a mail is handed over."""

    def send_messages(self, messages: list) -> int:
        raise smtplib.SMTPServerDisconnected("gone")


def test_a_mail_goes_out_once(order, now):
    assert (send_mail(now), send_mail(now)) == (1, 0)
    [sent] = mail.outbox
    assert sent.to == ["ana@example.com"]
    assert order.number in sent.subject
    assert f"https://portal.example/orders/{order.number}/" in sent.body
    row = Notice.objects.get(channel="email")
    assert (row.sent_at, row.attempts) == (now, 1)


def test_a_mail_speaks_the_readers_language(order, now, firm, monkeypatch):
    asked = []
    monkeypatch.setattr("notifications.tasks.translation.override", _remember(asked))
    User.objects.filter(pk=firm.ana.pk).update(language="zh-hans")
    send_mail(now)
    assert asked == ["zh-hans"]


def test_while_the_gateway_is_gone_nothing_is_claimed(order, now, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Gone"
    assert send_mail(now) == 0
    assert Notice.objects.get(channel="email").sent_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_mail(now) == 1


def test_a_mail_that_breaks_off_is_never_sent_again(order, now, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Breaks"
    assert send_mail(now) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_mail(now) == 0
    assert Notice.objects.get(channel="email").attempts == 1


def test_a_mail_that_another_worker_has_claimed_is_left_to_it(order, now):
    from notifications.tasks import _send

    pk = Notice.objects.get(channel="email").pk
    Notice.objects.filter(pk=pk).update(sent_at=now)
    assert _send(pk, mail.get_connection(), now) is False
    assert mail.outbox == []


def _remember(asked):
    from contextlib import contextmanager

    @contextmanager
    def override(language):
        asked.append(language)
        yield

    return override
