"""Nobody approves what they had a hand in, whatever roles they hold and in whatever order things happen."""

import random

import pytest
from django.contrib.auth.models import Group

from accounts.authority import forget
from approvals.models import Decision
from approvals.refusals import FourEyes
from audit.actors import Actor
from audit.refusals import Refusal
from orders.models import Order
from tests.approvals.transfers import decide, done, ordered, validated
from tests.firm import open_item
from work import actions as work
from work.models import WorkItem


def also(user, *roles):
    """Give a person further roles; a lead's as it is held in transfers."""
    groups = [f"role:{role}" for role in roles] + ["lead:transfers"] * ("team_lead" in roles)
    user.groups.add(*Group.objects.filter(name__in=groups))
    forget(user)


def test_the_preparer_with_the_leads_role_cannot_sign(firm, now):
    also(firm.tia, "team_lead")
    item = open_item(validated(firm, now))
    with pytest.raises(FourEyes, match="you prepared it"):
        decide(item, firm.tia, now)


def test_every_earlier_preparer_is_barred_not_only_the_last(firm, now):
    also(firm.tia, "team_lead")
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now, choice="more_information")
    done(open_item(order), firm.omar, now, transfer_check="valid")
    for who in (firm.tia, firm.omar):
        with pytest.raises(FourEyes):
            decide(open_item(order), who, now)
    decide(open_item(order), firm.eve, now)


def test_who_placed_the_order_for_the_client_cannot_sign(firm, now):
    item = open_item(validated(firm, now, by=firm.omar))
    with pytest.raises(FourEyes, match="you placed the order"):
        decide(item, firm.omar, now)


def test_two_roles_sign_one_tier(firm, now):
    also(firm.max, "team_lead")
    order = validated(firm, now, amount="2000000.01")
    decide(open_item(order), firm.max, now)
    with pytest.raises(FourEyes, match="you signed another tier"):
        decide(open_item(order), firm.max, now)


def test_the_barred_cannot_even_claim_or_be_given_the_item(firm, now):
    item = open_item(validated(firm, now, by=firm.omar))
    with pytest.raises(FourEyes, match="you placed the order"):
        work.claim(item.public_id, actor=Actor.of(firm.omar), now=now)
    with pytest.raises(FourEyes, match="Omar Haddad placed the order"):
        work.assign(item.public_id, to=firm.omar, actor=Actor.of(firm.max), now=now)
    item.refresh_from_db()
    assert (item.state, item.holder) == ("queued", None)
    assert work.claim(item.public_id, actor=Actor.of(firm.eve), now=now).holder == firm.eve


MOVES = ["claim", "release", "complete", "approve", "reject", "more_information"]


def try_move(move, item, who, now):
    actor = {"actor": Actor.of(who), "now": now}
    match move:
        case "claim":
            work.claim(item.public_id, **actor)
        case "release":
            work.release(item.public_id, reason="Later.", **actor)
        case "complete":
            work.complete(item.public_id, answers={"transfer_check": "valid"}, **actor)
        case _:
            decide(item, who, now, choice=move)


def signed_by_those_who_took_part(order):
    prepared = set(WorkItem.objects.filter(order=order, kind="work").values_list("completed_by_id", flat=True))
    barred = prepared | {order.placed_by_id}
    requests = order.approval_requests.all()
    return [
        (decision, request)
        for request in requests
        for decision in Decision.objects.filter(request=request)
        if decision.by_id in barred and _took_part_before(decision, order)
    ]


def _took_part_before(decision, order):
    if decision.by_id == order.placed_by_id:
        return True
    done_before = WorkItem.objects.filter(order=order, kind="work", completed_by=decision.by)
    return done_before.filter(ended_at__lt=decision.decided_at).exists()


@pytest.mark.parametrize("seed", range(12))
def test_no_walk_ends_in_a_self_approval(firm, now, seed):
    """Four people with every role try anything at random on one large transfer."""
    chance = random.Random(seed)  # noqa: S311
    crew = [firm.tia, firm.omar, firm.eve, firm.max]
    for person in crew:
        also(person, "team_lead", "operations_manager")
        person.groups.add(Group.objects.get(name="team:transfers"))
        person.skills = ["transfers"]
        forget(person)
    placer = chance.choice([firm.ana, firm.omar, firm.tia])
    order = ordered(firm, now, amount="2000000.01", by=placer)
    for step in range(60):
        at = now.replace(minute=step)
        items = list(WorkItem.objects.filter(order=order).order_by("pk"))
        try:
            try_move(chance.choice(MOVES), chance.choice(items[-2:]), chance.choice(crew), at)
        except Refusal:
            continue
    order = Order.objects.get(pk=order.pk)
    assert signed_by_those_who_took_part(order) == []
    for request in order.approval_requests.all():
        signers = list(request.decisions.values_list("by_id", flat=True))
        assert len(signers) == len(set(signers))
        assert request.state != "approved" or len(signers) == 2
