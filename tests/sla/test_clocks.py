"""Clocks of orders and items: when they start, pause, resume and stop, and the times that they write."""

from datetime import datetime, timedelta

import pytest

from audit.actors import Actor
from audit.models import Entry
from orders.actions import answer_request, cancel_order
from orders.models import Document, Order
from sla.models import Breach, Clock
from sla.tasks import sweep
from tests.firm import address_change, open_item
from tests.sla.played import clock_of, finish, full_transfer, step
from work import actions as work
from work.models import WorkItem


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+00:00")


# An address change of Monday 10:00 in New York: 1 business day, so until Tuesday 17:00; 15 business hours in all.
YELLOW, RED, DUE = at("2026-11-17T14:30"), at("2026-11-17T19:00"), at("2026-11-17T22:00")


def asked_for_proof(order, firm, now):
    step(order, "verify_address", firm.dee, now, address_check="proof_needed", checked_against="paper")
    return order.requests.get()


def answered(request, firm, now):
    bill = Document.objects.create(
        order=request.order, name="bill.pdf", content_type="application/pdf", size=1, sha256="0" * 64,
        stored_as="bill.pdf", uploaded_by=firm.ana, uploaded_at=now,
    )  # fmt: skip
    answers = {"proof_of_address": str(bill.public_id)}
    answer_request(request.public_id, answers=answers, actor=Actor.of(firm.ana), now=now)


def facts_about(clock):
    return list(Entry.objects.filter(subject=clock.subject).order_by("order_seq").values_list("fact", flat=True))


def test_an_orders_clock_starts_when_it_is_submitted(firm, now):
    order = address_change(firm, now)
    clock = clock_of(order)
    assert (clock.state, clock.band, clock.target, clock.started_at) == ("running", "green", "1bd", now)
    assert (clock.yellow_at, clock.red_at, clock.due_at) == (YELLOW, RED, DUE)
    assert clock.window_seconds == 15 * 3600
    assert clock.next_check_at == YELLOW
    order = Order.objects.get(pk=order.pk)
    assert (order.due_at, order.band, order.promised_at, order.first_promised_at) == (DUE, "green", DUE, DUE)


def test_an_item_without_a_target_of_its_own_is_due_with_its_order(firm, now):
    item = open_item(address_change(firm, now))
    assert (item.due_at, item.band) == (DUE, "green")
    assert not Clock.objects.filter(work_item=item).exists()


def test_an_item_with_a_target_is_measured_from_its_opening(firm, now):
    order = full_transfer(firm, now)
    service, regulatory = (clock_of(order, kind, "validate_transfer") for kind in ("service", "regulatory"))
    assert service.started_at == regulatory.started_at == now
    assert service.due_at == at("2026-11-19T22:00")  # the firm's three business days
    assert regulatory.due_at == at("2026-11-17T22:00")  # the one that the regulation allows
    assert open_item(order).due_at == regulatory.due_at
    whole = {clock.kind: clock.due_at for clock in Order.objects.get(pk=order.pk).clocks.filter(work_item=None)}
    assert whole == {"service": at("2026-11-24T22:00"), "regulatory": at("2026-11-20T22:00")}  # six, and four
    assert Order.objects.get(pk=order.pk).due_at == whole["regulatory"]


def test_every_start_is_an_entry_and_a_history_row_at_its_time(firm, now):
    clock = clock_of(address_change(firm, now))
    entry = Entry.objects.get(subject=clock.subject)
    assert (entry.fact, entry.happened_at, entry.actor) == ("sla.clock.started", now, "system:sla")
    row = clock.history.get()
    assert (row.history_date, row.history_change_reason, row.due_at) == (now, entry.action_id, DUE)


def test_the_service_clock_stands_while_the_client_is_asked(firm, now):
    order = address_change(firm, now)
    asked_for_proof(order, firm, now + timedelta(hours=2))
    clock, order = clock_of(order), Order.objects.get(pk=order.pk)
    assert (clock.state, clock.paused_at, clock.next_check_at) == ("paused", now + timedelta(hours=2), None)
    assert clock.pause_reason == "waiting_on_client"
    assert (order.state, order.band, order.due_at) == ("waiting_on_client", "paused", DUE)
    assert sweep(now + timedelta(days=20)) == 0


def test_what_is_left_moves_by_the_business_time_of_the_pause(firm, now):
    order = address_change(firm, now)
    request = asked_for_proof(order, firm, now + timedelta(hours=2))  # Monday noon
    answered(request, firm, now + timedelta(days=2, hours=3))  # Wednesday 13:00: 5 + 8 + 4 business hours later
    clock, order = clock_of(order), Order.objects.get(pk=order.pk)
    assert clock.state == "running"
    assert clock.paused_seconds == 17 * 3600
    assert clock.due_at == at("2026-11-20T15:00")  # 13 business hours were left: Friday 10:00
    assert (order.band, order.due_at, order.promised_at) == ("green", clock.due_at, clock.due_at)
    assert order.first_promised_at == DUE
    assert open_item(order).due_at == clock.due_at
    moved = Entry.objects.get(fact="orders.promise.changed", order_ref=order.ledger_ref)
    assert moved.before == {"promised_at": "2026-11-17T22:00:00.000000Z"}


def test_a_regulatory_clock_never_pauses(firm, now):
    order = full_transfer(firm, now)
    step(order, "validate_transfer", firm.tia, now, transfer_check="papers_needed")
    service, regulatory = clock_of(order), clock_of(order, "regulatory")
    assert (service.state, regulatory.state) == ("paused", "running")
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.band) == ("waiting_on_client", "green")  # the one that still runs governs
    sweep(now + timedelta(days=20))
    assert (clock_of(order).state, clock_of(order, "regulatory").state) == ("paused", "breached")
    assert Order.objects.get(pk=order.pk).band == "breached"


def test_parking_an_item_pauses_its_own_clock_and_not_the_orders(firm, now):
    order = full_transfer(firm, now)
    item, dee = open_item(order), Actor.of(firm.tia)
    work.claim(item.public_id, actor=dee, now=now)
    work.pend(item.public_id, reason="Waits for the other desk.", actor=dee, now=now)
    assert clock_of(order, "service", "validate_transfer").state == "paused"
    assert clock_of(order, "regulatory", "validate_transfer").state == "running"
    assert clock_of(order).state == "running"
    assert open_item(order).band == "green"  # the regulation's time goes on
    work.resume(item.public_id, actor=dee, now=now + timedelta(hours=3))
    clock = clock_of(order, "service", "validate_transfer")
    assert (clock.state, clock.due_at) == ("running", at("2026-11-20T17:00"))
    regulatory = clock_of(order, "regulatory", "validate_transfer")
    assert (open_item(order).band, open_item(order).due_at) == ("green", regulatory.due_at)


@pytest.mark.parametrize(
    ("done", "state", "band"),
    [
        (YELLOW - timedelta(microseconds=1), "met", "green"),
        (YELLOW, "met", "yellow"),
        (RED, "met", "red"),
        (DUE, "met", "red"),
        (DUE + timedelta(microseconds=1), "breached", "breached"),
    ],
)
def test_done_exactly_when_due_is_in_time(firm, now, done, state, band):
    order = address_change(firm, now)
    finish(order, firm.dee, done)
    clock = clock_of(order)
    assert (clock.state, clock.band, clock.stopped_at, clock.next_check_at) == (state, band, done, None)
    assert facts_about(clock) == ["sla.clock.started", f"sla.clock.{state}"]
    assert Order.objects.get(pk=order.pk).band == band
    assert sweep(done + timedelta(days=9)) == 0


def test_work_that_is_done_late_before_any_sweep_is_a_complete_breach(firm, now):
    order = address_change(firm, now)
    finish(order, firm.dee, late := DUE + timedelta(seconds=20))
    breach = Breach.objects.get(clock=clock_of(order))
    assert (breach.breached_at, breach.completed_at, breach.responsible) == (DUE, late, firm.dee)
    assert breach.history.get().history_date == late


def test_completing_an_item_stops_its_clocks_and_leaves_the_orders(firm, now):
    order = full_transfer(firm, now)
    step(order, "validate_transfer", firm.tia, now + timedelta(hours=1), transfer_check="valid")
    assert clock_of(order, "service", "validate_transfer").state == "met"
    assert clock_of(order, "regulatory", "validate_transfer").state == "met"
    assert {clock_of(order).state, clock_of(order, "regulatory").state} == {"running"}


def test_cancelling_calls_all_clocks_off(firm, now):
    order = full_transfer(firm, now)
    cancel_order(order.public_id, reason="The client asked.", actor=Actor.of(firm.omar), now=now + timedelta(hours=1))
    assert set(Clock.objects.filter(order=order).values_list("state", "next_check_at")) == {("cancelled", None)}
    assert sweep(now + timedelta(days=30)) == 0


def test_a_clock_called_off_after_its_breach_stays_breached(firm, now):
    order = address_change(firm, now)
    sweep(DUE + timedelta(hours=1))
    cancel_order(order.public_id, reason="Too late.", actor=Actor.of(firm.eve), now=DUE + timedelta(hours=2))
    clock = clock_of(order)
    assert (clock.state, clock.stopped_at) == ("breached", DUE + timedelta(hours=2))
    assert Breach.objects.get(clock=clock).completed_at == DUE + timedelta(hours=2)


def test_a_cancelled_pause_is_over(firm, now):
    order = address_change(firm, now)
    asked_for_proof(order, firm, now)
    cancel_order(order.public_id, reason="The client asked.", actor=Actor.of(firm.eve), now=now + timedelta(hours=1))
    clock = clock_of(order)
    assert (clock.state, clock.paused_at, clock.pause_reason) == ("cancelled", None, "")


def test_an_order_received_at_night_counts_from_the_next_opening(firm, now):
    order = address_change(firm, at("2026-11-21T03:00"))  # Friday 22:00 in New York
    assert clock_of(order).due_at == at("2026-11-24T22:00")  # received Monday, due Tuesday


def test_history_of_every_clock_carries_its_business_time(firm, now):
    order = address_change(firm, now)
    sweep(RED)
    finish(order, firm.dee, DUE + timedelta(hours=1))
    times = list(clock_of(order).history.order_by("history_id").values_list("history_date", flat=True))
    assert times == [now, RED, DUE + timedelta(hours=1)]
    actions = set(Entry.objects.values_list("action_id", flat=True))
    assert set(clock_of(order).history.values_list("history_change_reason", flat=True)) <= actions


def test_the_last_band_stays_on_what_is_done(firm, now):
    order = full_transfer(firm, now)
    late = at("2026-11-20T15:00")
    step(order, "validate_transfer", firm.tia, late, transfer_check="valid")
    item = WorkItem.objects.get(order=order, node="validate_transfer")
    assert item.band == "breached"
