"""A session ends while a page is open: whatever the page asks for leads to the log-in, and from there back to it."""

from __future__ import annotations

import pytest
from django.urls import reverse

LOG_IN = reverse("account_login")
PARTS = ["staff:queues", "staff:board", "customer:home", "mfa_index", "home"]


def from_page(path: str, **more: str) -> dict[str, str]:
    """What htmx sends from a page."""
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{path}", **more}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_a_page_leads_to_the_log_in_and_back_to_the_page(part, client, db) -> None:
    response = client.get(reverse(part), headers=from_page("/staff/queues/maintenance/?view=mine"))
    assert response.status_code == 200
    assert response["HX-Redirect"] == f"{LOG_IN}?next=/staff/queues/maintenance/%3Fview%3Dmine"
    assert response.content == b""


def test_a_link_leads_to_the_log_in_and_on_to_what_it_names(client, db) -> None:
    headers = from_page("/staff/queues/", **{"HX-Boosted": "true"})
    assert client.get(reverse("staff:board"), headers=headers)["HX-Redirect"] == f"{LOG_IN}?next=/staff/service-levels/"


@pytest.mark.parametrize("form", ["staff:read_notices", "staff:verify", "customer:preferences"])
def test_a_form_is_not_led_away_so_that_what_was_typed_stays(form, client, db) -> None:
    response = client.post(reverse(form), headers=from_page("/staff/notices/"))
    assert response.status_code == 401
    assert "HX-Redirect" not in response


def test_a_page_of_another_house_is_not_a_way_back(client, db) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/staff/"}
    assert client.get(reverse("staff:queues"), headers=headers)["HX-Redirect"] == f"{LOG_IN}?next=/staff/queues/"


def test_without_htmx_the_log_in_page_is_a_plain_redirect(client, db) -> None:
    response = client.get(reverse("staff:queues"))
    assert (response.status_code, response["Location"]) == (302, f"{LOG_IN}?next=/staff/queues/")


def test_signing_out_is_not_taken_for_an_ended_session(firm, client) -> None:
    client.force_login(firm.dee, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(reverse("account_logout"), headers=from_page("/staff/queues/"))
    assert (response.status_code, response["Location"]) == (302, LOG_IN)
