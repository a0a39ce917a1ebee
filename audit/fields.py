"""Fields of tables that Django does not have."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import orjson
from django.db import models
from django.db.models.fields.json import KeyTransform

_LONG = re.compile(r"\d{16}")  # orjson makes a fraction of a whole number that has more than 64 bits


def text_of(value: Any) -> str:
    """A plain value as JSON, by the quick writer; by Python's what that refuses (half characters, long numbers) and
    what has a null, as which it would write a number that is none. Raises TypeError, ValueError for anything else."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME)
    except TypeError:
        return json.dumps(value, allow_nan=False)
    return json.dumps(value, allow_nan=False) if b"null" in text else text.decode()


def value_of_text(text: str) -> Any:
    """The value of a JSON text, by the quick reader where it reads the same as Python's. Raises ValueError."""
    if _LONG.search(text) or "\\u" in text:
        return json.loads(text)
    return orjson.loads(text)


class QuickJSONField(models.JSONField):
    """JSON that is read and written at each step of a process, of plain values only: in the database as Django's."""

    def deconstruct(self) -> Any:
        """As Django's own, whose column it has."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The value in Python."""
        if value is None or isinstance(expression, KeyTransform):
            return super().from_db_value(value, expression, connection)
        return value_of_text(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The value as a parameter."""
        if value is None or hasattr(value, "as_sql"):
            return super().get_db_prep_value(value, connection, prepared)
        return _jsonb()(value, text_of) if connection.vendor == "postgresql" else text_of(value)


@cache
def _jsonb() -> Any:
    from django.db.backends.postgresql.psycopg_any import Jsonb  # of psycopg, which SQLite needs none of

    return Jsonb


class OrderedJSONField(models.JSONField):
    """JSON whose keys stay in the order in which they were written, such as a form whose questions have an order.

    PostgreSQL's jsonb, which Django takes, sorts keys by their length; its json keeps the text. It has no operators:
    nothing inside such a field can be searched for.
    """

    def db_type(self, connection: Any) -> str | None:
        """The column's type."""
        return "json" if connection.vendor == "postgresql" else super().db_type(connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The value in Python; the driver has read PostgreSQL's json already."""
        if connection.vendor == "postgresql":
            return value
        return super().from_db_value(value, expression, connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The value as a parameter: on PostgreSQL its text, since the usual adapter would send jsonb."""
        if connection.vendor == "postgresql" and not hasattr(value, "as_sql"):
            return json.dumps(value, cls=self.encoder)
        return super().get_db_prep_value(value, connection, prepared)
