"""The nightly check: its result is a fact, whatever it is, and the queue runs it once a night."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django_q.models import Schedule

from audit.models import Entry
from audit.schedules import keep_schedules
from audit.tasks import check_invariants
from tests.firm import address_change

CHECKED = "audit.invariants.checked"


def test_what_holds_is_put_on_record(firm, now):
    address_change(firm, now)
    assert check_invariants(now) is True
    entry = Entry.objects.get(fact=CHECKED)
    assert (entry.happened_at, entry.data["ok"], entry.data["violations"]) == (now, True, [])
    assert set(entry.data["checked"]) == {f"I{number}" for number in range(1, 14)}


def test_what_does_not_hold_is_put_on_record_with_its_rows(firm, now):
    order = address_change(firm, now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET state = 'waiting_on_client' WHERE id = %s", [order.pk])
    assert check_invariants(now) is False
    (violation,) = Entry.objects.get(fact=CHECKED).data["violations"]
    assert violation["id"] == "I2"
    assert order.public_id.hex in violation["rows"][0]


def test_it_is_begun_at_its_hour_and_may_take_minutes(db):
    morning = datetime(2026, 11, 16, 9, tzinfo=UTC)
    keep_schedules(morning)
    row = Schedule.objects.get(func="audit.tasks.check_invariants")
    assert row.next_run == datetime(2026, 11, 17, 5, tzinfo=UTC)
    assert row.calculate_next_run() - row.next_run == timedelta(days=1)
    assert row.kwargs == "{'q_options': {'timeout': 540}}"
    keep_schedules(morning + timedelta(days=3))
    assert Schedule.objects.get(func="audit.tasks.check_invariants").next_run == row.next_run
