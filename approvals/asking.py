"""A colleague asks for a decision in the middle of a step: the matrix that they name says who signs.

What is asked belongs to the step: there is one such decision for each, the step is not completed while it is open, and
the process learns nothing of it; what follows from the answer is for the holder of the step to do. Whoever decides may
ask back, and then it is asked again; or send the order back to a step before, and then the step that asked is over.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from approvals.facts import facts_of
from approvals.handlers import call_off_request, open_chain, without_own_consent
from approvals.models import Request
from approvals.queries import matrix_in_force
from approvals.refusals import AskedAlready, MatrixUnfit, QuestionMissing
from approvals.rules import Chain, explain
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.texts import is_readable
from orders.models import Order
from processes import queries as process_queries
from processes.steps import OpenedTask
from rulebook.models import TableVersion
from rulebook.tables import FactError, NoRule, TooManyRules
from work.access import expect_holder, fetch
from work.models import WorkItem
from work.refusals import DecisionNeeded

LONGEST_QUESTION = 2000


@action
def ask_for_decision(item: UUID, *, matrix: str, question: str, actor: Actor, now: datetime) -> Request:
    """Ask for a decision about the order of a step that one holds, by a matrix in force.

    question: 1–2,000 characters, shown to whoever decides. Who asks has a part in it and signs nothing of it.
    Whoever was asked back (more information) asks again, with what was missing.
    Raises NotYours, AlreadyClosed, NoSuchItem, DecisionNeeded, AskedAlready, QuestionMissing, MatrixUnfit: there is no
    such matrix, it has no answer for this order, or it asks nobody.
    Source: core concept 3 of the seed.
    """
    row = fetch(item, actor)
    expect_holder(row, actor)
    if row.kind != WorkItem.Kind.WORK:
        raise DecisionNeeded()
    question = question.strip()
    if not question or len(question) > LONGEST_QUESTION or not is_readable(question):
        raise QuestionMissing(LONGEST_QUESTION)
    before = Request.objects.filter(asked_from=row).order_by("-pk").first()
    if before is not None and before.state != Request.State.RETURNED:
        raise AskedAlready()
    instance = process_queries.holder_of(row.order.process_id, row.task)
    variables = process_queries.seen_by(instance, row.task)
    task = OpenedTask(instance, row.order, row.task, process_queries.node_of(instance, row.task), actor, now)
    version, facts, chain = _answer(matrix, row.order, variables, now)
    about = {"maker": actor.user, "in_bulk": False, "asked_from": row, "question": question, "again_of": before}
    request = open_chain(task, version, facts, chain, **about)
    _mark(row, awaits=True, actor=actor, now=now)
    return request


def answer(request: Request, order: Order, *, sent_to: str, actor: Actor, now: datetime) -> None:
    """The decision that a step asked for is taken: its holder can go on, or ask again, and is told. Part of deciding.

    sent_to: the node to which the order goes back instead, if any.
    """
    row = lock(WorkItem.objects.filter(asked_decisions=request)).get()
    _mark(row, awaits=False, actor=actor, now=now)
    data = {"node": row.node, "approval": request.state, "to": request.maker_id}
    data |= {"sent_to": sent_to} if sent_to else {}
    record("approvals.question.answered", subject=row.subject, order=order, actor=actor, now=now, data=data)


@action
def withdraw(item: str, *, actor: Actor, now: datetime) -> None:
    """The step that asked for a decision was called off: so is the decision. Nothing happens to one that is taken."""
    request = lock(Request.objects.filter(asked_from__public_id=item, state=Request.State.OPEN)).first()
    if request is not None:
        request.order = Order.objects.get(pk=request.order_id)
        call_off_request(request, actor=actor, now=now)


def _answer(
    matrix: str, order: Order, variables: object, now: datetime
) -> tuple[TableVersion, dict[str, object], Chain]:
    try:
        version, table = matrix_in_force(matrix, now)
    except TableVersion.DoesNotExist:
        raise MatrixUnfit("") from None
    if version.table.kind != "approval_matrix":
        raise MatrixUnfit("")
    try:
        facts = facts_of(order, table, variables, now)  # type: ignore[arg-type]
        chain = without_own_consent(explain(table, facts), order)
    except (FactError, NoRule, TooManyRules) as error:
        raise MatrixUnfit(str(error)) from error
    if not chain.tiers:
        raise MatrixUnfit("", asks_nobody=True)
    return version, facts, chain


def _mark(row: WorkItem, *, awaits: bool, actor: Actor, now: datetime) -> None:
    row.awaits_decision = awaits
    row.version += 1
    save(row, actor=actor, now=now, fields=["awaits_decision", "version"])
