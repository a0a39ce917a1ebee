"""Taking rows that several workers want: locked, and skipping those that another one holds."""

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def claim(rows: "QuerySet[M]") -> "QuerySet[M]":
    """The rows locked for this transaction; held ones are skipped where the database can (PostgreSQL).

    SQLite has one writer at a time, so there is nobody to skip.
    """
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def lock(rows: "QuerySet[M]", *also: str) -> "QuerySet[M]":
    """The rows locked for this transaction, waiting for who holds them. also: what is joined, locked after them."""
    return lock_in_order(rows, "self", *also)


def lock_in_order(rows: "QuerySet[M]", *parts: str) -> "QuerySet[M]":
    """The rows ("self") and what is joined to them, locked in the order of the parts: PostgreSQL keeps it."""
    if connection.features.has_select_for_update:
        return rows.select_for_update(of=parts)
    return rows
