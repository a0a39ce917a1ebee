"""What the pages of one order in the making need: its form with free times and papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Client
from catalog.models import Product
from orders.client_queries import document_names
from orders.models import Order
from portal_customer.questions import AskedAt, questions
from ui.schema_form import SchemaForm


@dataclass(frozen=True)
class Ordering:
    """One form in the making: answers as typed so far, errors by field, and its draft once there is one."""

    product: Product
    client: Client
    answers: dict[str, Any]
    key: str
    errors: dict[str, str] = field(default_factory=dict)
    draft: Order | None = None
    shown: int | None = None  # the draft's version that was shown, where nothing was saved since

    @property
    def version(self) -> int | str:
        """The draft's version that the form carries; nothing before there is a draft."""
        return self.shown or (self.draft.version if self.draft else "")


def order_form(ordering: Ordering, user: Any, now: datetime) -> SchemaForm:
    """The product's form, with the branch's free times and the papers sent so far."""
    papers = document_names(user, ordering.draft) if ordering.draft else {}
    at = AskedAt(ordering.product, ordering.client.branch, now)
    return questions(ordering.product.form, ordering.answers, at, errors=ordering.errors, papers=papers)


def prefilled(form: Mapping[str, Any], client: Client) -> dict[str, Any]:
    """What we know of the client for the fields that ask for it, so that nobody types it twice."""
    known = {"client.account": client.account, "client.custodian": client.custodian, "client.name": client.name}
    fields = form.get("properties", {}).items()
    found = {name: known.get(field.get("x-tl", {}).get("prefill", ""), "") for name, field in fields}
    return {name: value for name, value in found.items() if value}
