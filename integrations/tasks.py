"""What the worker runs for connected systems. Each may run twice; nothing goes out inside a transaction."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from audit.actors import Actor
from integrations import actions, connectors
from integrations.connectors import file_drop
from integrations.connectors.failure import NotDelivered
from integrations.models import Connector, OutboxCall
from integrations.refusals import BadMessage

BATCH = 200
SENDER = Actor.system("outbox")
log = logging.getLogger(__name__)


def send_calls(now: datetime | None = None) -> int:
    """Send the calls that wait, oldest first; returns how many went out."""
    moved = now is not None
    now = now or timezone.now()
    waiting = OutboxCall.objects.filter(state=OutboxCall.State.QUEUED, next_attempt_at__lte=now)
    pks = list(waiting.order_by("next_attempt_at", "id").values_list("id", flat=True)[:BATCH])
    return sum(_send(pk, now if moved else timezone.now()) for pk in pks)


def _send(pk: int, now: datetime) -> bool:
    call = actions.begin_attempt(pk, now=now)
    if call is None:
        return False
    if call.attempts > actions.MOST_ATTEMPTS:  # every try before was cut off before it could fail
        actions.mark_failed(pk, error="No attempt came to an end.", actor=SENDER, now=now)
        return False
    try:
        connectors.send(call)
    except NotDelivered as error:
        actions.mark_failed(pk, error=str(error), actor=SENDER, now=now)
        return False
    actions.mark_sent(pk, actor=SENDER, now=now)
    return True


def collect_answers(now: datetime | None = None) -> int:
    """Pick up the messages that lie in folders; one that cannot be read is put aside and holds up no other."""
    now = now or timezone.now()
    taken = 0
    for connector in Connector.objects.filter(way=Connector.Way.FILE).order_by("code"):
        for path in file_drop.answers(connector, limit=BATCH):
            taken += _pick_up(path, connector, now)
    return taken


def _pick_up(path: Path, connector: Connector, now: datetime) -> bool:
    try:
        dropped = file_drop.read(path, connector)
        actions.receive(
            connector,
            message_id=dropped.message_id,
            kind=dropped.said.kind,
            call_id=dropped.said.call_id,
            payload=dropped.said.payload,
            actor=connector.as_actor(),
            now=now,
        )
        file_drop.put_away(path, connector)
    except BadMessage as refused:
        log.warning("refused %s of %s: %s", path.name, connector.code, refused.sentence)
        return _refuse(path, connector, refused.sentence)
    except OSError as error:  # gone meanwhile, or the disk fails: it is tried again
        log.warning("could not read %s of %s: %s", path.name, connector.code, error)
        return False
    return True


def _refuse(path: Path, connector: Connector, why: str) -> bool:
    try:
        file_drop.put_away(path, connector, why=why)
    except OSError as error:
        log.warning("could not put %s of %s aside: %s", path.name, connector.code, error)
    return False
