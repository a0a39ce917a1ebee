"""Canonical JSON (RFC 8785) and digests: the same content always gives the same bytes."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import rfc8785

AS_IT_IS = frozenset({str, int, bool, float, type(None)})
MOST_EXACT = 2**53  # from here on RFC 8785 has no whole numbers
# Written in C, and the same bytes as RFC 8785 for what `_needs_no_care` lets through (measured: docs/decisions/0013).
_encoded = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


def plain(value: Any) -> Any:
    """The value as plain JSON: decimals, dates and ids become text, so that nothing is rounded."""
    if type(value) in AS_IT_IS:
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return str.__str__(value) if isinstance(value, str) else value  # a choice of a field is a text of its own class


def iso(at: datetime) -> str:
    """An aware instant as UTC text with microseconds and a Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(plain(value))).hexdigest()


def canonical(value: Any) -> bytes:
    """Plain JSON as the bytes of RFC 8785. Raises rfc8785.CanonicalizationError for what the standard cannot write."""
    if _needs_no_care(value):
        try:
            return _encoded(value).encode()
        except UnicodeEncodeError:  # half of a pair of surrogates: said by the library in the standard's words
            pass
    return rfc8785.dumps(value)


def _needs_no_care(value: Any) -> bool:
    """Neither fractions, which the standard writes as JavaScript does, nor keys that it sorts by UTF-16."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return -MOST_EXACT < value < MOST_EXACT
    if kind is dict:
        return all(type(key) is str and key.isascii() and _needs_no_care(item) for key, item in value.items())
    return kind is list and all(_needs_no_care(item) for item in value)
