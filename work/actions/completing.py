"""Doing the work: keeping what was typed, and completing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from audit.actions import record, save
from audit.actors import Actor
from audit.context import action, running
from orders import schemas
from orders.refusals import AnswersWrong
from processes import actions as processes
from work.access import expect_holder, fetch, find
from work.actions.moving import expect_version
from work.models import State, WorkItem
from work.refusals import DecisionNeeded, DecisionOpen, WrongStep

CLOSED = ["state", "holder", "completed_by", "result", "draft", "ended_at", "version"]


@action
def keep_draft(item: UUID, *, answers: dict, version: int, actor: Actor, now: datetime) -> WorkItem:
    """Keep what the holder typed so far. Not a fact of the order, so the ledger has no entry of it."""
    row = fetch(item, actor)
    expect_holder(row, actor)
    expect_version(row, version)
    strange = schemas.unreadable(answers)
    if strange:
        raise AnswersWrong(strange)
    _keep(row, answers, actor, now)
    return row


@action
def complete(item: UUID, *, answers: dict, version: int | None = None, actor: Actor, now: datetime) -> WorkItem:
    """Complete an item that one holds; the process goes on.

    answers: by the item's form. version: the row's version that the page showed, when it came from a page.
    When the process's step fails, everything is rolled back but what was typed: that stays as the item's draft.
    Raises NotYours, ChangedMeanwhile, AnswersWrong, DecisionNeeded, DecisionOpen, AlreadyClosed, StepFailed,
    NoSuchItem.
    """
    row = fetch(item, actor)
    if row.kind == WorkItem.Kind.APPROVAL:
        raise DecisionNeeded()
    expect_holder(row, actor)
    expect_version(row, version)
    if row.state not in (State.IN_PROGRESS, State.ASSIGNED):
        raise WrongStep(row.state, "completed")
    if row.awaits_decision:
        raise DecisionOpen()
    wrong = schemas.check(row.form, answers, row.order.branch.day(now)) if row.form or answers else {}
    if wrong:
        raise AnswersWrong(wrong)
    running().after_rollback.append(lambda: keep_typed(item, answers=answers, actor=actor, now=now))
    close(row, answers, actor=actor, now=now)
    variables = schemas.variables(row.form, answers)
    processes.complete_task(row.order.process_id, row.task, variables=variables, order=row.order, actor=actor, now=now)
    return row


@action
def keep_typed(item: UUID, *, answers: dict, actor: Actor, now: datetime) -> None:
    """After a step failed and was rolled back: what the person had typed stays with the item as its draft."""
    row = find(item, actor, now)
    if row.is_open and row.holder_id in (None, actor.user.pk):
        _keep(row, answers, actor, now)


def _keep(row: WorkItem, answers: dict, actor: Actor, now: datetime) -> None:
    if answers != row.draft:
        row.typed_by.add(actor.user)
    row.draft = answers
    save(row, actor=actor, now=now, fields=["draft"])


def close(row: WorkItem, result: dict, *, actor: Actor, now: datetime) -> None:
    """Mark a (locked) item done by the actor and put it on record. Part of completing and of deciding."""
    before = {"state": row.state, "holder_id": row.holder_id}
    row.complete()
    row.completed_by, row.holder = actor.user, None
    row.result, row.draft, row.ended_at = result, {}, now
    row.version += 1
    save(row, actor=actor, now=now, fields=CLOSED)
    record(
        "work.item.completed",
        subject=row.subject,
        order=row.order,
        actor=actor,
        now=now,
        before=before,
        after={"state": row.state, "holder_id": None},
        data={"node": row.node},
        person=row.order.client.person_key if result else "",
        personal={"answers": result} if result else None,
    )
