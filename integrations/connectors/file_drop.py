"""Calls by files: each call is a signed file in `out`, answers are picked up from `in`.

A file appears whole or not at all: written beside, flushed to the disk, then renamed. What was read goes to `done`,
what cannot be read to `refused` with the reason beside it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from integrations import signing
from integrations.connectors.failure import NotDelivered
from integrations.messages import LARGEST, Incoming, call_as_bytes, expect_message_id, read_incoming
from integrations.models import Connector, OutboxCall
from integrations.refusals import BadMessage

FOLDERS = ("out", "in", "done", "refused")


@dataclass(frozen=True)
class Dropped:
    """A message that was picked up from a file."""

    message_id: str
    said: Incoming


def send(call: OutboxCall) -> None:
    """Write the call as a file named by its id; sending it again writes the same file again. Raises NotDelivered."""
    key = str(call.public_id)
    content = sealed(call.connector.secret, key, call_as_bytes(call))
    try:
        write_whole(folder(call.connector.code, "out") / f"{key}.json", content)
    except OSError as error:
        raise NotDelivered(f"{type(error).__name__}: {error}") from error


def answers(connector: Connector, *, limit: int) -> Iterator[Path]:
    """The oldest files that lie ready, at most `limit`, by name."""
    ready = sorted(path for path in folder(connector.code, "in").glob("*.json") if not path.name.startswith("."))
    yield from ready[:limit]


def read(path: Path, connector: Connector) -> Dropped:
    """A file, its signature checked. Raises BadMessage, OSError."""
    if path.is_symlink() or not path.is_file():
        raise BadMessage(_("it is not a plain file"))
    with path.open("rb") as file:
        raw = file.read(2 * LARGEST + 1)
    if len(raw) > 2 * LARGEST:
        raise BadMessage(_("it is larger than 64 kB"))
    message_id, body = opened(connector.secret, raw)
    return Dropped(message_id, read_incoming(body))


def put_away(path: Path, connector: Connector, *, why: str = "") -> None:
    """Move a file that was read to `done`, or with a reason to `refused`."""
    target = folder(connector.code, "refused" if why else "done") / path.name
    if why:
        write_whole(target.with_suffix(".reason.txt"), why.encode() + b"\n")
    os.replace(path, target)


def folder(code: str, name: str) -> Path:
    """A folder of a connector, made when it is missing."""
    path = Path(settings.CUSTODIAN_FILES) / code / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def sealed(secret: str, message_id: str, body: bytes) -> bytes:
    """A message with its id, time and signature, as a file holds it."""
    return orjson.dumps({**signing.headers(secret, message_id, int(time.time()), body), "body": body.decode()})


def opened(secret: str, raw: bytes) -> tuple[str, bytes]:
    """Id and body of a file's message. A file may lie for days, so its time is not bounded. Raises BadMessage."""
    try:
        content = orjson.loads(raw)
        message_id = expect_message_id(content["webhook-id"])
        body, timestamp = content["body"].encode(), int(content["webhook-timestamp"])
        signed = signing.is_signed(secret, message_id, timestamp, body, content["webhook-signature"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        raise BadMessage(_("it is not a signed message")) from None
    if not signed:
        raise BadMessage(_("its signature does not fit"))
    return message_id, body


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees a part of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    entries = os.open(path.parent, os.O_RDONLY)  # the rename itself reaches the disk, too
    try:
        os.fsync(entries)
    finally:
        os.close(entries)
