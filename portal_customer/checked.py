"""What a client checked: a mark of each answer, so that the page can say which ones changed before they were sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from audit.canonical import digest
from orders.models import Order
from ui.words import pick_text


def marks_of(order: Order) -> list[str]:
    """A mark of each answer: its field, a colon, and a digest of what it says."""
    return [f"{name}:{_mark(value)}" for name, value in order.answers.items()]


def said_changed(order: Order, marks: Iterable[str]) -> str:
    """Why nothing was sent, with the questions whose answers are others than those that were checked."""
    checked = dict(mark.partition(":")[::2] for mark in marks)
    standing = {name: _mark(value) for name, value in order.answers.items()}
    changed = [_label(field) for name, field in _fields(order) if checked.get(name) != standing.get(name)]
    if not changed:
        return _("Nothing was sent: your answers were changed in another window. Check them once more.")
    fields = pgettext("between the parts of a line", ", ").join(changed)
    return _("Nothing was sent: these answers were changed in another window: %(fields)s. Check them once more.") % {
        "fields": fields
    }


def _fields(order: Order) -> Iterable[tuple[str, dict[str, Any]]]:
    return order.product.form.get("properties", {}).items()


def _label(field: dict[str, Any]) -> str:
    return pick_text(field["x-tl"]["title"], get_language())


def _mark(value: Any) -> str:
    return digest({"": value})[:12]
