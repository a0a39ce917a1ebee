"""In which line the items of a view stand: by due time, or by priority first. Pages and neighbours follow it.

Items without a due time stand after the others of the same rank. They are read apart, along an index of their own:
SQLite and PostgreSQL sort what is missing to opposite ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Field, Func, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from work.models import WorkItem

KEYS = ("queue", "priority", "due_at", "id")  # what is read of a row of a queue to know its place


@dataclass(frozen=True)
class Place:
    """Where an item stands; it needs not stand there any more."""

    priority: int
    due_at: datetime | None
    id: int

    @classmethod
    def of(cls, item: WorkItem) -> Place:
        return cls(item.priority, item.due_at, item.pk)

    @classmethod
    def read(cls, cursor: str) -> Place | None:
        """The place that a page's address names, None for a text that names none."""
        priority, _tilde, rest = cursor.partition("~")
        moment, _tilde, last = rest.partition("~")
        if not (_is_number(priority, 2) and _is_number(last, 18)):
            return None
        try:
            due = None if moment == "-" else datetime.fromisoformat(moment)
            if due is not None and due.tzinfo is None:
                return None
            return cls(int(priority), due and due.astimezone(UTC), int(last))
        except (ValueError, OverflowError):  # the second for a moment whose UTC lies outside the years of a calendar
            return None

    def cursor(self) -> str:
        return f"{self.priority}~{self.due_at.isoformat() if self.due_at else '-'}~{self.id}"


@dataclass(frozen=True)
class Line:
    """rank: the fields that go before the due time."""

    rank: tuple[str, ...] = ()

    def page(self, rows: QuerySet[WorkItem], after: Place | None, size: int) -> list[WorkItem]:
        """The rows after a place. One statement; two where the first is not enough, or where priority comes first."""
        dated, undated = self._beyond(rows, after)
        found = list(dated[:size])
        if self.rank or len(found) < size:
            found = sorted([*found, *undated[:size]], key=self._standing)[:size]
        return found

    def following(self, rows: QuerySet[WorkItem], place: Place) -> WorkItem | None:
        """The row after a place: at most two statements."""
        return next(iter(self.page(rows, place, 1)), None)

    def preceding(self, rows: QuerySet[WorkItem], place: Place) -> WorkItem | None:
        """The row before a place: two statements."""
        found = [row for half in self.ahead(rows, place) for row in half[:1]]
        return max(found, key=self._standing, default=None)

    def ahead(self, rows: QuerySet[WorkItem], place: Place) -> list[QuerySet[WorkItem]]:
        """The rows before a place, the nearest first: those with a due time, and those without."""
        return self._beyond(rows, place, back=True)

    def _beyond(self, rows: QuerySet[WorkItem], place: Place | None, *, back: bool = False) -> list[QuerySet[WorkItem]]:
        return [self._half(rows.filter(due_at__isnull=undated), undated, place, back) for undated in (False, True)]

    def _half(self, rows: QuerySet[WorkItem], undated: bool, place: Place | None, back: bool) -> QuerySet[WorkItem]:
        names = [*self.rank, "id"] if undated else [*self.rank, "due_at", "id"]
        if place is not None:
            rows = self._narrowed(rows, names, undated, place, back)
        return rows.order_by(*(f"-{name}" if back else name for name in names))

    def _narrowed(
        self, rows: QuerySet[WorkItem], names: list[str], undated: bool, place: Place, back: bool
    ) -> QuerySet[WorkItem]:
        if undated is (place.due_at is None):
            return rows.filter(_compared(names, place, back))
        same_rank = undated is not back  # of one rank, the undated stand behind the dated
        if not self.rank:
            return rows if same_rank else rows.none()
        compare = ("lt" if back else "gt") + ("e" if same_rank else "")
        return rows.filter(**{f"{name}__{compare}": getattr(place, name) for name in self.rank})

    def _standing(self, row: WorkItem) -> tuple[Any, ...]:
        due = row.due_at.timestamp() if row.due_at else 0
        return (*(getattr(row, name) for name in self.rank), row.due_at is None, due, row.pk)


BY_DUE = Line()
BY_PRIORITY = Line(("priority",))


def line_of(view: str) -> Line:
    """Those who take the next item take it by priority; every other view shows what is due first."""
    return BY_PRIORITY if view == "next" else BY_DUE


class _Row(Func):
    """Values compared one after the other, as both engines do inside an index."""

    function = ""
    output_field = Field()


def _compared(names: list[str], place: Place, back: bool) -> GreaterThan | LessThan:
    fields: dict[str, Any] = {name: WorkItem._meta.get_field(name) for name in names}
    there = _Row(*(Value(getattr(place, name), output_field=field) for name, field in fields.items()))
    return LessThan(_Row(*names), there) if back else GreaterThan(_Row(*names), there)


def _is_number(text: str, longest: int) -> bool:
    return text.isdecimal() and len(text) <= longest
