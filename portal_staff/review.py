"""The review package of a payment to somebody else on the decision page: four parts, and what is worth a look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from approvals.review import Activity, Identity, Relationship, Review, Source
from orders.models import Order
from orders.money import Money
from orders.words import STATES
from portal_staff.rows import client_name
from portal_staff.vocabulary import Vocabulary
from portal_staff.words import FACTS, word
from ui.words import moment_text, money_text, pick_text

Row = dict[str, str]
SOURCES: dict[str, str | Promise] = {
    "client": gettext_lazy("The client"),
    "advisor": gettext_lazy("The advisor"),
    "staff": gettext_lazy("A colleague entered it; who asked is not on record"),
}
SIGNS: dict[str, str | Promise] = {
    "identity_not_verified": gettext_lazy("Nobody has put on record how the client was identified for this order."),
    "birth_date_unknown": gettext_lazy("The client's birth date is not on record."),
    "senior": gettext_lazy("The client is 65 or older."),
    "first_payment": gettext_lazy("It is the first payment to this recipient."),
    "advisor_initiated": gettext_lazy("The instruction came from the advisor, not from the client."),
    "source_unknown": gettext_lazy("It is not on record who gave the instruction."),
    "advisor_changed": gettext_lazy("The advisor changed within the last 30 days."),
    "details_changed": gettext_lazy("Details of the client were changed within the last 30 days."),
    "many_payments": gettext_lazy("There are three or more payments of this client within a week."),
    "larger_than_usual": gettext_lazy("It is more than twice the largest payment of the last 90 days."),
    "rejected_before": gettext_lazy("Another order of this client was rejected within the last 90 days."),
}


def review_parts(found: Review, order: Order) -> dict[str, Any]:
    """What `_review.html` shows: four parts as rows, the client's recent orders, and the signs in words."""
    words, now = Vocabulary.of_order(order), timezone.now()
    return {
        "identity": list(_identity(found.identity, order, words, now)),
        "relationship": list(_relationship(found.relationship, words, now)),
        "source": list(_source(found.source, order, now)),
        "sums": [_row(str(FACTS[name]), _money(amount, order)) for name, amount in found.activity.sums.items()],
        "orders": [_order(each) for each in found.activity.orders],
        "hidden": _hidden(found.activity),
        "signs": [word(SIGNS, code) for code in found.signs],
    }


def _identity(part: Identity, order: Order, words: Vocabulary, now: datetime) -> Iterator[Row]:
    yield _row(_("Client"), client_name(order.client), order.client.ref)
    if part.age is not None:
        yield _row(_("Age"), str(part.age))
    elif not part.has_birth_date:
        yield _row(_("Age"), _("The birth date is not on record"))
    how = part.on_order
    if how:
        said = words.value("identity_verified_by", (how.result or {})["identity_verified_by"], now=now)
        yield _row(_("Verified for this order"), said, _by(how.completed_by, how.ended_at, now))
    else:
        yield _row(_("Verified for this order"), _("Not on record"))
    check = part.on_file
    if check:
        about = pick_text(check.order.product.name, get_language())
        said = _("Confirmed: %(about)s") % {"about": about}
        yield _row(_("Last full identity check"), said, _by(check.completed_by, check.ended_at, now))
    else:
        yield _row(_("Last full identity check"), _("None with us on record"))


def _relationship(part: Relationship, words: Vocabulary, now: datetime) -> Iterator[Row]:
    yield _row(_("Recipient"), part.name)
    yield _row(_("Relationship"), words.value("recipient_relationship", part.relationship, now=now))
    yield _row(_("Reason given"), part.reason)
    if part.account:
        yield _row(_("Account"), part.account)
    if part.before and part.first_at:
        count = ngettext("%(count)s payment", "%(count)s payments", part.before) % {"count": part.before}
        yield _row(_("Paid before"), count, _("The first on %(day)s") % {"day": _at(part.first_at, now)})
    else:
        yield _row(_("Paid before"), _("Never"))


def _source(part: Source, order: Order, now: datetime) -> Iterator[Row]:
    yield _row(_("Instruction from"), word(SOURCES, part.kind))
    channel = pick_text(order.channel.name, get_language())
    if order.placed_by:
        yield _row(_("Entered by"), order.placed_by.display_name, _by(None, order.submitted_at, now, channel))
    if order.client.advisor:
        days = part.days_since_advisor_change
        yield _row(_("Advisor"), order.client.advisor.display_name, "" if days is None else _since(days))
    else:
        yield _row(_("Advisor"), _("None"))


def _since(days: int) -> str:
    return ngettext("Advisor for %(count)s day", "Advisor for %(count)s days", days) % {"count": days}


def _order(each: Order) -> dict[str, Any]:
    return {
        "number": each.number,
        "product": each.product.name,
        "recipient": str(each.answers.get("recipient_name") or ""),
        "amount_minor": each.amount_minor,
        "currency": each.currency,
        "state": word(STATES, each.state),
        "at": each.submitted_at,
    }


def _hidden(activity: Activity) -> str:
    if not activity.hidden:
        return ""
    said = ngettext("%(count)s more order is not shown.", "%(count)s more orders are not shown.", activity.hidden)
    return said % {"count": activity.hidden}


def _by(person: Any, at: datetime | None, now: datetime, *also: str) -> str:
    parts = [person.display_name if person else "", *also, _at(at, now)]
    return pgettext("between the parts of a line", ", ").join(part for part in parts if part)


def _at(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    return moment_text(at, get_language(), now=now, zone=timezone.get_current_timezone(), style="short")


def _money(amount: str, order: Order) -> str:
    money = Money.of(amount, order.currency)
    return money_text(money.minor, money.currency)


def _row(label: str, value: str, sub: str = "") -> Row:
    return {"label": label, "value": value or "–", "sub": sub}
