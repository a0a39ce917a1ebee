"""A decision that nobody takes: a reminder, the approver's manager, then somebody else, each exactly once."""

from datetime import timedelta

from django.contrib.auth.models import Group

from accounts.authority import forget
from accounts.models import User
from approvals.queries import waiting_for
from audit.actors import Actor
from audit.models import Entry
from calendars.queries import calendar
from sla.invariants import each_escalation_once, steps_follow_from_entries
from sla.models import Breach, Clock, Escalation
from sla.rules import due_time
from sla.tasks import sweep
from tests.accounts.test_delegating import lend
from tests.approvals.test_four_eyes import also
from tests.approvals.transfers import THIRD, decide, request_of, validated
from tests.firm import open_item
from work import actions as work
from work.models import WorkItem

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def clock_of(order):
    return Clock.objects.get(work_item=open_item(order), kind="decision")


def told(order):
    rows = Escalation.objects.filter(clock__order=order, clock__kind="decision").order_by("tier")
    return [(row.tier, row.role, row.to.username if row.to else None) for row in rows]


def test_a_tier_is_measured_from_its_opening_on_the_business_calendar_of_the_branch(firm, now):
    late = now + timedelta(hours=5)  # 15:00 in New York, closed at 17:00
    order = validated(firm, late)
    clock, cal = clock_of(order), calendar("US-OFFICE")
    assert [clock.yellow_at, clock.red_at, clock.due_at] == [
        due_time(cal, late, span).due for span in ("PT2H", "PT4H", "PT8H")
    ]
    assert clock.red_at > late + 16 * HOUR  # overnight


def test_reminder_manager_reassignment_each_at_its_moment(firm, now):
    order = validated(firm, now)
    item = open_item(order)
    work.claim(item.public_id, actor=Actor.of(firm.omar), now=now)
    clock = clock_of(order)
    for before, at, expected in [
        ([], clock.yellow_at, [(1, "holder", "omar")]),
        ([(1, "holder", "omar")], clock.red_at, [(1, "holder", "omar"), (2, "manager", "helen")]),
    ]:
        sweep(at - MICROSECOND)
        assert told(order) == before
        sweep(at)
        assert told(order) == expected
    assert open_item(order).holder == firm.omar
    sweep(clock.due_at + MICROSECOND)
    assert told(order)[2:] == [(3, "alternate", None)]
    assert open_item(order).holder == firm.eve  # another holder of the role
    sweep(clock.due_at + DAY)
    assert len(told(order)) == 3
    decide(open_item(order), firm.eve, clock.due_at + DAY)
    assert (request_of(order).state, clock_of_any(order)) == ("approved", "met")


def clock_of_any(order):
    return Clock.objects.get(order=order, kind="decision").state


def test_swept_again_or_late_nothing_is_told_twice(firm, now):
    order = validated(firm, now)
    much_later = clock_of(order).due_at + 3 * DAY
    for _time in range(3):
        sweep(much_later)
    assert [tier for tier, *_who in told(order)] == [1, 2, 3]
    assert Entry.objects.filter(fact="work.item.assigned").count() == 1
    assert not each_escalation_once().violations
    assert not steps_follow_from_entries().violations


def test_a_delegate_comes_before_a_colleague(firm, now):
    lend(firm.omar, firm.dee, now, ends=now + 9 * DAY)
    order = validated(firm, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.omar), now=now)
    at = clock_of(order).due_at + MICROSECOND
    sweep(at)
    assert open_item(order).holder == firm.dee
    assert decide(open_item(order), firm.dee, at).on_behalf_of == firm.omar


def test_who_had_a_part_is_passed_over_and_then_the_next_higher_role_is_asked(firm, now):
    also(firm.tia, "team_lead")
    lend(firm.eve, firm.tia, now, ends=now + 9 * DAY)
    order = validated(firm, now, by=firm.omar)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.eve), now=now)
    at = clock_of(order).due_at + MICROSECOND
    sweep(at)
    assert open_item(order).holder == firm.max
    decide(open_item(order), firm.max, at)


def test_somebody_who_left_stops_no_chain(firm, now):
    order = validated(firm, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.omar), now=now)
    User.objects.filter(pk__in=[firm.omar.pk, firm.eve.pk]).update(is_active=False)
    sweep(clock_of(order).due_at + MICROSECOND)
    assert open_item(order).holder == firm.max


def test_where_there_is_nobody_that_is_on_record_and_the_item_stays(firm, now):
    order = validated(firm, now)
    for role in ("team_lead", "operations_manager"):
        Group.objects.get(name=f"role:{role}").user_set.clear()
    sweep(clock_of(order).due_at + MICROSECOND)
    assert Entry.objects.filter(fact="approvals.tier.stranded").count() == 1
    assert open_item(order).state == "queued"


def test_a_compliance_review_reaches_the_chief_compliance_officer(firm, now):
    order = validated(firm, now, **THIRD)
    decide(open_item(order), firm.eve, now)
    assert open_item(order).role == "compliance"
    sweep(clock_of(order).red_at)
    assert told(order)[-1] == (2, "manager", "robert")


def test_past_its_time_the_role_above_may_sign_and_no_breach_is_counted(firm, now):
    order = validated(firm, now)
    item, clock = open_item(order), clock_of(order)
    assert item not in waiting_for(firm.max, now)
    sweep(clock.red_at)
    assert item in waiting_for(firm.max, now)
    sweep(clock.due_at + MICROSECOND)
    assert not Breach.objects.filter(clock__kind="decision").exists()
    forget(firm.max)


def test_parking_a_decision_does_not_stop_its_time(firm, now):
    order = validated(firm, now)
    item = open_item(order)
    work.claim(item.public_id, actor=Actor.of(firm.omar), now=now)
    work.pend(item.public_id, reason="Asking around.", actor=Actor.of(firm.omar), now=now)
    at = clock_of(order).due_at + MICROSECOND
    sweep(at)
    assert open_item(order).holder == firm.eve


def test_a_decision_taken_in_time_tells_nobody(firm, now):
    order = validated(firm, now)
    clock = clock_of(order)
    decide(open_item(order), firm.eve, clock.yellow_at - MICROSECOND)
    sweep(clock.due_at + DAY)
    assert told(order) == []
    assert Clock.objects.get(pk=clock.pk).state == "met"


def test_an_item_without_a_decision_has_no_such_clock(firm, now):
    order = validated(firm, now)
    works = WorkItem.objects.filter(order=order, kind="work")
    assert not Clock.objects.filter(work_item__in=works, kind="decision").exists()
