"""Reads of the catalogue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from accounts.models import Branch, Client
from catalog.models import Product, Slot


def products_for(client: Client, channel: str) -> QuerySet[Product]:
    """Products on a channel's shelf that the client's branch offers and that are meant for such a client.

    What is meant for any client is not meant for the firm itself.
    """
    meant_for = [client.kind] if client.kind == Client.Kind.HOUSE else [client.kind, "any"]
    return Product.objects.filter(
        is_listed=True,
        listings__channel__code=channel,
        offerings__branch_id=client.branch_id,
        audience__in=meant_for,
    ).order_by("family", "code")


def is_offered(product: Product, client: Client, channel: str) -> bool:
    """Whether the client may order the product through the channel."""
    return products_for(client, channel).filter(pk=product.pk).exists()


def open_slots(product: Product, branch: Branch, now: datetime, *, days: int = 30) -> QuerySet[Slot]:
    """Slots of a branch's offering that still have a place, in the coming days."""
    return Slot.objects.filter(
        offering__product=product,
        offering__branch=branch,
        starts_at__gt=now,
        starts_at__lt=now + timedelta(days=days),
        taken__lt=F("capacity"),
    ).order_by("starts_at")
