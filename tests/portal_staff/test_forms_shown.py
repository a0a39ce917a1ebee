"""A page offers what its reader may do, and no form whose answer would be refused: two teams, and who stands above."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions import grant, group, join
from accounts.models import User
from audit.actors import Actor
from orders.models import Order
from processes.refusals import StepFailed
from rulebook.models import Table
from sla.models import Breach
from sla.tasks import sweep
from tests.approvals.transfers import validated
from tests.firm import ADDRESS, open_item, submitted
from tests.journeys.scene import draft_of
from work import actions as work

CANCEL, REPAIR = "Cancel the order", ">Repair<"
CHECKED = {"address_check": "confirmed", "checked_against": "login"}


def person(firm, name: str) -> User:
    return getattr(firm, name, None) or User.objects.get(username=name)


@pytest.fixture
def failed(firm, desk, now, monkeypatch) -> Order:
    """The address change that dee works on, whose next step failed."""
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.open_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            work.complete(desk.taken.public_id, answers=CHECKED, actor=Actor.of(firm.dee), now=now)
    return desk.taken_order


@pytest.mark.parametrize(
    ("who", "offered"),
    [("eve", True), ("max", True), ("hal", True), ("omar", False), ("dee", False), ("fay", False)],
)
def test_calling_off_and_repairing_are_offered_to_who_is_in_charge(who, offered, firm, failed, as_user) -> None:
    browser = as_user(person(firm, who))
    page = browser.get(reverse("staff:order", args=[failed.number]))
    assert page.status_code == 200
    assert (CANCEL in page.text, REPAIR in page.text) == (offered, offered)
    for name in ("staff:cancel", "staff:repair"):
        address = reverse(name, args=[failed.number])
        assert browser.get(address).status_code == (200 if offered else 403)
        assert browser.post(address, {"reason": "Mine now."}).status_code == (302 if offered else 403)
        failed.refresh_from_db()
        if offered:
            break
    assert (failed.state == "cancelled") is offered


def test_another_teams_lead_reads_why_and_whom_to_ask(firm, failed, as_user) -> None:
    page = as_user(firm.omar).get(reverse("staff:cancel", args=[failed.number]))
    assert "it came through no queue that you lead" in page.text
    assert "Ask the lead of the team that works on it" in page.text
    assert "<textarea" not in page.text


def test_an_order_that_ended_is_not_asked_about_once_more(firm, desk, as_user) -> None:
    browser, address = as_user(firm.eve), reverse("staff:cancel", args=[desk.order.number])
    browser.post(address, {"reason": "Asked by phone."})
    assert browser.get(address).status_code == 409


@pytest.mark.parametrize(("who", "writes"), [("dee", True), ("tia", True), ("fay", False)])
def test_the_thread_is_open_to_who_has_a_part(who, writes, firm, desk, as_user) -> None:
    browser = as_user(person(firm, who))
    page = browser.get(reverse("staff:order", args=[desk.order.number]))
    assert ("Send to the client" in page.text, "Add the note" in page.text) == (writes, writes)
    sent = browser.post(reverse("staff:message", args=[desk.order.number]), {"body": "Hello.", "key": "k"})
    assert sent.status_code == (302 if writes else 403)


@pytest.mark.parametrize(("who", "status"), [("omar", 403), ("max", 200)])
@pytest.mark.parametrize("verb", ["assign", "priority", "release"])
def test_an_approval_that_a_lead_only_decides_is_not_theirs_to_give_away(who, status, verb, firm, now, as_user) -> None:
    item = open_item(validated(firm, now))
    if verb == "release":
        item = work.claim(item.public_id, actor=Actor.of(firm.eve), now=now)
    assert as_user(person(firm, who)).get(reverse(f"staff:{verb}", args=[item.public_id])).status_code == status


@pytest.mark.parametrize("who", ["tia", "max", "judith", "hal"])
def test_the_decisions_form_is_for_who_can_decide(who, firm, now, as_user) -> None:
    item = open_item(validated(firm, now))
    page = as_user(person(firm, who)).get(reverse("staff:decision", args=[item.public_id]))
    assert page.status_code == (404 if who == "tia" else 200)
    assert 'name="decision"' not in page.text


def test_the_decision_is_closed_to_who_prepared_it(firm, now, as_user) -> None:
    firm.omar.groups.add(*firm.tia.groups.all())
    item = open_item(validated(firm, now, who=firm.omar))
    page = as_user(firm.omar).get(reverse("staff:decision", args=[item.public_id]))
    assert 'name="decision"' not in page.text
    assert "Four eyes" in page.text


def test_a_table_is_edited_by_who_may_edit_that_very_table(firm, as_user, now) -> None:
    draft = draft_of(firm.alan, "transfers", now)
    actor = {"actor": Actor.system("test"), "now": now}
    grant(group("keepers"), "edit_table", Table.objects.get(key="firm"), **actor)
    join(firm.max, group("keepers"), **actor)
    address = reverse("staff:edit_version", args=["transfers", draft.number])
    browser = as_user(firm.max)
    assert browser.get(address).status_code == 403
    for do in ("save", "add", "remove-0"):
        assert browser.post(address, {"do": do, "rows": "0"}).status_code == 403
    assert as_user(firm.alan).get(address).status_code == 200


@pytest.mark.parametrize(("who", "offered"), [("eve", True), ("max", True), ("omar", False)])
def test_the_cause_of_a_breach_is_asked_of_its_own_team(who, offered, firm, now, as_user) -> None:
    late = submitted(firm.ana, firm.ana_client, "address_change", ADDRESS, now, key="late")
    sweep(now + timedelta(days=30))
    breach = Breach.objects.filter(clock__order=late).latest("pk")
    browser = as_user(person(firm, who))
    address = reverse("staff:breach", args=[breach.pk])
    assert (address in browser.get(reverse("staff:breaches")).text) is offered
    assert (address in browser.get(reverse("staff:board")).text) is offered
    assert browser.get(address).status_code == (200 if offered else 403)


@pytest.mark.parametrize(("who", "offered"), [("eve", True), ("omar", False), ("hal", False)])
def test_the_board_lets_a_lead_give_away_their_own_work_only(
    who, offered, firm, desk, as_user, now, time_machine
) -> None:
    time_machine.move_to(now, tick=False)
    page = as_user(person(firm, who)).get(reverse("staff:board"))
    assert (reverse("staff:assign", args=[desk.item.public_id]) in page.text) is offered
