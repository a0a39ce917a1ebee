"""Personal fields in the ledger: sealed under each person's own key, so that forgetting the key forgets the data.

Each person has one random key, stored wrapped by the installation's key (`PERSONAL_KEY`). AES-256-GCM.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import QuerySet

from audit.context import running
from audit.models import PersonKey
from audit.prepared import prepared


def seal_for(person: str, content: dict[str, Any]) -> str:
    """Encrypt personal fields under the person's key; text of nonce and ciphertext in base64."""
    nonce = os.urandom(12)
    keys = running().person_keys
    if person not in keys:
        keys[person] = _key_of(person)
    sealed = AESGCM(keys[person]).encrypt(nonce, orjson.dumps(content), person.encode())
    return b64encode(nonce + sealed).decode()


def open_for(person: str, sealed: str) -> dict[str, Any] | None:
    """The personal fields again, or None when the person's key is gone."""
    return open_with(keys_of([person]), person, sealed)


def keys_of(people: Iterable[str]) -> dict[str, bytes]:
    """The keys of those of the people who still have one: one statement, for a page of entries."""
    return {row.person: _unwrap(row) for row in PersonKey.objects.filter(person__in=set(people))}


def open_with(keys: Mapping[str, bytes], person: str, sealed: str) -> dict[str, Any] | None:
    """As `open_for`, with keys that were read before."""
    if person not in keys:
        return None
    raw = b64decode(sealed)
    try:
        return orjson.loads(AESGCM(keys[person]).decrypt(raw[:12], raw[12:], person.encode()))
    except InvalidTag:
        return None


def _key_of(person: str) -> bytes:
    row = next(iter(_row_of(person)), None)
    if row is None:
        nonce, key = os.urandom(12), AESGCM.generate_key(256)
        wrapped = nonce + AESGCM(_master()).encrypt(nonce, key, person.encode())
        row, _created = PersonKey.objects.get_or_create(person=person, defaults={"wrapped": wrapped})
    return _unwrap(row)


@prepared
def _row_of(person: str) -> QuerySet[PersonKey]:
    return PersonKey.objects.filter(person=person)


def _unwrap(row: PersonKey) -> bytes:
    wrapped = bytes(row.wrapped)
    return AESGCM(_master()).decrypt(wrapped[:12], wrapped[12:], row.person.encode())


def _master() -> bytes:
    return b64decode(settings.PERSONAL_KEY)
