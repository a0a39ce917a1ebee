"""System health: is everything running, and if not, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from insights.health import Night, Reading, last_night, night_reading, readings
from portal_staff.access import WATCH, requires


@dataclass(frozen=True)
class Words:
    """What one reading is called, and what to do next when it is not good."""

    label: str | Promise
    next_step: str | Promise


READINGS = {
    "worker": Words(
        _("Worker, last sign of life"),
        _("No task has run for more than a minute. Start the worker; its log says why it ended."),
    ),
    "queue": Words(
        _("Tasks in the queue"),
        _("Tasks are handed out late. Look at the worker's log, and start a second worker if it has too much to do."),
    ),
    "reactions": Words(
        _("Reactions that wait"),
        _("They should take seconds. Look at the worker's log: one that takes long holds up those behind it."),
    ),
    "calls": Words(
        _("Calls to connected systems that wait"),
        _("Look whether the connected system answers at its address. Calls are tried again by themselves."),
    ),
    "mails": Words(
        _("Mails that wait"), _("Look whether the mail gateway answers. Mails are handed over as soon as it does.")
    ),
    "parked_reactions": Words(
        _("Reactions that failed too often"),
        _("Each keeps its error. Repair the cause, then let them run again as the operations guide says."),
    ),
    "parked_calls": Words(
        _("Calls that failed too often"),
        _("Each keeps its error. Repair the cause, then send them again as the operations guide says."),
    ),
    "incidents": Words(
        _("Processes that stand still"),
        _("A step of each failed. Their team leads repair them on the orders' pages, when the cause is removed."),
    ),
    "calendars": Words(
        _("Calendars that end within a quarter"),
        _(
            "After it every day counts as its weekday says. Refresh the shipped ones as the operations guide says, and "
            "draft a version of your own."
        ),
    ),
    "night": Words(
        _("Nightly check of what must always hold"),
        _("Keep the database as it is, find out who changed the rows named below, and run the check again."),
    ),
}
NOT_RUN = _("It has not run for more than a day. It runs once a night while a worker is there.")
STATES = {
    "good": {"text": pgettext_lazy("system health", "Good"), "style": "ok"},
    "watch": {"text": pgettext_lazy("system health", "Look at it"), "style": "warn"},
    "bad": {"text": pgettext_lazy("system health", "Act now"), "style": "crit"},
}
HOLDS = {
    "I1": _("Each submission became exactly one order."),
    "I2": _("Every change of state is on record, once and in order, and is one that is allowed."),
    "I3": _("The ledger is as it was written and sealed."),
    "I4": _("A work item has one holder at most and was completed once at most."),
    "I5": _("No quota was oversold at any moment."),
    "I6": _("Nobody was told the same twice."),
    "I7": _("Each escalation was made once and in time."),
    "I8": _("What went out follows from the ledger."),
    "I9": _("Each incoming message took effect once."),
    "I10": _("Every document is there, whole."),
    "I11": _("Approvers are distinct people, and none of them the maker."),
    "I12": _("Every open order goes on by itself."),
    "I13": _("Timers and subscriptions are those that the processes wait for."),
}


@require_safe
@requires(*WATCH)
def health(request: HttpRequest) -> HttpResponse:
    """Worker, queue, outbox, incidents and the last nightly check, each with what to do next."""
    now = timezone.now()
    night = last_night()
    rows = [_row(reading) for reading in [*readings(now), night_reading(night, now)]]
    context = {"rows": rows, "night": night, "holds": _holds(night), "now": now}
    return render(request, "portal_staff/health.html", context)


def _row(reading: Reading) -> dict[str, Any]:
    words = READINGS[reading.key]
    waits_for_a_run = reading.key == "night" and reading.state == "watch"
    return {
        "label": words.label,
        "count": None if reading.key in ("worker", "night") else reading.count,
        "since": reading.since,
        "state": STATES[reading.state],
        "next_step": "" if reading.state == "good" else NOT_RUN if waits_for_a_run else words.next_step,
    }


def _holds(night: Night | None) -> list[dict[str, Any]]:
    if night is None:
        return []
    return [
        {
            "id": name,
            "text": HOLDS.get(name, name),
            "count": count,
            "violations": [violation for violation in night.violations if violation["id"] == name],
        }
        for name, count in night.checked.items()
    ]
