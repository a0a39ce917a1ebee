"""Each working day at seven: statements are waited for, compared, and every break is an order with its target."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.actors import Actor
from audit.models import Entry
from integrations.models import Connector, InboxMessage
from orders.models import Order
from processes.models import Instance
from processes.waiting import of, with_rows
from reconciliation.models import Break, Statement
from tests.reconciliation.mornings import (
    DAY,
    MONDAY_NOON,
    TUESDAY,
    breaks,
    confirmed,
    line,
    order_of,
    pass_time,
    run_of_today,
    send,
    statement,
)
from work import actions as work

HALF_PAST_SIX = TUESDAY - timedelta(minutes=30)


def test_a_run_begins_at_seven_and_waits_for_both_custodians(books):
    pass_time(TUESDAY - timedelta(seconds=1))
    assert not Instance.objects.filter(version__model__key="daily_reconciliation").exists()
    pass_time(TUESDAY)
    run = run_of_today()
    assert (run.status, run.subject.startswith("processes.run:")) == ("running", True)
    expected = Statement.objects.order_by("connector__code").values_list("connector__code", "day", "expected_at")
    assert list(expected) == [(code, date(2026, 11, 16), TUESDAY) for code in ("meridian", "tidewater")]
    waits = [(each.what, each.node, each.detail) for each in of(with_rows(Instance.objects.filter(pk=run.pk)).get())]
    assert [detail for what, _node, detail in waits if what == "message"] == [
        f"statement_received (custodian: {code}, day: 2026-11-16)" for code in ("meridian", "tidewater")
    ]
    assert ("timer", "late", "") in waits


def test_statements_that_agree_end_the_run_without_a_break(books):
    call = confirmed(books, MONDAY_NOON)
    send("meridian", HALF_PAST_SIX, statement(line(call)))  # before anybody waits for it
    pass_time(TUESDAY)
    assert run_of_today().status == "running"
    send("tidewater", TUESDAY + timedelta(minutes=20), statement())  # and after
    assert (run_of_today().status, breaks()) == ("completed", [])
    assert Statement.objects.exclude(compared_at=None).count() == 2


def test_every_break_becomes_an_order_of_the_firm_itself_with_its_target(books):
    first, second = confirmed(books, MONDAY_NOON), confirmed(books, MONDAY_NOON, key="key-2")
    lines = [line(first, amount="900.00"), line(first, reference="REF-9", amount="250000.00")]
    send("meridian", HALF_PAST_SIX, statement(*lines))
    send("tidewater", HALF_PAST_SIX, statement())
    pass_time(TUESDAY)
    assert breaks() == [
        ("amount", "standard", "REF-key-1"),
        ("unknown", "critical", "REF-9"),
        ("missing", "critical", "REF-key-2"),
    ]
    amount, unknown, missing = (order_of(each) for each in Break.objects.order_by("pk"))
    assert [one.product.code for one in (amount, unknown, missing)] == [
        "reconciliation_break", "critical_break", "critical_break",
    ]  # fmt: skip
    assert {one.client.kind for one in (amount, unknown, missing)} == {"house"}
    assert (amount.placed_by, str(amount.amount), amount.answers["our_order"]) == (
        None, "USD 100.00", first.order.number,
    )  # fmt: skip
    assert missing.answers["our_order"] == second.order.number
    assert amount.due_at == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)  # 17:00 on the fifth business day
    assert missing.due_at == datetime(2026, 11, 18, 22, 0, tzinfo=UTC)
    item = amount.work_items.get()
    assert (item.queue.code, item.node, item.client.kind) == ("reconciliation", "investigate_break", "house")
    started = Entry.objects.get(fact="orders.order.submitted", subject=amount.subject)
    assert started.actor == "system:reconciliation"


def test_the_same_statement_again_opens_nothing_again(books):
    call = confirmed(books, MONDAY_NOON)
    said = statement(line(call), line(call))
    send("meridian", HALF_PAST_SIX, said, message_id="m-1")
    pass_time(TUESDAY)
    again = [send("meridian", TUESDAY + timedelta(minutes=n), said, message_id=f"m-{n}") for n in (1, 2)]
    corrected = send("meridian", TUESDAY + timedelta(hours=1), statement(line(call)))
    assert [message.outcome for message in (*again, corrected)] == ["applied", "unknown", "unknown"]
    assert breaks() == [("doubled", "standard", "REF-key-1")]
    assert Order.objects.filter(client__kind="house").count() == 1


def test_a_late_statement_is_a_break_itself_and_is_still_compared_when_it_comes(books):
    call = confirmed(books, MONDAY_NOON)
    send("meridian", HALF_PAST_SIX, statement(line(call)))
    pass_time(TUESDAY)
    pass_time(TUESDAY + timedelta(hours=2, minutes=59))
    assert breaks() == []
    pass_time(TUESDAY + timedelta(hours=3))
    assert breaks() == [("no_statement", "critical", "")]
    late = order_of(Break.objects.get())
    assert (late.product.code, late.answers["custodian"]) == ("critical_break", "tidewater")
    assert run_of_today().status == "running"
    send("tidewater", TUESDAY + timedelta(hours=5), statement())
    assert run_of_today().status == "completed"
    assert len(breaks()) == 1


def test_a_statement_that_never_comes_is_given_up_after_ten_business_days(books):
    pass_time(TUESDAY)
    first = run_of_today()
    pass_time(TUESDAY + 20 * DAY)
    first.refresh_from_db()
    assert first.status == "completed"
    assert Statement.objects.filter(compared_at=None, day=date(2026, 11, 16)).count() == 2


def test_a_confirmation_from_before_midnight_that_reached_us_after_it_is_no_break(books):
    call = confirmed(books, datetime(2026, 11, 17, 5, 0, 10, tzinfo=UTC))  # ten seconds into Tuesday
    for custodian, lines in (("meridian", [line(call)]), ("tidewater", [])):
        send(custodian, HALF_PAST_SIX, statement(*lines))
    pass_time(TUESDAY)
    for custodian in ("meridian", "tidewater"):
        send(custodian, HALF_PAST_SIX + DAY, statement(day="2026-11-17"))
    pass_time(TUESDAY + DAY)
    assert (breaks(), Statement.objects.exclude(compared_at=None).count()) == ([], 4)


def test_days_on_which_nothing_ran_are_made_up_for(books):
    pass_time(TUESDAY)
    for day in ("2026-11-17", "2026-11-18"):
        send("meridian", TUESDAY + 2 * DAY - timedelta(minutes=1), statement(day=day))
    pass_time(TUESDAY + 2 * DAY)  # on Thursday, and nobody looked on Wednesday
    waited = Statement.objects.filter(connector__code="meridian").order_by("day")
    assert [(one.day.day, one.compared_at is not None) for one in waited] == [(16, False), (17, True), (18, True)]


def test_a_break_is_worked_until_both_sides_agree(books):
    call = confirmed(books, MONDAY_NOON)
    send("meridian", HALF_PAST_SIX, statement(line(call, amount="1.00")))
    pass_time(TUESDAY)
    order, grace = order_of(Break.objects.get()), Actor.of(books.tia)
    for answers in (
        {"break_next": "custodian", "break_cause": "custodian_error", "break_finding": "A digit was lost."},
        {"correction_contact": "Lee, operations desk"},
    ):
        item = order.work_items.exclude(state="completed").get()
        work.claim(item.public_id, actor=grace, now=TUESDAY + timedelta(hours=3))
        work.complete(item.public_id, answers=answers, actor=grace, now=TUESDAY + timedelta(hours=4))
    order.refresh_from_db()
    assert order.state == "completed"
    assert order.milestones.filter(reached_at=None).count() == 0


def test_a_statement_of_a_system_that_is_to_send_none_is_set_aside(books):
    Connector.objects.filter(code="meridian").update(settings={})
    assert send("meridian", TUESDAY, statement()).outcome == "unknown"
    assert not Statement.objects.filter(connector__code="meridian").exclude(received_at=None).exists()
    assert InboxMessage.objects.get().handled_at == TUESDAY


@pytest.mark.parametrize("when", [TUESDAY + 4 * DAY, TUESDAY + 5 * DAY])  # Saturday, Sunday
def test_nothing_runs_on_a_day_without_work(books, when):
    pass_time(TUESDAY + 3 * DAY)
    before = run_of_today()
    pass_time(when)
    assert run_of_today() == before
