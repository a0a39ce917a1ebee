"""Words of the staff side: states of approvals, evidence, causes, and the time that a work item has left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ui.words import duration_text, is_chinese

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
    "verbal_callback": _("Verbal call-back: who was called, on which number, when, and what they said")
}
BARRED: dict[str, str | Promise] = {
    "placed": _("You placed this order, so somebody else has to decide it."),
    "prepared": _("You prepared this order, so somebody else has to decide it."),
    "signed": _("You signed another tier of this request, so somebody else has to decide this one."),
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
    "rule_order": _("all matching rules, in order"),
    "output_order": _("all matching rules, by output"),
}
CLOCK_KINDS: dict[str, str | Promise] = {"service": _("Service level"), "regulatory": _("Regulatory deadline")}


@dataclass(frozen=True)
class TimeLeft:
    """What `ui/sla.html` draws: band, words, and when the clock runs out (None while it stands still)."""

    band: str
    text: str
    until: datetime | None


def time_left(band: str, due_at: datetime | None, now: datetime) -> TimeLeft:
    """The time until something is due, or the time over, in words."""
    if band == "paused":
        return TimeLeft("paused", gettext("Paused"), None)
    if due_at is None:
        return TimeLeft(band or "paused", gettext("No target"), None)
    seconds = (due_at - now).total_seconds()
    return TimeLeft(band or "green", left_or_over(seconds), due_at)


def left_or_over(seconds: float) -> str:
    """`3 h 05 min left`, `34 min over`; days where there are several."""
    time = long_duration(seconds)
    return gettext("%(time)s over") % {"time": time} if seconds < 0 else gettext("%(time)s left") % {"time": time}


def long_duration(seconds: float) -> str:
    """A length of time; from two days on in days and hours."""
    hours = int(abs(seconds) // 3600)
    if hours < 48:
        return duration_text(seconds, get_language())
    days, rest = divmod(hours, 24)
    return f"{days} 天 {rest} 小时" if is_chinese(get_language()) else f"{days} d {rest} h"


def word(words: Mapping[str, str | Promise], key: Any) -> str:
    """The word of a code; a code without one is shown as it is, without underscores."""
    return str(words.get(str(key), str(key).replace("_", " ")))
