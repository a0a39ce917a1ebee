"""Many open orders at once: one order is made by the real actions, and its rows are copied set-wise.

Orders, instances, milestones, work items and clocks are copied with their last history rows and the entries that
opened them, so that the tables are as deep as live ones. Copied entries keep the digest of the first and are never
sealed: for scratch databases only.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from accounts.models import Client
from audit.models import Entry
from insights.bench.journeys import analyst, submit
from orders.models import Milestone, Order
from processes.models import Instance
from sla.models import Clock
from work.models import WorkItem

OPENING = {"orders.order.submitted": "orders.order", "work.item.opened": "work.item", "sla.clock.started": "sla.clock"}
Columns = dict[str, str | None]  # expression by column; None: the database gives it
SPREAD = 40 * 24 * 3600  # seconds over which due times lie
HELD_EVERY, BAND_EVERY = 10, {"breached": 50, "red": 20, "paused": 33, "yellow": 7}  # every n-th item


def open_orders(count: int) -> None:
    """Make `count` open address changes, each with one open item in one queue and a running clock far from due."""
    now = timezone.now()
    first = submit("template", now)
    item, clock = WorkItem.objects.get(order=first), Clock.objects.get(order=first)
    copies = _Copies(first, count - 1, now)
    copies.of(Instance, first.process_id or 0, {"id": copies.key(first.process_id), "subject": copies.subject()})
    copies.of(Order, first.pk, copies.order_columns())
    copies.of_history(first, copies.order_columns())
    copies.of(Milestone, {"order_id": first.pk}, {"id": None, "order_id": copies.key(first.pk)})
    copies.of(WorkItem, item.pk, copies.item_columns(item))
    copies.of_history(item, copies.item_columns(item))
    copies.of(Clock, clock.pk, copies.clock_columns(clock))
    copies.of_history(clock, copies.clock_columns(clock))
    for fact, row in zip(OPENING, (first, item, clock), strict=True):
        entry = Entry.objects.get(fact=fact, order_ref=first.ledger_ref)
        copies.of(Entry, entry.pk, copies.entry_columns(entry, row))
    _settle()


class _Copies:
    """SQL expressions for the columns of the n-th copy; what is not named is copied as it is."""

    def __init__(self, first: Order, count: int, now: datetime) -> None:
        self.first, self.count, self.now = first, count, now
        self.sqlite = connection.vendor == "sqlite"
        clients = Client.objects.filter(branch=first.branch).order_by("pk").values_list("pk", flat=True)
        self.clients = list(clients)
        self.analyst = analyst()

    def order_columns(self) -> Columns:
        return {
            "id": self.key(self.first.pk),
            "public_id": self.uuid("a"),
            "number": self.number(),
            "idempotency_key": "'copy-' || n",
            "client_id": self.client(),
            "process_id": self.key(self.first.process_id),
            "due_at": self.due(),
            "band": self.band(),
        }

    def item_columns(self, item: WorkItem) -> Columns:
        is_held = f"n % {HELD_EVERY} = 0"
        return {
            "id": self.key(item.pk),
            "public_id": self.uuid("b"),
            "order_id": self.key(self.first.pk),
            "order_number": self.number(),
            "client_id": self.client(),
            "due_at": self.due(),
            "band": self.band(),
            "state": f"CASE WHEN {is_held} THEN 'in_progress' ELSE 'queued' END",
            "holder_id": f"CASE WHEN {is_held} AND n < {HELD_EVERY * 50} THEN {self.analyst.pk} "
            f"WHEN {is_held} THEN {self.colleague()} END",
            "skill": "CASE WHEN n % 5 = 0 THEN 'senior' ELSE t.skill END",
        }

    def clock_columns(self, clock: Clock) -> Columns:
        later = {name: self.due() for name in ("due_at", "yellow_at", "red_at", "next_check_at")}
        return {"id": self.key(clock.pk), "order_id": self.key(self.first.pk), **later}

    def entry_columns(self, entry: Entry, row: models.Model) -> Columns:
        kind = {"orders.order.submitted": "a", "work.item.opened": "b"}.get(entry.fact)
        subject = self.text(kind) if kind else f"({self.key(row.pk)})"
        return {
            "id": None,
            "public_id": self.uuid({"a": "c", "b": "d"}.get(kind or "", "e")),
            "action_id": self.uuid("f"),
            "order_ref": self.text("a"),
            "subject": f"'{OPENING[entry.fact]}:' || {subject}",
        }

    def of(self, model: type[models.Model], where: int | dict[str, int], columns: Columns) -> None:
        """Copy the rows of a table `count` times. columns: expression by column, None: the database gives it."""
        condition = where if isinstance(where, dict) else {str(model._meta.pk.column): where}
        every = [str(field.column) for field in model._meta.concrete_fields]
        names = [name for name in every if columns.get(name, "") is not None]
        chosen = ", ".join(columns.get(name) or f't."{name}"' for name in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        tests = " AND ".join(f't."{name}" = {int(value)}' for name, value in condition.items())
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {self.count}) "  # noqa: S608
                f'INSERT INTO "{model._meta.db_table}" ({quoted}) '
                f'SELECT {chosen} FROM numbers, "{model._meta.db_table}" t WHERE {tests}'
            )

    def of_history(self, row: Any, columns: Columns) -> None:
        """Copy the last history row of a row."""
        last = row.history.order_by("-history_id").first()
        self.of(type(last), last.history_id, {**columns, "history_id": None})

    def key(self, first: int | None) -> str:
        return f"{first} + n"

    def text(self, kind: str) -> str:
        hexadecimal = "printf('%012x', n)" if self.sqlite else "lpad(to_hex(n), 12, '0')"
        return f"'{kind}0000000-0000-7000-8000-' || {hexadecimal}"

    def uuid(self, kind: str) -> str:
        return f"replace({self.text(kind)}, '-', '')" if self.sqlite else f"({self.text(kind)})::uuid"

    def subject(self) -> str:
        return f"'orders.order:' || {self.text('a')}"

    def number(self) -> str:
        digits = "printf('%08d', n)" if self.sqlite else "lpad(n::text, 8, '0')"
        return f"'TL-' || {digits} || '-X'"

    def client(self) -> str:
        cases = " ".join(f"WHEN {place} THEN {pk}" for place, pk in enumerate(self.clients))
        return f"CASE n % {len(self.clients)} {cases} END"

    def colleague(self) -> int:
        others = self.analyst.team.members.exclude(pk=self.analyst.pk)  # type: ignore[union-attr]
        return others.order_by("pk").values_list("pk", flat=True)[0]

    def band(self) -> str:
        cases = " ".join(f"WHEN n % {every} = 1 THEN '{band}'" for band, every in BAND_EVERY.items())
        return f"CASE {cases} ELSE 'green' END"

    def due(self) -> str:
        """Spread evenly over the weeks from ten days ahead on, in no order that the keys have."""
        start, seconds = self.now + timedelta(days=10), f"((n * 7919) % {SPREAD})"
        if self.sqlite:
            return f"datetime('{start:%Y-%m-%d %H:%M:%S}', '+' || {seconds} || ' seconds')"
        return f"'{start.isoformat()}'::timestamptz + {seconds} * interval '1 second'"


def _settle() -> None:
    """What a database does by itself over time: statistics, and keys that go on after the copied ones."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in (Instance, Order, WorkItem, Clock):
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\"))"  # noqa: S608
                )
        cursor.execute("ANALYZE")
