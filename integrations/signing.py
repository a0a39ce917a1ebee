"""Signatures of messages, both ways: HMAC-SHA256 over id, time and body, as Standard Webhooks 1.0 has them."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode

VERSION = "v1"


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a message. timestamp: seconds since 1970."""
    signed = b".".join([message_id.encode(), str(timestamp).encode(), body])
    return f"{VERSION}," + b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()


def is_signed(secret: str, message_id: str, timestamp: int, body: bytes, signatures: str) -> bool:
    """Whether one of the signatures (separated by blanks, as after a change of key) is the right one."""
    right = sign(secret, message_id, timestamp, body).encode()
    return any(hmac.compare_digest(right, given.encode()) for given in signatures.split())


def headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a signed message."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, message_id, timestamp, body),
    }
