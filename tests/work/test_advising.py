"""Asking a colleague, and handing work over."""

import pytest

from approvals.invariants import approvers_are_distinct
from approvals.refusals import FourEyes
from audit.actors import Actor
from audit.models import Entry
from tests.approvals.transfers import decide, validated
from tests.firm import address_change, open_item
from work import actions as work
from work.models import Advice
from work.queries import asked_of, people_to_ask
from work.refusals import (
    AlreadyClosed,
    NoSuchAdvice,
    NotToBeAsked,
    NotYours,
    ReasonMissing,
    RightMissing,
    SkillMissing,
    ToOneself,
    WordsMissing,
)


def held(firm, now):
    return work.claim(open_item(validated(firm, now)).public_id, actor=Actor.of(firm.eve), now=now)


def ask(item, by, to, now, question="Is this usual?"):
    return work.ask(item.public_id, to=to, question=question, actor=Actor.of(by), now=now)


def answer(made, by, now, text="Yes, twice a year."):
    return work.answer(made.public_id, text=text, actor=Actor.of(by), now=now)


def test_the_answer_comes_back_and_the_item_stays_where_it_was(firm, now):
    item = held(firm, now)
    made = ask(item, firm.eve, firm.max, now)
    assert list(asked_of(firm.max)) == [made]
    answer(made, firm.max, now)
    item.refresh_from_db()
    assert (item.holder, item.state, not asked_of(firm.max)) == (firm.eve, "in_progress", True)
    facts = Entry.objects.filter(fact__startswith="work.advice").order_by("pk")
    assert [(entry.fact, entry.data["to"]) for entry in facts] == [
        ("work.advice.asked", firm.max.pk), ("work.advice.given", firm.eve.pk),
    ]  # fmt: skip
    assert all("usual" not in str(entry.data) + entry.reason and entry.personal for entry in facts)


def test_whoever_advised_does_not_sign(firm, now):
    item = held(firm, now)
    made = ask(item, firm.eve, firm.omar, now)
    work.release(item.public_id, reason="Away.", actor=Actor.of(firm.eve), now=now)
    answer(made, firm.omar, now)
    with pytest.raises(FourEyes, match="advice"):
        decide(item, firm.omar, now)
    with pytest.raises(FourEyes):
        work.claim(item.public_id, actor=Actor.of(firm.omar), now=now)
    decide(item, firm.eve, now)
    assert approvers_are_distinct().violations == ()


def test_who_was_asked_and_said_nothing_may_still_sign(firm, now):
    item = held(firm, now)
    ask(item, firm.eve, firm.omar, now)
    work.release(item.public_id, reason="Away.", actor=Actor.of(firm.eve), now=now)
    decide(item, firm.omar, now)


def test_advice_on_the_preparing_counts_for_its_approval(firm, now):
    order = validated(firm, now)
    Advice.objects.create(
        item=order.work_items.get(node="validate_transfer"), asked_by=firm.tia, asked=firm.eve, question="?",
        asked_at=now, answer="Yes.", answered_at=now,
    )  # fmt: skip
    with pytest.raises(FourEyes, match="advice"):
        decide(open_item(order), firm.eve, now)


def test_only_the_holder_asks_and_only_somebody_who_sees_the_item(firm, now):
    item = held(firm, now)
    with pytest.raises(NotYours):
        ask(item, firm.omar, firm.max, now)
    assert not {firm.ana, firm.adam, firm.dee, firm.eve} & set(people_to_ask(item, firm.eve))
    for stranger in (firm.ana, firm.adam, firm.dee, firm.eve):
        with pytest.raises(NotToBeAsked) as refused:
            ask(item, firm.eve, stranger, now)
        assert "to" in refused.value.fields
    ask(item, firm.eve, firm.max, now)
    with pytest.raises(NotToBeAsked):  # one question at a time
        ask(item, firm.eve, firm.max, now)


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_question_and_answer_are_bounded(firm, now, text):
    item = held(firm, now)
    with pytest.raises(WordsMissing) as refused:
        ask(item, firm.eve, firm.max, now, question=text)
    assert "question" in refused.value.fields
    made = ask(item, firm.eve, firm.max, now)
    with pytest.raises(WordsMissing) as refused:
        answer(made, firm.max, now, text=text)
    assert "answer" in refused.value.fields


def test_only_who_was_asked_answers_and_only_once(firm, now):
    item = held(firm, now)
    made = ask(item, firm.eve, firm.max, now)
    for other in (firm.omar, firm.eve, firm.ana):
        with pytest.raises(NoSuchAdvice):
            answer(made, other, now)
    answer(made, firm.max, now)
    with pytest.raises(NoSuchAdvice):
        answer(made, firm.max, now)


def test_an_answer_after_the_end_is_not_taken(firm, now):
    item = held(firm, now)
    made = ask(item, firm.eve, firm.max, now)
    decide(item, firm.eve, now)
    assert not asked_of(firm.max)
    with pytest.raises(AlreadyClosed):
        answer(made, firm.max, now)


def hand_over(item, by, to, now, reason="Off tomorrow.", **about):
    return work.hand_over(item.public_id, to=to, reason=reason, actor=Actor.of(by), now=now, **about)


def test_who_holds_a_decision_hands_it_over(firm, now):
    item = held(firm, now)
    given = hand_over(item, firm.eve, firm.omar, now)
    assert (given.holder, given.state) == (firm.omar, "assigned")
    entry = Entry.objects.get(fact="work.item.handed_over")
    assert (entry.data["to"], entry.reason) == (firm.omar.pk, "Off tomorrow.")
    with pytest.raises(NotYours):
        decide(item, firm.eve, now)
    decide(item, firm.omar, now)


def test_work_is_handed_over_to_somebody_who_could_take_it(firm, now):
    item = work.claim(open_item(address_change(firm, now)).public_id, actor=Actor.of(firm.dee), now=now)
    with pytest.raises((RightMissing, SkillMissing)):
        hand_over(item, firm.dee, firm.tia, now)
    with pytest.raises(ToOneself):
        hand_over(item, firm.dee, firm.dee, now)
    with pytest.raises(NotYours):
        hand_over(item, firm.dov, firm.dov, now)
    with pytest.raises(ReasonMissing):
        hand_over(item, firm.dee, firm.dov, now, reason=" ")
    assert hand_over(item, firm.dee, firm.dov, now).holder == firm.dov


def test_a_decision_is_not_handed_to_who_had_a_part(firm, now):
    item = open_item(validated(firm, now, who=firm.omar))
    work.claim(item.public_id, actor=Actor.of(firm.eve), now=now)
    with pytest.raises(FourEyes):
        hand_over(item, firm.eve, firm.omar, now)
