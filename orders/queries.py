"""Reads of orders that pages and other rooms ask for."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from guardian.models import GroupObjectPermission

from accounts.authority import held
from accounts.models import User
from audit.actors import Actor
from audit.claims import lock
from audit.context import at_hand, keep_at_hand
from audit.prepared import prepared
from orders.models import SUBJECT, Copy, Order, State
from orders.numbers import read_number
from orders.refusals import NoSuchOrder


def order_for(user: Any, number: str) -> Order:
    """The order with that number as the user may see it, in one statement. Raises NoSuchOrder."""
    canonical = read_number(number)
    orders = Order.objects.visible_to(user).select_related(
        "client", "product", "branch", "channel", "placed_by", "process", "slot"
    )
    order = orders.filter(number=canonical).first() if canonical else None
    if order is None:
        raise NoSuchOrder()
    return order


def locked(actor: Actor, public_id: UUID | str) -> Order:
    """The order locked for an action, as the actor may see it; machines see all. Raises NoSuchOrder."""
    found = _locked_order(UUID(str(public_id)))
    if not found or not (actor.is_system or sees(actor.user, found[0])):
        raise NoSuchOrder()
    return keep_at_hand(found[0])


def sees(user: Any, order: Order) -> bool:
    """Whether somebody may see an order: as `visible_to`, without a statement."""
    is_draft = order.state == State.DRAFT
    if order.client_id in held(user, "view_client") and (not is_draft or order.placed_by_id == user.pk):
        return True
    branches = held(user, "oversee_branch") | held(user, "examine_branch")
    serves = order.product_id in held(user, "view_product") and order.branch_id in held(user, "serve_branch")
    return not is_draft and (serves or order.branch_id in branches)


def people_who_see(order: Order) -> QuerySet[User]:
    """Active staff who may see a (submitted) order, by name: `visible_to` asked the other way round. One statement."""
    seen = _granted("view_client", order.client_id) | _granted("oversee_branch", order.branch_id)
    seen |= _granted("examine_branch", order.branch_id)
    seen |= _granted("view_product", order.product_id) & _granted("serve_branch", order.branch_id)
    staff = User.objects.filter(is_active=True, is_client_side=False)
    return staff.filter(seen).order_by("display_name", "pk")


def _granted(right: str, key: int) -> Q:
    grants = GroupObjectPermission.objects.filter(permission__codename=right, object_pk=str(key))
    return Q(pk__in=User.groups.through.objects.filter(group__in=grants.values("group")).values("user"))


def copies_for(user: Any) -> QuerySet[Copy]:
    """Orders that colleagues showed the user and that they may still see, the newest first: one statement."""
    seen = Copy.objects.filter(to=user, order__in=Order.objects.visible_to(user))
    return seen.select_related("order__product", "order__branch", "by").order_by("-sent_at", "-pk")


def lock_order(subject: str) -> Order:
    """The order of that subject, locked: the object that the running action works with already, if it does.

    Raises Order.DoesNotExist.
    """
    return at_hand(subject, partial(_read_locked, UUID(subject.removeprefix(SUBJECT))))


def _read_locked(public_id: UUID) -> Order:
    found = _locked_order(public_id)
    if not found:
        raise Order.DoesNotExist(f"Expected an order, but there is none with the id {public_id}.")
    return found[0]


@prepared
def _locked_order(public_id: UUID) -> QuerySet[Order]:
    return lock(Order.objects.filter(public_id=public_id)).select_related("client", "product", "branch", "channel")
