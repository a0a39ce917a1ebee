"""What a client thinks of a completed order."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.authority import holds, roles
from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Invalid, NotAllowed, NotFound
from orders.models import Order, Rating, State
from orders.queries import locked
from orders.refusals import AlreadyRated, WrongMoment

STARS = range(1, 6)
LONGEST = 1000


@action
def rate_order(order: UUID, *, stars: int, comment: str = "", actor: Actor, now: datetime) -> Rating:
    """Rate a completed order with one to five stars, once, as its client.

    Raises AlreadyRated, WrongMoment, Invalid, NotAllowed, NoSuchOrder. Source: order-mode seed, 订单评价.
    """
    row = locked(actor, order)
    _expect_client(row, actor)
    if row.state != State.COMPLETED:
        raise WrongMoment(row.state, "rated")
    if Rating.objects.filter(order=row).exists():
        raise AlreadyRated()
    if stars not in STARS:
        raise Invalid(_("Expected one to five stars."), fields={"stars": _("Choose one to five stars.")})
    text = _short(comment)
    rating = Rating.objects.create(order=row, by=actor.user, stars=stars, comment=text, rated_at=now)
    _record("orders.order.rated", rating, row, actor, now)
    return rating


@action
def explain_rating(order: UUID, *, comment: str, actor: Actor, now: datetime) -> Rating:
    """Add the words to stars that were given without any. Raises AlreadyRated, Invalid, NotAllowed, NotFound."""
    row = locked(actor, order)
    _expect_client(row, actor)
    rating = lock(Rating.objects.filter(order=row)).first()
    if rating is None:
        raise NotFound(_("Expected an order that is rated, but it has no stars yet."))
    if rating.comment:
        raise AlreadyRated()
    rating.comment = _short(comment)
    if not rating.comment:
        raise Invalid(_("Expected a few words, but there are none."), fields={"comment": _("Write a few words first.")})
    rating.save(update_fields=["comment"])
    _record("orders.rating.explained", rating, row, actor, now)
    return rating


def _expect_client(order: Order, actor: Actor) -> None:
    user = actor.user
    if user is None or "client" not in roles(user) or not holds(user, "order_for_client", order.client_id):
        raise NotAllowed(_("Expected the client of this order, but you are somebody else."))


def _short(comment: str) -> str:
    text = comment.strip()
    if len(text) > LONGEST:
        sentence = _("Expected at most %(count)s characters, but it has more.") % {"count": LONGEST}
        raise Invalid(sentence, fields={"comment": _("Use at most %(count)s characters.") % {"count": LONGEST}})
    return text


def _record(fact: str, rating: Rating, order: Order, actor: Actor, now: datetime) -> None:
    record(
        fact,
        subject=order.subject,
        order=order,
        actor=actor,
        now=now,
        data={"stars": rating.stars},
        person=order.client.person_key if rating.comment else "",
        personal={"comment": rating.comment} if rating.comment else None,
    )
