"""The ledger recomputed from its raw rows: shares no code with what writes, seals and verifies it.

RFC 8785 (canonical JSON), SHA-256 over each entry, over the run of entries under each seal and over each seal's head,
and the seals' Ed25519 signatures. Reads both tables once, as streams.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from decimal import Decimal
from itertools import chain
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from audit import triggers
from audit.invariants import Checked, bare, checked, content, moment, select

TEXTS = ("fact", "subject", "order_ref", "actor", "actor_name", "on_behalf_of", "via", "reason", "person", "personal")
ROW, VALUES = ("id", "digest", "recorded_at"), ("public_id", "action_id", "order_seq", "replayed", "happened_at")
NAMES = (*ROW, *VALUES, "before", "after", "data", *TEXTS)
COLUMNS = ", ".join(f'"{name}"' for name in NAMES)
SEALS = "SELECT number, last_entry, entries, root, previous, head, signature FROM audit_seal ORDER BY number"
NOTHING_BEFORE = "0" * 64


@dataclass
class Rehashed:
    """What was recomputed, and what does not come out as it stands: entries by id, seals by number."""

    count: int = 0
    entries: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    chain: list[int] = field(default_factory=list)
    signatures: list[int] = field(default_factory=list)


def sealed_ledger_verifies() -> Checked:
    """I3: digests, roots, chain and signatures recompute; the triggers that keep the ledger append-only are there."""
    again = rehash()
    found: dict[str, list[Any]] = {
        "an entry's content is not what its digest says": again.entries,
        "entries under a seal were changed, removed or inserted": again.roots,
        "a seal is missing, or does not continue the one before it": again.chain,
        "a seal's signature does not verify": again.signatures,
        "a trigger of the ledger is missing": triggers.missing(),
    }
    return checked("I3", again.count, found)


def rehash() -> Rehashed:
    """Recompute every entry and every seal."""
    found, previous = Rehashed(), NOTHING_BEFORE
    rows = _entries(found)
    run_up_to = _runs(rows)
    for place, (number, last, count, root, before, head, signature) in enumerate(select(SEALS), start=1):
        whole, under = hashlib.sha256(), 0
        for under, line in enumerate(run_up_to(last), start=1):  # noqa: B007 - how many there were
            whole.update(line.encode())
        if (whole.hexdigest(), under) != (root, count):
            found.roots.append(number)
        if (number, before) != (place, previous) or head != _head(number, before, root, last):
            found.chain.append(number)
        if not _is_signed(head, signature):
            found.signatures.append(number)
        previous, found.count = head, found.count + 1
    for _row in rows:  # not sealed yet: hashed all the same
        pass
    return found


def canonical(value: Any) -> str:
    """The text of a JSON value as RFC 8785 wants it."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """As ECMAScript writes a double: its shortest digits, plain between a millionth and 10^21."""
    if 1e-6 <= abs(value) < 1e21 or not value:
        text = format(Decimal(repr(value or 0.0)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, exponent = repr(value).partition("e")
    return f"{mantissa}e{int(exponent):+d}"


def _entries(found: Rehashed) -> Iterator[tuple[int, str]]:
    """(id, the line that a seal's root is made of) of every entry; one whose content is another is noted."""
    for row in select(f"SELECT {COLUMNS} FROM audit_entry ORDER BY id"):  # noqa: S608 - names of this file
        entry = dict(zip(NAMES, row, strict=True))
        pk, digest, recorded_at = (entry.pop(name) for name in ("id", "digest", "recorded_at"))
        if hashlib.sha256(canonical(_content(entry)).encode()).hexdigest() != digest:
            found.entries.append(pk)
        found.count += 1
        yield pk, f"{pk}:{digest}:{_instant(recorded_at)}\n"


def _content(entry: dict[str, Any]) -> dict[str, Any]:
    for name in ("public_id", "action_id"):
        digits = bare(entry[name])
        entry[name] = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    for name in ("before", "after", "data"):
        entry[name] = content(entry[name])
    return {**entry, "replayed": bool(entry["replayed"]), "happened_at": _instant(entry["happened_at"])}


def _instant(value: Any) -> str:
    return moment(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _runs(rows: Iterator[tuple[int, str]]) -> Callable[[int], Iterator[str]]:
    """run(last) → the lines of the entries that follow the run before, up to that id."""
    ahead: list[tuple[int, str]] = []

    def run(last: int) -> Iterator[str]:
        for pk, line in chain([ahead.pop()] if ahead else [], rows):
            if pk > last:
                ahead.append((pk, line))
                return
            yield line

    return run


def _head(number: int, previous: str, root: str, last: int) -> str:
    text = canonical({"number": number, "previous": previous, "root": root, "last_entry": last})
    return hashlib.sha256(text.encode()).hexdigest()


def _is_signed(head: str, signature: str) -> bool:
    key = Ed25519PrivateKey.from_private_bytes(b64decode(settings.SEAL_KEY)).public_key()
    try:
        key.verify(bytes.fromhex(signature), head.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
