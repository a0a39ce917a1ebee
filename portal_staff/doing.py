"""Which verbs a page offers: only those that the reader may press now."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.authority import holds
from approvals.queries import Package
from approvals.taking_back import may_be_taken_back
from work.actions.taking_back import next_task
from work.models import WorkItem

Verb = dict[str, str]


def verbs_of_step(item: WorkItem, user: Any) -> list[Verb]:
    """Hand over, ask, or take back a step. Three statements where the reader completed it, else none."""
    if item.is_open and item.holder_id == user.pk:
        return [_verb("hand_over", _("Hand over"), item), _verb("ask_colleague", _("Ask a colleague"), item)]
    done = item.completed_by_id == user.pk and item.order.is_open
    return [_verb("take_back", _("Take back"), item)] if done and next_task(item.order, item.task) else []


def verbs_of_decision(item: WorkItem, parcel: Package, user: Any) -> list[Verb]:
    """The same of a decision, and adding signers and voiding. At most four statements."""
    if not item.is_open:
        made = getattr(parcel.tier, "decision", None)
        if made is None or made.by_id != user.pk or not item.order.is_open:
            return []
        return [_verb("take_back", _("Take back"), item)] if may_be_taken_back(made, parcel.request) else []
    verbs = verbs_of_step(item, user)
    if parcel.tier.asked_id is not None:  # nobody else could take it
        verbs = [verb for verb in verbs if verb["url"] != _verb("hand_over", "", item)["url"]]
    if parcel.can_decide:
        verbs.append(_verb("add_signers", _("Add signers"), item))
    if holds(user, "lead_queue", item.queue_id) and parcel.request.asked_from_id is None:
        verbs.append(_verb("void", _("Void the approval"), item))
    return verbs


def _verb(name: str, label: str, item: WorkItem) -> Verb:
    return {"url": reverse(f"staff:{name}", args=[item.public_id]), "label": label}
