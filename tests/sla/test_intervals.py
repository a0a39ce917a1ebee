"""The interval of a tier: when it passes and nobody acts, the next tier is told; exactly once, in business time."""

import copy
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Client
from audit.actors import Actor
from audit.models import Entry
from rulebook import actions as rulebook
from rulebook.models import Table, TableVersion
from rulebook.queries import forget
from rulebook.refusals import TableWrong
from sla.actions import check_clock
from sla.models import Escalation
from sla.tasks import sweep
from tests.firm import address_change, open_item
from tests.sla.played import clock_of, finish, full_transfer
from tests.sla.test_clocks import DUE, RED, YELLOW, answered, asked_for_proof
from work import actions as work

TWO_HOURS, INSTANT = timedelta(hours=2), timedelta(microseconds=1)  # the demo's first tier gives two business hours


def tiers(clock):
    return list(Escalation.objects.filter(clock=clock).order_by("tier").values_list("tier", flat=True))


@pytest.fixture
def yellow(firm, now):
    """An order whose first tier was told just when it came at risk."""
    order = address_change(firm, now)
    sweep(YELLOW)
    return order


def claim(order, who, when):
    work.claim(open_item(order).public_id, actor=Actor.of(who), now=when)


def test_the_next_tier_is_told_when_the_interval_has_passed_and_not_before(yellow):
    assert sweep(YELLOW + TWO_HOURS - INSTANT) == 0
    assert tiers(clock_of(yellow)) == [1]
    assert sweep(YELLOW + TWO_HOURS) == 1
    told = Escalation.objects.get(clock=clock_of(yellow), tier=2)
    assert (told.to.username, told.due_at, told.happened_at) == ("evelyn", YELLOW + TWO_HOURS, YELLOW + TWO_HOURS)
    entry = Entry.objects.get(fact="sla.escalation.raised", subject=f"sla.escalation:{told.pk}")
    assert {name: entry.data[name] for name in ("tier", "band", "says", "waited")} == {
        "tier": 2,
        "band": "yellow",
        "says": "intervene",
        "waited": "PT2H",
    }


def test_up_the_chain_each_tier_waits_for_the_interval_of_the_one_before(yellow):
    for minutes in range(0, 5 * 60, 15):
        sweep(YELLOW + timedelta(minutes=minutes))
    told = Escalation.objects.filter(clock=clock_of(yellow)).order_by("tier").values_list("tier", "happened_at")
    assert list(told) == [(1, YELLOW), (2, YELLOW + TWO_HOURS), (3, YELLOW + 2 * TWO_HOURS)]


def test_a_tier_that_its_interval_told_is_not_told_again_by_the_band(yellow):
    for moment in (YELLOW + TWO_HOURS, YELLOW + 2 * TWO_HOURS, RED, RED, DUE + INSTANT, DUE + timedelta(days=5)):
        sweep(moment)
    assert tiers(clock_of(yellow)) == [1, 2, 3]
    assert clock_of(yellow).next_check_at is None


def test_somebody_who_takes_it_has_the_interval_from_then_on(yellow, firm):
    claim(yellow, firm.dee, YELLOW + timedelta(hours=1))
    assert sweep(YELLOW + TWO_HOURS) == 0
    assert clock_of(yellow).next_check_at == YELLOW + timedelta(hours=3)
    assert sweep(YELLOW + timedelta(hours=3)) == 1
    assert tiers(clock_of(yellow)) == [1, 2]


def test_a_lead_who_gives_it_to_somebody_has_acted(yellow, firm):
    item = open_item(yellow).public_id
    work.assign(item, to=firm.dee, actor=Actor.of(firm.eve), now=YELLOW + timedelta(hours=1))
    assert sweep(YELLOW + TWO_HOURS) == 0
    assert tiers(clock_of(yellow)) == [1]


def test_who_gives_it_back_does_not_hold_up_the_next_tier(yellow, firm):
    claim(yellow, firm.dee, YELLOW + timedelta(minutes=10))
    item = open_item(yellow).public_id
    work.release(item, reason="Not mine.", actor=Actor.of(firm.dee), now=YELLOW + timedelta(minutes=20))
    assert sweep(YELLOW + TWO_HOURS) == 1
    assert tiers(clock_of(yellow)) == [1, 2]


def test_work_that_is_done_or_called_off_escalates_no_more(yellow, firm):
    finish(yellow, firm.dee, YELLOW + timedelta(hours=1))
    clock = clock_of(yellow)
    assert (clock.next_check_at, clock.escalates_at) == (None, None)
    assert sweep(YELLOW + timedelta(days=9)) == 0


def test_the_interval_is_business_time_of_the_targets_calendar(firm, now):
    order = full_transfer(firm, now)
    told_at, next_day = at("2026-11-18T21:00"), at("2026-11-19T15:00")  # Wednesday 16:00, Thursday 10:00 in New York
    sweep(told_at)
    clock = clock_of(order, "service", "validate_transfer")
    assert tiers(clock) == [1]
    sweep(next_day - INSTANT)
    assert tiers(clock) == [1]
    sweep(next_day)
    assert tiers(clock) == [1, 2]


def test_a_pause_moves_the_moment_by_the_business_time_that_it_covers(yellow, firm):
    request = asked_for_proof(yellow, firm, YELLOW + timedelta(hours=1))
    assert sweep(YELLOW + timedelta(hours=3)) == 0
    answered(request, firm, YELLOW + timedelta(days=1, hours=1))  # a business day later
    assert sweep(YELLOW + timedelta(days=1, hours=2) - INSTANT) == 0
    assert sweep(YELLOW + timedelta(days=1, hours=2)) == 1
    assert tiers(clock_of(yellow)) == [1, 2]


def test_the_last_tier_is_for_whom_it_concerns(firm, now):
    Client.objects.filter(pk=firm.ana_client.pk).update(tier="private")
    order = full_transfer(firm, now)
    clock = clock_of(order)
    for hours in range(40):
        sweep(clock.yellow_at + timedelta(hours=hours))
    assert tiers(clock) == [1, 2, 3, 4]
    assert clock_of(order).state == "running"


def test_after_a_breach_the_chain_goes_on(firm, now):
    order = address_change(firm, now)
    _changed_table({"E4": {}, "E5": {}, "E6": {"when": {"band": '"breached"', "actively_worked": "false"}}})
    claim(order, firm.dee, DUE - timedelta(minutes=30))
    sweep(DUE + timedelta(minutes=1))
    assert (clock_of(order).state, tiers(clock_of(order))) == ("breached", [1, 2, 3])
    four_hours_later = at("2026-11-18T18:00")  # Wednesday 13:00 in New York: it was told after the close
    assert sweep(four_hours_later - INSTANT) == 0
    assert sweep(four_hours_later) == 1
    assert tiers(clock_of(order)) == [1, 2, 3, 4]


def test_after_an_outage_the_tier_was_due_at_its_moment_and_gives_its_own_interval_from_now(yellow):
    assert sweep(late := YELLOW + TWO_HOURS + timedelta(minutes=15)) == 1
    told = Escalation.objects.get(clock=clock_of(yellow), tier=2)
    assert (told.due_at, told.happened_at) == (YELLOW + TWO_HOURS, late)
    assert sweep(late + TWO_HOURS - INSTANT) == 0
    assert tiers(clock_of(yellow)) == [1, 2]


def test_a_tier_told_by_its_interval_costs_a_fixed_number_of_statements(yellow):
    with CaptureQueriesContext(connection) as captured:
        assert check_clock(clock_of(yellow).pk, actor=Actor.system("test"), now=YELLOW + TWO_HOURS)
    assert len(captured) == 15  # two of them begin and end the transaction, one asks who is away


@pytest.mark.parametrize("interval", ['"soon"', '"2"', "5", '"-PT2H"', '"PT0S"', '"3bd "'])
def test_an_interval_that_is_none_is_refused_when_it_is_written(firm, now, interval):
    table = Table.objects.get(key="sla_escalation")
    body = copy.deepcopy(TableVersion.objects.get(table=table, state="in_force").body)
    body["rules"][0]["then"]["interval"] = interval
    with pytest.raises(TableWrong) as refused:
        rulebook.draft_version(table, body=body, actor=Actor.of(firm.alan), now=now)
    assert list(refused.value.fields) == ["E1.interval"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+00:00")


def _changed_table(rules: dict) -> None:
    """The escalation table in force with some rows changed; an empty change keeps the row as it is."""
    version = TableVersion.objects.get(table__key="sla_escalation", state="in_force")
    for row in version.body["rules"]:
        row.update(rules.get(row["id"], {}))
    version.save(update_fields=["body"])
    forget()
