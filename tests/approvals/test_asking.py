"""A decision that somebody asks for in the middle of a step."""

import pytest
from django.db import IntegrityError, transaction

from approvals.asking import ask_for_decision
from approvals.models import Request
from approvals.queries import ways_back
from approvals.refusals import AskedAlready, FourEyes, MatrixUnfit, QuestionMissing, WrongTarget
from audit.actors import Actor
from audit.due import run_due
from audit.invariants import check_all
from audit.models import Entry
from notifications.models import Notice
from orders import actions as orders
from tests.approvals.transfers import decide, done, ordered, request_of, validated
from tests.firm import address_change, open_item
from work import actions as work
from work.models import WorkItem
from work.refusals import AlreadyClosed, DecisionNeeded, DecisionOpen, NotYours

QUESTION = "The receiving firm writes the title differently. Do we go on?"


@pytest.fixture
def held(firm, now):
    """A large transfer whose validation tia holds."""
    item = open_item(ordered(firm, now, amount="2000000.01"))
    return work.claim(item.public_id, actor=Actor.of(firm.tia), now=now)


def ask(item, who, now, matrix="transfers", question=QUESTION):
    return ask_for_decision(item.public_id, matrix=matrix, question=question, actor=Actor.of(who), now=now)


def tier_of(order):
    return WorkItem.objects.open().get(order=order, kind="approval")


def complete(item, who, now):
    return work.complete(item.public_id, answers={"transfer_check": "valid"}, actor=Actor.of(who), now=now)


def test_the_matrix_says_who_signs_and_each_tier_is_asked_in_turn(firm, now, held):
    request = ask(held, firm.tia, now)
    assert (request.rules, request.question, request.maker) == (["T3"], QUESTION, firm.tia)
    for role, who in (("team_lead", firm.eve), ("operations_manager", firm.max)):
        item = tier_of(held.order)
        assert (item.role, item.task) == (role, held.task)
        decide(item, who, now)
    request.refresh_from_db()
    assert request.state == "approved"


def test_the_step_is_not_completed_before_and_goes_on_after(firm, now, held):
    ask(held, firm.tia, now)
    with pytest.raises(DecisionOpen):
        complete(held, firm.tia, now)
    decide(tier_of(held.order), firm.eve, now, choice="reject")
    complete(held, firm.tia, now)  # what follows from a no is for the holder to do
    held.refresh_from_db()
    assert (held.state, held.awaits_decision) == ("completed", False)
    assert request_of(held.order).asked_from is None  # the process asks its own


def test_the_process_learns_nothing_of_it(firm, now, held):
    ask(held, firm.tia, now)
    decide(tier_of(held.order), firm.eve, now, choice="reject")
    held.order.process.refresh_from_db()
    assert "approval" not in held.order.process.state["variables"]
    held.refresh_from_db()
    assert held.is_open


def test_who_asks_does_not_sign(firm, now, held):
    ask(held, firm.tia, now)
    firm.tia.groups.set(firm.eve.groups.all())
    with pytest.raises(FourEyes):
        decide(tier_of(held.order), type(firm.tia).objects.get(pk=firm.tia.pk), now)


def test_only_the_holder_of_open_work_asks_and_only_once(firm, now, held):
    with pytest.raises(NotYours):
        ask(held, firm.omar, now)
    ask(held, firm.tia, now)
    with pytest.raises(AskedAlready):
        ask(held, firm.tia, now)
    decision = work.claim(tier_of(held.order).public_id, actor=Actor.of(firm.eve), now=now)
    with pytest.raises(DecisionNeeded):
        ask(decision, firm.eve, now)
    decide(decision, firm.eve, now, choice="reject")
    complete(held, firm.tia, now)
    with pytest.raises(AlreadyClosed):
        ask(held, firm.tia, now)


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001, "What\x00?"])
def test_a_question_has_words(firm, now, held, question):
    with pytest.raises(QuestionMissing):
        ask(held, firm.tia, now, question=question)


@pytest.mark.parametrize("matrix", ["", "nothing", "sla_targets", "firm"])
def test_a_matrix_that_cannot_answer_is_refused_at_its_field(firm, now, held, matrix):
    with pytest.raises(MatrixUnfit) as refused:
        ask(held, firm.tia, now, matrix=matrix)
    assert list(refused.value.fields) == ["matrix"]
    assert not Request.objects.exists()


def test_a_matrix_that_asks_nobody_is_refused(firm, now):
    item = work.claim(open_item(ordered(firm, now, amount="1000.00")).public_id, actor=Actor.of(firm.tia), now=now)
    with pytest.raises(MatrixUnfit, match="asks somebody"):
        ask(item, firm.tia, now)


def test_an_order_that_is_called_off_calls_the_question_off(firm, now, held):
    request = ask(held, firm.tia, now)
    orders.cancel_order(held.order.public_id, reason="No longer needed.", actor=Actor.of(firm.ana), now=now)
    request.refresh_from_db()
    assert (request.state, request.ended_at) == ("void", now)
    assert not WorkItem.objects.open().filter(order=held.order).exists()
    assert Entry.objects.filter(fact="approvals.request.void").count() == 1


def test_who_asked_is_told(firm, now, held):
    ask(held, firm.tia, now)
    decide(tier_of(held.order), firm.eve, now, choice="reject")
    run_due(now)
    assert list(Notice.objects.filter(recipient=firm.tia).values_list("template", flat=True)) == ["decision_taken"]


def test_everything_that_must_hold_still_holds(firm, now, held):
    ask(held, firm.tia, now)
    decide(tier_of(held.order), firm.eve, now)
    decide(tier_of(held.order), firm.max, now)
    complete(held, firm.tia, now)
    other = validated(firm, now, key="other")
    decide(open_item(other), firm.eve, now)
    assert [each for each in check_all() if each.violations] == []


def test_a_product_without_a_matrix_can_ask_too(firm, now):
    item = open_item(address_change(firm, now, key="moved"))
    work.claim(item.public_id, actor=Actor.of(firm.dee), now=now)
    with pytest.raises(MatrixUnfit) as refused:  # what the matrix must know is not known of an address
        ask(item, firm.dee, now)
    assert "missing" in refused.value.fields["matrix"]


def test_whoever_decides_may_ask_back_and_then_it_is_asked_again(firm, now, held):
    first = ask(held, firm.tia, now)
    decide(tier_of(held.order), firm.eve, now, choice="more_information")
    run_due(now)
    assert Notice.objects.filter(recipient=firm.tia).latest("pk").template == "more_is_asked"
    again = ask(held, firm.tia, now, question="They confirm the title by letter. Do we go on?")
    assert again.again_of == first
    with pytest.raises(DecisionOpen):
        complete(held, firm.tia, now)
    with pytest.raises(AskedAlready):
        ask(held, firm.tia, now)
    decide(tier_of(held.order), firm.eve, now)
    decide(tier_of(held.order), firm.max, now)
    with pytest.raises(AskedAlready):  # it is decided
        ask(held, firm.tia, now)
    complete(held, firm.tia, now)
    assert [each.state for each in Request.objects.filter(asked_from=held).order_by("pk")] == ["returned", "approved"]
    assert [each for each in check_all() if each.violations] == []


def test_an_order_may_go_back_to_a_step_before_the_one_that_asked(firm, now):
    order = ordered(firm, now, "non_acat_transfer", transfer="non_acat_wire", amount="60000.00")
    done(open_item(order), firm.tia, now, transfer_check="valid")
    held = work.claim(open_item(order, "call_back").public_id, actor=Actor.of(firm.tia), now=now)
    ask(held, firm.tia, now)
    item = tier_of(order)
    assert ways_back(request_of(order)) == ["validate_transfer"]
    with pytest.raises(WrongTarget):
        decide(item, firm.eve, now, choice="reject", to="call_back")
    decide(item, firm.eve, now, choice="reject", to="validate_transfer")
    held.refresh_from_db()
    assert (held.state, held.awaits_decision) == ("cancelled", False)
    assert open_item(order).node == "validate_transfer"
    assert request_of(order).state == "returned"
    run_due(now)
    assert Notice.objects.filter(recipient=firm.tia).latest("pk").template == "order_went_back"
    done(open_item(order), firm.tia, now, transfer_check="valid")
    asked = ask(work.claim(open_item(order).public_id, actor=Actor.of(firm.tia), now=now), firm.tia, now)
    assert asked.state == "open"
    assert [each for each in check_all() if each.violations] == []


def test_from_the_first_step_nothing_lies_back(firm, now, held):
    ask(held, firm.tia, now)
    assert ways_back(request_of(held.order)) == []


def test_the_database_keeps_one_question_a_step(firm, now, held):
    first = ask(held, firm.tia, now)
    about = {name: getattr(first, name) for name in ("order", "task", "node", "table_version", "facts", "rules")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.create(**about, opened_at=now, asked_from=held)
