"""What everybody finds on their desk when the history ends, on whichever day and hour the demo is built."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.delegations import lent_to
from approvals.queries import waiting_for
from audit.actors import Actor
from audit.invariants import check_all
from audit.models import Entry
from demo import files
from demo.history import make_history
from demo.history.ending import CHANGE
from demo.load import Firm, change_a_rule
from orders.actions import repair_order
from orders.client_queries import lines_to_rate, open_lines, to_dos
from orders.models import Order
from portal_customer.decisions import waiting
from rulebook.models import TableVersion
from rulebook.queries import differences
from rulebook.tasks import put_in_force
from tests.conftest import MONDAY
from tests.firm import Cast
from work.models import WorkItem

ENDS = {  # all at least eight business days after the firm was built
    "a weekend": datetime(2026, 11, 29, 5, 0, tzinfo=UTC),
    "before work": datetime(2026, 12, 1, 12, 0, tzinfo=UTC),
    "an afternoon": datetime(2026, 12, 1, 19, 30, tzinfo=UTC),
}

pytestmark = pytest.mark.django_db


@pytest.fixture(params=ENDS.values(), ids=ENDS.keys())
def until(request: pytest.FixtureRequest, firm: Cast, settings: Any, tmp_path: Path) -> datetime:
    """A history of few orders that ends then."""
    settings.MEDIA_ROOT = tmp_path
    make_history(Firm.standing(MONDAY), until=request.param, seed=1, share=0.01)
    return request.param


def held_by(username: str) -> set[str]:
    return set(WorkItem.objects.open().filter(holder__username=username).values_list("state", flat=True))


def test_everybody_finds_something_on_their_desk_and_what_broke_can_be_repaired(firm: Cast, until: datetime) -> None:
    lines = open_lines(firm.ana, until, size=10)
    assert {"late", "new_date"} <= {line.status for line in lines}
    assert [str(todo.product["en"]) for todo in to_dos(firm.ana)] == ["Change of name"]
    assert lines_to_rate(firm.ana, until, size=2)
    assert [asked.is_approval for asked in waiting(firm.adam)] == [True]
    for who in (firm.eve, firm.omar, firm.max, firm.fay):
        assert waiting_for(who, until).exists(), who
    assert {"in_progress", "pending"} <= held_by("dana")
    queue = WorkItem.objects.open().filter(queue__code="transfers")
    assert {"queued", "assigned", "in_progress", "pending"} <= set(queue.values_list("state", flat=True))
    assert queue.filter(priority=2).exists()
    assert {"red", "breached"} <= set(Order.objects.open().values_list("band", flat=True))
    assert Entry.objects.filter(fact="orders.order.failed").count() == 1
    assert [violation for result in check_all() for violation in result.violations] == []
    (broken,) = Order.objects.filter(state="exception")
    repair_order(broken.public_id, reason="The link is up again.", actor=Actor.of(firm.max), now=until)
    assert Order.objects.get(pk=broken.pk).state == "in_progress"


def test_nothing_of_it_happens_in_a_history_too_short_for_it(firm: Cast, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_history(Firm.standing(MONDAY), until=MONDAY + timedelta(hours=6), seed=1, share=0.01)
    assert not Order.objects.filter(idempotency_key__startswith="story-").exists()


def test_each_story_is_told_in_the_order_of_time() -> None:
    for story in files.read_yaml("ending.yaml")["stories"]:
        moments = [(-step["at"][0], step["at"][1]) for step in story["steps"]]
        assert moments == sorted(moments), story["about"]
        assert all("09:00" <= clock < "17:00" and day < 0 for day, clock in moments), story["about"]


def test_a_target_is_changed_on_the_way_by_two_people(firm: Cast) -> None:
    standing = Firm.standing(MONDAY)
    change_a_rule(standing, **CHANGE, now=MONDAY)
    put_in_force(MONDAY)
    old, new = TableVersion.objects.filter(table__key="sla_targets").order_by("number")
    (difference,) = differences(old.body, new.body)
    assert (difference.rule, [column for column, *_texts in difference.cells]) == ("M4", ["cadence"])
    assert (old.state, new.state, new.maker, new.checker) == ("superseded", "in_force", firm.alan, firm.rob)


def test_somebody_signs_for_somebody_who_is_away(firm: Cast, until: datetime) -> None:
    assert [lent.delegator.username for lent in lent_to(firm.omar, until)] == ["evelyn"]
