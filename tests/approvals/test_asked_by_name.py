"""Somebody who was asked by name to sign too: they do it themselves, or whom they lent their authority to in advance.

Nobody of their role signs in their place; that they are missing is told to whoever asked them, who replaces them.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from approvals.invariants import approvers_are_distinct, steps_follow_from_entries
from approvals.models import Decision, Tier
from approvals.queries import package, people_to_add, waiting_for
from approvals.refusals import AskedByName, FourEyes, NoSigner, NotYourSigner
from approvals.signers import remove_signer
from audit.actors import Actor
from audit.models import Entry
from audit.tasks import deliver
from notifications.models import Notice
from sla.models import Clock
from sla.tasks import sweep
from tests.accounts.test_absences import away
from tests.accounts.test_delegating import lend
from tests.approvals.test_signers import add, item_for, open_item_of
from tests.approvals.test_time_outs import told
from tests.approvals.transfers import decide, items_of, request_of, validated
from tests.firm import open_item
from work import actions as work
from work.models import WorkItem
from work.refusals import NotYours

DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)


@pytest.fixture
def order(firm, now):
    """Fay is asked by name beside the team lead."""
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.fay)
    return order


def fresh(user):
    return User.objects.get(pk=user.pk)


def reviewer(user):
    """The person as one of compliance, as the next request reads them."""
    user.groups.add(*Group.objects.filter(name__in=["role:compliance", "team:compliance"]))
    return fresh(user)


def sound():
    return [*approvers_are_distinct().violations, *steps_follow_from_entries().violations]


def released(firm, order, now):
    """Fay gave it back, so that it lies in the queue of her role."""
    item = item_for(order, firm.fay)
    work.release(item.public_id, reason="Away tomorrow.", actor=Actor.of(firm.fay), now=now)
    return WorkItem.objects.get(pk=item.pk)


def test_nobody_else_of_the_role_signs_claims_or_finds_it_among_their_decisions(firm, now, order):
    dov = reviewer(firm.dov)
    item = released(firm, order, now)
    with pytest.raises(AskedByName, match="Fay Lindqvist"):
        decide(item, dov, now)
    with pytest.raises(AskedByName):
        work.claim(item.public_id, actor=Actor.of(dov), now=now)
    with pytest.raises(AskedByName):
        work.assign(item.public_id, to=dov, actor=Actor.of(firm.rob), now=now)
    assert item not in waiting_for(dov, now)
    assert item in waiting_for(fresh(firm.fay), now)
    seen = package(item, dov, now)
    assert (seen.can_decide, seen.barred, seen.for_whom) == (False, "asked", firm.fay)
    decide(item, firm.fay, now)
    assert sound() == []


def test_nor_does_the_role_above_once_it_presses(firm, now, order):
    item = released(firm, order, now)
    WorkItem.objects.filter(pk=item.pk).update(band="red")
    rob = fresh(firm.rob)
    assert item not in waiting_for(rob, now)
    with pytest.raises(AskedByName):
        decide(item, rob, now)


def test_whom_they_lent_their_authority_to_signs_though_it_was_given_to_them(firm, now, order):
    lend(firm.fay, firm.dee, now)
    item, dee = item_for(order, firm.fay), fresh(firm.dee)
    assert item in waiting_for(dee, now)
    assert (package(item, dee, now).can_decide, package(item, dee, now).for_whom) == (True, firm.fay)
    decision = decide(item, dee, now)
    assert (decision.by, decision.on_behalf_of) == (firm.dee, firm.fay)
    decide(open_item_of(order, "team_lead"), firm.eve, now)
    assert request_of(order).state == "approved"
    assert sound() == []


def test_not_once_they_began_themselves(firm, now, order):
    lend(firm.fay, firm.dee, now)
    item, dee = item_for(order, firm.fay), fresh(firm.dee)
    work.start(item.public_id, actor=Actor.of(firm.fay), now=now)
    assert not package(WorkItem.objects.get(pk=item.pk), dee, now).can_decide
    with pytest.raises(NotYours):
        decide(item, dee, now)


def test_what_another_of_the_role_lends_counts_for_nothing_here(firm, now, order):
    lend(reviewer(firm.dov), firm.dee, now)
    item, dee = released(firm, order, now), fresh(firm.dee)
    assert item not in waiting_for(dee, now)
    with pytest.raises(AskedByName):
        decide(item, dee, now)


def test_who_signed_another_tier_does_not_sign_for_them(firm, now, order):
    lend(firm.fay, firm.eve, now)
    decide(open_item_of(order, "team_lead"), firm.eve, now)
    with pytest.raises(FourEyes):
        decide(item_for(order, firm.fay), fresh(firm.eve), now)


def clock_of(item):
    return Clock.objects.get(work_item=item, kind="decision")


def test_their_time_out_reminds_tells_above_and_then_whoever_asked_them(firm, now, order):
    item = item_for(order, firm.fay)
    decide(open_item_of(order, "team_lead"), firm.eve, now)
    at = clock_of(item).due_at + MICROSECOND
    for _time in range(2):
        sweep(at)
        deliver(at)
    assert told(order) == [(1, "holder", "fay"), (2, "manager", "robert"), (3, "alternate", None)]
    assert item_for(order, firm.fay) == item  # nobody took her place
    entry = Entry.objects.get(fact="approvals.tier.stranded")
    assert entry.data["to"] == firm.eve.pk
    notice = Notice.objects.get(template="signer_missing", channel="inbox")
    assert (notice.recipient, notice.url) == (firm.eve, f"/staff/orders/{order.number}/")


def test_a_delegate_of_theirs_is_given_it_then(firm, now, order):
    lend(firm.fay, firm.dee, now, ends=now + 9 * DAY)
    at = clock_of(item_for(order, firm.fay)).due_at + MICROSECOND
    sweep(at)
    assert item_for(order, firm.dee)
    assert not Entry.objects.filter(fact="approvals.tier.stranded", data__has_key="to").exists()


def replace(order, item, who, now, instead, reason="Fay is away."):
    about = {"tier": item.tier, "seat": item.seat, "reason": reason, "instead": instead.pk}
    return remove_signer(request_of(order).public_id, **about, actor=Actor.of(who), now=now)


def test_whoever_asked_them_asks_somebody_else_instead(firm, now, order):
    decide(open_item_of(order, "team_lead"), firm.eve, now)
    item = item_for(order, firm.fay)
    with pytest.raises(NotYourSigner):
        replace(order, item, firm.max, now, firm.rob)
    for unfit in (firm.tia, firm.fay):
        with pytest.raises(NoSigner):
            replace(order, item, firm.eve, now, unfit)
    replace(order, item, firm.eve, now, firm.max)
    assert [each.holder for each in items_of(order)] == [firm.max]
    assert request_of(order).state == "open"
    new = Tier.objects.get(work_item=items_of(order)[0])
    assert (new.asked, new.added_by, new.stage) == (firm.max, firm.eve, 1)
    decide(items_of(order)[0], firm.max, now)
    assert request_of(order).state == "approved"
    assert sound() == []


def test_of_any_one_the_new_one_is_one_of_them(firm, now):
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.fay, firm.max, any_of=True)
    replace(order, item_for(order, firm.fay), firm.eve, now, firm.omar)
    decide(open_item_of_person(order, firm.omar), firm.omar, now)
    assert not WorkItem.objects.open().filter(order=order, holder=firm.max).exists()
    decide(items_of(order)[0], firm.eve, now)
    assert request_of(order).state == "approved"
    assert sound() == []


def open_item_of_person(order, person):
    return WorkItem.objects.open().get(order=order, holder=person)


def test_nobody_who_is_away_is_asked(firm, now):
    order = validated(firm, now)
    assert firm.fay in {person for person, _role in people_to_add(request_of(order), firm.eve, now)}
    away(firm.fay, now, ends=now + DAY)
    assert firm.fay not in {person for person, _role in people_to_add(request_of(order), firm.eve, now)}
    with pytest.raises(NoSigner):
        add(open_item(order), firm.eve, now, firm.fay)


def test_asked_again_while_away_it_is_theirs_all_the_same(firm, now, order):
    """The order came back straight to its approval: nobody else could take it, and so it waits with them."""
    from approvals.taking_back import take_decision_back

    lead = open_item_of(order, "team_lead")
    decide(lead, firm.eve, now)
    away(firm.fay, now, ends=now + DAY)
    take_decision_back(lead.public_id, reason="Too quick.", actor=Actor.of(firm.eve), now=now)
    assert item_for(order, firm.fay).state == "assigned"


def test_the_invariant_finds_a_signature_of_somebody_else(firm, now, order):
    decision = decide(item_for(order, firm.fay), firm.fay, now)
    Tier.objects.filter(pk=decision.tier_id).update(asked=firm.rob)
    found = {violation.what for violation in approvers_are_distinct().violations}
    assert found == {"somebody signed in place of one who was asked by name"}
    assert Decision.objects.count() == 1
