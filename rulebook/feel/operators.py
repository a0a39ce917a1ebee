"""Arithmetic and order between values. An operation that the language leaves undefined answers null (None)."""

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from rulebook.feel.errors import FeelError
from rulebook.feel.limits import DECIMAL128, Steps
from rulebook.feel.values import ORDERED, Months, checked_text, kind_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _

ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DAY_MICROSECONDS = 86_400_000_000
_MAX_MONTHS = 12 * 999_999_999


def ordered(sign: str, left: Any, right: Any) -> bool | None:
    """`left < right` and the like; None where the two can't be compared."""
    if type(left) is not type(right) or type(left) not in ORDERED:
        return None
    try:
        return ORDERINGS[sign](left, right)
    except TypeError:  # a time with an offset against one without
        return None


def number(value: Decimal) -> Decimal | None:
    """A result that is no number is null; one that is too large is an error."""
    if value.is_finite():
        return value
    if value.is_nan():
        return None
    raise FeelError(Said(_("A number became too large.")))


def arithmetic(sign: str, left: Any, right: Any) -> Any:
    """`left sign right` for + - * / **; None where the language defines no answer."""
    rule = _RULES.get((sign, type(left), type(right)))
    if rule is None:
        return None
    try:
        return rule(left, right)
    except (OverflowError, ValueError, TypeError):  # outside the calendar; with and without offset
        return None


def note_undefined(sign: str, left: Any, right: Any, steps: Steps) -> None:
    """Remember an operation without an answer, unless it only passed on a null."""
    if left is not None and right is not None:
        steps.note(f"{kind_of(left)} {sign} {kind_of(right)} has no answer.")


def negated(value: Any) -> Any:
    """`-value` for numbers and durations, else None."""
    if type(value) is Decimal or type(value) is timedelta:
        return -value
    if type(value) is Months:
        return Months(-value.months)
    return None


def _divide(left: Decimal, right: Decimal) -> Decimal | None:
    return number(DECIMAL128.divide(left, right)) if right else None


def _power(left: Decimal, right: Decimal) -> Decimal | None:
    if not left and right < 0:
        return None
    return number(DECIMAL128.power(left, right))


def add_months(day: Any, span: Months) -> Any:
    """A day or point in time some months later; the 31st becomes the last day of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + span.months, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return day.replace(year=years, month=month + 1, day=last)
            except ValueError:
                continue
    raise ValueError("outside the calendar")


def _day_plus(day: date, span: timedelta) -> date:
    return (datetime.combine(day, time()) + span).date()


def _moment(value: date, like: datetime) -> datetime:
    return datetime.combine(value, time(), tzinfo=UTC if like.tzinfo else None)


def _between(left: datetime, right: datetime) -> timedelta:
    if left.tzinfo is not None and right.tzinfo is not None:
        return left.astimezone(UTC) - right.astimezone(UTC)
    return left - right


def _later(moment: datetime, span: timedelta) -> datetime:
    if moment.tzinfo is None or moment.tzinfo is UTC:
        return moment + span
    return (moment.astimezone(UTC) + span).astimezone(moment.tzinfo)


def _clock_plus(clock: time, span: timedelta) -> time:
    moved = datetime.combine(date(2000, 1, 2), clock) + timedelta(microseconds=_micros(span) % _DAY_MICROSECONDS)
    return moved.timetz()


def _clock_between(left: time, right: time) -> timedelta:
    day = date(2000, 1, 2)
    return datetime.combine(day, left) - datetime.combine(day, right)


def _micros(span: timedelta) -> int:
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def _times(span: timedelta, factor: Decimal) -> timedelta:
    micros = DECIMAL128.multiply(Decimal(_micros(span)), factor)
    return timedelta(microseconds=_whole(micros))


def _shared(span: timedelta, divisor: Decimal) -> timedelta:
    return timedelta(microseconds=_whole(DECIMAL128.divide(Decimal(_micros(span)), divisor)))


def _whole(value: Decimal) -> int:
    if value.is_nan() or abs(value) > 10**24:
        raise OverflowError("too large for a duration")
    return int(value)


def _months(count: int) -> Months:
    if abs(count) > _MAX_MONTHS:
        raise OverflowError("too large for a duration")
    return Months(count)


def _per(left: Any, right: Any) -> Decimal | None:
    return number(DECIMAL128.divide(Decimal(left), Decimal(right))) if right else None


_D, _T, _M, _DT = Decimal, timedelta, Months, datetime
_RULES: dict[tuple[str, type, type], Callable[[Any, Any], Any]] = {
    ("+", _D, _D): lambda a, b: number(DECIMAL128.add(a, b)),
    ("-", _D, _D): lambda a, b: number(DECIMAL128.subtract(a, b)),
    ("*", _D, _D): lambda a, b: number(DECIMAL128.multiply(a, b)),
    ("/", _D, _D): _divide,
    ("**", _D, _D): _power,
    ("+", str, str): lambda a, b: checked_text(a + b),
    ("+", _T, _T): operator.add,
    ("-", _T, _T): operator.sub,
    ("*", _T, _D): _times,
    ("*", _D, _T): lambda a, b: _times(b, a),
    ("/", _T, _D): lambda a, b: _shared(a, b) if b else None,
    ("/", _T, _T): lambda a, b: _per(_micros(a), _micros(b)),
    ("+", _M, _M): lambda a, b: _months(a.months + b.months),
    ("-", _M, _M): lambda a, b: _months(a.months - b.months),
    ("*", _M, _D): lambda a, b: _months(_whole(DECIMAL128.multiply(a.months, b))),
    ("*", _D, _M): lambda a, b: _months(_whole(DECIMAL128.multiply(b.months, a))),
    ("/", _M, _D): lambda a, b: _months(_whole(DECIMAL128.divide(a.months, b))) if b else None,
    ("/", _M, _M): lambda a, b: _per(a.months, b.months),
    ("+", date, _M): add_months,
    ("+", _M, date): lambda a, b: add_months(b, a),
    ("-", date, _M): lambda a, b: add_months(a, Months(-b.months)),
    ("+", date, _T): _day_plus,
    ("+", _T, date): lambda a, b: _day_plus(b, a),
    ("-", date, _T): lambda a, b: _day_plus(a, -b),
    ("-", date, date): operator.sub,
    ("-", date, _DT): lambda a, b: _between(_moment(a, b), b),
    ("-", _DT, date): lambda a, b: _between(a, _moment(b, a)),
    ("-", _DT, _DT): _between,
    ("+", _DT, _M): add_months,
    ("+", _M, _DT): lambda a, b: add_months(b, a),
    ("-", _DT, _M): lambda a, b: add_months(a, Months(-b.months)),
    ("+", _DT, _T): _later,
    ("+", _T, _DT): lambda a, b: _later(b, a),
    ("-", _DT, _T): lambda a, b: _later(a, -b),
    ("+", time, _T): _clock_plus,
    ("+", _T, time): lambda a, b: _clock_plus(b, a),
    ("-", time, _T): lambda a, b: _clock_plus(a, -b),
    ("-", time, time): _clock_between,
}
