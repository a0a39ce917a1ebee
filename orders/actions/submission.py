"""Submission: validate channel, parameters and quota, take the quota, give the number, start the process."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.authority import holds
from audit.actions import record, save
from audit.actors import Actor
from audit.context import action
from audit.writing import insert
from catalog.queries import is_offered
from orders import schemas
from orders.actions.documents import foreign_papers
from orders.actions.drafts import expect_version
from orders.actions.places import take_chosen, unfree_times
from orders.facts import process_variables
from orders.models import Milestone, Order, State
from orders.money import Money
from orders.numbers import new_number
from orders.queries import locked
from orders.refusals import AnswersWrong, NoSuchOrder, NotOffered, WrongMoment
from processes import actions as processes
from processes import queries as process_queries


@action
def submit_order(
    draft: UUID, *, answers: dict | None = None, version: int | None = None, actor: Actor, now: datetime
) -> Order:
    """Send a draft: it becomes an order with a number, or nothing happens. Sending it twice gives the same order.

    answers: replaces the draft's answers when given. version: of the draft that was checked, when a page showed it.
    Raises DraftChanged, AnswersWrong, NotOffered, NoPlaceLeft, NotStarted, WrongMoment, NoSuchOrder.
    Source: order-mode seed, 订单核准.
    """
    order = locked(actor, draft)
    if order.number and order.state != State.CANCELLED:
        return order
    if order.state != State.DRAFT:
        raise WrongMoment(order.state, "sent")
    if actor.user is not None and not holds(actor.user, "order_for_client", order.client_id):
        raise NoSuchOrder()
    expect_version(order, version)
    order.answers = order.answers if answers is None else answers
    _validate(order, now)
    take_chosen(order, order.product.form, order.answers, actor=actor, now=now)
    _become_order(order, now)
    save(order, actor=actor, now=now)
    _lay_out_milestones(order)
    _record_submission(order, actor, now)
    variables = process_variables(order)
    processes.start(order.product.process_key, order=order, variables=variables, actor=actor, now=now)
    return order


def wrong_answers(order: Order, now: datetime) -> dict[str, str]:
    """What has to be put right before a draft can be sent, by field: the page says what sending would refuse."""
    return unfree_times(order, order.product.form, order.answers, now) | _wrong(order, now)


def _wrong(order: Order, now: datetime) -> dict[str, str]:
    """But for the place in a quota, which is only known when it is taken."""
    form, answers = order.product.form, order.answers
    wrong = schemas.check(form, answers, order.branch.day(now))
    return foreign_papers(order, form, answers) | _foreign_accounts(order) | wrong


def _validate(order: Order, now: datetime) -> None:
    if not is_offered(order.product, order.client, order.channel.code):
        raise NotOffered(_("Expected a product that is offered here, but this one has been taken off the shelf."))
    wrong = _wrong(order, now)
    if wrong:
        raise AnswersWrong(wrong)


def _foreign_accounts(order: Order) -> dict[str, str]:
    """Fields that ask for the client's own account and name another one."""
    own, fields = order.client.account, order.product.form.get("properties", {})
    asked = [name for name, field in fields.items() if field.get("x-tl", {}).get("prefill") == "client.account"]
    foreign = [name for name in asked if own and order.answers.get(name, own) != own]
    return dict.fromkeys(foreign, _("This is not an account of this client. Check each digit."))


def _become_order(order: Order, now: datetime) -> None:
    order.submit()
    order.number = new_number()
    order.submitted_at = now
    money = _money(order)
    if money:
        order.amount_minor, order.currency = money.minor, money.currency
    order.version += 1


def _money(order: Order) -> Money | None:
    fields: dict[str, Any] = order.product.form.get("properties", {})
    for name in schemas.fields_with(order.product.form, "money"):
        if name in order.answers:
            return Money.of(order.answers[name], fields[name]["x-tl"].get("currency", "USD"))
    return None


def _lay_out_milestones(order: Order) -> None:
    version = process_queries.version_in_force(order.product.process_key)
    defined = process_queries.milestones(version)
    insert(
        [
            Milestone(order=order, position=position, key=step.key, name={"en": step.en, "zh-Hans": step.zh})
            for position, step in enumerate(defined, start=1)
        ]
    )


def _record_submission(order: Order, actor: Actor, now: datetime) -> None:
    after = {
        "state": order.state,
        "number": order.number,
        "product": order.product.code,
        "channel": order.channel.code,
        "branch": order.branch.code,
        "amount": str(order.amount) if order.amount else None,
    }
    record(
        "orders.order.submitted",
        subject=order.subject,
        order=order,
        actor=actor,
        now=now,
        before={"state": State.DRAFT},
        after=after,
        person=order.client.person_key,
        personal={"answers": order.answers},
    )
