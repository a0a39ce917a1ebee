"""Orders from a file: one row, one order. All or nothing unless asked to keep the good ones; never twice.

A product may say in its parameters (`import`) how a file's columns are called; else the columns are `key`, `client`
(the client's reference), optionally `submitted_at`, and the fields of the order form.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as BadPacking

from django.db import transaction
from openpyxl import load_workbook

from accounts.models import Client
from audit.actors import Actor
from audit.management.input import read_bytes
from audit.refusals import Invalid, Refusal
from audit.texts import is_readable, visible
from catalog.models import Product
from catalog.queries import is_offered
from orders import actions, schemas
from orders.days import read_moment
from orders.models import Order, State
from orders.recorded_people import RecordedPeople

ACTOR = Actor.system("order import")
TEAM = {"lending": "lending"}  # family of products → the team that takes such files in
DEFAULT_TEAM = "client_services"
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before it no calendar of ours knows its holidays
MOST_UNPACKED = 200 * 1024 * 1024  # of a workbook


class ImportRefused(Exception):
    """The file as a whole can't be imported; the text is one line."""


@dataclass
class Row:
    """One row and what became of it. row: its line in the file, the header being 1.

    differs: of a row whose order is there already, the columns that say something else than the order does now.
    """

    row: int
    key: str
    answers: dict[str, Any]
    client: Client | None = None
    submitted_at: datetime | None = None
    number: str = ""
    is_new: bool = False
    differs: tuple[str, ...] = ()
    column: str = ""
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the command prints it."""
        if self.error:
            return {"row": self.row, "key": self.key, "column": self.column, "error": self.error}
        made = {"row": self.row, "key": self.key, "number": self.number or None, "created": self.is_new}
        return made | {"differs": list(self.differs)} if self.differs else made

    def __str__(self) -> str:
        if self.error:
            return f"{self.row}: {self.error} ({self.column})"
        other = f" (there already, and differs in {', '.join(self.differs)})" if self.differs else ""
        return f"{self.row}: {self.number or 'good'}{other}"


class _Stop(Exception):
    """Rolls everything back."""


def import_orders(file: Path, *, product_code: str, dry_run: bool, keep_good: bool, now: datetime) -> list[Row]:
    """Create an order for each row; a row whose key is known already keeps its order.

    now: when a row is submitted that has no time of its own. Raises ImportRefused.
    """
    product = Product.objects.filter(code=product_code).first()
    if product is None:
        raise ImportRefused(f'Expected the code of a product, but there is no "{product_code}".')
    reading = _Reading(file, product, RecordedPeople(TEAM.get(product.family, DEFAULT_TEAM), ACTOR), now)
    try:
        with transaction.atomic() if dry_run or not keep_good else nullcontext():
            rows = list(reading.rows())
            if keep_good or not any(row.error for row in rows):
                for row in rows:
                    reading.create(row)
            if dry_run or (not keep_good and any(row.error for row in rows)):
                raise _Stop
    except _Stop:
        for row in rows:
            row.number = row.number if not row.is_new else ""
            row.is_new = False
    return rows


class _Reading:
    """One file being read for one product."""

    def __init__(self, file: Path, product: Product, people: RecordedPeople, now: datetime) -> None:
        self.file, self.product, self.people, self.now = file, product, people, now
        self.about: dict[str, Any] = product.parameters.get("import", {})
        self.columns: dict[str, str] = self.about.get("fields") or {
            name: name for name in product.form.get("properties", {})
        }
        self.seen: set[str] = set()
        self.clients: dict[str, Client | None] = {}

    def rows(self) -> Iterator[Row]:
        """Every row, read and checked."""
        records = _records(self.file)
        header = next(records)[1]
        self._check_header(header)
        for line, values in records:
            if any(values):
                row = self._row(line, dict(zip(header, values)))
                if any(values[len(header) :]):
                    _note(row, "", f"Expected at most {len(header)} cells, as the header has, but there are more.")
                yield row

    def _check_header(self, header: list[str]) -> None:
        """Raises ImportRefused. A product that says what a file's columns are called leaves the others alone."""
        missing = [name for name in self._required_columns() if name not in header]
        if missing:
            raise ImportRefused(f"{self.file}:1: missing column {', '.join(missing)}")
        twice = [name for name, count in Counter(filter(None, header)).items() if count > 1]
        if twice:
            raise ImportRefused(f"{self.file}:1: expected each column once, but {', '.join(twice)} stands there twice")
        known = ["key", "client", "submitted_at", *self.columns.values()]
        strange = [name or "a column without a name" for name in header if name not in known]
        if strange and not self.about:
            expected = f"expected the columns {', '.join(known)}"
            raise ImportRefused(f"{self.file}:1: {expected}, but the file also has {', '.join(strange)}")

    def create(self, row: Row) -> None:
        """Make the row's order, or find the one that it made before."""
        if row.error or row.client is None:
            return
        key = f"{self.product.code}:{row.key}"
        known = Order.objects.filter(idempotency_key=key).exclude(state=State.DRAFT).first()
        if known:
            row.number = str(known.number)
            row.differs = tuple(self._differences(row, known))
            return
        when = row.submitted_at or self.now
        try:
            row.number = self._submit(key, row, row.client, when)
            row.is_new = True
        except Refusal as refusal:
            fields = refusal.fields if isinstance(refusal, Invalid) else {}
            column, row.error = next(iter(fields.items()), ("", refusal.sentence))
            row.column = self.columns.get(column, column)

    def _differences(self, row: Row, order: Order) -> Iterator[str]:
        if row.client != order.client:
            yield "client"
        yield from (c for name, c in self.columns.items() if row.answers.get(name) != order.answers.get(name))

    def _submit(self, key: str, row: Row, client: Client, when: datetime) -> str:
        actor = self.people.actor("intake", when)
        draft = actions.save_draft(
            product=self.product,
            client=client,
            channel=self.about.get("channel", "staff"),
            answers=row.answers,
            idempotency_key=key,
            actor=actor,
            now=when,
        )
        return str(actions.submit_order(draft.public_id, actor=actor, now=when).number)

    def _required_columns(self) -> list[str]:
        fields = self.about.get("fields", {})
        names = [self.about.get("key", "key"), *fields.values()]
        return names + ([] if "client" in self.about else ["client"])

    def _row(self, line: int, values: dict[str, str]) -> Row:
        row = Row(line, values[self.about.get("key", "key")], {})
        strange = next((column for column, text in values.items() if not is_readable(text)), None)
        if strange is not None:
            _note(row, strange, "Expected text, but it contains a character that is none.")
            return row
        row.answers = schemas.clean(
            self.product.form, {name: values.get(column, "") for name, column in self.columns.items()}
        )
        self._check_key(row)
        self._find_time(row, values)
        self._find_client(row, values)
        when = row.submitted_at or self.now
        today = row.client.branch.day(when) if row.client else when.date()
        for name, sentence in schemas.check(self.product.form, row.answers, today).items():
            _note(row, self.columns.get(name, name), sentence)
        return row

    def _check_key(self, row: Row) -> None:
        if not row.key or len(row.key) > 40:
            _note(row, self.about.get("key", "key"), "Expected a key of 1 to 40 characters.")
        elif row.key in self.seen:
            _note(row, self.about.get("key", "key"), f"Expected each key once, but {row.key} stands in the file twice.")
        self.seen.add(row.key)

    def _find_time(self, row: Row, values: dict[str, str]) -> None:
        column = self.about.get("submitted_at", "submitted_at")
        text = values.get(column, "")
        if not text:
            return
        try:
            moment = read_moment(text)
        except ValueError:
            _note(row, column, f'Expected a date and time with its offset from UTC, but got "{text}".')
            return
        if EARLIEST <= moment <= self.now:
            row.submitted_at = moment
        else:
            _note(row, column, f"Expected a time from {EARLIEST:%Y} until now, but got {text}.")

    def _find_client(self, row: Row, values: dict[str, str]) -> None:
        ref = self.about["client"]["ref"] if "client" in self.about else values.get("client", "")
        if ref not in self.clients:
            self.clients[ref] = self._client(ref, row.submitted_at or self.now)
        row.client = self.clients[ref]
        if row.client is None:
            _note(row, "client", f'Expected the reference of a client to whom this is offered, but got "{ref}".')

    def _client(self, ref: str, when: datetime) -> Client | None:
        described = self.about.get("client")
        client = Client.objects.filter(ref=ref).first()
        if described or client:
            client = self.people.client(described or {"ref": ref}, when)
        channel = self.about.get("channel", "staff")
        return client if client and is_offered(self.product, client, channel) else None


def _note(row: Row, column: str, sentence: str) -> None:
    if not row.error:
        row.column, row.error = column, sentence


def _records(file: Path) -> Iterator[tuple[int, list[str]]]:
    """(line, values as text) of the header and every row. Raises ImportRefused, CallRefused."""
    content, found = read_bytes(str(file)), False
    try:
        for line, values in enumerate((_sheet if file.suffix == ".xlsx" else _lines)(content), start=1):
            found = True
            yield line, [_as_text(value) for value in values]
    except (UnicodeDecodeError, csv.Error, BadZipFile, BadPacking) as error:
        raise ImportRefused(f"{file}:1: the file can't be read: {' '.join(str(error).split())}") from None
    if not found:
        raise ImportRefused(f"{file}:1: the file is empty")


def _lines(content: bytes) -> Iterator[list[Any]]:
    yield from csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True)


def _sheet(content: bytes) -> Iterator[list[Any]]:
    with ZipFile(BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise BadZipFile(f"it holds more than {MOST_UNPACKED:,} bytes when unpacked")
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        yield from (list(row) for row in book.worksheets[0].iter_rows(values_only=True))
    except Exception as error:  # the library lets through whatever a broken workbook makes it stumble over
        raise BadZipFile(f"it is no workbook: {error}") from error


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else visible(str(value)).strip()
