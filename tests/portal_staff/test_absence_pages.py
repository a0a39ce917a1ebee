"""The pages of absences: who is missed, entering with what it holds up shown before, calling off."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Absence, Delegation
from tests.accounts.test_absences import away
from tests.accounts.test_delegating import lend
from tests.approvals.test_signers import add
from tests.approvals.transfers import validated
from tests.firm import open_item

LIST, AHEAD, NEW = "/staff/absences/", "/staff/absences/ahead/", "/staff/absences/new/"
DAYS = {"first_day": "2026-11-17", "ends_at": "2026-11-20"}


@pytest.fixture(autouse=True)
def _today(now):
    with time_machine.travel(now, tick=False):
        yield


def given(person, **about):
    return {"person": person.public_id, **DAYS, "kind": "leave", **about}


def test_it_is_shown_before_it_is_kept_and_then_it_stands(firm, as_user):
    browser = as_user(firm.fay)
    page = browser.post(NEW, given(firm.fay))
    assert (page.status_code, Absence.objects.count()) == (200, 0)
    assert "Fay Lindqvist away from" in page.text
    assert "Then it asks Robert Achterberg." in page.text
    page = browser.post(NEW, given(firm.fay, do="enter"), follow=True)
    assert "Fay Lindqvist is given no work on these days." in page.text
    made = Absence.objects.get()
    assert (made.begins_at.isoformat(), made.ends_at.isoformat()) == (
        "2026-11-17T05:00:00+00:00",  # midnight in New York
        "2026-11-21T05:00:00+00:00",
    )
    assert (made.kind, made.entered_by) == ("leave", firm.fay)


def test_who_helps_is_offered_with_the_fields_filled_in(firm, as_user):
    browser = as_user(firm.fay)
    page = browser.get(AHEAD, {"person": firm.fay.public_id, **DAYS})
    offered = [line for line in page.text.split('"') if line.startswith("/staff/delegations/new/?")]
    assert 1 <= len(offered) <= 3
    form = browser.get(offered[0].replace("&amp;", "&")).text
    assert f'value="{firm.fay.pk}" selected' in form
    assert 'value="2026-11-17"' in form
    assert 'value="2026-11-20"' in form
    assert Delegation.objects.count() == 0


def test_a_lead_sees_for_their_people_but_lends_nothing_of_theirs(firm, now, as_user):
    validated(firm, now)
    lend(firm.omar, firm.dee, now - timedelta(0), ends=now + timedelta(days=9))
    page = as_user(firm.max).get(AHEAD, {"person": firm.omar.public_id, **DAYS})
    assert page.status_code == 200
    assert "Dana Whitfield signs for Omar Haddad all that time already." in page.text
    assert "/staff/delegations/new/?" not in page.text


def test_an_order_that_waits_for_an_added_signer_is_listed_with_who_asked_them(firm, now, as_user):
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.max)
    asked = {"person": firm.max.public_id, **DAYS}
    for page in (as_user(firm.hal).get(AHEAD, asked), as_user(firm.max).post(NEW, given(firm.max))):
        assert order.number in page.text
        assert "Evelyn Carter asked Helen Brandt by name to sign too." in page.text
        assert "Nobody else signs in their place, unless they lend their authority; Evelyn Carter can take" in page.text


def test_nobody_looks_ahead_for_somebody_elses_people(firm, as_user):
    answer = as_user(firm.dee).get(AHEAD, {"person": firm.omar.public_id, **DAYS})
    assert answer.status_code == 422
    assert "Omar Haddad away" not in answer.text


def test_whom_nobody_waits_for_is_not_missed(firm, as_user):
    page = as_user(firm.dee).get(AHEAD, {"person": firm.dee.public_id, **DAYS})
    assert "Nothing waits for Dana Whitfield" in page.text


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"ends_at": "2026-11-16"}, "Expected an end after the beginning"),
        ({"first_day": "2026-11-01", "ends_at": "2026-11-15"}, "Expected an end that is to come"),
        ({"ends_at": "never"}, "Enter a valid date"),
        ({"ends_at": "2027-12-31"}, "Expected at most a year"),
        ({"first_day": "2199-12-31", "ends_at": "2199-12-31"}, "Expected a day within two years"),
        ({"kind": "flu"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(firm, as_user, about, said):
    for do in ({}, {"do": "enter"}):
        answer = as_user(firm.dee).post(NEW, given(firm.dee, **about, **do))
        assert (answer.status_code, Absence.objects.count()) == (422, 0)
        assert said in answer.text


def test_days_that_are_entered_already_are_named(firm, now, as_user):
    away(firm.dee, now, begins=now + timedelta(days=2), ends=now + timedelta(days=3))
    answer = as_user(firm.dee).post(NEW, given(firm.dee))
    assert answer.status_code == 422
    assert "Expected days on which the person is not away yet" in answer.text


def test_calling_off_asks_once_and_stays_on_record(firm, now, as_user):
    made = away(firm.dee, now)
    address = reverse("staff:call_off_absence", args=[made.public_id])
    browser = as_user(firm.eve)
    assert "Dana Whitfield is entered as away" in browser.get(address).text
    assert "is there, and is given work again." in browser.post(address, follow=True).text
    assert Absence.objects.get().cancelled_by == firm.eve
    assert browser.post(address).status_code == 409


def test_who_is_away_stands_in_no_list_of_whom_to_assign(firm, now, as_user):
    item = open_item(validated(firm, now))
    away(firm.omar, now)
    page = as_user(firm.max).get(reverse("staff:assign", args=[item.public_id])).text
    assert "Evelyn Carter" in page
    assert "Omar Haddad" not in page


def test_the_answer_costs_a_fixed_number_of_statements(firm, now, as_user, django_assert_max_num_queries):
    browser, asked = as_user(firm.max), {"person": firm.omar.public_id, **DAYS}
    validated(firm, now, key="key-0")
    browser.get(AHEAD, asked)
    with django_assert_max_num_queries(60) as first:
        browser.get(AHEAD, asked)
    for number in range(1, 4):
        validated(firm, now, key=f"key-{number}")
    with django_assert_max_num_queries(len(first)):
        page = browser.get(AHEAD, asked)
    assert page.status_code == 200
