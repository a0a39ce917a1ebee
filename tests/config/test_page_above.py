"""An address that only takes what a form sends leads a browser to the page above it, and is said to others."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.firm import address_change

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("address", "above"),
    [
        ("/orders/TL-0000000A-0/messages/", "/orders/TL-0000000A-0/"),
        ("/staff/ledger/verify/", "/staff/ledger/"),
        ("/staff/supervisory-log/7/sign/", "/staff/supervisory-log/"),
        ("/staff/tables/transfers/2/propose/", "/staff/tables/transfers/2/"),
        (
            "/staff/items/0198c1de-0000-7000-8000-000000000001/complete/",
            "/staff/items/0198c1de-0000-7000-8000-000000000001/",
        ),
    ],
)
def test_a_browser_is_led_to_the_page_above(address, above, client, db) -> None:
    response = client.get(address, headers=BROWSER)
    assert (response.status_code, response["Location"]) == (302, above)


def test_others_are_told_that_it_only_takes_forms(client, db) -> None:
    assert client.get(reverse("staff:verify"), headers={"Accept": "application/json"}).status_code == 405
    assert client.put(reverse("staff:ledger"), headers=BROWSER).status_code == 405


def test_the_language_is_switched_after_a_refused_form(firm, client, now) -> None:
    order = address_change(firm, now)
    client.force_login(firm.dee)
    browser, address = client, reverse("staff:note", args=[order.number])
    refused = browser.post(address, {"body": "", "key": "k"}, headers=BROWSER)
    assert f'name="next" value="{address}"' in refused.text
    switched = browser.post(reverse("set_language"), {"next": address, "language": "zh-hans"}, headers=BROWSER)
    led = browser.get(switched["Location"], headers=BROWSER)
    page = browser.get(led["Location"], headers=BROWSER)
    assert (page.status_code, 'lang="zh' in page.text) == (200, True)
