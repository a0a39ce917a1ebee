"""Reads the two files of a recorded loan log: the applications and their events. Pure: no database, no clock.

Both files are UTF-8 CSV; the events may be packed with gzip. Times carry their offset. The events are read as a stream:
an application's events stand together, in the order in which they happened.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import IO

APPLICATION_COLUMNS = ("application", "submitted_at", "amount_eur", "outcome")
EVENT_COLUMNS = ("application", "at", "activity", "lifecycle", "resource")
OUTCOMES = {
    "A_ACTIVATED": "completed",
    "A_APPROVED": "completed",
    "A_DECLINED": "rejected",
    "A_CANCELLED": "cancelled",
    "OPEN": "open",
}
NODES = {
    "W_Afhandelen leads": "handle_lead",
    "W_Completeren aanvraag": "complete_application",
    "W_Nabellen offertes": "call_after_offer",
    "W_Valideren aanvraag": "assess",
    "W_Nabellen incomplete dossiers": "call_for_papers",
    "W_Beoordelen fraude": "examine_fraud",
    "W_Wijzigen contractgegevens": "change_contract",
}
LONGEST_LINE = 100_000
LIFECYCLES = ("SCHEDULE", "START", "COMPLETE")


class BadLog(ValueError):
    """A file of the log can't be read; the text is `FILE:LINE: message`, one line."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file, self.line, self.message = file, line, message


@dataclass(frozen=True)
class Application:
    """One application as submitted. `outcome` is completed, rejected, cancelled or open; `amount` in whole EUR."""

    number: str
    submitted_at: datetime
    amount: Decimal
    outcome: str
    line: int


@dataclass(frozen=True)
class LogEvent:
    """One recorded event. `person` is None where the log names nobody."""

    application: str
    at: datetime
    activity: str
    lifecycle: str
    person: str | None
    line: int

    @property
    def node(self) -> str | None:
        """The process's node that the event works on; None for a state of the application or the offer."""
        return NODES.get(self.activity)


def read_applications(path: Path) -> dict[str, Application]:
    """All applications of the file by number, in the file's order.

    Raises BadLog: a column or value that is missing or wrong, or a number given twice.
    """
    found: dict[str, Application] = {}
    for line, row in _rows(path, APPLICATION_COLUMNS):
        application = _application(path, line, row)
        if application.number in found:
            raise BadLog(str(path), line, f"application {application.number} stands in the file twice")
        found[application.number] = application
    return found


def read_events(path: Path) -> Iterator[tuple[str, list[LogEvent]]]:
    """(application number, its events) one application after the other, without holding the file in memory.

    Raises BadLog: bad values, events out of order, or an application whose events do not stand together.
    """
    seen: set[str] = set()
    events = (_event(path, line, row) for line, row in _rows(path, EVENT_COLUMNS))
    for number, group in groupby(events, key=lambda event: event.application):
        together = list(group)
        if number in seen:
            raise BadLog(str(path), together[0].line, f"the events of application {number} do not stand together")
        seen.add(number)
        _in_order(path, together)
        yield number, together


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with _opened(path) as stream:
            reader = csv.DictReader(_bounded(stream), strict=True)
            _require_columns(path, reader.fieldnames, columns)
            for row in reader:
                if any(row.get(column) is None for column in columns):
                    raise BadLog(str(path), reader.line_num, "the row has fewer values than the file has columns")
                yield reader.line_num, row
    except FileNotFoundError:
        raise BadLog(str(path), 0, "there is no such file") from None
    except UnicodeDecodeError:
        raise BadLog(str(path), 0, "the file is not UTF-8 text") from None
    except (csv.Error, OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadLog(str(path), 1, f"the file can't be read: {reason}") from None


def _bounded(stream: IO[str]) -> Iterator[str]:
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise csv.Error(f"a line is longer than {LONGEST_LINE:,} characters")
        yield line


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _require_columns(path: Path, found: object, columns: tuple[str, ...]) -> None:
    present = list(found) if isinstance(found, list | tuple) else []
    missing = [column for column in columns if column not in present]
    if missing:
        raise BadLog(str(path), 1, f"missing column {', '.join(missing)}")


def _application(path: Path, line: int, row: dict[str, str]) -> Application:
    outcome = row["outcome"]
    if outcome not in OUTCOMES:
        raise BadLog(str(path), line, f"unknown outcome {outcome!r}")
    return Application(
        number=_number(path, line, row["application"]),
        submitted_at=_time(path, line, "submitted_at", row["submitted_at"]),
        amount=_amount(path, line, row["amount_eur"]),
        outcome=OUTCOMES[outcome],
        line=line,
    )


def _event(path: Path, line: int, row: dict[str, str]) -> LogEvent:
    activity, lifecycle = row["activity"], row["lifecycle"]
    if activity not in NODES and not activity.startswith(("A_", "O_")):
        raise BadLog(str(path), line, f"unknown activity {activity!r}")
    if lifecycle not in LIFECYCLES:
        raise BadLog(str(path), line, f"unknown lifecycle {lifecycle!r}")
    number = _number(path, line, row["application"])
    return LogEvent(number, _time(path, line, "at", row["at"]), activity, lifecycle, row["resource"] or None, line)


def _number(path: Path, line: int, text: str) -> str:
    if not text.strip():
        raise BadLog(str(path), line, "application is empty")
    return text.strip()


def _time(path: Path, line: int, column: str, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadLog(str(path), line, f"{column} {text!r} is not a date and time") from None
    if at.tzinfo is None:
        raise BadLog(str(path), line, f"{column} {text!r} has no offset from UTC")
    return at


def _amount(path: Path, line: int, text: str) -> Decimal:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise BadLog(str(path), line, f"amount_eur {text!r} is not a whole number of euros")
    return Decimal(text)


def _in_order(path: Path, events: list[LogEvent]) -> None:
    for earlier, later in zip(events, events[1:]):
        if later.at < earlier.at:
            message = f"the event is earlier than the one before it ({earlier.at.isoformat()})"
            raise BadLog(str(path), later.line, message)
