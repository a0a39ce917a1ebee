"""Who is told that authority was lent or taken back, and that an absence makes orders stall: once, nothing personal."""

from datetime import timedelta

import pytest
import time_machine

from accounts.being_away import call_off_absence
from accounts.delegating import revoke_delegation
from accounts.models import Team, User
from approvals import reactions
from approvals.models import Request
from audit.actors import Actor
from audit.due import run_due
from audit.models import Entry
from notifications.models import Notice
from tests.accounts.test_absences import away
from tests.accounts.test_delegating import lend
from tests.approvals.test_signers import add
from tests.approvals.transfers import validated
from tests.firm import open_item
from tests.notifications.test_reactions import told

DAY = timedelta(days=1)
OF_LENDING = ("authority_lent", "authority_taken_back", "own_authority_lent", "own_authority_taken_back")


@pytest.fixture(autouse=True)
def _addresses(firm):
    for name in ("dee", "eve", "rob", "alan"):
        User.objects.filter(pk=getattr(firm, name).pk).update(email=f"{name}@example.com")


def revoked(made, who, now):
    revoke_delegation(made.public_id, reason="I am back.", actor=Actor.of(who), now=now)


def test_whoever_is_lent_authority_is_told_and_told_again_when_it_is_taken_back(firm, now):
    made = lend(firm.eve, firm.dee, now)
    for _time in range(2):
        run_due(now)
    assert told(firm.dee) == told(firm.dee, "email") == ["authority_lent"]
    revoked(made, firm.eve, now)
    run_due(now)
    assert told(firm.dee) == told(firm.dee, "email") == ["authority_lent", "authority_taken_back"]
    assert told(firm.eve) == []  # she did it
    assert {row.url for row in Notice.objects.filter(recipient=firm.dee)} == {"/staff/delegations/"}


def test_whose_authority_an_administrator_lends_is_told_as_well(firm, now):
    made = lend(firm.eve, firm.dee, now, by=firm.alan)
    run_due(now)
    revoked(made, firm.alan, now)
    run_due(now)
    assert told(firm.eve) == ["own_authority_lent", "own_authority_taken_back"]
    assert told(firm.dee) == ["authority_lent", "authority_taken_back"]
    assert told(firm.alan) == []


@pytest.fixture
def order(firm, now):
    """Fay is asked by name, so that her absence makes it stall; Robert manages her."""
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.fay)
    return order


def told_of_stalls():
    return list(Notice.objects.filter(template="absence_stalls", channel="inbox"))


def test_the_manager_is_told_of_an_absence_that_makes_orders_stall(firm, now, order, client):
    made = away(firm.fay, now, begins=now + DAY, ends=now + 3 * DAY)
    for _time in range(2):
        run_due(now)
    (notice,) = told_of_stalls()
    assert notice.recipient == firm.rob
    assert told(firm.rob, "email").count("absence_stalls") == 1
    assert f"person={firm.fay.public_id}" in notice.url
    assert "first_day=2026-11-17&ends_at=2026-11-19" in notice.url
    entry = Entry.objects.get(fact="approvals.stall.foreseen")
    assert (entry.subject, entry.data["to"]) == (made.subject, firm.rob.pk)
    client.force_login(firm.rob, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(now, tick=False):
        page = client.get(notice.url)
    assert (page.status_code, order.number in page.text) == (200, True)


def test_swept_twice_nobody_is_told_twice(firm, now, order):
    away(firm.fay, now, ends=now + DAY)
    run_due(now)
    reactions.foresee_stalls(Entry.objects.get(fact="accounts.absence.entered"))
    run_due(now)
    assert len(told_of_stalls()) == 1


def test_nobody_is_told_of_an_absence_that_stops_nothing(firm, now):
    validated(firm, now)
    away(firm.eve, now, ends=now + DAY)  # Omar signs
    run_due(now)
    assert told_of_stalls() == []


def test_nor_of_one_that_was_called_off_or_that_they_entered_themselves(firm, now, order):
    made = away(firm.fay, now, ends=now + DAY)
    call_off_absence(made.public_id, actor=Actor.of(firm.fay), now=now)
    run_due(now)
    away(firm.fay, now, by=firm.rob, ends=now + DAY)
    run_due(now)
    assert told_of_stalls() == []
    assert Request.objects.get().state == "open"


def test_where_nobody_manages_nobody_is_told(firm, now, order):
    Team.objects.filter(pk=firm.fay.team_id).update(manager=None)
    away(firm.fay, now, ends=now + DAY)
    run_due(now)
    assert told_of_stalls() == []


def test_no_name_and_no_reason_stands_in_such_a_notice(firm, now, order):
    revoked(lend(firm.eve, firm.dee, now, reason="XYZZY secret"), firm.eve, now)
    away(firm.fay, now, ends=now + DAY)
    run_due(now)
    rows = Notice.objects.filter(template__in=[*OF_LENDING, "absence_stalls"])
    assert rows.count() > 3
    assert {str(row.context) for row in rows} == {"{}"}
