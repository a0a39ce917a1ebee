"""What commands are given: files, JSON, numbers and times, each bounded and refused in words with its place."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from itertools import count
from math import isfinite
from typing import IO, Any

from audit.management.one_line import CallRefused

MOST_BYTES = 20 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
LONGEST_NUMBER = 1_000  # digits
FIRST_YEAR, LAST_YEAR = 1900, 2199  # beyond them an instant may have no place in every time zone


def read_bytes(file: str) -> bytes:
    """The content of a file. Raises CallRefused: it cannot be read, or is larger than `MOST_BYTES`."""
    with opened(file) as stream:
        try:
            content = stream.read(MOST_BYTES + 1)
        except OSError as error:
            raise _unreadable(file, error) from None
    if len(content) > MOST_BYTES:
        raise CallRefused(f"{file}:1", f"Expected at most {MOST_BYTES:,} bytes, but the file has more.")
    return content


def read_text(file: str) -> str:
    """A file's UTF-8 text. Raises CallRefused with the line of what is none."""
    content = read_bytes(file)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CallRefused(f"{file}:{line}", "Expected UTF-8 text, but the file holds other bytes.") from None


def lines(file: str) -> Iterator[tuple[str, str]]:
    """("FILE:LINE", text) of every line that is not blank, one at a time; - is standard input. Raises CallRefused."""
    with opened(file) as stream:
        for number in count(1):
            where = f"{file}:{number}"
            line = _line(stream, where)
            if not line:
                return
            if line.strip():
                yield where, _decoded(line.rstrip(b"\r\n"), where)


def opened(file: str) -> AbstractContextManager[IO[bytes]]:
    """The file as a stream of bytes; - is standard input. Raises CallRefused."""
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(file, "rb")
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from None


def json_object(text: str, file: str, line: int = 1, *, read: Callable[[str], Any] | None = None) -> dict[str, Any]:
    """A JSON object. file, line: where its text begins; read: another reader of JSON. Raises CallRefused."""
    try:
        value = (read or _plain_json)(text)
    except json.JSONDecodeError as error:
        where = f"{file}:{line + error.lineno - 1}"
        raise CallRefused(where, f"Expected JSON, but {error.msg} at column {error.colno}.") from None
    except RecursionError:
        raise CallRefused(f"{file}:{line}", "Expected JSON that is not nested so deep.") from None
    except ValueError as error:
        raise CallRefused(f"{file}:{line}", str(error)) from None
    if not isinstance(value, dict):
        raise CallRefused(f"{file}:{line}", "Expected a JSON object, but got something else.")
    return value


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number within bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
            raise ArgumentTypeError(f"expected a whole number from {least} to {most}, but got {text!r}")
        return int(text)

    return read


def number(most: float) -> Callable[[str], float]:
    """The type of an argument that is a number above 0 and at most `most`."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = 0
        if not 0 < value <= most:
            raise ArgumentTypeError(f"expected a number above 0 and at most {most:g}, but got {text!r}")
        return value

    return read


def instant(text: str) -> datetime:
    """The type of an argument that is a date or time; in UTC where it names no offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ArgumentTypeError(f"expected a time such as 2026-11-22 or 2026-11-22T10:00:00Z, but got {text!r}")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _plain_json(text: str) -> Any:
    readers: dict[str, Any] = {"parse_constant": _no_number, "parse_float": _finite, "parse_int": _whole}
    return json.loads(text, object_pairs_hook=_each_once, **readers)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Of a key that stands twice one value would be lost without a word: that is refused."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'Expected each key once, but "{twice[:40]}" stands there twice.')
    return found


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"Expected a number of at most {LONGEST_NUMBER:,} digits, but got {text[:20]}….")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"Expected a number that can be held, but got {text}.")
    return number


def _no_number(name: str) -> Any:
    raise ValueError(f"Expected a number, but got {name}.")


def _line(stream: IO[bytes], where: str) -> bytes:
    try:
        line = stream.readline(LONGEST_LINE + 1)
    except OSError as error:
        raise _unreadable(where.rpartition(":")[0], error) from None
    if len(line) > LONGEST_LINE:
        raise CallRefused(where, f"Expected lines of at most {LONGEST_LINE:,} bytes, but this one is longer.")
    return line


def _decoded(line: bytes, where: str) -> str:
    try:
        return line.decode("utf-8-sig" if where.endswith(":1") else "utf-8")
    except UnicodeDecodeError:
        raise CallRefused(where, "Expected UTF-8 text, but the line holds other bytes.") from None


def _unreadable(file: str, error: OSError | ValueError) -> CallRefused:
    reason = getattr(error, "strerror", None) or str(error)
    return CallRefused(f"{file}:1", f"Expected a file that can be read, but: {reason}.")
