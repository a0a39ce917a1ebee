"""What follows a dot: an entry of a context, or a property of a date, time, duration or interval. Nothing else."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from rulebook.feel.limits import Steps
from rulebook.feel.values import Interval, Months


def member(value: Any, name: str, steps: Steps) -> Any:
    """`value.name`; of a list, that of each item; None where there is none."""
    kind = type(value)
    if kind is dict:
        return value.get(name)
    if kind is list:
        steps.charge(1 + len(value))
        return [member(item, name, steps) for item in value]
    read = _PROPERTIES.get((kind, name))
    return None if read is None else read(value)


def _offset(value: datetime | time) -> timedelta | None:
    return value.utcoffset()


def _zone(value: datetime | time) -> str | None:
    key = getattr(value.tzinfo, "key", None)
    return key if isinstance(key, str) else None


def _seconds(span: timedelta) -> int:
    """The size of a duration in whole seconds; its parts carry its sign."""
    return abs(span) // timedelta(seconds=1)


def _signed(part: Callable[[int], int]) -> Callable[[timedelta], Decimal]:
    return lambda span: Decimal(part(_seconds(span)) * (-1 if span < timedelta() else 1))


def _month_part(part: Callable[[int], int]) -> Callable[[Months], Decimal]:
    return lambda span: Decimal(part(abs(span.months)) * (-1 if span.months < 0 else 1))


_DAY: dict[str, Callable[[Any], Any]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.isoweekday()),
}
_CLOCK: dict[str, Callable[[Any], Any]] = {
    "hour": lambda clock: Decimal(clock.hour),
    "minute": lambda clock: Decimal(clock.minute),
    "second": lambda clock: Decimal(clock.second),
    "time offset": _offset,
    "timezone": _zone,
}
_SPAN: dict[str, Callable[[Any], Any]] = {
    "days": _signed(lambda seconds: seconds // 86_400),
    "hours": _signed(lambda seconds: seconds // 3600 % 24),
    "minutes": _signed(lambda seconds: seconds // 60 % 60),
    "seconds": _signed(lambda seconds: seconds % 60),
}
_MONTHS: dict[str, Callable[[Any], Any]] = {
    "years": _month_part(lambda months: months // 12),
    "months": _month_part(lambda months: months % 12),
}
_INTERVAL: dict[str, Callable[[Any], Any]] = {
    "start": lambda i: i.start,
    "end": lambda i: i.end,
    "start included": lambda i: i.start_closed,
    "end included": lambda i: i.end_closed,
}
_PROPERTIES: dict[tuple[type, str], Callable[[Any], Any]] = {
    (kind, name): read
    for kind, properties in (
        (date, _DAY),
        (datetime, _DAY | _CLOCK),
        (time, _CLOCK),
        (timedelta, _SPAN),
        (Months, _MONTHS),
        (Interval, _INTERVAL),
    )
    for name, read in properties.items()
}
