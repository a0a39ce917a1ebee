"""Dates, times and durations: read from their ISO texts and written back. None where a text is none."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from rulebook.feel.values import Function, Months

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2}|@[A-Za-z_+\-/0-9]{1,64})?", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?", re.ASCII)
_SPAN = re.compile(
    r"(-)?P(?=\d|T\d)(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.(\d{1,9}))?S)?)?", re.ASCII
)


def read_date(text: str) -> date | None:
    """A calendar day from `2026-11-22`."""
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """A time of day from `09:30:00`, with an offset or Z; a named zone needs a day and gives None."""
    found = _TIME.fullmatch(text)
    if found is None or (found[5] or "").startswith("@"):
        return None
    try:
        return _clock(found, _offset(found[5]))
    except ValueError:
        return None


def read_date_time(text: str) -> datetime | None:
    """A point in time from `2026-11-22T09:30:00Z`, with an offset or `@Europe/Paris`; a bare day is its midnight."""
    day_text, mark, time_text = text.partition("T")
    day = read_date(day_text)
    if day is None:
        return None
    if not mark:
        return datetime.combine(day, time())
    found = _TIME.fullmatch(time_text)
    try:
        return datetime.combine(day, _clock(found, _offset(found[5]))) if found else None
    except ValueError:
        return None


def _clock(found: re.Match[str], zone: tzinfo | None) -> time:
    micros = int((found[4] or "").ljust(6, "0")[:6])
    return time(int(found[1]), int(found[2]), int(found[3]), micros, tzinfo=zone)


@lru_cache(maxsize=256)
def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return _named_zone(text[1:])
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    if minutes > 14 * 60 or int(text[4:6]) > 59:
        raise ValueError("an offset is at most 14 hours")
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _named_zone(name: str) -> tzinfo:
    if name not in _zone_names():  # looked up in memory: a made-up name must not cost a search of the disk
        raise ValueError(f"no time zone {name}")
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def read_duration(text: str) -> timedelta | Months | None:
    """A duration from `P1Y6M` (months) or `P2DT12H` (days and time)."""
    found = _MONTHS.fullmatch(text)
    if found:
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return Months(-months if found[1] else months)
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.group(2, 3, 4, 5))
    micros = int((found[6] or "").ljust(6, "0")[:6])
    try:
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micros)
    except OverflowError:
        return None
    return -span if found[1] else span


def read_literal(text: str) -> Any:
    """What `@"…"` means: a date, time, point in time or duration."""
    for read in (read_date, read_time, read_date_time, read_duration):
        value = read(text)
        if value is not None:
            return value
    return None


def write_number(value: Decimal) -> str:
    """A number without exponent and without zeros that say nothing."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def write_value(value: Any) -> str:
    """A single value (no list or context) as the text that the language reads it from."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return write_number(value)
    if isinstance(value, timedelta):
        return _write_span(value)
    if isinstance(value, Months):
        return _write_months(value.months)
    if isinstance(value, datetime | time):
        return _write_clock(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Function):
        return f"function({', '.join(value.parameters)})"
    return "null" if value is None else str(value)


def _write_clock(value: datetime | time) -> str:
    zone = value.tzinfo
    text = value.replace(tzinfo=None).isoformat()
    if "." in text:
        text = text.rstrip("0")
    if zone is None:
        return text
    if isinstance(zone, ZoneInfo):
        return f"{text}@{zone.key}"
    offset = value.isoformat()[-6:]
    return text + ("Z" if offset == "+00:00" else offset)


def _write_months(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    parts = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return ("-" if months < 0 else "") + "P" + (parts or "0M")


def _write_span(span: timedelta) -> str:
    size = abs(span)
    hours, rest = divmod(size.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{size.microseconds:06d}".rstrip("0") if size.microseconds else ""
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{size.days}D" if size.days else ""
    body = days + (f"T{clock}" if clock else "")
    return ("-" if span < timedelta() else "") + "P" + (body or "T0S")
