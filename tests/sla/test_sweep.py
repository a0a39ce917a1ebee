"""The sweep: bands turn once, each tier is told once, and its cost follows what is due."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Client
from audit.actors import Actor
from audit.models import Delivery, Entry
from orders.models import Order
from sla import tasks
from sla.actions import check_clock
from sla.models import Clock, Escalation
from sla.tasks import sweep
from tests.firm import address_change, open_item
from tests.sla.played import clock_of, full_transfer
from tests.sla.test_clocks import DUE, RED, YELLOW
from work import actions as work


def entries(order, fact):
    return list(Entry.objects.filter(order_ref=order.ledger_ref, fact=fact).order_by("order_seq"))


def told(clock):
    return list(Escalation.objects.filter(clock=clock).order_by("tier").values_list("tier", "to__username"))


@pytest.mark.parametrize(
    ("moment", "band"),
    [
        (YELLOW - timedelta(microseconds=1), "green"),
        (YELLOW, "yellow"),
        (RED - timedelta(microseconds=1), "yellow"),
        (RED, "red"),
        (DUE, "red"),
        (DUE + timedelta(microseconds=1), "breached"),
    ],
)
def test_the_sweep_turns_clock_order_and_item_to_the_band_of_the_moment(firm, now, moment, band):
    order = address_change(firm, now)
    sweep(moment)
    assert clock_of(order).band == band
    assert Order.objects.get(pk=order.pk).band == band
    assert open_item(order).band == band


def test_a_band_turns_once_however_often_the_sweep_runs(firm, now):
    order = address_change(firm, now)
    assert [sweep(moment) for moment in (YELLOW, YELLOW, YELLOW + timedelta(minutes=1), RED, RED)] == [1, 0, 0, 1, 0]
    turns = entries(order, "sla.clock.turned")
    assert [(turn.before["band"], turn.after["band"], turn.happened_at) for turn in turns] == [
        ("green", "yellow", YELLOW),
        ("yellow", "red", RED),
    ]


def test_each_tier_is_told_once_up_the_chain(firm, now):
    order = address_change(firm, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.dee), now=RED - timedelta(hours=1))
    for moment in (YELLOW, RED, RED, DUE + timedelta(minutes=1), DUE + timedelta(minutes=2)):
        sweep(moment)
    clock = clock_of(order)
    assert told(clock) == [(1, "dana"), (2, "evelyn"), (3, "helen")]
    assert clock.escalation_tier == 3
    raised = entries(order, "sla.escalation.raised")
    assert [(entry.data["tier"], entry.data["band"], entry.data["says"]) for entry in raised] == [
        (1, "yellow", "remind"),
        (2, "red", "intervene"),
        (3, "breached", "root_cause"),
    ]
    assert Delivery.objects.filter(entry__in=raised).count() == 3


def test_who_holds_the_item_is_reminded_first(firm, now):
    order = address_change(firm, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.dee), now=now)
    sweep(YELLOW)
    assert told(clock_of(order)) == [(1, "dana")]


def test_red_work_that_nobody_works_on_goes_to_the_manager_at_once(firm, now):
    order = address_change(firm, now)
    sweep(RED)
    assert told(clock_of(order)) == [(1, None), (2, "evelyn"), (3, "helen")]


@pytest.mark.parametrize(("hours", "tiers"), [(2, [1, 2]), (2.01, [1, 2, 3])])
def test_worked_on_means_an_action_within_two_business_hours(firm, now, hours, tiers):
    order = address_change(firm, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.dee), now=RED - timedelta(hours=hours))
    sweep(RED)
    assert [tier for tier, _to in told(clock_of(order))] == tiers


def test_the_lead_is_the_one_of_the_team_that_has_the_work(firm, now):
    order = full_transfer(firm, now)
    sweep(clock_of(order, "service", "validate_transfer").red_at)
    assert (2, "omar") in told(clock_of(order, "service", "validate_transfer"))


def test_a_regulatory_breach_reaches_the_head_of_operations(firm, now):
    order = full_transfer(firm, now)
    sweep(now + timedelta(days=20))
    assert told(clock_of(order, "regulatory"))[-1] == (4, "ingrid")
    assert [tier for tier, _to in told(clock_of(order))] == [1, 2, 3]


def test_a_private_clients_breach_reaches_the_head_of_operations(firm, now):
    Client.objects.filter(pk=firm.ana_client.pk).update(tier="private")
    order = address_change(firm, now)
    sweep(DUE + timedelta(hours=1))
    assert told(clock_of(order))[-1] == (4, "ingrid")


def test_after_an_outage_the_band_of_now_holds_and_every_tier_was_told(firm, now):
    order = address_change(firm, now)
    assert sweep(late := DUE + timedelta(days=3)) == 1
    clock = clock_of(order)
    assert (clock.state, clock.band, clock.next_check_at) == ("breached", "breached", None)
    assert entries(order, "sla.clock.turned") == []
    (breached,) = entries(order, "sla.clock.breached")
    assert (breached.before["band"], breached.happened_at) == ("green", late)
    assert [tier for tier, _to in told(clock)] == [1, 2, 3]
    says = [entry.data["says"] for entry in entries(order, "sla.escalation.raised")]
    assert says == ["remind", "intervene", "root_cause"]
    assert sweep(late) == 0


def test_a_clock_looked_at_too_early_is_looked_at_again_in_time(firm, now):
    order = address_change(firm, now)
    Clock.objects.filter(order=order).update(next_check_at=now)
    assert sweep(now) == 0
    assert clock_of(order).next_check_at == YELLOW


def test_one_broken_clock_does_not_hold_up_the_others(firm, now, monkeypatch):
    broken, fine = (address_change(firm, now, key=key) for key in ("a", "b"))

    def check(clock_id, **how):
        if clock_id == clock_of(broken).pk:
            raise RuntimeError("a calendar that is not there")
        return check_clock(clock_id, **how)

    monkeypatch.setattr(tasks, "check_clock", check)
    with pytest.raises(ExceptionGroup) as failed:
        sweep(YELLOW)
    assert [str(error) for error in failed.value.exceptions] == ["a calendar that is not there"]
    assert (clock_of(broken).band, clock_of(fine).band) == ("green", "yellow")


def test_more_clocks_than_a_batch_are_all_turned(firm, now, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)
    orders = [address_change(firm, now, key=f"key-{number}") for number in range(5)]
    assert sweep(YELLOW) == 5
    assert {clock_of(order).band for order in orders} == {"yellow"}


def test_nothing_due_costs_one_statement(firm, now):
    for number in range(3):
        address_change(firm, now, key=f"key-{number}")
    with CaptureQueriesContext(connection) as captured:
        assert sweep(now) == 0
    assert len(captured) == 1


def test_a_turn_with_one_person_told_costs_a_fixed_number_of_statements(firm, now):
    before = clock_of(address_change(firm, now, key="before"))
    check_clock(before.pk, actor=Actor.system("test"), now=YELLOW)  # reads the table of escalations, once per process
    clock = clock_of(address_change(firm, now))
    with CaptureQueriesContext(connection) as captured:
        check_clock(clock.pk, actor=Actor.system("test"), now=YELLOW)
    assert len(captured) == 17  # two of them begin and end the transaction
