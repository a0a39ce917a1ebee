"""The page of the system's health: what runs, what does not, and what to do next, in the reader's language."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.heartbeat import beat
from audit.invariants import check_all
from audit.tasks import check_invariants
from portal_staff.views.health import HOLDS
from tests.firm import address_change


@pytest.fixture
def page(firm, as_user):
    browser = as_user(firm.alan)
    return lambda: browser.get(reverse("staff:health"))


def test_a_silent_worker_is_named_with_what_to_do(page):
    text = page().text
    assert "Act now" in text
    assert "Start the worker" in text
    assert "Not checked yet" in text


def test_what_is_good_asks_for_nothing(page):
    beat(timezone.now())
    check_invariants(timezone.now())
    response = page()
    assert "Act now" not in response.text
    assert {rule["id"] for rule in response.context["holds"]} == {f"I{number}" for number in range(1, 14)}
    assert "Violated" not in response.text


def test_a_violation_stands_with_its_rows(page, firm, now):
    order = address_change(firm, now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET state = 'waiting_on_client' WHERE id = %s", [order.pk])
    check_invariants(timezone.now())
    text = page().text
    assert "Keep the database as it is" in text
    assert order.public_id.hex in text


@pytest.mark.django_db
def test_every_rule_that_is_checked_says_what_must_hold():
    checked = {result.id for result in check_all()}
    assert checked == set(HOLDS)


def test_it_speaks_the_readers_language(page, client, firm):
    firm.alan.language = "zh-hans"
    firm.alan.save()
    client.cookies["django_language"] = "zh-hans"
    text = page().text
    assert "系统健康" in text
    assert "Start the worker" not in text


def test_it_costs_a_fixed_number_of_statements(page, firm):
    check_invariants(timezone.now())
    with CaptureQueriesContext(connection) as captured:
        page()
    assert len(captured) == 18
