"""The client's turn: answering what we ask."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action, running
from orders import schemas
from orders.access import expect_for_client
from orders.actions.documents import expect_papers
from orders.actions.places import take_chosen
from orders.models import ClientRequest, Order
from orders.queries import locked
from orders.refusals import AlreadyAnswered, AnswersWrong, NoSuchOrder
from processes import actions as processes


@action
def answer_request(request: UUID, *, answers: dict, actor: Actor, now: datetime) -> ClientRequest:
    """Answer a request; the process goes on. A new appointment takes its place and gives the old one back.

    When the process's step fails, everything is rolled back but what was typed: that stays as the request's draft.
    Raises NoSuchOrder, NotAllowed, AlreadyAnswered, AnswersWrong, NoPlaceLeft, NotRunning, StepFailed.
    """
    found = ClientRequest.objects.filter(public_id=request).values_list("order__public_id", flat=True).first()
    if found is None:
        raise NoSuchOrder()
    order = locked(actor, found)
    expect_for_client(order, actor)
    row = lock(ClientRequest.objects.filter(public_id=request)).get()
    if row.answered_at or row.closed_at:
        raise AlreadyAnswered()
    running().after_rollback.append(lambda: keep_typed(order, request, answers))
    wrong = schemas.check(row.form, answers, order.branch.day(now)) if row.form else {}
    if wrong:
        raise AnswersWrong(wrong)
    expect_papers(order, row.form, answers)
    if take_chosen(order, row.form, answers, actor=actor, now=now):
        order.version += 1
        save(order, actor=actor, now=now, fields=["slot", "version"])
    row.answered_at, row.answered_by, row.draft = now, actor.user, {}
    row.save(update_fields=["answered_at", "answered_by", "draft"])
    record(
        "orders.request.answered",
        subject=f"orders.request:{row.public_id}",
        order=order,
        actor=actor,
        now=now,
        person=order.client.person_key,
        personal={"answers": answers},
    )
    variables = schemas.variables(row.form, answers)
    processes.complete_task(order.process_id, row.task, variables=variables, order=order, actor=actor, now=now)
    return row


@action
def keep_typed(order: Order, request: UUID, answers: dict) -> None:
    """After an answer was refused or its step failed: what was typed stays with the request, while that is open."""
    lock(Order.objects.filter(pk=order.pk)).get()
    ClientRequest.objects.filter(public_id=request, answered_at=None, closed_at=None).update(draft=answers)
