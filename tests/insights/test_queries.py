"""Measures: what they count, for whom, and with how many statements."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.authority import held
from audit.actors import Actor
from insights import queries
from orders.actions import cancel_order, rate_order
from orders.models import Order
from sla.actions import explain_breach
from sla.models import Breach
from sla.tasks import sweep
from tests.firm import address_change, open_item
from tests.sla.played import finish, full_transfer
from work import actions as work


def cancel(order, now):
    cancel_order(order.public_id, reason="Not needed.", actor=Actor.system("test"), now=now)


def statements(measure, user):
    held(user, "oversee_branch")  # rights are read once a request
    with CaptureQueriesContext(connection) as captured:
        measure()
    return len(captured)


@pytest.fixture
def three(firm, now):
    """Three address changes: one done after two hours, one after four, one open and late."""
    orders = [address_change(firm, now, key=f"key-{number}") for number in range(3)]
    finish(orders[0], firm.dee, now + timedelta(hours=2))
    finish(orders[1], firm.dee, now + timedelta(hours=4))
    return orders


def test_stars_are_averaged_by_product_for_those_who_see_the_orders(firm, now, three):
    for order, stars in ((three[0], 5), (three[1], 2)):
        rate_order(order.public_id, stars=stars, actor=Actor.of(firm.ana), now=now + timedelta(days=1))
    since, until = now, now + timedelta(days=2)
    assert queries.ratings_by_product(firm.max, since, until) == {"address_change": queries.Rated(2, 3.5)}
    assert queries.ratings_by_product(firm.cora, since, until) == {}
    assert queries.ratings_by_product(firm.max, since, now + timedelta(days=1)) == {}  # given later
    assert statements(lambda: queries.ratings_by_product(firm.max, since, until), firm.max) == 1


def test_depth_counts_open_orders_by_product_and_band(firm, now, three):
    full_transfer(firm, now)
    sweep(now + timedelta(days=2))
    depth = {row.product: row.counts for row in queries.depth_by_product(firm.max, now + timedelta(days=2))}
    assert depth["address_change"] == {"green": 0, "yellow": 0, "red": 0, "breached": 1, "paused": 0, "none": 0}
    assert depth["full_acat"]["breached"] == 0
    assert sum(depth["full_acat"].values()) == 1


def test_depth_shows_only_what_the_person_may_see(firm, now, three):
    assert [row.product for row in queries.depth_by_product(firm.dee, now)] == ["address_change"]
    assert queries.depth_by_product(firm.cora, now) == []
    assert [row.total for row in queries.depth_by_product(firm.ana, now)] == [1]
    assert queries.depth_by_product(firm.bo, now) == []


def test_compliance_counts_the_kept_and_the_missed_once_each(firm, now, three):
    sweep(now + timedelta(days=2))
    finish(three[2], firm.dee, now + timedelta(days=3))
    (row,) = queries.compliance_by_product(firm.max, now, now + timedelta(days=7))
    assert (row.product, row.met, row.breached) == ("address_change", 2, 1)
    assert row.rate == pytest.approx(2 / 3)


def test_a_period_begins_with_its_first_instant_and_ends_before_its_last(firm, now, three):
    done = now + timedelta(hours=2)
    rows = queries.compliance_by_product(firm.max, done, done + timedelta(hours=2))
    assert [(row.met, row.breached) for row in rows] == [(1, 0)]


def test_orders_that_were_called_off_count_neither_way(firm, now):
    cancel(address_change(firm, now), now + timedelta(hours=1))
    assert queries.compliance_by_product(firm.max, now, now + timedelta(days=7)) == []


def test_the_trend_has_every_week_also_the_empty_ones(firm, now, three):
    sweep(now + timedelta(days=2))
    weeks = queries.compliance_trend(firm.max, now - timedelta(days=7), now + timedelta(days=7))
    assert [(week.monday, week.met, week.breached) for week in weeks] == [
        (date(2026, 11, 9), 0, 0),
        (date(2026, 11, 16), 2, 1),
        (date(2026, 11, 23), 0, 0),
    ]
    assert weeks[0].rate is None
    assert weeks[1].rate == pytest.approx(2 / 3)


def test_a_week_turns_at_midnight_where_the_person_is(firm, now, three):
    firm.max.timezone = "America/New_York"
    sunday_evening = now - timedelta(hours=12)  # Sunday 22:00 there, Monday 03:00 in UTC
    weeks = queries.throughput(firm.max, sunday_evening, now + timedelta(hours=1))
    assert [week.monday for week in weeks] == [date(2026, 11, 9), date(2026, 11, 16)]


def test_due_soon_puts_the_worst_band_first_then_what_is_due_first_then_what_is_urgent(firm, now):
    late = [address_change(firm, now, key=f"key-{number}") for number in range(4)]
    due = Order.objects.get(pk=late[0].pk).due_at
    Order.objects.filter(pk=late[0].pk).update(amount_minor=500_000_000, currency="JPY")  # no amount comes first
    Order.objects.filter(pk=late[1].pk).update(band="red")
    Order.objects.filter(pk=late[2].pk).update(priority=1)
    Order.objects.filter(pk=late[3].pk).update(due_at=due - timedelta(minutes=1))
    rows = queries.due_soon(firm.max, due - timedelta(hours=4))
    assert [row.number for row in rows] == [late[number].number for number in (1, 3, 2, 0)]
    assert rows[0].node["en"] == open_item(late[1]).name["en"]
    assert rows[0].holder == ""


def test_due_soon_looks_some_hours_ahead_and_shows_what_the_person_may_see(firm, now):
    due = Order.objects.get(pk=address_change(firm, now).pk).due_at
    assert len(queries.due_soon(firm.max, due - timedelta(hours=4))) == 1
    assert queries.due_soon(firm.max, due - timedelta(hours=4, microseconds=1)) == []
    assert queries.due_soon(firm.max, due) == []
    assert queries.due_soon(firm.bo, due - timedelta(hours=4)) == []


def test_due_soon_names_who_has_it(firm, now):
    order = address_change(firm, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.dee), now=now)
    due = Order.objects.get(pk=order.pk).due_at
    assert [row.holder for row in queries.due_soon(firm.eve, due - timedelta(hours=1))] == [firm.dee.display_name]


def test_breaches_without_a_cause_come_first_and_go_when_explained_and_done(firm, now):
    first, second = (address_change(firm, now, key=key) for key in ("a", "b"))
    sweep(later := now + timedelta(days=2))
    explained = Breach.objects.get(clock__order=first)
    explain_breach(explained.pk, cause="volume", explanation="A busy week.", actor=Actor.of(firm.eve), now=later)
    assert [row.number for row in queries.open_breaches(firm.max)] == [second.number, first.number]
    finish(first, firm.dee, later)
    assert [row.number for row in queries.open_breaches(firm.max)] == [second.number]
    assert queries.open_breaches(firm.cora) == []


@pytest.mark.parametrize(
    ("hours", "median", "ninetieth"),
    [([3], 3, 3), ([1, 3], 1, 3), ([5, 1, 3], 3, 5), ([1, 2, 3, 4], 2, 4), (range(1, 11), 5, 9), (range(1, 12), 6, 10)],
)
def test_cycle_time_takes_the_nearest_rank(firm, now, hours, median, ninetieth):
    for number, count in enumerate(hours):
        order = address_change(firm, now, key=f"key-{number}")
        ended = {"state": "completed", "ended_at": now + timedelta(hours=count)}
        Order.objects.filter(pk=order.pk).update(**ended)
    (row,) = queries.cycle_time(firm.max, now, now + timedelta(days=1))
    assert (row.orders, row.median, row.ninetieth) == (
        len(hours),
        timedelta(hours=median),
        timedelta(hours=ninetieth),
    )


def test_throughput_counts_what_came_and_how_it_ended(firm, now, three):
    cancel(three[2], now + timedelta(hours=5))
    (week,) = queries.throughput(firm.max, now, now + timedelta(days=1))
    assert (week.received, week.completed, week.rejected, week.cancelled) == (3, 2, 0, 1)
    assert queries.throughput(firm.bo, now, now + timedelta(days=1))[0].received == 0


def test_every_measure_states_its_number_of_statements(firm, now, three):
    sweep(later := now + timedelta(days=2))
    period = (firm.max, now, later + timedelta(days=7))
    assert statements(lambda: queries.depth_by_product(firm.max, later), firm.max) == 2
    assert statements(lambda: queries.compliance_by_product(*period), firm.max) == 3
    assert statements(lambda: queries.compliance_trend(*period), firm.max) == 2
    assert statements(lambda: queries.due_soon(firm.max, now, hours=100), firm.max) == 2
    assert statements(lambda: queries.open_breaches(firm.max), firm.max) == 1
    assert statements(lambda: queries.cycle_time(*period), firm.max) == 2
    assert statements(lambda: queries.throughput(*period), firm.max) == 2


def test_boards_are_for_leads_overseers_and_examiners(firm):
    assert [queries.oversees(user) for user in (firm.max, firm.eve, firm.judith)] == [True, True, True]
    assert [queries.oversees(user) for user in (firm.dee, firm.ana, firm.adam)] == [False, False, False]
