"""Queries that are asked all day: compiled once per process, and only filled in afterwards.

Building and compiling a query costs several times what the database needs for it (measurements: docs/decisions/0013).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from inspect import get_annotations, signature
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet

from audit.row_objects import RowMaker, row_maker
from audit.statements import execute
from audit.writing import as_parameter

P = ParamSpec("P")
M = TypeVar("M")

# Two different values of each kind that an argument may have: where the statement's parameters differ, it stands.
SAMPLES: Mapping[str, tuple[Any, Any]] = {
    "int": (1, 2),
    "str": ("1", "2"),
    "UUID": (UUID(int=1), UUID(int=2)),
    "datetime": (datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 2, 2, tzinfo=UTC)),
}


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
        return compiled[connection.vendor].rows(values)

    return ask


Converter = tuple[int, tuple[Callable[..., Any], ...], Any]  # of which column, how, and its expression


@dataclass(frozen=True)
class _Compiled:
    """A query with its statement. places: at which parameters the arguments stand."""

    sql: str
    parameters: tuple[Any, ...]
    places: Mapping[int, int]
    converters: tuple[Converter, ...]
    make: RowMaker

    def rows(self, values: tuple[Any, ...]) -> list[Any]:
        here, parameters = connections[DEFAULT_DB_ALIAS], list(self.parameters)
        for place, number in self.places.items():
            parameters[place] = as_parameter(values[number], here)
        found = execute(self.sql, parameters, here).fetchall()
        return [self.make(self._converted(row, here), here.alias) for row in found]

    def _converted(self, row: Sequence[Any], here: Any) -> Sequence[Any]:
        values = list(row)
        for column, ways, expression in self.converters:
            for convert in ways:
                values[column] = convert(values[column], expression, here)
        return values


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
    converters = compiler.get_converters([expression for expression, *_named in compiler.select])
    by_column = tuple((column, tuple(ways), expression) for column, (ways, expression) in converters.items())
    return _Compiled(sql, tuple(parameters), places, by_column, row_maker(queryset, compiler))
