"""Running instances: a step that fails leaves an incident and nothing else, repair goes on, calling off ends all."""

import pytest

from audit.actors import Actor
from audit.models import Entry
from audit.refusals import Invalid, NotAllowed
from orders import actions as orders
from orders.models import ClientRequest, Order
from orders.refusals import WrongMoment
from processes import actions, queries
from processes.models import Incident, Instance
from processes.refusals import NotRunning, NotStarted, StepFailed
from tests.firm import ADDRESS, address_change, open_item, submitted
from work import actions as work
from work.models import WorkItem

CONFIRMED = {"address_check": "confirmed", "checked_against": "login"}
PROOF = {"address_check": "proof_needed", "checked_against": "login"}


def done(item, who, now, answers):
    work.claim(item.public_id, actor=Actor.of(who), now=now)
    return work.complete(item.public_id, answers=answers, actor=Actor.of(who), now=now)


def fresh(order):
    return Order.objects.select_related("process").get(pk=order.pk)


@pytest.fixture
def failed(firm, now, monkeypatch):
    """An address change whose second step failed; what made it fail is gone again."""
    order = address_change(firm, now)
    item = open_item(order)
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.open_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            done(item, firm.dee, now, CONFIRMED)
    return fresh(order)


def test_a_step_that_fails_leaves_an_incident_and_what_was_typed(firm, now, failed):
    item = open_item(failed)
    incident = Incident.objects.get(instance=failed.process)
    assert (failed.state, failed.resume_state, failed.process.status) == ("exception", "in_progress", "error")
    assert (incident.node, incident.cause) == ("verify_address", "ZeroDivisionError: division by zero")
    assert (item.state, item.holder, item.draft, item.result) == ("in_progress", firm.dee, CONFIRMED, None)
    facts = list(Entry.objects.filter(order_ref=failed.ledger_ref).order_by("order_seq").values_list("fact", flat=True))
    assert facts[-2:] == ["processes.instance.failed", "orders.order.failed"]
    assert "work.item.completed" not in facts


def test_what_a_client_is_told_of_a_failed_step_names_no_node():
    assert "node" not in StepFailed().sentence
    assert "process" not in StepFailed().sentence


def test_while_it_waits_for_repair_nothing_moves(firm, now, failed):
    with pytest.raises(NotRunning, match="being repaired"):
        work.complete(open_item(failed).public_id, answers=CONFIRMED, actor=Actor.of(firm.dee), now=now)
    assert Incident.objects.filter(instance=failed.process).count() == 1


def test_after_the_repair_the_person_sends_again_and_it_goes_on(firm, now, failed):
    orders.repair_order(failed.public_id, reason="Queue is back.", actor=Actor.of(firm.eve), now=now)
    order, item = fresh(failed), open_item(failed)
    assert (order.state, order.resume_state, order.process.status) == ("in_progress", "", "running")
    assert Incident.objects.get(instance=order.process).resolved_at == now
    work.complete(item.public_id, answers=item.draft, actor=Actor.of(firm.dee), now=now)
    assert open_item(order).node == "update_records"


def test_a_step_that_fails_again_stays_on_the_desk(firm, now, failed, monkeypatch):
    orders.repair_order(failed.public_id, reason="Try.", actor=Actor.of(firm.eve), now=now)
    monkeypatch.setattr("work.handlers.open_item", lambda task: 1 / 0)
    with pytest.raises(StepFailed):
        work.complete(open_item(failed).public_id, answers=CONFIRMED, actor=Actor.of(firm.dee), now=now)
    assert fresh(failed).state == "exception"
    assert Incident.objects.filter(instance=failed.process, resolved_at=None).count() == 1


def test_repair_needs_a_reason_staff_and_something_to_repair(firm, now, failed):
    with pytest.raises(Invalid):
        orders.repair_order(failed.public_id, reason=" ", actor=Actor.of(firm.eve), now=now)
    for who in (firm.ana, firm.judith):
        with pytest.raises(NotAllowed):
            orders.repair_order(failed.public_id, reason="Please.", actor=Actor.of(who), now=now)
    orders.repair_order(failed.public_id, reason="Done.", actor=Actor.of(firm.eve), now=now)
    with pytest.raises(WrongMoment):
        orders.repair_order(failed.public_id, reason="Again.", actor=Actor.of(firm.eve), now=now)


def test_a_failed_answer_of_the_client_returns_to_the_clients_turn(firm, now, monkeypatch):
    order = address_change(firm, now)
    done(open_item(order), firm.dee, now, PROOF)
    request = ClientRequest.objects.get(order=order)
    paper = proof(order, firm, now)
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.open_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            orders.answer_request(request.public_id, answers=paper, actor=Actor.of(firm.ana), now=now)
    request.refresh_from_db()
    assert (request.answered_at, fresh(order).state, fresh(order).resume_state) == (
        None,
        "exception",
        "waiting_on_client",
    )
    orders.repair_order(order.public_id, reason="Fixed.", actor=Actor.of(firm.eve), now=now)
    assert fresh(order).state == "waiting_on_client"
    orders.answer_request(request.public_id, answers=paper, actor=Actor.of(firm.ana), now=now)
    assert fresh(order).state == "in_progress"


def proof(order, firm, now):
    from demo.history.papers import paper

    sent = orders.add_document(
        order.public_id, upload=paper("bill", "Power bill"), field="proof", actor=Actor.of(firm.ana), now=now
    )
    form = ClientRequest.objects.get(order=order).form
    return {name: str(sent.public_id) if name in form["required"] else "" for name in form["required"]}


def test_a_first_step_that_fails_sends_nothing(firm, now, monkeypatch):
    monkeypatch.setattr("work.handlers.open_item", lambda task: 1 / 0)
    with pytest.raises(NotStarted):
        address_change(firm, now)
    draft = Order.objects.get()
    assert (draft.state, draft.number, draft.process) == ("draft", None, None)
    assert not Instance.objects.exists()


def test_calling_an_order_off_calls_off_all_of_it(firm, now):
    order = address_change(firm, now)
    done(open_item(order), firm.dee, now, PROOF)
    request = ClientRequest.objects.get(order=order)
    orders.cancel_order(order.public_id, reason="Not moving after all.", actor=Actor.of(firm.ana), now=now)
    order, request = fresh(order), ClientRequest.objects.get(pk=request.pk)
    assert (order.state, order.process.status, request.closed_at) == ("cancelled", "cancelled", now)
    assert not order.process.timers.filter(ended_at=None).exists()
    assert not WorkItem.objects.open().filter(order=order).exists()
    with pytest.raises(WrongMoment):
        orders.cancel_order(order.public_id, reason="Again.", actor=Actor.of(firm.ana), now=now)


def test_an_order_whose_work_cannot_be_called_off_stays_as_it_was(firm, now, monkeypatch):
    order = address_change(firm, now)
    monkeypatch.setattr("work.handlers.cancel_item", lambda task: 1 / 0)
    with pytest.raises(StepFailed):
        orders.cancel_order(order.public_id, reason="Not moving after all.", actor=Actor.of(firm.ana), now=now)
    assert (fresh(order).state, fresh(order).process.status) == ("exception", "error")
    incident = Incident.objects.get(resolved_at=None)
    assert (incident.element, incident.next_retry_at) == ("verify_address", None)
    assert incident.cause == "ZeroDivisionError: division by zero"
    assert WorkItem.objects.open().filter(order=order).exists()


def test_what_could_not_be_called_off_goes_on_after_repair_and_is_called_off_anew(firm, now, monkeypatch):
    order = address_change(firm, now)
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.cancel_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            orders.cancel_order(order.public_id, reason="Not moving.", actor=Actor.of(firm.ana), now=now)
    incident = Incident.objects.get(resolved_at=None)
    with pytest.raises(Invalid):
        actions.propose_skip(incident.pk, variables={}, reason="Pass.", actor=Actor.of(firm.eve), now=now)
    orders.repair_order(order.public_id, reason="Repaired.", actor=Actor.of(firm.eve), now=now)
    assert (fresh(order).state, fresh(order).process.status) == ("in_progress", "running")
    orders.cancel_order(order.public_id, reason="Not moving.", actor=Actor.of(firm.ana), now=now)
    assert (fresh(order).state, fresh(order).process.status) == ("cancelled", "cancelled")


def test_an_order_that_failed_can_be_called_off(firm, now, failed):
    orders.cancel_order(failed.public_id, reason="Hopeless.", actor=Actor.of(firm.eve), now=now)
    assert (fresh(failed).state, fresh(failed).process.status) == ("cancelled", "cancelled")
    assert not Incident.objects.filter(resolved_at=None).exists()


def test_an_examiner_reads_and_calls_nothing_off(firm, now):
    order = address_change(firm, now)
    for change in (
        lambda who: orders.cancel_order(order.public_id, reason="No.", actor=who, now=now),
        lambda who: orders.send_message(order.public_id, body="Hi", idempotency_key="m", actor=who, now=now),
        lambda who: orders.add_note(order.public_id, body="Hi", actor=who, now=now),
    ):
        with pytest.raises(NotAllowed):
            change(Actor.of(firm.judith))
    assert fresh(order).state == "in_progress"


def test_calling_off_needs_a_reason(firm, now):
    order = address_change(firm, now)
    with pytest.raises(Invalid) as refused:
        orders.cancel_order(order.public_id, reason="  ", actor=Actor.of(firm.ana), now=now)
    assert "reason" in refused.value.fields


def test_an_unknown_task_is_an_incident_and_not_a_crash(firm, now):
    order = address_change(firm, now)
    with pytest.raises(StepFailed):
        actions.complete_task(order.process_id, 99, variables={}, order=order, actor=Actor.of(firm.dee), now=now)
    assert "99" in Incident.objects.get(instance=order.process_id).cause
    orders.repair_order(order.public_id, reason="Was nothing.", actor=Actor.of(firm.eve), now=now)
    assert fresh(order).state == "in_progress"


def test_a_step_of_a_cancelled_order_counts_as_called_off_and_not_as_done(firm, now):
    order = submitted(firm.ana, firm.ana_client, "address_change", ADDRESS, now)
    standing = queries.active_nodes(fresh(order).process)
    orders.cancel_order(order.public_id, reason="Not moving after all.", actor=Actor.of(firm.ana), now=now)
    trail = queries.trail_of(fresh(order).process)
    assert trail.called_off == standing
    assert not trail.visited & standing


def test_the_diagram_marks_where_the_order_stands(firm, now):
    order = submitted(firm.ana, firm.ana_client, "address_change", ADDRESS, now)
    picture = queries.diagram(fresh(order).process, "en")
    assert picture.startswith("<svg")
    assert "now" in picture
