"""Words of the staff side: states of approvals, evidence, causes, and the time that a work item has left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from calendars.rules import Calendar, business_seconds, close_of, is_open
from orders.models import Order
from sla.rules import parse_target
from ui.words import duration_text, moment_text
from ui.zones import is_named
from work.models import WorkItem

ORDER_CHIPS = {
    "submitted": "info", "in_progress": "info", "waiting_on_client": "hold", "completed": "ok", "rejected": "crit",
    "cancelled": "hold", "exception": "crit",
}  # fmt: skip
VERSION_CHIPS = {"draft": "line", "proposed": "info", "approved": "info", "in_force": "ok", "rejected": "crit"}
REQUEST_STATES: dict[str, str | Promise] = {
    "open": pgettext_lazy("approval", "Open"),
    "approved": pgettext_lazy("approval", "Approved"),
    "rejected": pgettext_lazy("approval", "Rejected"),
    "returned": pgettext_lazy("approval", "More information asked for"),
    "void": pgettext_lazy("approval", "Called off"),
}
CHOICES: dict[str, str | Promise] = {
    "approve": pgettext_lazy("decision", "Approved"),
    "reject": pgettext_lazy("decision", "Rejected"),
    "more_information": pgettext_lazy("decision", "More information asked for"),
}
EVIDENCE: dict[str, str | Promise] = {
    "verbal_callback": _("Verbal call-back"),
}
BARRED: dict[str, str | Promise] = {
    "placed": _("You placed this order, so somebody else has to decide it."),
    "prepared": _("You prepared this order, so somebody else has to decide it."),
    "signed": _("You signed another tier of this request, so somebody else has to decide this one."),
    "lent": _("Somebody signed another tier of this request for you, so somebody else has to decide this one."),
    "advised": _("You were asked for advice on this order, so somebody else has to decide it."),
    "asked": _("%(name)s was asked by name to sign this, so nobody else signs in their place."),
    "lender": _("%(name)s, for whom you would sign, had a part in this, so somebody else has to decide it."),
}
ANSWERS: dict[str, str | Promise] = {  # of a custodian
    "acknowledged": pgettext_lazy("custodian", "Acknowledged"),
    "rejected": pgettext_lazy("custodian", "Rejected"),
}
SKILLS: dict[str, str | Promise] = {  # the codes stand in drawings and with people
    "general": _("General maintenance"),
    "senior": _("Re-registrations and closures"),
    "transfers": _("Account transfers"),
    "custodian": _("Custodian exceptions"),
    "reconciliation": _("Reconciliation"),
    "corporate": _("Corporate accounts"),
    "entity": _("Trusts and estates"),
    "credit": _("Consumer credit"),
}
CAUSES: dict[str, str | Promise] = {
    "client_late": _("The client answered late"),
    "missing_papers": _("Papers were missing"),
    "volume": _("More work than people"),
    "absence": _("Somebody was away"),
    "custodian": _("The custodian was late"),
    "system": _("A system was down"),
    "error": _("A mistake of ours"),
    "priority": _("Other work went first"),
    "other": _("Another reason"),
}
HIT_POLICIES: dict[str, str | Promise] = {
    "unique": _("one rule matches"),
    "first": _("first match wins"),
    "any": _("matching rules agree"),
    "priority": _("the highest output wins"),
    "collect": _("all matching rules add up"),
    "collect_sum": _("the sum of all matching rules"),
    "collect_min": _("the smallest of all matching rules"),
    "collect_max": _("the largest of all matching rules"),
    "collect_count": _("the count of all matching rules"),
    "rule_order": _("all matching rules, in order"),
    "output_order": _("all matching rules, by output"),
}
FACTS: dict[str, str | Promise] = {  # that no column of a matrix names
    "amount_last_day": _("Sum of the last day, same client and beneficiary"),
    "amount_last_week": _("Sum of the last week, same client and beneficiary"),
}
CLOCK_KINDS: dict[str, str | Promise] = {
    "service": _("Service level"),
    "regulatory": _("Regulatory deadline"),
    "decision": _("Time for the decision"),
}


@dataclass(frozen=True)
class TimeLeft:
    """What `ui/sla.html` draws. left: business seconds; stops: when business closes; until: None while paused."""

    band: str
    text: str
    until: datetime | None = None
    left: int | None = None
    stops: datetime | None = None


def time_left(band: str, due_at: datetime | None, now: datetime, cal: Calendar) -> TimeLeft:
    """The business time until something is due, or over, in words; over while nobody works: since when."""
    if band == "paused":
        return TimeLeft("paused", gettext("Paused"))
    if due_at is None:
        return TimeLeft(band or "paused", gettext("No target"))
    seconds = business_seconds(cal, now, due_at)
    if due_at < now and seconds > -60 and not is_open(cal, now):  # no business time passed since: nothing to count
        return TimeLeft(band or "green", _over_since(due_at, now), left=min(seconds, -1))
    if not seconds:  # less than a second
        seconds = -1 if due_at < now else 0
    stops = close_of(cal, now.astimezone(cal.zone).date()) if is_open(cal, now) else now
    return TimeLeft(band or "green", left_or_over(seconds), due_at, seconds, stops)


def timing(row: WorkItem | Order, now: datetime, cal: Calendar) -> TimeLeft | None:
    """The time that an open item or order has left. Of one that ended, whether it was in time, as it was then: nothing
    where it had no target, or where it was called off before its time was over."""
    if row.is_open:
        return time_left(row.band, row.due_at, now, cal)
    if row.due_at is None or row.ended_at is None:
        return None
    if row.ended_at <= row.due_at:
        return None if row.state == "cancelled" else TimeLeft("green", gettext("Met"))
    late = duration_text(business_seconds(cal, row.due_at, row.ended_at), get_language())
    return TimeLeft("breached", gettext("Late by %(time)s") % {"time": late})


def left_or_over(seconds: float) -> str:
    """`3 h 05 min left`, `34 min over`."""
    time = duration_text(seconds, get_language())
    return gettext("%(time)s over") % {"time": time} if seconds < 0 else gettext("%(time)s left") % {"time": time}


def _over_since(due_at: datetime, now: datetime) -> str:
    zone, named = timezone.get_current_timezone(), is_named(due_at)
    moment = moment_text(due_at, get_language(), now=now, zone=zone, style="short", named=named)
    return gettext("over since %(moment)s") % {"moment": moment}


def target_words(text: str) -> str:
    """The time that a target allows: `4 h` for `PT4H`, `2 business days` for `2bd`, `the same day`."""
    target = parse_target(text)
    if target.open_time is not None:
        return duration_text(target.open_time.total_seconds(), get_language())
    if not target.days:
        return gettext("the same day")
    return ngettext("%(count)s business day", "%(count)s business days", target.days) % {"count": target.days}


def word(words: Mapping[str, str | Promise], key: Any) -> str:
    """The word of a code; a code without one is shown as it is, without underscores."""
    return str(words.get(str(key), str(key).replace("_", " ")))
