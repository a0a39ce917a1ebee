"""A page of the staff side speaks its reader's language, in a browser that was never told."""

from __future__ import annotations

import pytest
from django.urls import reverse

PAGE = "/staff/my-work/"


@pytest.mark.parametrize(("kept", "shown"), [("zh-hans", "zh-hans"), ("en", "en"), ("xx", "en")])
def test_the_language_kept_with_the_reader(as_user, firm, kept: str, shown: str) -> None:
    type(firm.dee).objects.filter(pk=firm.dee.pk).update(language=kept)
    page = as_user(firm.dee).get(PAGE, headers={"Accept-Language": "fr"})
    assert page["Content-Language"] == shown
    assert ("我的工作" in page.text) is (shown == "zh-hans")


def test_what_was_chosen_in_the_browser_goes_first(as_user, firm) -> None:
    type(firm.dee).objects.filter(pk=firm.dee.pk).update(language="zh-hans")
    browser = as_user(firm.dee)
    browser.cookies["django_language"] = "en"
    assert browser.get(PAGE)["Content-Language"] == "en"


def test_a_refusal_speaks_it_too(as_user, firm) -> None:
    type(firm.dee).objects.filter(pk=firm.dee.pk).update(language="zh-hans")
    page = as_user(firm.dee).get(reverse("staff:ledger"))
    assert page.status_code == 403
    assert 'lang="zh' in page.text


def test_nobody_reads_what_the_browser_asks_for(client) -> None:
    page = client.get(reverse("account_login"), headers={"Accept-Language": "zh-hans"})
    assert page["Content-Language"] == "zh-hans"
