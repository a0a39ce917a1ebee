"""Signers that somebody adds: all of them or any one, taken out again, never one whom a rule requires."""

import pytest

from approvals.invariants import approvers_are_distinct, steps_follow_from_entries
from approvals.queries import people_to_add
from approvals.refusals import AlreadyDecided, FourEyes, NoSigner, NotYourSigner, RuleRequires
from approvals.signers import add_signers, remove_signer
from audit.actors import Actor
from audit.models import Entry
from audit.refusals import NotFound
from tests.approvals.transfers import decide, items_of, request_of, validated
from tests.firm import open_item
from work.models import WorkItem
from work.refusals import NotYours, ReasonMissing, RightMissing


def add(item, who, now, *people, any_of=False, reason="A second look."):
    keys = [person.pk for person in people]
    return add_signers(item.public_id, people=keys, any_of=any_of, reason=reason, actor=Actor.of(who), now=now)


def take_out(order, item, who, now, reason="Away."):
    about = {"tier": item.tier, "seat": item.seat, "reason": reason}
    return remove_signer(request_of(order).public_id, **about, actor=Actor.of(who), now=now)


def item_for(order, person):
    return WorkItem.objects.open().get(order=order, holder=person)


def sound():
    return [*approvers_are_distinct().violations, *steps_follow_from_entries().violations]


def test_an_added_signer_is_asked_at_once_and_by_name(firm, now):
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.fay)
    item = item_for(order, firm.fay)
    assert (item.role, item.state) == ("compliance", "assigned")
    assert Entry.objects.get(fact="approvals.signer.added").data["to"] == firm.fay.pk
    decide(open_item_of(order, "team_lead"), firm.eve, now)
    assert request_of(order).state == "open"
    decide(item, firm.fay, now)
    assert request_of(order).state == "approved"
    assert sound() == []


def open_item_of(order, role):
    return WorkItem.objects.open().get(order=order, role=role)


def test_all_of_them_or_any_one(firm, now):
    for number, any_of in enumerate((False, True), 1):
        order = validated(firm, now, key=f"key-{number}")
        add(open_item(order), firm.eve, now, firm.fay, firm.max, any_of=any_of)
        decide(open_item_of(order, "team_lead"), firm.eve, now)
        decide(item_for(order, firm.max), firm.max, now)
        assert request_of(order).state == ("approved" if any_of else "open")
        assert len(items_of(order)) <= 1
    assert sound() == []


def test_of_any_one_who_says_no_the_no_counts(firm, now):
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.fay, firm.max, any_of=True)
    decide(item_for(order, firm.fay), firm.fay, now, choice="reject")
    assert request_of(order).state == "rejected"


def test_whoever_cannot_sign_cannot_be_added(firm, now):
    order = validated(firm, now)
    item = open_item(order)
    able = {person for person, _role in people_to_add(request_of(order), firm.eve, now)}
    assert firm.fay in able
    assert not able & {firm.tia, firm.ana, firm.judith, firm.eve}
    for people in ([], [firm.eve], [firm.tia], [firm.ana], [firm.fay, firm.tia]):
        with pytest.raises(NoSigner) as refused:
            add(item, firm.eve, now, *people)
        assert "people" in refused.value.fields
    add(item, firm.eve, now, firm.fay)
    with pytest.raises(NoSigner):  # asked already
        add(item, firm.eve, now, firm.fay)


def test_who_adds_could_decide_and_says_why(firm, now):
    order = validated(firm, now)
    item = open_item(order)
    with pytest.raises(RightMissing):
        add(item, firm.max, now, firm.fay)
    with pytest.raises(ReasonMissing):
        add(item, firm.eve, now, firm.fay, reason=" ")
    from work import actions as work

    work.claim(item.public_id, actor=Actor.of(firm.omar), now=now)
    with pytest.raises(NotYours):
        add(item, firm.eve, now, firm.fay)


def test_who_adds_a_signer_is_none_of_the_makers(firm, now):
    order = validated(firm, now, who=firm.omar)
    with pytest.raises(FourEyes):
        add(open_item(order), firm.omar, now, firm.fay)


def test_a_signer_is_taken_out_by_who_added_them_and_the_request_goes_on(firm, now):
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.fay)
    decide(open_item_of(order, "team_lead"), firm.eve, now)
    item = item_for(order, firm.fay)
    with pytest.raises(NotYourSigner):
        take_out(order, item, firm.max, now)
    with pytest.raises(ReasonMissing):
        take_out(order, item, firm.eve, now, reason="")
    for stranger in (firm.ana, firm.cora):
        with pytest.raises(NotFound):
            take_out(order, item, stranger, now)
    take_out(order, item, firm.eve, now)
    item.refresh_from_db()
    assert (item.state, request_of(order).state) == ("cancelled", "approved")
    assert Entry.objects.get(fact="approvals.signer.removed").reason == "Away."
    assert sound() == []


def test_nobody_takes_out_whom_a_rule_requires(firm, now):
    order = validated(firm, now, amount="2000000.01")
    for who in (firm.eve, firm.omar):
        with pytest.raises(RuleRequires):
            take_out(order, open_item(order), who, now)


def test_a_signer_who_signed_is_taken_out_no_more(firm, now):
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.fay)
    item = item_for(order, firm.fay)
    decide(item, firm.fay, now)
    with pytest.raises(AlreadyDecided):
        take_out(order, item, firm.eve, now)
    about = {"tier": 9, "seat": 1, "reason": "Gone."}
    with pytest.raises(NotFound):
        remove_signer(request_of(order).public_id, **about, actor=Actor.of(firm.eve), now=now)


def test_a_signer_added_at_the_first_tier_signs_before_the_second_opens(firm, now):
    order = validated(firm, now, amount="2000000.01")
    add(open_item(order), firm.eve, now, firm.fay)
    decide(open_item_of(order, "team_lead"), firm.eve, now)
    assert [item.role for item in items_of(order)] == ["compliance"]
    decide(items_of(order)[0], firm.fay, now)
    assert [item.role for item in items_of(order)] == ["operations_manager"]
    assert sound() == []
