"""Several sweepers at once: each step of a time-out happens once."""

from datetime import timedelta

from sla.models import Clock, Escalation
from tests.approvals.transfers import validated
from tests.races import in_processes, needs_row_locks
from work.models import WorkItem

pytestmark = needs_row_locks


def test_three_sweepers_reassign_once(firm, now):
    orders = [validated(firm, now, key=f"key-{number}") for number in range(4)]
    at = max(Clock.objects.filter(kind="decision").values_list("due_at", flat=True)) + timedelta(days=1)
    in_processes("sla.tasks.sweep", at, 3)
    for order in orders:
        tiers = Escalation.objects.filter(clock__order=order, clock__kind="decision").values_list("tier", flat=True)
        assert sorted(tiers) == [1, 2, 3]
        item = WorkItem.objects.open().get(order=order)
        assert item.history.filter(state="assigned").count() == 1
