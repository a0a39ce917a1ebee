"""Reads of the ledger for examiners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from audit.models import Entry, Seal

PAGE = 50
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)  # days beyond them have no start in every time zone


@dataclass(frozen=True)
class Search:
    """What to look for; empty parts do not narrow. actor: as entries name it ("user:12"); days are whole days."""

    order_ref: str = ""
    fact: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None


def entries(search: Search, zone: ZoneInfo, *, before: int | None = None) -> list[Entry]:
    """A page of entries, the newest first, by key: one statement however long the ledger is."""
    rows = _narrowed(search, zone)
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: PAGE + 1])


def last_seal() -> Seal | None:
    """The newest seal."""
    return Seal.objects.order_by("-number").first()


def seal_over(entry: Entry) -> Seal | None:
    """The seal that covers an entry, once there is one."""
    return Seal.objects.filter(first_entry__lte=entry.pk, last_entry__gte=entry.pk).first()


def _narrowed(search: Search, zone: ZoneInfo) -> QuerySet[Entry]:
    rows = Entry.objects.all()
    if search.order_ref:
        rows = rows.filter(order_ref=search.order_ref)
    if search.fact:
        rows = rows.filter(fact=search.fact)
    if search.actor:
        rows = rows.filter(actor=search.actor)
    if search.since:
        rows = rows.filter(happened_at__gte=_start(search.since, zone))
    if search.until:
        rows = rows.filter(happened_at__lt=_start(min(search.until, LAST_DAY) + timedelta(days=1), zone))
    return rows


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(min(max(day, FIRST_DAY), LAST_DAY + timedelta(days=1)), time(), zone)
