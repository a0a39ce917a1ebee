"""What a signed-in person is shown is kept nowhere: not by a proxy, not by the browser's history."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.actors import Actor
from orders import actions as orders
from tests.firm import address_change
from tests.journeys.scene import PAPER

KEPT_NOWHERE = "private, no-store"


@pytest.mark.parametrize("name", ["customer:home", "customer:orders", "mfa_index", "account_change_password", "home"])
def test_a_clients_page_is_not_kept(name, firm, client) -> None:
    client.force_login(firm.ana, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse(name))["Cache-Control"] == KEPT_NOWHERE


@pytest.mark.parametrize("name", ["staff:queues", "staff:notices", "staff:board", "staff:ledger"])
def test_a_staff_page_is_not_kept_nor_is_its_refusal(name, firm, client) -> None:
    client.force_login(firm.dee, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse(name))
    assert response.status_code in (200, 403)
    assert response["Cache-Control"] == KEPT_NOWHERE


def test_a_document_is_not_kept(firm, client, now, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    order = address_change(firm, now)
    paper = SimpleUploadedFile("bill.pdf", PAPER, "application/pdf")
    document = orders.add_document(order.public_id, upload=paper, field="proof", actor=Actor.of(firm.ana), now=now)
    client.force_login(firm.ana, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse("customer:document", args=[document.public_id]))
    assert (response.status_code, response["Cache-Control"]) == (200, KEPT_NOWHERE)
    response.close()


def test_what_is_missing_or_not_allowed_is_not_kept_either(firm, client) -> None:
    client.force_login(firm.ana, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/nowhere/")["Cache-Control"] == KEPT_NOWHERE
    assert client.get(reverse("customer:submit", args=[firm.ana.public_id]))["Cache-Control"] == KEPT_NOWHERE


def test_the_ways_in_and_out_are_not_kept(firm, client) -> None:
    assert client.get(reverse("account_login"))["Cache-Control"] == KEPT_NOWHERE
    client.force_login(firm.ana, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("account_logout"))["Cache-Control"] == KEPT_NOWHERE


def test_a_style_sheet_is_kept(firm, client) -> None:
    client.force_login(firm.ana, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get("/static/css/tokens.css")
    assert response.status_code == 200
    assert "no-store" not in response["Cache-Control"]
    response.close()
