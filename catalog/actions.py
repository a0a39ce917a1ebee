"""Filling the shelves, and taking places from quotas."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.module_loading import import_string

from accounts.models import Branch
from audit.actions import record, save
from audit.actors import Actor
from audit.context import action
from audit.reactions import wiring
from catalog.models import BranchOffering, Channel, Hold, Listing, Product, Slot
from catalog.refusals import FormUnfit, SoldOut


@action
def add_channel(*, code: str, name: dict, actor: Actor, now: datetime) -> Channel:
    """Open a channel."""
    channel = Channel(code=code, name=name)
    channel.full_clean()
    save(channel, actor=actor, now=now)
    record("catalog.channel.added", subject=f"catalog.channel:{channel.pk}", actor=actor, now=now, after={"code": code})
    return channel


@action
def add_product(
    *,
    code: str,
    name: dict,
    summary: dict,
    family: str,
    icon: str,
    audience: str,
    form: dict,
    process_key: str,
    parameters: dict,
    actor: Actor,
    now: datetime,
) -> Product:
    """Add a product: its form, its process and its promise. Raises FormUnfit."""
    problems = import_string(wiring().FORM_CHECK)(form)
    if problems:
        raise FormUnfit(f"{code}: " + " ".join(problems))
    product = Product(
        code=code,
        name=name,
        summary=summary,
        family=family,
        icon=icon,
        audience=audience,
        form=form,
        process_key=process_key,
        parameters=parameters,
    )
    product.full_clean(exclude=["parameters"])
    save(product, actor=actor, now=now)
    after = {"code": code, "process": process_key}
    record("catalog.product.added", subject=f"catalog.product:{product.pk}", actor=actor, now=now, after=after)
    return product


@action
def list_product(product: Product, channel: Channel, *, actor: Actor, now: datetime) -> Listing:
    """Put a product on a channel's shelf."""
    listing = Listing.objects.create(product=product, channel=channel)
    after = {"channel": channel.code}
    record("catalog.product.listed", subject=f"catalog.product:{product.pk}", actor=actor, now=now, after=after)
    return listing


@action
def offer_at_branch(
    product: Product, branch: Branch, *, parameters: dict, actor: Actor, now: datetime
) -> BranchOffering:
    """Let a branch offer a product with its own parameters."""
    offering = BranchOffering.objects.create(product=product, branch=branch, parameters=parameters)
    after = {"branch": branch.code}
    record("catalog.product.offered", subject=f"catalog.product:{product.pk}", actor=actor, now=now, after=after)
    return offering


@action
def open_slot(
    offering: BranchOffering, *, starts_at: datetime, ends_at: datetime, capacity: int, actor: Actor, now: datetime
) -> Slot:
    """Open so many places at a time."""
    slot = Slot(offering=offering, starts_at=starts_at, ends_at=ends_at, capacity=capacity)
    slot.full_clean()
    save(slot, actor=actor, now=now)
    after = {"starts_at": starts_at, "capacity": capacity}
    record("catalog.slot.opened", subject=f"catalog.slot:{slot.pk}", actor=actor, now=now, after=after)
    return slot


@action
def take_place(slot_id: int, *, order_ref: str, actor: Actor, now: datetime) -> Hold:
    """Take one place for an order: one conditional update, so that nobody oversells. Raises SoldOut."""
    taken = Slot.objects.filter(pk=slot_id, taken__lt=F("capacity"), starts_at__gt=now).update(taken=F("taken") + 1)
    if not taken:
        raise SoldOut()
    hold = Hold.objects.create(slot_id=slot_id, order_ref=order_ref, taken_at=now)
    subject = f"catalog.slot:{slot_id}"
    record("catalog.slot.taken", subject=subject, actor=actor, now=now, data={"order": order_ref})
    return hold


@action
def release_place(order_ref: str, *, actor: Actor, now: datetime) -> bool:
    """Give an order's place back, when it holds one."""
    hold = Hold.objects.filter(order_ref=order_ref, released_at=None).first()
    if hold is None or not Hold.objects.filter(pk=hold.pk, released_at=None).update(released_at=now):
        return False
    Slot.objects.filter(pk=hold.slot_id).update(taken=F("taken") - 1)
    subject = f"catalog.slot:{hold.slot_id}"
    record("catalog.slot.released", subject=subject, actor=actor, now=now, data={"order": order_ref})
    return True
