"""What goes out and what may come in, as bytes: calls to a connected system and its answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from audit.reactions import wiring
from integrations.models import InboxMessage, OutboxCall
from integrations.refusals import BadMessage

LARGEST = 64 * 1024  # bytes of a message
MESSAGE_ID = re.compile(r"[A-Za-z0-9._-]{1,80}")
SHORT_TEXT = re.compile(r"[A-Za-z0-9._/-]{1,40}")
OUTCOMES = ("acknowledged", "rejected")


@dataclass(frozen=True)
class Answer:
    """What the other side says to one of our calls."""

    call_id: str
    payload: dict[str, str]


@dataclass(frozen=True)
class Incoming:
    """Any message that we take in. kind: "answer", or one of those of the wiring, which answer no call."""

    kind: str
    call_id: str
    payload: dict[str, Any]


def call_as_bytes(call: OutboxCall) -> bytes:
    """A call as the other side reads it: what is to be done, and only what it needs for that."""
    return orjson.dumps({"call": str(call.public_id), "operation": call.operation, **call.payload})


def read_incoming(body: bytes) -> Incoming:
    """A message of any kind: its member `kind` says which, an answer has none. Raises BadMessage."""
    content = read_object(body)
    kind = content.get("kind", InboxMessage.ANSWER)
    if kind == InboxMessage.ANSWER:
        answer = read_answer(body)
        return Incoming(kind, answer.call_id, answer.payload)
    if not isinstance(kind, str) or kind not in wiring().INBOX:
        raise BadMessage(_("it is of no kind that we take"))
    read, _take_up = wiring().INBOX[kind]
    return Incoming(kind, "", import_string(read)(content))


def read_answer(body: bytes) -> Answer:
    """An answer: `{"call": id, "outcome": "acknowledged" | "rejected", "reference": text, "code": text}`.

    Other members are left out. Raises BadMessage.
    """
    content = read_object(body)
    outcome = content.get("outcome")
    if outcome not in OUTCOMES:
        raise BadMessage(_("its outcome is neither acknowledged nor rejected"))
    payload = {
        "outcome": str(outcome),
        "reference": short_text(content, "reference"),
        "code": short_text(content, "code"),
    }
    if outcome == "acknowledged" and not payload["reference"]:
        raise BadMessage(_("it acknowledges without a reference"))
    return Answer(_call_id(content), payload)


def expect_message_id(value: Any) -> str:
    """The id under which the other side sent a message. Raises BadMessage."""
    if not isinstance(value, str) or not MESSAGE_ID.fullmatch(value):
        raise BadMessage(_("its id is missing or not of the usual form"))
    return value


def read_object(body: bytes) -> dict[str, Any]:
    """A message's members. Raises BadMessage."""
    if len(body) > LARGEST:
        raise BadMessage(_("it is larger than 64 kB"))
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadMessage(_("it is not JSON")) from None
    if not isinstance(content, dict):
        raise BadMessage(_("it is not a JSON object"))
    return content


def _call_id(content: dict[str, Any]) -> str:
    try:
        return str(UUID(content["call"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise BadMessage(_("it does not name the call that it answers")) from None


def short_text(content: dict[str, Any], name: str) -> str:
    """A member of a message that is a short text, or "" where it is missing. Raises BadMessage."""
    value = content.get(name) or ""
    if value and (not isinstance(value, str) or not SHORT_TEXT.fullmatch(value)):
        raise BadMessage(_("its %(name)s is not a short text") % {"name": name})
    return value
