"""A page of a queue learns that its rows changed, and moves none of them by itself."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from audit.actors import Actor
from tests.firm import address_change
from work import actions as work
from work.models import WorkItem

PAGE = "/staff/queues/maintenance/"
CHANGES = "/staff/queues/maintenance/changes/"
HTMX = {"HX-Request": "true"}


def shown(page) -> list[str]:
    return re.findall(r'name="shown" value="([^"]+)"', page.text)


class Reader:
    """A browser with the queue open."""

    def __init__(self, browser, **asked: str) -> None:
        self.browser, self.asked = browser, asked
        self.shown = shown(browser.get(PAGE, asked))

    def polls(self, said: str = ""):
        return self.browser.get(CHANGES, {**self.asked, "shown": self.shown, "said": said}, headers=HTMX)


def test_nothing_is_sent_while_nothing_changed(firm, desk, as_user) -> None:
    reader = Reader(as_user(firm.dee))
    assert len(reader.shown) == 2
    answer = reader.polls()
    assert (answer.status_code, answer.content) == (204, b"")


def test_changes_of_others_are_counted_said_aloud_once_and_lead_back_to_the_same_list(firm, desk, as_user, now) -> None:
    reader = Reader(as_user(firm.dee), view="open", band="green")
    work.claim(desk.item.public_id, actor=Actor.of(firm.dov), now=now)
    address_change(firm, now, key="one-more")
    first = reader.polls().text
    assert "2 changes, refresh" in first
    assert f'href="{PAGE}?view=open&amp;band=green"' in first
    assert "#announcer" in first
    assert reader.polls(said="2").status_code == 204
    address_change(firm, now, key="yet-another")
    again = reader.polls(said="2").text
    assert "3 changes, refresh" in again
    assert "#announcer" not in again


def test_the_row_that_one_claims_on_the_page_is_no_change(firm, desk, as_user) -> None:
    reader = Reader(as_user(firm.dee), view="unassigned")
    claimed = reader.browser.post(reverse("staff:claim", args=[desk.item.public_id]) + "?view=unassigned", headers=HTMX)
    reader.shown = shown(claimed)
    assert reader.polls().status_code == 204


def test_what_changed_back_is_taken_back(firm, desk, as_user, now) -> None:
    reader = Reader(as_user(firm.dee))
    WorkItem.objects.filter(pk=desk.item.pk).update(band="red")
    assert "1 change, refresh" in reader.polls().text
    WorkItem.objects.filter(pk=desk.item.pk).update(band="green")
    assert reader.polls(said="1").text.strip() == ""


@pytest.mark.parametrize("sent", ["", "x", "x.1", "0.0.0", "9" * 400])
def test_marks_that_mean_nothing_are_no_rows(sent: str, firm, desk, as_user) -> None:
    page = as_user(firm.dee).get(CHANGES, {"shown": sent, "view": sent, "after": sent, "said": sent})
    assert page.status_code == 200
    assert "2 changes, refresh" in page.text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_place_at_the_edge_of_all_dates_is_the_first_page(moment: str, firm, desk, as_user) -> None:
    browser, asked = as_user(firm.dee), {"after": f"3~{moment}~1"}
    assert shown(browser.get(PAGE, asked)) == shown(browser.get(PAGE))
    assert browser.get(CHANGES, {**asked, "shown": "zz"}).status_code == 200


def test_asking_costs_the_session_the_rights_the_queue_and_the_rows(
    firm, desk, as_user, now, django_assert_num_queries
) -> None:
    for number in range(5):
        address_change(firm, now, key=f"more-{number}")
    reader = Reader(as_user(firm.dee))
    with django_assert_num_queries(6):  # two for the rows: those with and those without a due time
        assert reader.polls().status_code == 204
