"""Queries that are asked all day: compiled once per process, and only filled in afterwards.

Building and compiling a query costs several times what the database needs for it (measurements: docs/decisions/0013).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache, wraps
from inspect import get_annotations, signature
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models
from django.db.models import ForeignKey, Model, QuerySet
from django_fsm import FSMField

P = ParamSpec("P")
M = TypeVar("M")

# Two different values of each kind that an argument may have: where the statement's parameters differ, it stands.
SAMPLES: Mapping[str, tuple[Any, Any]] = {
    "int": (1, 2),
    "str": ("1", "2"),
    "UUID": (UUID(int=1), UUID(int=2)),
    "datetime": (datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 2, 2, tzinfo=UTC)),
}

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


def prepared(build: Callable[P, QuerySet[Any, M]]) -> Callable[P, list[M]]:
    """Make a function that builds a query one that asks it: the rows, in a list.

    Its arguments are annotated as int, str, UUID or datetime, are given by position, and only fill in the statement:
    none is None, and none decides how the query looks.
    """
    kinds = get_annotations(build)
    samples = [SAMPLES[str(kinds[name])] for name in signature(build).parameters]
    compiled: dict[str, _Compiled] = {}

    @wraps(build)
    def ask(*values: P.args, **none: P.kwargs) -> list[M]:
        if connection.vendor not in compiled:
            compiled[connection.vendor] = _compile(build, samples)
        return list(compiled[connection.vendor].rows(values))

    return ask


@dataclass(frozen=True)
class _Compiled:
    """A query with its statement. places: at which parameters the arguments stand."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    places: Mapping[int, int]
    converters: dict[str, Any] = field(default_factory=dict)

    def rows(self, values: tuple[Any, ...]) -> Any:
        here, parameters = connections[DEFAULT_DB_ALIAS], list(self.parameters)
        for place, number in self.places.items():
            parameters[place] = _as_parameter(values[number], here)
        compiler = copy(self.compiler)
        compiler.connection = here
        compiler.as_sql = lambda *shape, **of_it: (self.sql, tuple(parameters))
        compiler.get_converters = self._converters(compiler)
        filled: Any = _Filled(self.queryset, compiler)
        return self.queryset._iterable_class(filled)

    def _converters(self, compiler: Any) -> Callable[[Any], Any]:
        def known(expressions: Any) -> Any:
            if "all" not in self.converters:
                self.converters["all"] = type(compiler).get_converters(compiler, expressions)
            return self.converters["all"]

        return known


class _Filled:
    """A query set whose statement is known already: all that Django asks of one to make objects of its rows."""

    def __init__(self, queryset: QuerySet[Any, Any], compiler: Any) -> None:
        self._compiler, self._queryset = compiler, queryset
        self.query = self  # which is asked for the compiler, and otherwise is as it was

    def get_compiler(self, *database: Any, **named: Any) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        asked = self._queryset
        return getattr(asked if hasattr(asked, name) else asked.query, name)


def insert(rows: Sequence[Model]) -> None:
    """Write new rows of one model and give them their keys: as `bulk_create`, with a statement that is known already.

    What the database itself gives by default is left to it.
    """
    here, fields = connections[DEFAULT_DB_ALIAS], _written_fields(type(rows[0])) if rows else ()
    for start in range(0, len(rows), MOST_AT_ONCE):
        some = rows[start : start + MOST_AT_ONCE]
        values = [value_of(row, field, True, here) for row in some for field in fields]
        with here.cursor() as cursor:
            cursor.execute(_insertion(type(some[0]), len(some)), values)
            for row, (key,) in zip(some, cursor.fetchall()):
                row.pk, row._state.adding, row._state.db = key, False, here.alias


def update(row: Model, names: Iterable[str] | None = None) -> None:
    """Write those fields of a row (None = all that were read): as `save`, with a statement that is known already.

    Raises DatabaseError when the row is no longer there.
    """
    names = tuple(names) if names is not None else _read_fields(row)
    written, statement = _updating(row._meta.model, names)  # a lazy row, such as request.user, has another type
    here = connections[DEFAULT_DB_ALIAS]
    values = [value_of(row, field, False, here) for field in written]
    with here.cursor() as cursor:
        cursor.execute(statement, [*values, row.pk])
        if not cursor.rowcount:
            raise DatabaseError(f"Expected the row {row.pk} of {row._meta.db_table}, but it is no longer there.")


@dataclass(frozen=True)
class Written:
    """A field that is written. A value that is `exactly` of that type needs no asking of the field, which costs."""

    field: Any
    name: str
    exactly: type | None


def value_of(row: Model, one: Written, new: bool, here: Any) -> Any:
    """A field's value as the database behind the connection `here` takes it. new: for a row that is not there yet."""
    if one.exactly is not None:
        value = getattr(row, one.name)
        if value is None or type(value) is one.exactly:
            return _as_parameter(value, here)
    return one.field.get_db_prep_save(one.field.pre_save(row, new), here)


def written(field: Any) -> Written:
    """What is to be known of a field for writing it."""
    pointed = field.target_field if isinstance(field, ForeignKey) else field
    fills_in = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return Written(field, field.attname, None if fills_in else EXACTLY.get(type(pointed)))


def _read_fields(row: Model) -> tuple[str, ...]:
    left = {*row.get_deferred_fields(), row._meta.pk.attname}
    return tuple(one.name for one in row._meta.concrete_fields if one.attname not in left)


@lru_cache(maxsize=512)
def _updating(model: type[Model], names: tuple[str, ...]) -> tuple[list[Written], str]:
    quote, fields = connection.ops.quote_name, [_field(model, name) for name in names]
    changed = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    return [written(field) for field in fields], f"UPDATE {table} SET {changed} WHERE {key} = %s"  # noqa: S608 - our own names


def _field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


@lru_cache(maxsize=256)
def _insertion(model: type[Model], count: int) -> str:
    quote, fields = connection.ops.quote_name, _written_fields(model)
    columns = ", ".join(quote(one.field.column) for one in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * count)} RETURNING {key}"  # noqa: S608 - our own names


@cache
def _written_fields(model: type[Model]) -> tuple[Written, ...]:
    own = [one for one in model._meta.concrete_fields if one is not model._meta.auto_field]
    return tuple(written(one) for one in own if not one.has_db_default())


def _compile(build: Callable[..., QuerySet[Any, Any]], samples: list[tuple[Any, Any]]) -> _Compiled:
    first = [one for one, _other in samples]
    queryset = build(*first)
    compiler = queryset.query.get_compiler(using=queryset.db)
    sql, parameters = compiler.as_sql()
    places: dict[int, int] = {}
    for number, (_one, other) in enumerate(samples):
        changed = build(*first[:number], other, *first[number + 1 :]).query.get_compiler(using=queryset.db).as_sql()
        if changed[0] != sql:
            raise TypeError(
                f"Expected {build.__qualname__} to build one statement, but argument {number + 1} changes it."
            )
        differs = [place for place, pair in enumerate(zip(parameters, changed[1])) if pair[0] != pair[1]]
        places |= dict.fromkeys(differs, number)
    return _Compiled(queryset, compiler, sql, tuple(parameters), places)


def _as_parameter(value: Any, here: Any) -> Any:
    """A value as this database takes it."""
    if isinstance(value, UUID) and not here.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, datetime):
        return here.ops.adapt_datetimefield_value(value)
    return value
