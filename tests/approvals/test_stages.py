"""Tiers at once and several signatures of one role: stages open when the one before is complete."""

import pytest
from django.db import IntegrityError, transaction

from approvals.invariants import approvers_are_distinct, steps_follow_from_entries
from approvals.models import Decision, Tier
from approvals.queries import waiting_for
from approvals.refusals import AlreadyDecided, FourEyes
from audit.actors import Actor
from processes.models import Instance
from tests.approvals.transfers import decide, done, governed, items_of, request_of, validated
from work import actions as work
from work.models import WorkItem

LARGE = {"amount": "2000000.01"}
TWO_LEADS = '["operations_analyst", "team_lead", "team_lead"]'
ALL = '["operations_analyst", "team_lead", "operations_manager", "compliance"]'


def asked(order):
    return [(item.role, item.tier, item.seat) for item in items_of(order)]


def outcome(order):
    return Instance.objects.get(pk=order.process_id).state["variables"].get("approval")


def sound():
    return [*approvers_are_distinct().violations, *steps_follow_from_entries().violations]


def test_tiers_of_one_stage_are_open_at_once_and_the_next_opens_when_both_signed(firm, now):
    governed(firm, now, roles=ALL, together='["team_lead", "compliance"]')
    order = validated(firm, now, **LARGE)
    assert asked(order) == [("team_lead", 1, 1), ("compliance", 2, 1)]
    lead, review = items_of(order)
    decide(review, firm.fay, now)
    assert asked(order) == [("team_lead", 1, 1)]
    decide(lead, firm.eve, now)
    assert asked(order) == [("operations_manager", 3, 1)]
    decide(items_of(order)[0], firm.max, now)
    assert (request_of(order).state, outcome(order)) == ("approved", "approved")
    assert sound() == []


def test_a_tier_needs_as_many_people_as_its_role_is_named(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    order = validated(firm, now, **LARGE)
    first, second = items_of(order)
    assert asked(order) == [("team_lead", 1, 1), ("team_lead", 1, 2)]
    decide(second, firm.eve, now)
    assert request_of(order).state == "open"
    with pytest.raises(FourEyes):
        decide(first, firm.eve, now)
    decide(first, firm.omar, now)
    assert (request_of(order).state, outcome(order)) == ("approved", "approved")
    assert sound() == []


def test_who_signed_one_of_two_finds_the_other_no_more_among_their_decisions(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    order = validated(firm, now, **LARGE)
    first, second = items_of(order)
    decide(first, firm.eve, now)
    assert second not in waiting_for(firm.eve, now)
    assert second in waiting_for(firm.omar, now)


@pytest.mark.parametrize("choice", ["reject", "more_information"])
def test_one_no_ends_the_request_at_once_and_calls_the_others_off(firm, now, choice):
    governed(firm, now, roles=TWO_LEADS)
    order = validated(firm, now, **LARGE)
    first, second = items_of(order)
    work.claim(second.public_id, actor=Actor.of(firm.omar), now=now)
    decide(first, firm.eve, now, choice=choice)
    second.refresh_from_db()
    assert (second.state, second.holder) == ("cancelled", None)
    assert request_of(order).state in ("rejected", "returned")
    with pytest.raises(AlreadyDecided):
        decide(second, firm.omar, now)
    assert sound() == []


def test_after_a_question_all_seats_are_asked_again(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    order = validated(firm, now, **LARGE)
    first, second = items_of(order)
    decide(first, firm.eve, now)
    decide(second, firm.omar, now, choice="more_information")
    done(items_of(order)[0], firm.tia, now, transfer_check="valid")
    assert asked(order) == [("team_lead", 1, 1), ("team_lead", 1, 2)]
    assert request_of(order).decisions.count() == 0


def test_each_seat_has_a_clock_of_its_own(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    order = validated(firm, now, **LARGE)
    clocks = [item.clocks.filter(kind="decision").count() for item in items_of(order)]
    assert clocks == [1, 1]


def test_the_database_keeps_one_decision_a_seat_and_one_seat_a_person(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    order = validated(firm, now, **LARGE)
    first, second = items_of(order)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkItem.objects.filter(pk=second.pk).update(seat=1)
    decide(first, firm.eve, now)
    request = request_of(order)
    about = {"request": request, "choice": "approve", "reason": "x", "decided_at": now}
    taken, free = request.tiers.get(seat=1), request.tiers.get(seat=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(tier=taken, by=firm.omar, **about)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(tier=free, by=firm.eve, **about)
    with pytest.raises(IntegrityError), transaction.atomic():
        Tier.objects.create(request=request, number=1, seat=2, role="team_lead")
    with pytest.raises(IntegrityError), transaction.atomic():
        Tier.objects.filter(pk=free.pk).update(removed_at=now)  # a rule asks for it


def test_an_approval_that_did_not_hear_everybody_is_found(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    order = validated(firm, now, **LARGE)
    decide(items_of(order)[0], firm.eve, now)
    decide(items_of(order)[0], firm.omar, now)
    Decision.objects.filter(by=firm.omar).delete()
    assert any("a tier did not approve" in found.what for found in sound())
