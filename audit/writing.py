"""Writing rows with statements that are known already: as Django's `save` and `bulk_create`, without their asking.

Building a statement and asking every field for its value cost several times what the database needs
(measurements: docs/decisions/0013).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models
from django.db.models import ForeignKey, Model
from django_fsm import FSMField

from audit.statements import execute

# Types whose values such a field takes as they are. A field of another class is asked, whatever it holds.
EXACTLY: Mapping[type, type] = {
    models.AutoField: int,
    models.BigAutoField: int,
    models.BooleanField: bool,
    models.CharField: str,
    models.TextField: str,
    FSMField: str,
    models.IntegerField: int,
    models.BigIntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveBigIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.SmallIntegerField: int,
    models.DateTimeField: datetime,
    models.UUIDField: UUID,
}

MOST_AT_ONCE = 500  # rows in one statement: the databases bound a statement's parameters


@dataclass(frozen=True)
class Written:
    """A field that is written. A value that is `exactly` of that type needs no asking of the field, which costs."""

    field: Any
    name: str
    exactly: type | None


@dataclass(frozen=True, eq=False)
class Columns:
    """Fields of one table that are written together."""

    model: type[Model]
    fields: tuple[Written, ...]

    @cached_property
    def _take(self) -> attrgetter:
        names = [one.name for one in self.fields]
        return attrgetter(*names, names[0])  # one more than there are: of a single name it would give no tuple

    def values(self, row: Any, new: bool, here: Any) -> list[Any]:
        """A row's values as the database behind the connection `here` takes them. new: of a row that is not there."""
        return [
            as_parameter(value, here)
            if one.exactly and (value is None or type(value) is one.exactly)
            else one.field.get_db_prep_save(one.field.pre_save(row, new), here)
            for one, value in zip(self.fields, self._take(row))
        ]


def insert(rows: Sequence[Model]) -> None:
    """Write new rows of one model and give them their keys: as `bulk_create`, with a statement that is known already.

    What the database itself gives by default is left to it.
    """
    if not rows:
        return
    columns, here = new_columns(type(rows[0])), connections[DEFAULT_DB_ALIAS]
    for row, key in zip(rows, insert_values(columns, [columns.values(row, True, here) for row in rows])):
        row.pk, row._state.adding, row._state.db = key, False, here.alias


def insert_values(columns: Columns, rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Write new rows, each the values of those columns as the database takes them; their keys, in this order."""
    keys: list[Any] = []
    here = connections[DEFAULT_DB_ALIAS]
    for start in range(0, len(rows), MOST_AT_ONCE):
        some = rows[start : start + MOST_AT_ONCE]
        written_rows = execute(_insertion(columns, len(some)), list(chain.from_iterable(some)), here)
        keys += [key for (key,) in written_rows.fetchall()]
    return keys


def update(row: Model, names: Iterable[str] | None = None) -> None:
    """Write those fields of a row (None = all that were read): as `save`, with a statement that is known already.

    Raises DatabaseError when the row is no longer there.
    """
    names = tuple(names) if names is not None else _read_fields(row)
    columns, here = _changed_columns(row._meta.model, names), connections[DEFAULT_DB_ALIAS]  # the row may be a lazy one
    if not execute(_updating(columns), [*columns.values(row, False, here), row.pk], here).rowcount:
        raise DatabaseError(f"Expected the row {row.pk} of {row._meta.db_table}, but it is no longer there.")


@cache
def new_columns(model: type[Model]) -> Columns:
    """What is written of a new row: all but its own key and what the database gives by default."""
    own = [one for one in model._meta.concrete_fields if one is not model._meta.auto_field]
    return Columns(model, tuple(written(one) for one in own if not one.has_db_default()))


def written(field: Any) -> Written:
    """What is to be known of a field for writing it."""
    pointed = field.target_field if isinstance(field, ForeignKey) else field
    fills_in = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return Written(field, field.attname, None if fills_in else EXACTLY.get(type(pointed)))


def as_parameter(value: Any, here: Any) -> Any:
    """A value of one of the types above as the database behind the connection `here` takes it."""
    kind = type(value)
    if kind is datetime:
        return _instant(value, here.ops)
    if kind is UUID and not here.features.has_native_uuid_field:
        return value.hex
    return value


@lru_cache(maxsize=256)
def _instant(at: datetime, operations: Any) -> Any:
    """An instant as the database takes it: an action writes its `now` into every row."""
    return operations.adapt_datetimefield_value(at)


def _read_fields(row: Model) -> tuple[str, ...]:
    left = {*row.get_deferred_fields(), row._meta.pk.attname}
    return tuple(one.name for one in row._meta.concrete_fields if one.attname not in left)


@lru_cache(maxsize=512)
def _changed_columns(model: type[Model], names: tuple[str, ...]) -> Columns:
    return Columns(model, tuple(written(model._meta.get_field(name)) for name in names))


@lru_cache(maxsize=512)
def _updating(columns: Columns) -> str:
    quote, meta = connections[DEFAULT_DB_ALIAS].ops.quote_name, columns.model._meta
    changed = ", ".join(f"{quote(one.field.column)} = %s" for one in columns.fields)
    return f"UPDATE {quote(meta.db_table)} SET {changed} WHERE {quote(str(meta.pk.column))} = %s"  # noqa: S608 - our own names


@lru_cache(maxsize=512)
def _insertion(columns: Columns, count: int) -> str:
    quote, meta = connections[DEFAULT_DB_ALIAS].ops.quote_name, columns.model._meta
    names = ", ".join(quote(one.field.column) for one in columns.fields)
    row = f"({', '.join(['%s'] * len(columns.fields))})"
    table, key = quote(meta.db_table), quote(str(meta.pk.column))
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * count)} RETURNING {key}"  # noqa: S608 - our own names
