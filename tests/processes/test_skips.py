"""Skipping a failed step takes a reason and two people; what is skipped passes with the agreed variables."""

from datetime import timedelta

import pytest

from audit.actors import Actor
from audit.refusals import Invalid, NotAllowed
from orders.models import Order
from processes import actions, queries
from processes.models import Incident, ProcessVersion, Skip
from processes.refusals import StepFailed
from rulebook.refusals import SameMakerAndChecker
from tests.firm import open_item
from tests.processes.drawings import complete, drawn, instance_of, open_nodes, order_of, put_in_force, work_at
from tests.processes.engine.bpmn import element, end, extensions, flow, path, start
from work import actions as work

SCRIPT = element("businessRuleTask", "score", extensions('<tl:decision table="nothing" result="risk"/>'))


@pytest.fixture
def failed(firm, now):
    """The analyst's step failed since the script after it cannot be worked out."""
    xml = drawn(
        start(), work_at("look"), SCRIPT, work_at("judge"), end(), path("start -> look -> score -> judge -> end")
    )
    put_in_force(firm, "main", xml, now)
    order = order_of(firm, "main", now)
    with pytest.raises(StepFailed):
        complete(order, "look", firm.dee, now)
    return order


def proposed(firm, now, who=None, **variables):
    incident = Incident.objects.get(resolved_at=None)
    by = Actor.of(who or firm.eve)
    return actions.propose_skip(incident.pk, variables=variables, reason="Not needed.", actor=by, now=now)


def skipped(firm, now, order, **variables):
    """Proposed by one, approved by another, and what was being done is sent again."""
    actions.approve_skip(proposed(firm, now, **variables).pk, actor=Actor.of(firm.max), now=now)
    work.complete(open_item(order, "look").public_id, answers={}, actor=Actor.of(firm.dee), now=now)


def test_the_incident_names_the_element_that_failed(failed):
    assert Incident.objects.get().element == "score"


def test_a_second_person_lets_it_pass_and_who_worked_sends_again(firm, now, failed):
    skip = proposed(firm, now, risk="low")
    actions.approve_skip(skip.pk, actor=Actor.of(firm.max), now=now)
    assert Order.objects.get(pk=failed.pk).state == "in_progress"
    work.complete(open_item(failed, "look").public_id, answers={}, actor=Actor.of(firm.dee), now=now)
    assert open_nodes(failed) == ["judge"]
    assert instance_of(failed).state["variables"]["risk"] == "low"
    assert instance_of(failed).passing == {}


@pytest.mark.parametrize("order_of_instances", ["false", "true"])
def test_a_repeated_step_passes_in_each_of_its_instances(firm, now, order_of_instances):
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{order_of_instances}">'
        "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    decide = extensions('<tl:decision table="nothing" result="risk"/>')
    scores = element("businessRuleTask", "score", decide + loop)
    ways = path("start -> look -> score -> judge -> end")
    put_in_force(firm, "main", drawn(start(), work_at("look"), scores, work_at("judge"), end(), ways), now)
    order = order_of(firm, "main", now)
    with pytest.raises(StepFailed):
        complete(order, "look", firm.dee, now)
    skipped(firm, now, order, risk="low")
    assert open_nodes(order) == ["judge"]
    assert instance_of(order).passing == {}


def test_what_was_let_pass_does_not_pass_later_on_another_way(firm, now):
    score = element("businessRuleTask", "score", extensions('<tl:decision table="nothing" result="risk"/>'), name="s")
    ways = (
        path("start -> look -> ask")
        + flow("ask -> score", condition="urgent = true")
        + flow("ask -> judge", id="usual")
        + path("judge -> score -> close -> end")
    )
    asks = element("exclusiveGateway", "ask", default="usual")
    parts = (start(), work_at("look"), asks, score, work_at("judge"), work_at("close"), end(), ways)
    put_in_force(firm, "main", drawn(*parts), now)
    order = order_of(firm, "main", now)
    set_variable(order, urgent=True)
    with pytest.raises(StepFailed):
        complete(order, "look", firm.dee, now)
    actions.approve_skip(proposed(firm, now, risk="low").pk, actor=Actor.of(firm.max), now=now)
    set_variable(order, urgent=False)
    work.complete(open_item(order, "look").public_id, answers={}, actor=Actor.of(firm.dee), now=now)
    assert (open_nodes(order), instance_of(order).passing) == (["judge"], {})
    with pytest.raises(StepFailed):
        complete(order, "judge", firm.dee, now)


def set_variable(order, **variables):
    """As if somebody had told the process otherwise meanwhile."""
    instance = instance_of(order)
    instance.state["variables"].update(variables)
    instance.save()


@pytest.mark.parametrize("value", ["\ud800", "\0", float("inf"), [{"x": "\x07"}]])
def test_variables_that_cannot_be_kept_are_refused(firm, now, failed, value):
    with pytest.raises(Invalid) as refused:
        proposed(firm, now, x=value)
    assert list(refused.value.fields) == ["variables"]


def test_who_proposed_does_not_agree(firm, now, failed):
    skip = proposed(firm, now)
    with pytest.raises(SameMakerAndChecker):
        actions.approve_skip(skip.pk, actor=Actor.of(firm.eve), now=now)
    assert Incident.objects.get().resolved_at is None


def test_a_refused_proposal_leaves_everything_as_it_is(firm, now, failed):
    skip = proposed(firm, now)
    actions.reject_skip(skip.pk, reason="Needed.", actor=Actor.of(firm.max), now=now)
    assert (Skip.objects.get().approved_by, Incident.objects.get().resolved_at) == (None, None)
    assert proposed(firm, now).pk != skip.pk


def test_a_skip_needs_a_reason_staff_and_no_other_proposal(firm, now, failed):
    incident = Incident.objects.get()
    with pytest.raises(Invalid):
        actions.propose_skip(incident.pk, variables={}, reason=" ", actor=Actor.of(firm.eve), now=now)
    for who in (firm.ana, firm.judith):
        with pytest.raises(NotAllowed):
            proposed(firm, now, who)
    proposed(firm, now)
    with pytest.raises(Invalid):
        proposed(firm, now, firm.max)


def test_only_who_is_in_charge_agrees_or_refuses(firm, now, failed):
    skip = proposed(firm, now, firm.dee)
    for who in (firm.dov, firm.adam, firm.ana):
        with pytest.raises(NotAllowed):
            actions.approve_skip(skip.pk, actor=Actor.of(who), now=now)
        with pytest.raises(NotAllowed):
            actions.reject_skip(skip.pk, reason="No.", actor=Actor.of(who), now=now)
    actions.approve_skip(skip.pk, actor=Actor.of(firm.eve), now=now)
    assert Skip.objects.get().approved_by == firm.eve


SIGN = element(
    "userTask",
    "sign",
    extensions('<tl:name zh-Hans="签署"/><tl:approval matrix="transfers"/>'),
    name="Sign",
    **{"tl:kind": "approval"},
)


def test_a_decision_is_signed_and_never_skipped(firm, now):
    xml = drawn(start(), work_at("look"), SIGN, work_at("pay"), end(), path("start -> look -> sign -> pay -> end"))
    put_in_force(firm, "main", xml, now)
    order = order_of(firm, "main", now)
    with pytest.raises(StepFailed):  # the matrix misses its facts
        complete(order, "look", firm.dee, now)
    with pytest.raises(StepFailed):
        skipped(firm, now, order, approved=True)
    assert open_nodes(order) == ["look"]


def test_nor_is_a_call_of_a_process_that_asks_for_one(firm, now):
    called = drawn(start(), SIGN, end(), path("start -> sign -> end"), key="signing")
    put_in_force(firm, "signing", called, now)
    call = element("callActivity", "ask", calledElement="signing")
    xml = drawn(start(), work_at("look"), call, work_at("pay"), end(), path("start -> look -> ask -> pay -> end"))
    put_in_force(firm, "main", xml, now)
    node = queries.graph(ProcessVersion.objects.get(model__key="main").pk).nodes["ask"]
    assert queries.holds_decision(node)
    plain = drawn(start(), work_at("sign"), end(), path("start -> sign -> end"), key="signing")
    put_in_force(firm, "signing", plain, now + timedelta(minutes=1))
    assert not queries.holds_decision(node)


def test_a_gateway_that_found_no_way_is_taken_again_with_variables(firm, now):
    from tests.processes.engine.bpmn import flow

    xml = drawn(
        start(), element("exclusiveGateway", "which"), work_at("judge"), end(), work_at("look"),
        path("start -> look -> which"), flow("which -> judge", 'kind = "a"'), path("judge -> end"),
    )  # fmt: skip
    put_in_force(firm, "main", xml, now)
    order = order_of(firm, "main", now)
    with pytest.raises(StepFailed):
        complete(order, "look", firm.dee, now)
    skipped(firm, now, order, kind="a")
    assert open_nodes(order) == ["judge"]
