"""A business calendar as a value: which hours are open on which date."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from calendars.arithmetic.hours import WEEKDAYS, Hours, check_hours, parse_date, parse_hours, parse_weekly
from calendars.arithmetic.index import Year, build_year, common
from calendars.arithmetic.refusals import BadCalendar, TooFar

FIELDS = ("timezone", "weekly", "holidays", "working_days", "hours_on")
FIRST_YEAR, LAST_YEAR = 1900, 2200  # bounds the work that one question can cause


@dataclass(frozen=True)
class Calendar:
    """Hours in one time zone; of two statements about a date the more particular one holds.

    In this order: `hours_on` (its hours, none = closed), `working_days` (open although the week or a holiday says
    otherwise), `holidays` (closed), `weekly`. A working day whose weekday has no hours of its own, such as a
    make-up Saturday, has those of the first weekday that has any.

    timezone: IANA name. weekly: seven tuples of (from, to) in seconds after midnight, Monday first.
    holidays: date → name, "" where nobody named it. also: calendars that have to be open as well; of the two clocks
    and dates those of this one count. Raises BadCalendar.
    """

    timezone: str
    weekly: tuple[Hours, ...]
    holidays: Mapping[date, str] = field(default_factory=dict)
    working_days: frozenset[date] = frozenset()
    hours_on: Mapping[date, Hours] = field(default_factory=dict)
    also: tuple["Calendar", ...] = ()
    _years: dict[int, Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _ = self.zone
        if len(self.weekly) != len(WEEKDAYS):
            raise BadCalendar(f"weekly: expected seven days of hours, but got {len(self.weekly)}.")
        for name, hours in zip(WEEKDAYS, self.weekly):
            check_hours(hours, f"weekly.{name}")
        for day, hours in self.hours_on.items():
            check_hours(hours, f"hours_on.{day}")
        if not any(self.weekly) and not any(self.hours_on.values()):
            raise BadCalendar("weekly: expected at least one open hour, but every day is closed.")
        if self.working_days and not any(self.weekly):
            raise BadCalendar("working_days: expected weekly hours to give these days, but there are none.")

    @classmethod
    def from_json(cls, body: Any) -> "Calendar":
        """The inline form: `{"timezone", "weekly", "holidays"?, "working_days"?, "hours_on"?}`. Raises BadCalendar.

        holidays: a list of dates, or an object of date → name. Source: commands.md, `sla due`.
        """
        if not isinstance(body, Mapping):
            raise BadCalendar(f"calendar: expected an object, but got {body!r}.")
        unknown = sorted(str(key) for key in body if key not in FIELDS)
        if unknown:
            raise BadCalendar(f"calendar: expected only {', '.join(FIELDS)}, but got {unknown[0]!r}.")
        return cls(
            timezone=body.get("timezone", ""),
            weekly=parse_weekly(body.get("weekly")),
            holidays=_parse_holidays(body.get("holidays", [])),
            working_days=frozenset(_parse_dates(body.get("working_days", []), "working_days")),
            hours_on=_parse_hours_on(body.get("hours_on", {})),
        )

    @cached_property
    def zone(self) -> ZoneInfo:
        """Raises BadCalendar for a name that the time-zone database doesn't know."""
        try:
            return ZoneInfo(self.timezone)
        except (TypeError, ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError; "../x" a ValueError
            raise BadCalendar(f"timezone: expected an IANA name, but {self.timezone!r} is unknown.") from None

    def together_with(self, other: "Calendar") -> "Calendar":
        """Open only when both are."""
        return replace(self, also=(*self.also, other))

    def hours(self, day: date) -> Hours:
        """Wall-clock hours of a date by this calendar alone, in order; empty when closed."""
        if day in self.hours_on:
            return self.hours_on[day]
        if day in self.working_days:
            return self.weekly[day.weekday()] or next(hours for hours in self.weekly if hours)
        if day in self.holidays:
            return ()
        return self.weekly[day.weekday()]

    def year(self, number: int) -> Year:
        """The year's index, built when first asked for. Raises TooFar outside `FIRST_YEAR`…`LAST_YEAR`."""
        if not FIRST_YEAR <= number <= LAST_YEAR:
            raise TooFar(f"Expected a year from {FIRST_YEAR} to {LAST_YEAR}, but got to {number}.")
        if number not in self._years:
            year = build_year(number, self.zone, self.hours)
            for other in self.also:
                year = common(year, other.year, self.zone)
            self._years[number] = year
        return self._years[number]

    def holiday_name(self, day: date) -> str:
        """What the date is called; "" where nothing has a name for it."""
        names = (other.holiday_name(day) for other in self.also)
        return self.holidays.get(day, "") or next((name for name in names if name), "")


def _parse_holidays(value: Any) -> dict[date, str]:
    if isinstance(value, Mapping):
        return {parse_date(day, "holidays"): str(name) for day, name in value.items()}
    return dict.fromkeys(_parse_dates(value, "holidays"), "")


def _parse_dates(value: Any, where: str) -> list[date]:
    if not isinstance(value, list | tuple):
        raise BadCalendar(f"{where}: expected a list of dates, but got {value!r}.")
    return [parse_date(day, where) for day in value]


def _parse_hours_on(value: Any) -> dict[date, Hours]:
    if not isinstance(value, Mapping):
        raise BadCalendar(f"hours_on: expected hours by date, but got {value!r}.")
    return {parse_date(day, "hours_on"): parse_hours(hours, f"hours_on.{day}") for day, hours in value.items()}
