"""How long tokens stayed where, for figures: a reading of the sealed ledger, which can be thrown away and read again.

Steps themselves write no row for it: what is seldom looked at must not make each step dearer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.claims import lock
from audit.models import Entry, Seal
from processes.models import Instance, Passage, PassagesRead

ADVANCED, MIGRATED = "processes.instance.advanced", "processes.instance.migrated"
BATCH = 1000

Open = defaultdict[int, list[Passage]]  # instance → its passages that are not over, oldest first


def read_next_seal() -> bool:
    """Read the entries under the next seal into passages, in one transaction; False when every seal is read.

    Only what is sealed is read: under a seal no entry can appear later, so none is missed and none is read twice.
    """
    with transaction.atomic():
        PassagesRead.objects.get_or_create(pk=1)
        place = lock(PassagesRead.objects.filter(pk=1)).get()
        seal = Seal.objects.filter(number__gt=place.seal).order_by("number").first()
        if seal is None:
            return False
        _read(seal)
        place.seal = seal.number
        place.save()
        return True


def _read(seal: Seal) -> None:
    under = Entry.objects.filter(id__gte=seal.first_entry, id__lte=seal.last_entry, fact__in=(ADVANCED, MIGRATED))
    wanted = ("subject", "order_ref", "fact", "data", "happened_at")
    steps = [(_instance(subject), *rest) for subject, *rest in under.order_by("id").values_list(*wanted)]
    ids = {instance for instance, *_ in steps}
    versions = dict(Instance.objects.filter(pk__in=ids).values_list("pk", "version"))
    standing: Open = defaultdict(list)
    for passage in Passage.objects.filter(instance__in=ids, left_at=None).order_by("id"):
        standing[passage.instance_id].append(passage)
    running = _before(seal, versions)
    touched: list[Passage] = []
    for instance, order, fact, data, at in steps:
        if fact == MIGRATED:
            running[instance] = data["to"]
            touched += _moved(standing[instance], data)
        else:
            found = Passage(instance_id=instance, version_id=running[instance], order=UUID(order) if order else None)
            touched += _stepped(standing[instance], found, data, at)
    _keep(touched)


def _instance(subject: str) -> int:
    return int(subject.rsplit(":", 1)[1])


def _before(seal: Seal, versions: Mapping[int, int]) -> dict[int, int]:
    """The version that each instance ran before what is read here: since then it may have been moved."""
    then = dict(versions)
    moves = Entry.objects.filter(fact=MIGRATED, id__gte=seal.first_entry).order_by("-id")
    for subject, data in moves.values_list("subject", "data"):
        then[_instance(subject)] = data["from"]
    return then


def _stepped(standing: list[Passage], like: Passage, data: Mapping[str, Any], at: datetime) -> list[Passage]:
    """Nodes entered and left in a step; of several stays at a node the oldest is over first."""
    entered = [
        Passage(instance_id=like.instance_id, version_id=like.version_id, order=like.order, node=node, entered_at=at)
        for node in data["entered"]
    ]
    standing += entered
    over = []
    for node in data["left"]:
        passage = next((each for each in standing if each.node == node), None)
        if passage is None:
            continue
        standing.remove(passage)
        passage.left_at, passage.seconds = at, int((at - passage.entered_at).total_seconds())
        over.append(passage)
    return [*entered, *(each for each in over if each not in entered)]


def _moved(standing: list[Passage], data: Mapping[str, Any]) -> list[Passage]:
    for passage in standing:
        passage.version_id, passage.node = data["to"], data["nodes"].get(passage.node, passage.node)
    return list(standing)


def _keep(touched: list[Passage]) -> None:
    new = [passage for passage in touched if passage.pk is None]
    known = {passage.pk: passage for passage in touched if passage.pk is not None}
    Passage.objects.bulk_create(list({id(passage): passage for passage in new}.values()), batch_size=BATCH)
    changed = ["version", "node", "left_at", "seconds"]
    Passage.objects.bulk_update(known.values(), changed, batch_size=BATCH // 5)
