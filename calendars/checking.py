"""A calendar as text that a person edits: everything that is wrong with it, each with its line. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from calendars.arithmetic.hours import WEEKDAYS, parse_date, parse_hours
from calendars.rules import BadCalendar, Calendar, is_working
from rulebook.said import Said
from rulebook.said import gettext_noop as _

LONGEST = 200_000  # characters
MOST_PROBLEMS = 100
DATED = ("holidays", "working_days", "hours_on")


@dataclass(frozen=True, slots=True)
class CalendarProblem:
    """One thing that is wrong. line: in the text, from 1."""

    line: int
    message: str


class CalendarWrong(Exception):
    """The text is no calendar that can govern; `problems` in the order of their lines."""

    def __init__(self, problems: list[CalendarProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda each: each.line)[:MOST_PROBLEMS])
        super().__init__("; ".join(f"{each.line}: {each.message}" for each in self.problems))


def read_calendar(text: str) -> dict[str, Any]:
    """The body of a calendar from the text that somebody edited. Raises CalendarWrong with everything that is wrong."""
    if len(text) > LONGEST:
        raise CalendarWrong([CalendarProblem(1, Said(_("Use at most %(most)s characters."), most=f"{LONGEST:,}"))])
    try:
        body = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        sentence = _("Expected JSON, but it breaks off or errs here: %(reason)s.")
        raise CalendarWrong([CalendarProblem(error.lineno, Said(sentence, reason=error.msg))]) from None
    except (ValueError, RecursionError):
        raise CalendarWrong([CalendarProblem(1, Said(_("Expected JSON, but it cannot be read.")))]) from None
    lines = text.splitlines()
    found = [CalendarProblem(_line(lines, *place), message) for place, message in _wrong(body)]
    if found:
        raise CalendarWrong(found)
    return dict(body)


def written(body: Mapping[str, Any]) -> str:
    """A body as the text that people edit: days of the week in their order, one date a line."""
    weekly, ordered = body.get("weekly") or {}, {}
    ordered["timezone"] = body.get("timezone", "")
    ordered["weekly"] = {day: weekly[day] for day in WEEKDAYS if day in weekly}
    for part in DATED:
        given = body.get(part)
        if given:
            ordered[part] = dict(sorted(given.items())) if isinstance(given, Mapping) else sorted(given)
    parts = [f" {json.dumps(name)}: {_part(value)}" for name, value in ordered.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _part(value: Any) -> str:
    if isinstance(value, Mapping) and value:
        entries = (f"  {json.dumps(key)}: {json.dumps(each, ensure_ascii=False)}" for key, each in value.items())
        return "{\n" + ",\n".join(entries) + "\n }"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"  {json.dumps(each)}" for each in value) + "\n ]"
    return json.dumps(value, ensure_ascii=False)


def _wrong(body: Any) -> list[tuple[tuple[str, str], str]]:
    """What is wrong, each with the part and the entry at which it stands."""
    if not isinstance(body, Mapping):
        return [(("", ""), Said(_("Expected an object with a time zone and weekly hours.")))]
    found = [*_wrong_parts(body)]
    if found:
        return found
    try:
        cal = Calendar.from_json(body)
    except BadCalendar as error:
        return [((_part_of(error), ""), _reason(error))]
    return [*_idle_makeups(cal), *_empty_years(cal, body)]


def _wrong_parts(body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for part in body:
        if part not in ("timezone", "weekly", *DATED):
            yield (str(part), ""), Said(_("“%(name)s” is no part of a calendar."), name=str(part)[:40])
    try:
        Calendar(str(body.get("timezone", "")), (((0, 1),),) * len(WEEKDAYS))
    except BadCalendar:
        sentence = _("Expected a time zone such as Europe/Amsterdam, but “%(name)s” is unknown.")
        yield ("timezone", ""), Said(sentence, name=str(body.get("timezone", ""))[:40])
    yield from _wrong_hours(body.get("weekly"), "weekly", WEEKDAYS)
    yield from _wrong_hours(body.get("hours_on", {}), "hours_on", None)
    for part in ("holidays", "working_days"):
        given = body.get(part, [])
        if not isinstance(given, list | Mapping) or (part == "working_days" and isinstance(given, Mapping)):
            yield (part, ""), Said(_("Expected dates such as 2026-11-27."))
            continue
        for day in given:
            if not _is_date(day):
                sentence = _("Expected a date such as 2026-11-27, but got “%(found)s”.")
                yield (part, str(day)), Said(sentence, found=str(day)[:40])


def _wrong_hours(given: Any, part: str, days: tuple[str, ...] | None) -> Iterator[tuple[tuple[str, str], str]]:
    if not isinstance(given, Mapping):
        yield (part, ""), Said(_('Expected hours by day, as in {"mon": [["09:00", "17:00"]]}.'))
        return
    for day, hours in given.items():
        if days is not None and day not in days:
            yield (
                (part, str(day)),
                Said(_("Expected mon, tue, wed, thu, fri, sat or sun, but got “%(found)s”."), found=str(day)[:40]),
            )
        elif days is None and not _is_date(day):
            yield (
                (part, str(day)),
                Said(_("Expected a date such as 2026-11-27, but got “%(found)s”."), found=str(day)[:40]),
            )
        else:
            try:
                parse_hours(hours, str(day))
            except BadCalendar as error:
                yield (part, str(day)), _reason(error)


def _idle_makeups(cal: Calendar) -> Iterator[tuple[tuple[str, str], str]]:
    """Make-up days that would be worked anyhow: one of the two statements is a mistake."""
    for day in sorted(cal.working_days):
        if cal.weekly[day.weekday()] and day not in cal.holidays:
            sentence = _("%(day)s is a working day of the week already, so it needs no make-up.")
            yield ("working_days", day.isoformat()), Said(sentence, day=day.isoformat())


def _empty_years(cal: Calendar, body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    years = sorted({day.year for day in (*cal.holidays, *cal.working_days, *cal.hours_on)})
    for year in years:
        if not any(is_working(cal, date.fromordinal(day)) for day in _days(year)):
            first = next(
                (day for part in DATED for day in sorted(body.get(part) or ()) if day.startswith(str(year))), ""
            )
            yield ("", first), Said(_("%(year)s has no working day."), year=year)


def _days(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)


def _is_date(text: Any) -> bool:
    try:
        return bool(parse_date(text, ""))
    except BadCalendar:
        return False


def _reason(error: BadCalendar) -> str:
    """The arithmetic's sentence, without the place that the line says already, after what would be right."""
    problem = str(error).partition(": ")[2] or str(error)
    sentence = _(
        'Hours are pairs of times that do not overlap, as in [["09:00", "12:00"], ["13:30", "17:00"]]: %(problem)s'
    )
    return Said(sentence, problem=problem)


def _part_of(error: BadCalendar) -> str:
    return str(error).partition(":")[0].partition(".")[0]


def _line(lines: list[str], part: str, entry: str) -> int:
    """Where a part, and in it an entry, stands."""
    start = next((place for place, line in enumerate(lines) if part and f'"{part}"' in line), 0)
    return next((place for place in range(start, len(lines)) if entry and f'"{entry}"' in lines[place]), start) + 1


def _no_number(name: str) -> Any:
    raise ValueError(name)
