"""Approval requests with their tiers and decisions in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from accounts.words import ROLES
from approvals.evidence import FIELDS
from approvals.models import Request, Tier
from approvals.queries import with_signatures
from orders.models import Order
from portal_staff.checklist import evidence_lines
from portal_staff.vocabulary import Vocabulary
from portal_staff.words import CHOICES, REQUEST_STATES, word
from work.models import WorkItem


def requests_of(found: Order) -> list[Request]:
    """The order's approval requests with tiers and decisions, the newest first: two statements."""
    return list(found.approval_requests.prefetch_related(_signed()).order_by("-opened_at", "-pk"))


def question_of(item: WorkItem) -> dict[str, Any] | None:
    """The last decision that an item's holder asked for, in words: one statement, one more where there is one."""
    asked = Request.objects.filter(asked_from=item).order_by("-pk").prefetch_related(_signed()).first()
    return request_line(asked) if asked else None


def request_line(each: Request) -> dict[str, Any]:
    """An approval request with the signatures that it asks for, in words, in the order of the chain."""
    now, words = timezone.now(), Vocabulary(fields=FIELDS)
    tiers = [_tier_line(tier, each, words, now) for tier in each.tiers.all()]
    return {"request": each, "state": word(REQUEST_STATES, each.state), "rules": ", ".join(each.rules), "tiers": tiers}


def _signed() -> Prefetch:
    return Prefetch("tiers", with_signatures(Tier.objects.all()))


def _tier_line(tier: Tier, request: Request, words: Vocabulary, now: datetime) -> dict[str, Any]:
    """One signature in words. carried: it was given on an earlier request and still stands."""
    decision = getattr(tier, "decision", None) or tier.carried
    return {
        "number": tier.number,
        "seat": f"{tier.seat}/{tier.needs}" if tier.needs > 1 else "",
        "stage": tier.stage,
        "role": word(ROLES, tier.role),
        "decision": decision,
        "choice": word(CHOICES, decision.choice) if decision else "",
        "evidence": evidence_lines(request.evidence, decision.evidence, words, now) if decision else [],
        "carried": tier.carried is not None,
        "attested": ", ".join(decision.attested) if decision else "",
        "added_by": tier.added_by.display_name if tier.added_by else "",
        "asked": tier.asked.display_name if tier.asked else "",
        "any_of": tier.any_of,
        "removed": tier.removed_at is not None,
        "remove_url": _remove_url(tier),
    }


def _remove_url(tier: Tier) -> str:
    """Where an added signer is taken out; nowhere once they signed or it is over."""
    item = tier.work_item
    if tier.added_by is None or tier.removed_at or item is None or not item.is_open:
        return ""
    return reverse("staff:remove_signer", args=[tier.request.public_id, tier.number, tier.seat])
