"""Who may name the cause of a missed target: the manager of its branch, or a lead of a queue that worked on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.authority import held
from audit.actors import Actor
from audit.refusals import NotAllowed
from sla.models import Breach


def explainable(user: Any, breaches: Iterable[int]) -> frozenset[int]:
    """Those of the breaches, by id, whose cause the user may name. One statement."""
    managed = Q(clock__order__branch_id__in=held(user, "oversee_branch"))
    led = Q(clock__order__work_items__queue_id__in=held(user, "lead_queue"))
    return frozenset(Breach.objects.filter(managed | led, pk__in=breaches).values_list("pk", flat=True))


def expect_explainable(breach: int, actor: Actor) -> None:
    """Raises NotAllowed."""
    if not actor.is_system and not explainable(actor.user, [breach]):
        raise NotAllowed(_("Expected a team lead or manager of this work, but you are neither."))
