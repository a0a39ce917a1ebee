"""Deciding for somebody else: under a delegation in force, within its limits, with both names on record."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from accounts.authority import forget
from accounts.delegating import revoke_delegation
from accounts.models import User
from accounts.refusals import DelegationOver
from approvals import access
from approvals.invariants import approvers_are_distinct
from approvals.models import Decision, Part
from approvals.parts import keep_signers
from approvals.queries import package, waiting_for
from approvals.refusals import FourEyes
from audit.actors import Actor
from audit.models import Entry
from tests.accounts.test_delegating import lend
from tests.approvals.test_four_eyes import also
from tests.approvals.transfers import THIRD, decide, done, ordered, request_of, validated
from tests.firm import open_item
from work import actions as work
from work.lent import covers, delegations_for
from work.models import WorkItem
from work.queries import item_for
from work.refusals import NoSuchItem, RightMissing

DAY = timedelta(days=1)


def fresh(user):
    """The person as the next request reads them."""
    return User.objects.get(pk=user.pk)


def test_the_delegate_decides_and_both_names_are_on_record(firm, now):
    lend(firm.eve, firm.dee, now)
    order = validated(firm, now)
    decision = decide(open_item(order), firm.dee, now)
    assert (decision.by, decision.on_behalf_of) == (firm.dee, firm.eve)
    entry = Entry.objects.get(fact="approvals.tier.approved")
    assert (entry.actor, entry.on_behalf_of) == (f"user:{firm.dee.pk}", f"user:{firm.eve.pk}")
    assert request_of(order).state == "approved"
    kinds = {part.user_id: part.kind for part in Part.objects.filter(request=request_of(order))}
    assert (kinds[firm.dee.pk], kinds[firm.eve.pk]) == ("signed", "lent")
    assert not approvers_are_distinct().violations


def test_ones_own_authority_comes_before_what_is_lent(firm, now):
    lend(firm.eve, firm.omar, now)
    decision = decide(open_item(validated(firm, now)), firm.omar, now)
    assert decision.on_behalf_of is None


def test_without_a_delegation_there_is_no_such_item(firm, now):
    item = open_item(validated(firm, now))
    with pytest.raises(NoSuchItem):
        decide(item, firm.dee, now)


def test_before_it_begins_there_is_no_such_item_and_afterwards_it_is_said_that_it_expired(firm, now):
    lend(firm.eve, firm.dee, now, begins=now + DAY, ends=now + 2 * DAY)
    item = open_item(validated(firm, now))
    with pytest.raises(NoSuchItem):
        decide(item, firm.dee, now)
    with pytest.raises(DelegationOver, match="the one from Evelyn Carter has expired"):
        decide(item, firm.dee, now + 2 * DAY)
    with pytest.raises(DelegationOver):
        item_for(fresh(firm.dee), item.public_id, now + 2 * DAY)
    assert not Decision.objects.exists()


def test_revoked_it_lets_nobody_decide(firm, now):
    made = lend(firm.eve, firm.dee, now)
    item = open_item(validated(firm, now))
    revoke_delegation(made.public_id, reason="Back.", actor=Actor.of(firm.eve), now=now)
    with pytest.raises(DelegationOver, match="was revoked"):
        decide(item, fresh(firm.dee), now)


def test_one_that_is_revoked_while_it_is_used_is_not_used(firm, now, monkeypatch):
    """What was read before the lock says that it stands; what is read under it decides."""
    made = lend(firm.eve, firm.dee, now)
    item = open_item(validated(firm, now))
    found = access.authority_of

    def revoked_meanwhile(*args):
        lent = found(*args)
        revoke_delegation(made.public_id, reason="Back.", actor=Actor.of(firm.eve), now=now)
        return lent

    monkeypatch.setattr("approvals.actions.authority_of", revoked_meanwhile)
    with pytest.raises(DelegationOver):
        decide(item, firm.dee, now)


def test_it_is_not_passed_on(firm, now):
    """Evelyn lends to Omar, Omar to Dana: Dana signs for Omar, never for Evelyn."""
    lend(firm.eve, firm.omar, now)
    lend(firm.omar, firm.dee, now)
    assert decide(open_item(validated(firm, now)), firm.dee, now).on_behalf_of == firm.omar


def test_what_is_lent_of_a_role_that_is_not_the_tiers_helps_nothing(firm, now):
    lend(firm.max, firm.dee, now)
    item = open_item(validated(firm, now))
    with pytest.raises(NoSuchItem):
        decide(item, firm.dee, now)
    WorkItem.objects.filter(pk=item.pk).update(band="red")  # escalated to the role above: hers to lend
    assert decide(item, firm.dee, now).on_behalf_of == firm.max


def test_the_maker_does_not_sign_for_another(firm, now):
    lend(firm.eve, firm.tia, now)
    with pytest.raises(FourEyes, match="you prepared it"):
        decide(open_item(validated(firm, now)), firm.tia, now)


def test_nobody_signs_for_the_maker(firm, now):
    also(firm.tia, "team_lead")
    lend(firm.tia, firm.dee, now)
    with pytest.raises(FourEyes, match="Grace Okoro prepared it"):
        decide(open_item(validated(firm, now)), firm.dee, now)


def test_of_several_who_lend_the_first_who_had_no_part_is_signed_for(firm, now):
    also(firm.tia, "team_lead")
    lend(firm.tia, firm.dee, now)
    lend(firm.omar, firm.dee, now)
    lend(firm.eve, firm.dee, now)
    order = validated(firm, now, by=firm.omar)
    assert decide(open_item(order), firm.dee, now).on_behalf_of == firm.eve


def test_one_person_signs_one_tier_whoever_lends(firm, now):
    lend(firm.max, firm.omar, now)
    order = validated(firm, now, amount="2000000.01")
    decide(open_item(order), firm.omar, now)
    with pytest.raises(FourEyes, match="you signed another tier"):
        decide(open_item(order), firm.omar, now)


def test_an_authority_is_used_once_whoever_uses_it(firm, now):
    also(firm.max, "team_lead")
    lend(firm.max, firm.dee, now)
    order = validated(firm, now, amount="2000000.01", **THIRD)
    assert decide(open_item(order), firm.dee, now).on_behalf_of == firm.max
    second = open_item(order)
    with pytest.raises(FourEyes, match="somebody signed another tier for you"):
        decide(second, firm.max, now)
    lend(firm.max, firm.dov, now)
    with pytest.raises(FourEyes, match="somebody signed another tier for Helen"):
        decide(second, firm.dov, now)


def test_nobody_signs_for_who_signed_in_person(firm, now):
    also(firm.eve, "operations_manager")
    firm.eve.groups.add(Group.objects.get(name="role:operations_manager"))
    lend(firm.eve, firm.dov, now)
    lend(firm.omar, firm.eve, now)
    order = validated(firm, now, amount="2000000.01")
    decide(open_item(order), firm.eve, now)
    with pytest.raises(FourEyes):
        decide(open_item(order), firm.eve, now)
    with pytest.raises((FourEyes, NoSuchItem)):
        decide(open_item(order), firm.dov, now)


@pytest.mark.parametrize(
    ("amount", "most", "signs"), [("600000.00", 60_000_000, True), ("600000.01", 60_000_000, False)]
)
def test_a_limit_is_kept_to_the_cent(firm, now, amount, most, signs):
    lend(firm.eve, firm.dee, now, most=(most, "USD"))
    item = open_item(validated(firm, now, amount=amount))
    assert (item in waiting_for(fresh(firm.dee), now)) is signs
    if signs:
        decide(item, firm.dee, now)
    else:
        with pytest.raises(NoSuchItem):
            decide(item, firm.dee, now)


def test_a_limit_in_another_currency_covers_nothing(firm, now):
    lend(firm.eve, firm.dee, now, most=(10**12, "EUR"))
    with pytest.raises(NoSuchItem):
        decide(open_item(validated(firm, now)), firm.dee, now)


def test_a_limit_is_held_against_the_sums_too(firm, now):
    """Two payments to the same beneficiary in a week do not pass under it one by one."""
    lend(firm.eve, firm.dee, now, most=(70_000_000, "USD"))
    validated(firm, now)
    second = open_item(validated(firm, now, key="key-2"))
    assert second.amount_minor == 120_000_000
    with pytest.raises(NoSuchItem):
        decide(second, firm.dee, now)


@pytest.mark.parametrize(("matrix", "signs"), [("transfers", True), ("firm", False)])
def test_one_matrix_only(firm, now, matrix, signs):
    lend(firm.eve, firm.dee, now, matrix=matrix)
    item = open_item(validated(firm, now))
    assert item.matrix == "transfers"
    assert (item in waiting_for(fresh(firm.dee), now)) is signs


def test_the_list_and_the_single_item_say_the_same(firm, now):
    """`visible_to` and `covers` are two ways to ask one question."""
    also(firm.max, "team_lead")
    made = [
        lend(firm.eve, firm.dee, now),
        lend(firm.eve, firm.dee, now, matrix="firm"),
        lend(firm.omar, firm.dee, now, most=(100, "USD")),
        lend(firm.max, firm.dee, now),
        lend(firm.fay, firm.dee, now),
    ]
    orders = [validated(firm, now), validated(firm, now, key="key-2", amount="2000000.01", **THIRD)]
    decide(open_item(orders[1]), firm.eve, now)
    items = list(WorkItem.objects.open().filter(kind="approval"))
    for band in ("green", "red"):
        WorkItem.objects.update(band=band)
        for each in made:
            user = fresh(firm.dee)
            user._held_delegations = (now, [])  # nothing is lent but …
            for item in WorkItem.objects.filter(pk__in=[item.pk for item in items]):
                lender = fresh(each.delegator)
                each.delegator = lender
                user._held_delegations = (now, [each])
                listed = WorkItem.objects.visible_to(user, now).filter(pk=item.pk).exists()
                assert listed is covers(each, item) is bool(delegations_for(item, user, now))


def test_the_queue_of_who_lends_is_seen_and_nothing_else_of_theirs(firm, now):
    order = validated(firm, now)
    lend(firm.eve, firm.dov, now)
    dov = fresh(firm.dov)
    assert list(waiting_for(dov, now)) == [open_item(order)]
    assert item_for(dov, open_item(order).public_id, now).order == order
    other = open_item(ordered(firm, now, key="key-2"))  # work, no decision
    with pytest.raises(NoSuchItem):
        item_for(dov, other.public_id, now)


def test_only_for_orders_of_a_branch_that_the_delegate_sees(firm, now):
    """Helen's authority reaches every branch; Jie, who serves Nanjing, signs for her there and nowhere else."""
    also(firm.max, "team_lead")
    lend(firm.max, firm.cora, now)
    item = open_item(validated(firm, now))
    assert list(waiting_for(fresh(firm.cora), now)) == []
    with pytest.raises(NoSuchItem):
        decide(item, fresh(firm.cora), now)


def test_who_came_to_only_read_signs_for_nobody_any_more(firm, now):
    lend(firm.eve, firm.dov, now)
    item = open_item(validated(firm, now))
    firm.dov.groups.set(Group.objects.filter(name="role:examiner"))
    with pytest.raises(RightMissing):
        decide(item, fresh(firm.dov), now)


def test_the_package_says_for_whom_one_would_sign(firm, now):
    lend(firm.eve, firm.dee, now)
    item = open_item(validated(firm, now))
    seen = package(item, fresh(firm.dee), now)
    assert (seen.can_decide, seen.for_whom, seen.barred) == (True, firm.eve, "")
    also(firm.tia, "team_lead")
    lend(firm.tia, firm.dov, now)
    barred = package(item, fresh(firm.dov), now)
    assert (barred.can_decide, barred.for_whom, barred.barred) == (False, firm.tia, "lender")


def test_a_delegate_is_given_an_item_claims_it_and_gives_it_back(firm, now):
    lend(firm.eve, firm.dee, now)
    item = open_item(validated(firm, now))
    work.assign(item.public_id, to=firm.dee, actor=Actor.of(firm.max), now=now)
    work.claim(item.public_id, actor=Actor.of(firm.dee), now=now)
    work.release(item.public_id, reason="Evelyn is back.", actor=Actor.of(firm.dee), now=now)
    work.claim(item.public_id, actor=Actor.of(firm.dee), now=now)
    assert decide(item, firm.dee, now).on_behalf_of == firm.eve


def test_a_delegate_who_had_a_part_is_not_given_the_item(firm, now):
    lend(firm.eve, firm.tia, now)
    item = open_item(validated(firm, now))
    with pytest.raises(FourEyes, match="Grace Okoro prepared it"):
        work.assign(item.public_id, to=firm.tia, actor=Actor.of(firm.max), now=now)
    with pytest.raises(RightMissing):
        work.assign(item.public_id, to=firm.dov, actor=Actor.of(firm.max), now=now)


def test_the_database_refuses_what_the_action_would(firm, now):
    order = validated(firm, now, amount="2000000.01")
    decide(open_item(order), firm.eve, now)
    request = request_of(order)
    about = {"request": request, "tier": request.tiers.get(number=2), "choice": "approve", "reason": "x"}
    about |= {"decided_at": now}
    wrong = [
        {"by": firm.dee, "on_behalf_of": firm.dee},  # for oneself
        {"by": firm.dee, "on_behalf_of": firm.eve},  # whose authority was used
        {"by": firm.dee, "on_behalf_of": firm.tia, "maker": firm.tia},  # for the maker
        {"by": firm.eve, "on_behalf_of": firm.max},  # a second tier
    ]
    for each in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(**about, **each)
    for by, behalf in ((firm.tia, None), (firm.dee, firm.tia), (firm.dee, firm.eve), (firm.eve, None)):
        with pytest.raises(IntegrityError), transaction.atomic():  # had a part: prepared it, or signed
            keep_signers(request, by.pk, behalf.pk if behalf else None)


def test_the_invariant_finds_a_decision_that_no_delegation_covers(firm, now):
    made = lend(firm.eve, firm.dee, now)
    decide(open_item(validated(firm, now)), firm.dee, now)
    assert not approvers_are_distinct().violations
    type(made).objects.filter(pk=made.pk).update(revoked_at=now - DAY, revoked_by=firm.eve)
    found = {violation.what for violation in approvers_are_distinct().violations}
    assert found == {"a decision for somebody else was not covered by a delegation"}


def test_a_drafts_author_is_barred_once_it_was_sent(firm, now):
    """Omar typed into the step and gave it back; Grace completed it with what he had typed."""
    order = ordered(firm, now)
    item = open_item(order)
    work.claim(item.public_id, actor=Actor.of(firm.omar), now=now)
    version = WorkItem.objects.get(pk=item.pk).version
    by = {"actor": Actor.of(firm.omar), "now": now}
    work.keep_draft(item.public_id, answers={"transfer_check": "valid"}, version=version, **by)
    work.release(item.public_id, reason="Later.", **by)
    done(item, firm.tia, now, transfer_check="valid")
    with pytest.raises(FourEyes, match="you prepared it"):
        decide(open_item(order), firm.omar, now)
    decide(open_item(order), firm.eve, now)


def test_who_only_looked_and_gave_back_is_not_barred(firm, now):
    order = ordered(firm, now)
    item = open_item(order)
    work.claim(item.public_id, actor=Actor.of(firm.omar), now=now)
    work.release(item.public_id, reason="Later.", actor=Actor.of(firm.omar), now=now)
    done(item, firm.tia, now, transfer_check="valid")
    decide(open_item(order), firm.omar, now)


def test_the_parts_cost_one_statement(firm, now, django_assert_num_queries):
    request = request_of(validated(firm, now))
    order = request.order
    assert order.process_id
    with django_assert_num_queries(1):
        parts = access.took_part(request)
    assert parts == {firm.ana.pk: "placed", firm.tia.pk: "prepared"}
    forget(firm.tia)
