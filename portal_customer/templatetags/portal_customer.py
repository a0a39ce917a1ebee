"""What only the client's templates need: `{% load portal_customer %}`."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import Client
from orders.projection import ClientMilestone, ClientOrder, Detail, name_of
from portal_customer.prepared import Since
from portal_customer.words import STATUS, StatusLook
from ui.templatetags.ui import money, text_in, when, when_in

register = template.Library()


@register.simple_tag
def status_look(status: str) -> StatusLook:
    """Word and chip of one of the six status words."""
    return STATUS[status]


@register.filter
def client_name(client: Client) -> str:
    """The client's name as the reader's language writes it."""
    return text_in(name_of(client))


@register.filter
def length_above(things: Sized, count: int) -> bool:
    """Whether there are more than so many."""
    return len(things) > count


@register.filter
def detail_value(detail: Detail | None) -> Any:
    """An answer as the client reads it; nothing stays nothing."""
    if detail is None:
        return ""
    shown = {
        "choice": text_in,
        "yes_no": lambda value: _("Yes") if value else _("No"),
        "money": lambda value: money(value.minor, value.currency),
        "date": when,
        "time": when,
        "visit": lambda value: when_in(value, detail.zone),
    }
    return shown.get(detail.kind, str)(detail.value)


@register.filter
def decided_before(since: Since) -> str:
    """Who decided what when, in a sentence."""
    return format_html(since.said, name=since.by, date=when(since.at))


@register.filter
def steps_of(order: ClientOrder) -> list[dict[str, Any]]:
    """The milestones as `ui/milestones.html` wants them, with what to say under each."""
    last = order.milestones[-1] if order.milestones else None
    steps = [
        {"label": text_in(step.name), "state": step.status, "text": _step_text(order, step, step is last)}
        for step in order.milestones
    ]
    if order.status in ("declined", "cancelled"):
        steps.append({"label": str(STATUS[order.status].word), "state": "stopped", "text": when(order.ended_at)})
    return steps


def _step_text(order: ClientOrder, step: ClientMilestone, is_last: bool) -> Any:
    if step.reached_at:
        return when(step.reached_at)
    if step.status == "now":
        return _("Waiting for you") if order.asks else _("We are working on it")
    if not is_last or not order.promised_at:
        return ""
    said = _("Expected {}") if order.expected_at else _("Promised {}")
    return format_html(said, when(order.expected_at or order.promised_at, "date"))
