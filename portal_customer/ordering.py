"""What the pages of one order in the making need: its form with free times and papers, and the date we promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from accounts.models import Client
from catalog.models import Product
from catalog.queries import open_slots
from orders import schemas
from orders.client_queries import document_names
from orders.models import Order
from portal_customer.forms import SchemaForm, Slot
from ui.words import moment_text

MOST_SLOTS = 120


@dataclass(frozen=True)
class Ordering:
    """One form in the making: answers as typed so far, errors by field, and its draft once there is one."""

    product: Product
    client: Client
    answers: dict[str, Any]
    key: str
    errors: dict[str, str] = field(default_factory=dict)
    draft: Order | None = None


def schema_form(ordering: Ordering, user: Any, now: datetime) -> SchemaForm:
    """The product's form, with the branch's free times and the papers sent so far."""
    form = ordering.product.form
    sent = document_names(user, ordering.draft) if ordering.draft else {}
    slots = _free_times(ordering, now) if any(schemas.fields_with(form, "slot")) else []
    return SchemaForm(form, ordering.answers, errors=ordering.errors, slots=slots, sent=sent)


def prefilled(form: Mapping[str, Any], client: Client) -> dict[str, Any]:
    """What we know of the client for the fields that ask for it, so that nobody types it twice."""
    known = {"client.account": client.account, "client.custodian": client.custodian, "client.name": client.name}
    fields = form.get("properties", {}).items()
    found = {name: known.get(field.get("x-tl", {}).get("prefill", ""), "") for name, field in fields}
    return {name: value for name, value in found.items() if value}


def _free_times(ordering: Ordering, now: datetime) -> list[Slot]:
    language, zone = get_language(), ZoneInfo(ordering.client.branch.timezone)  # the counter's own time
    rows = open_slots(ordering.product, ordering.client.branch, now)[:MOST_SLOTS]
    return [
        Slot(
            key=row.starts_at.isoformat(),
            day=moment_text(row.starts_at, language, now=now, zone=zone, style="long"),
            time=moment_text(row.starts_at, language, now=now, zone=zone, style="time"),
        )
        for row in rows
    ]
