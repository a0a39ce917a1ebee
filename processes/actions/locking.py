"""The locks of a step, always in the same order: the order, then the instance (without an order: the top one first)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.module_loading import import_string

from audit.claims import lock
from audit.context import at_hand
from audit.prepared import prepared
from audit.reactions import wiring
from processes.models import NAMED, Instance
from processes.refusals import NotRunning

OWN = "processes."  # subject of an instance that runs for no order


def lock_order_of(instance: Instance) -> Any:
    """The order that an instance runs for, locked; None for one that runs for no order: then its top is locked."""
    if instance.subject.startswith(OWN):
        lock(Instance.objects.filter(pk=instance.root_key).only("pk")).get()  # its state is long, and read later
        return None
    return import_string(wiring().ENGINE["order"])(instance.subject)


def lock_instance(key: int | None) -> Instance:
    """The instance, locked: the object that the running action works with already, if it does.

    Raises Instance.DoesNotExist.
    """
    return at_hand(f"{NAMED}{key}", partial(_read_locked, key or 0))


def take_at_hand(instance: Instance | None) -> None:
    """Let an instance that was locked together with its order be the one that the running action works with."""
    if instance is not None:
        at_hand(instance.ledger_subject, lambda: instance)


def _read_locked(key: int) -> Instance:
    found = _locked(key)
    if not found:
        raise Instance.DoesNotExist(f"Expected an instance, but there is none with the key {key}.")
    return found[0]


@prepared
def _locked(key: int) -> QuerySet[Instance]:
    return lock(Instance.objects.filter(pk=key))


def running_instance(key: int | None) -> Instance:
    """The instance, locked. Raises NotRunning."""
    instance = lock_instance(key)
    if instance.status != Instance.Status.RUNNING:
        raise NotRunning(instance.status)
    return instance
