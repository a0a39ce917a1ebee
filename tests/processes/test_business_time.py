"""Timers count in a business calendar; a completed task costs the engine few statements."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.actors import Actor
from processes.models import Timer
from processes.outside import business_moment
from tests.firm import open_item
from tests.processes.drawings import drawn, open_nodes, order_of, put_in_force, work_at
from tests.processes.engine.bpmn import element, end, path, start
from work import actions as work

FRIDAY = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # 15:00 in New York


@pytest.mark.parametrize(
    ("duration", "due"),
    [
        ("same_day", datetime(2026, 11, 20, 21, 0, tzinfo=UTC)),
        ("1bd", datetime(2026, 11, 23, 21, 0, tzinfo=UTC)),
        ("P1D", datetime(2026, 11, 23, 21, 0, tzinfo=UTC)),
        ("PT2H", datetime(2026, 11, 23, 15, 30, tzinfo=UTC)),
        ("T07:00/1bd", datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        ("T16:30/1bd", datetime(2026, 11, 20, 21, 30, tzinfo=UTC)),
        ("T07:00/3bd", datetime(2026, 11, 25, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_duration_counts_while_the_exchange_is_open(db, duration, due):
    assert business_moment("NYSE", FRIDAY, duration) == due


def test_what_is_no_business_time_is_refused(db):
    with pytest.raises(ValueError, match="soon"):
        business_moment("NYSE", FRIDAY, "soon")


def test_a_boundary_timer_counts_in_its_calendar(firm, now):
    counted = "<bpmn:timeDuration tl:calendar='NYSE'>3bd</bpmn:timeDuration>"
    inner = f"<bpmn:timerEventDefinition>{counted}</bpmn:timerEventDefinition>"
    boundary = element("boundaryEvent", "late", inner, attachedToRef="look")
    xml = drawn(
        start(),
        work_at("look"),
        end(),
        boundary,
        end("given_up"),
        path("start -> look -> end"),
        path("late -> given_up"),
    )
    put_in_force(firm, "main", xml, now)
    order_of(firm, "main", now)
    assert Timer.objects.get().due_at == datetime(2026, 11, 19, 21, 0, tzinfo=UTC)


def test_a_completed_task_costs_the_engine_few_statements(firm, now):
    xml = drawn(start(), work_at("look"), work_at("book"), end(), path("start -> look -> book -> end"))
    put_in_force(firm, "main", xml, now)
    order = order_of(firm, "main", now)
    item = open_item(order)
    work.claim(item.public_id, actor=Actor.of(firm.dee), now=now)
    dee = Actor.of(User.objects.get(pk=firm.dee.pk))
    with CaptureQueriesContext(
        connection,
    ) as taken:
        work.complete(item.public_id, answers={}, actor=dee, now=now + timedelta(minutes=1))
    assert open_nodes(order) == ["book"]
    asked = [one["sql"] for one in taken.captured_queries if "SAVEPOINT" not in one["sql"]]
    of_engine = [sql for sql in asked if '"processes_' in sql]
    assert len(of_engine) == 2, of_engine  # lock the instance, store it
    assert len(asked) <= 21, asked  # with rights, locks, two items with their history, three entries, and clocks
