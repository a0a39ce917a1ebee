"""A target or calendar that comes into force moves open clocks, each with its entry; what is over stays as it was."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import Actor
from audit.invariants import check_all
from audit.models import Entry
from calendars import actions as calendars
from calendars.checking import written
from calendars.shipped import document
from orders.models import Order
from portal_customer.lateness import why_not_as_promised
from rulebook.models import Table
from sla.models import Breach, Clock
from sla.tasks import move, sweep
from tests.firm import address_change, open_item
from tests.insights.test_procedures import replaced
from tests.sla.played import clock_of, finish
from tests.sla.test_clocks import answered, asked_for_proof, at

DUE = at("2026-11-17T22:00")  # the close of the day after a Monday
HOUR = timedelta(hours=1)


def set_target(firm, now, row="M1", **cells):
    """A new version of the targets takes over at once."""
    body = deepcopy(Table.objects.get(key="sla_targets").versions.get(state="in_force").body)
    next(rule for rule in body["rules"] if rule["id"] == row)["then"].update(cells)
    replaced(firm, "sla_targets", now, body)


def test_an_open_clock_has_the_new_target_from_its_own_beginning(firm, now):
    order = address_change(firm, now)
    set_target(firm, now + HOUR, target='"3bd"')
    assert (move(now + HOUR), move(now + HOUR)) == (1, 0)
    clock, order = clock_of(order), Order.objects.get(pk=order.pk)
    assert (clock.target, clock.due_at, clock.started_at) == ("3bd", at("2026-11-19T22:00"), now)
    assert (order.due_at, order.promised_at, order.first_promised_at) == (clock.due_at, clock.due_at, DUE)
    assert open_item(order).due_at == clock.due_at
    [entry] = Entry.objects.filter(subject=clock.subject, fact="sla.clock.moved")
    assert (entry.before, entry.after["due_at"]) == (
        {"due_at": "2026-11-17T22:00:00.000000Z"},
        "2026-11-19T22:00:00.000000Z",
    )
    assert entry.order_ref == order.ledger_ref
    assert [each for result in check_all() for each in result.violations] == []


def test_what_is_done_and_what_was_missed_keep_what_was_true_then(firm, now):
    done, missed = (address_change(firm, now, key=key) for key in ("done", "missed"))
    finish(done, firm.dee, now + HOUR)
    sweep(DUE + HOUR)
    set_target(firm, DUE + 2 * HOUR, target='"5bd"')
    assert move(DUE + 2 * HOUR) == 0
    assert {clock_of(order).due_at for order in (done, missed)} == {DUE}
    assert Breach.objects.get().clock.order_id == missed.pk


def test_a_pause_counts_under_the_new_target_too(firm, now):
    order = address_change(firm, now)
    request = asked_for_proof(order, firm, now + 2 * HOUR)  # Monday noon
    answered(request, firm, now + timedelta(days=2, hours=3))  # Wednesday 13:00: 17 business hours later
    later = now + timedelta(days=2, hours=4)
    set_target(firm, later, target='"2bd"')
    assert move(later) == 1
    clock = clock_of(order)
    assert clock.due_at == at("2026-11-23T15:00")  # 21 business hours were left on Wednesday at 13:00: Monday 10:00
    assert (clock.state, clock.paused_seconds) == ("running", 17 * 3600)


def test_a_clock_that_stands_still_goes_on_with_the_new_target(firm, now):
    order = address_change(firm, now)
    request = asked_for_proof(order, firm, now + 2 * HOUR)
    set_target(firm, now + 3 * HOUR, target='"2bd"')
    assert move(now + 3 * HOUR) == 1
    clock = clock_of(order)
    assert (clock.state, clock.next_check_at, clock.due_at) == ("paused", None, at("2026-11-18T22:00"))
    answered(request, firm, now + timedelta(days=2, hours=3))
    assert clock_of(order).due_at == at("2026-11-23T15:00")


def test_a_tighter_target_turns_the_clock_by_the_next_sweep_and_a_looser_one_at_once(firm, now):
    order = address_change(firm, now)
    later = now + 3 * HOUR
    set_target(firm, later, target='"PT2H"')
    assert move(later) == 1
    assert (clock_of(order).band, clock_of(order).next_check_at) == ("green", later)
    assert sweep(later) == 1
    assert (clock_of(order).state, Breach.objects.get().breached_at) == ("breached", now + 2 * HOUR)
    other = address_change(firm, later, key="other")
    sweep(at("2026-11-17T19:00"))
    assert clock_of(other).band == "breached"


def test_a_looser_target_takes_the_warning_back(firm, now):
    order = address_change(firm, now)
    red = at("2026-11-17T21:00")
    sweep(red)
    assert Order.objects.get(pk=order.pk).band == "red"
    set_target(firm, red, target='"10bd"')
    assert move(red) == 1
    clock = clock_of(order)
    assert (clock.band, Order.objects.get(pk=order.pk).band) == ("green", "green")
    assert clock.next_check_at == clock.yellow_at
    assert [each for result in check_all() for each in result.violations] == []


def test_a_calendar_that_comes_into_force_moves_what_is_counted_by_it(firm, now):
    body = document("US-OFFICE")["calendar"]
    about = {"code": "OURS", "name": {"en": "Ours", "zh-Hans": "我们的"}, "text": written(body)}
    first = calendars.open_calendar(**about, actor=Actor.system("test"), now=now)
    in_force(first, firm.nadia, now)
    set_target(firm, now, calendar='"OURS"')
    order = address_change(firm, now + HOUR)
    assert clock_of(order).due_at == DUE
    day_off = {**body, "holidays": {**body["holidays"], "2026-11-17": "The firm's day"}}
    later = calendars.draft_version("OURS", text=written(day_off), actor=Actor.system("test"), now=now + 2 * HOUR)
    in_force(later, firm.nadia, now + 2 * HOUR)
    assert move(now + 2 * HOUR) == 1
    assert clock_of(order).due_at == at("2026-11-18T22:00")


def in_force(version, checker, now):
    about = {"justification": "As decided.", "effective_at": now}
    calendars.propose_version(version.pk, **about, actor=Actor.system("a"), now=now)
    calendars.approve_version(version.pk, actor=Actor.of(checker), now=now)
    calendars.CALENDARS.sweep(now)


def test_looking_for_what_moved_costs_the_same_however_much_is_open(firm, now):
    for number in range(4):
        address_change(firm, now, key=f"k{number}")
    with CaptureQueriesContext(connection) as asked:
        assert move(now + HOUR) == 0
    assert len(asked) <= 3
    assert Clock.objects.filter(stopped_at=None).count() >= 4


def test_a_table_that_says_the_same_moves_nothing_and_is_looked_at_once(firm, now):
    order = address_change(firm, now)
    set_target(firm, now + HOUR, cadence='"2bd"')
    assert move(now + HOUR) == 0
    assert clock_of(order).reckoned_at == now + HOUR
    assert not Entry.objects.filter(fact="sla.clock.moved").exists()


@pytest.mark.parametrize("waited", [False, True])
def test_the_client_reads_why_the_date_moved(firm, now, waited):
    order = address_change(firm, now)
    if waited:
        answered(asked_for_proof(order, firm, now + 2 * HOUR), firm, now + 4 * HOUR)
    else:
        set_target(firm, now + HOUR, target='"100bd"')
        move(now + HOUR)
    why = why_not_as_promised(order, SimpleNamespace(status="new_date"))
    assert why == ("It moved while we waited for an answer." if waited else "We changed the time for such orders.")
