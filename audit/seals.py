"""Sealing and verifying the ledger.

A seal's root is the hash over its entries' digests and database times, its head chains it to the seal before, and
the head is signed with Ed25519. Changing, removing or inserting a sealed entry changes a root; changing a seal
breaks the chain or the signature. (SEC Rule 17a-4(f)(2)(i)(A), audit-trail alternative.)
"""

from __future__ import annotations

import hashlib
import time
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from math import inf
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import connection, transaction

from audit.canonical import digest, iso
from audit.models import Entry, Seal

BATCH = 5000
GENESIS = "0" * 64


@dataclass(frozen=True)
class FirstBad:
    """The first thing that does not verify."""

    what: str
    id: int
    why: str


@dataclass(frozen=True)
class Verdict:
    """What a verification found."""

    entries: int
    checkpoints: int
    ok: bool
    first_bad: FirstBad | None = None

    def as_json(self) -> dict:
        return asdict(self)


def seal_new_entries(now: datetime) -> int:
    """Seal what was written since the last seal, in batches; returns the number of seals made."""
    made = 0
    while _seal_batch(now):
        made += 1
    return made


def _seal_batch(now: datetime) -> bool:
    with transaction.atomic():
        _wait_for_writers()
        last = Seal.objects.order_by("-number").first()
        entries = list(Entry.objects.filter(id__gt=last.last_entry if last else 0).order_by("id")[:BATCH])
        if not entries:
            return False
        number, previous = (last.number + 1, last.head) if last else (1, GENESIS)
        root = _root(entries)
        head = digest({"number": number, "previous": previous, "root": root, "last_entry": entries[-1].pk})
        key = _key()
        Seal.objects.create(
            number=number,
            first_entry=entries[0].pk,
            last_entry=entries[-1].pk,
            entries=len(entries),
            root=root,
            previous=previous,
            head=head,
            signature=key.sign(head.encode()).hex(),
            key_id=key_id(key),
            sealed_at=now,
        )
        return True


def _wait_for_writers() -> None:
    # An entry with a lower id may still be uncommitted: a SHARE lock waits for every open writer for an instant.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE audit_seal IN EXCLUSIVE MODE")
            cursor.execute("LOCK TABLE audit_entry IN SHARE MODE")


@dataclass(frozen=True)
class Checked:
    """How far a verification in parts has come: the last seal that was checked, and how many entries up to there."""

    seal: int = 0
    entries: int = 0


def verify(since: datetime | None = None) -> Verdict:
    """Recompute the sealed ledger from its rows, and the digests of what is not sealed yet.

    since: check only seals made at or after that time (the chain to the one before still has to fit).
    """
    begun = 0 if since is None else _last_number(sealed_at__lt=since)
    verdict = None
    done = Checked(begun)
    while verdict is None:
        done, verdict = _verify(done, until=inf)
    return Verdict(verdict.entries, done.seal - begun, verdict.ok, verdict.first_bad)


def verify_part(done: Checked, seconds: float) -> tuple[Checked, Verdict | None]:
    """Go on verifying for some seconds; the verdict over the whole comes with the last part."""
    return _verify(done, until=time.monotonic() + seconds)


def _verify(done: Checked, until: float) -> tuple[Checked, Verdict | None]:
    before = Seal.objects.filter(number=done.seal).first()
    head, last = (before.head, before.last_entry) if before else (GENESIS, 0)
    for seal in Seal.objects.filter(number__gt=done.seal).order_by("number").iterator():
        if time.monotonic() > until:
            return done, None
        entries = list(Entry.objects.filter(id__gt=last, id__lte=seal.last_entry).order_by("id"))
        bad = _bad_entry(entries) or _bad_seal(seal, entries, head, done.seal + 1)
        if bad:
            return done, Verdict(done.entries, done.seal, ok=False, first_bad=bad)
        head, last, done = seal.head, seal.last_entry, Checked(seal.number, done.entries + len(entries))
    count = done.entries
    for batch in _batches(Entry.objects.filter(id__gt=last).order_by("id").iterator(BATCH)):
        bad = _bad_entry(batch)
        if bad:
            return done, Verdict(count, done.seal, ok=False, first_bad=bad)
        count += len(batch)
    return done, Verdict(count, done.seal, ok=True)


def _last_number(**which: Any) -> int:
    return Seal.objects.filter(**which).order_by("-number").values_list("number", flat=True).first() or 0


def _batches(rows: Iterator[Entry]) -> Iterator[list[Entry]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _bad_entry(entries: list[Entry]) -> FirstBad | None:
    for entry in entries:
        if entry.content_digest() != entry.digest:
            return FirstBad("entry", entry.pk, "its content does not match its digest")
    return None


def _bad_seal(seal: Seal, entries: list[Entry], previous: str, number: int) -> FirstBad | None:
    head = digest({"number": seal.number, "previous": seal.previous, "root": seal.root, "last_entry": seal.last_entry})
    checks = {
        "a seal before it is missing": seal.number == number,
        "it does not continue the seal before it": seal.previous == previous,
        "entries under it were changed, removed or inserted": seal.root == _root(entries),
        "its count of entries differs": seal.entries == len(entries),
        "its head does not match its content": seal.head == head,
        "its signature does not verify": _signed(seal),
    }
    why = next((why for why, holds in checks.items() if not holds), None)
    return FirstBad("seal", seal.number, why) if why else None


def _root(entries: list[Entry]) -> str:
    whole = hashlib.sha256()
    for entry in entries:
        whole.update(f"{entry.pk}:{entry.digest}:{iso(entry.recorded_at)}\n".encode())
    return whole.hexdigest()


def _signed(seal: Seal) -> bool:
    try:
        _key().public_key().verify(bytes.fromhex(seal.signature), seal.head.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b64decode(settings.SEAL_KEY))


def key_id(key: Ed25519PrivateKey) -> str:
    """A short name of a key: the start of its public key's hash."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(public).hexdigest()[:16]
