"""`manage.py calendar show|refresh`: the days of a shipped calendar, and what the packages say about it now."""

import difflib
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from audit.management.input import whole_number
from audit.management.one_line import CallRefused, OneLineCommand
from calendars import shipped
from calendars.arithmetic.hours import show_hours
from calendars.rules import Calendar, is_working


class Command(OneLineCommand):
    help = "Show a shipped calendar's year, or compare the shipped calendars with the packages that they come from."
    requires_system_checks: list[str] = []
    refusals = (shipped.UnknownCalendar,)

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = self.verbs(parser)
        show = verbs.add_parser("show", help="working days, holidays, make-up days and special hours of a year")
        show.add_argument("code", metavar="CODE")
        show.add_argument("--year", type=whole_number(1, 9998), required=True)
        show.add_argument("--json", action="store_true")
        refresh = verbs.add_parser("refresh", help="what changed in the packages since the file was made")
        which = refresh.add_mutually_exclusive_group(required=True)
        which.add_argument("code", metavar="CODE", nargs="?")
        which.add_argument("--all", action="store_true", help="every shipped calendar")
        refresh.add_argument("--write", action="store_true", help="write the new file over the shipped one")

    def answer(self, options: dict[str, Any]) -> int:
        if options["verb"] == "show":
            return self._show(options["code"], options["year"], as_json=options["json"])
        return self._refresh(shipped.codes() if options["all"] else (options["code"],), write=options["write"])

    def _show(self, code: str, year: int, *, as_json: bool) -> int:
        cal, covered = shipped.load(code), shipped.coverage(code)
        if not covered.first <= year <= covered.last:
            raise CallRefused(code, f"expected a year from {covered.first} to {covered.last}, but got {year}.")
        if year in covered.provisional:
            self.stderr.write(f"{code}: {year} is provisional, its make-up days are not announced yet.")
        body = year_of(cal, year)
        self.stdout.write(json.dumps(body, ensure_ascii=False) if as_json else _as_text(body))
        return 0

    def _refresh(self, codes: tuple[str, ...], *, write: bool) -> int:
        """1 if a file differs from what the packages say and is not written."""
        changed = [code for code in codes if self._refresh_one(code, write=write)]
        return 1 if changed and not write else 0

    def _refresh_one(self, code: str, *, write: bool) -> bool:
        from calendars import sources  # imports pandas when it builds: only here

        shipped.document(code)  # refuses an unknown code
        path = shipped.FOLDER / f"{code}.json"
        old, new = path.read_text(encoding="utf-8"), sources.text_of(sources.build(code))
        difference = difflib.unified_diff(
            old.splitlines(), new.splitlines(), f"{code} shipped", f"{code} now", "", "", 1, ""
        )
        for line in difference:
            self.stdout.write(line)
        if write and old != new:
            _write(path, new)
        return old != new


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CallRefused(str(path), f"Expected a file that can be written, but: {error.strerror}.") from None


def year_of(cal: Calendar, year: int) -> dict[str, Any]:
    """`{"working_days", "holidays", "make_up_days", "hours_on"}` of a year. Source: commands.md, `calendar show`."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    return {
        "working_days": [str(day) for day in days if is_working(cal, day)],
        "holidays": {str(day): cal.holidays[day] for day in days if day in cal.holidays},
        "make_up_days": [str(day) for day in days if day in cal.working_days],
        "hours_on": {str(day): show_hours(cal.hours_on[day]) for day in days if day in cal.hours_on},
    }


def _as_text(body: dict[str, Any]) -> str:
    hours = {day: ", ".join("–".join(pair) for pair in pairs) for day, pairs in body["hours_on"].items()}
    lines = [f"{len(body['working_days'])} working days"]
    lines += [f"{day}  closed: {name}" for day, name in body["holidays"].items()]
    lines += [f"{day}  make-up day" for day in body["make_up_days"]]
    lines += [f"{day}  open {text}" for day, text in hours.items()]
    return "\n".join([lines[0], *sorted(lines[1:])])
