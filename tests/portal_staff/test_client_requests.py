"""What was asked of the client, on an order's page for staff."""

from __future__ import annotations

import pytest
from django.urls import reverse

from orders.models import ClientRequest
from tests.firm import address_change
from tests.processes.test_instances import PROOF, done, open_item


@pytest.fixture
def asked(firm, now) -> ClientRequest:
    """A proof of address that the client has not sent yet."""
    order = address_change(firm, now)
    done(open_item(order), firm.dee, now, PROOF)
    return ClientRequest.objects.get(order=order)


def requests_on(page) -> str:
    return page.text.split('id="requests-title"')[1].split("</table>")[0]


def test_what_was_asked_of_the_client_stands_there_with_who_answered(firm, now, asked, as_user) -> None:
    url = reverse("staff:order", args=[asked.order.number])
    before = requests_on(as_user(firm.dee).get(url))
    assert asked.title["en"] in before
    assert "Not yet" in before
    ClientRequest.objects.filter(pk=asked.pk).update(answered_at=now, answered_by=firm.adam)
    assert firm.adam.display_name in requests_on(as_user(firm.dee).get(url))


def test_an_order_that_asked_nothing_has_no_such_list(firm, desk, as_user) -> None:
    assert "requests-title" not in as_user(firm.dee).get(reverse("staff:order", args=[desk.order.number])).text
