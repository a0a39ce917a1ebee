"""Papers sent with a form: kept at once with the order, so that a wrong answer elsewhere does not lose them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audit.refusals import Invalid
from orders import schemas
from orders.actions import add_document
from orders.client_queries import document_names
from orders.models import Order
from portal_customer.access import PageRequest, actor


def keep_papers(
    request: PageRequest, order: Order, schema: Mapping[str, Any], answers: dict[str, Any], now: datetime
) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers with the public ids of their papers, and what is wrong with a file, by field.

    A paper is a file posted now, or one sent before whose id the page posts again; ids of other orders don't count.
    """
    names = list(schemas.fields_with(schema, "document"))
    if not names:
        return answers, {}
    known, errors = document_names(request.user, order), {}
    kept = {name: value for name, value in answers.items() if name not in names}
    for name in names:
        before = [each for each in request.POST.getlist(name) if each in known]
        try:
            sent = _keep(request, order, name, now)
        except Invalid as refusal:
            sent, errors[name] = "", refusal.fields.get(name) or refusal.sentence
        if sent or before:
            kept[name] = sent or before[-1]
    return kept, errors


def _keep(request: PageRequest, order: Order, name: str, now: datetime) -> str:
    upload = request.FILES.get(name)
    if upload is None:
        return ""
    document = add_document(order.public_id, upload=upload, field=name, actor=actor(request), now=now)
    return str(document.public_id)
