"""Reads of what connected systems confirmed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from integrations.models import Connector, OutboxCall


def confirmed_between(connector: Connector, since: datetime, until: datetime) -> QuerySet[OutboxCall]:
    """Calls that a system acknowledged in a time, until exclusive, with their orders."""
    return _confirmed(connector).filter(answered_at__gte=since, answered_at__lt=until).order_by("answered_at", "id")


def confirmed_under(connector: Connector, references: Collection[str]) -> QuerySet[OutboxCall]:
    """Calls that a system acknowledged under its own references, with their orders."""
    return _confirmed(connector).filter(reference__in=references)


def _confirmed(connector: Connector) -> QuerySet[OutboxCall]:
    return OutboxCall.objects.filter(connector=connector).exclude(reference="").select_related("order")
