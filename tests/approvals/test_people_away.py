"""Whoever is away is given no work, and neither asked for a decision nor told to see to one."""

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.refusals import PersonAway
from approvals.queries import waiting_for
from audit.actors import Actor
from sla.models import Clock, Escalation
from sla.tasks import sweep
from tests.accounts.test_absences import away
from tests.accounts.test_delegating import lend
from tests.approvals.transfers import THIRD, decide, validated
from tests.firm import address_change, open_item
from work import actions as work
from work.queries import people_for, workers

DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)


def clock_of(order):
    return Clock.objects.get(work_item=open_item(order), kind="decision")


def told(order, role):
    row = Escalation.objects.get(clock__order=order, clock__kind="decision", role=role)
    return row.to.username if row.to else None


def test_nothing_is_assigned_to_whoever_is_away_until_the_moment_they_are_back(firm, now):
    item = open_item(address_change(firm, now))
    away(firm.dee, now, ends=now + DAY)
    by = {"to": firm.dee, "actor": Actor.of(firm.eve)}
    with pytest.raises(PersonAway, match="Dana Whitfield is away"):
        work.assign(item.public_id, **by, now=now + DAY - MICROSECOND)
    assert work.assign(item.public_id, **by, now=now + DAY).holder == firm.dee


def test_they_stand_in_no_list_of_whom_to_give_it_to(firm, now):
    item = open_item(address_change(firm, now))
    away(firm.dee, now, ends=now + DAY)
    assert firm.dee not in people_for(item, now)
    assert firm.dee in people_for(item, now + DAY)
    assert firm.dee in workers(item.queue)


def test_whoever_comes_in_all_the_same_may_still_take_it(firm, now):
    item = open_item(address_change(firm, now))
    away(firm.dee, now)
    assert work.claim(item.public_id, actor=Actor.of(firm.dee), now=now).holder == firm.dee


def test_an_alternate_who_is_away_is_passed_over(firm, now):
    order = validated(firm, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.omar), now=now)
    due = clock_of(order).due_at
    away(firm.eve, now, ends=due + DAY)
    sweep(due + MICROSECOND)
    assert open_item(order).holder == firm.max  # the role above: the other lead is away


def test_a_delegate_who_is_away_is_passed_over(firm, now):
    order = validated(firm, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.omar), now=now)
    due = clock_of(order).due_at
    lend(firm.omar, firm.dov, now, ends=due + DAY)
    away(firm.dov, now, ends=due + DAY)
    sweep(due + MICROSECOND)
    assert open_item(order).holder == firm.eve


def test_with_everybody_away_it_is_nobodys_and_said_to_be(firm, now):
    order = validated(firm, now)
    due = clock_of(order).due_at
    for person in (firm.eve, firm.omar, firm.max):
        away(person, now, ends=due + DAY)
    sweep(due + MICROSECOND)
    assert open_item(order).holder is None


def test_the_officer_who_is_away_is_told_only_where_nobody_else_is_one(firm, now):
    order = validated(firm, now, **THIRD)
    decide(open_item(order), firm.eve, now)
    red = clock_of(order).red_at
    away(firm.rob, now, ends=red + DAY)
    sweep(red)
    assert told(order, "manager") == "robert"


def test_a_team_lead_who_is_away_is_not_told_of_a_late_step(firm, now):
    order = address_change(firm, now)
    lead = User.objects.get(username="evelyn")
    away(lead, now, ends=now + 20 * DAY)
    sweep(now + 10 * DAY)
    rows = Escalation.objects.filter(clock__order=order, role="team_lead")
    assert rows
    assert lead not in {row.to for row in rows}


def test_what_waits_for_them_they_still_see(firm, now):
    order = validated(firm, now)
    away(firm.eve, now)
    assert open_item(order) in waiting_for(firm.eve, now)
