"""Approval requests with their tiers and decisions in words."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.words import ROLES
from approvals.evidence import FIELDS
from approvals.models import Request
from orders.models import Order
from portal_staff.checklist import evidence_lines
from portal_staff.vocabulary import Vocabulary
from portal_staff.words import CHOICES, REQUEST_STATES, word
from work.models import WorkItem


def requests_of(found: Order) -> list[Request]:
    """The order's approval requests with tiers and decisions, the newest first: two statements."""
    return list(found.approval_requests.prefetch_related("tiers__decision__by").order_by("-opened_at"))


def question_of(item: WorkItem) -> dict[str, Any] | None:
    """The decision that an item's holder asked for, in words: one statement, two more where there is one."""
    asked = Request.objects.filter(asked_from=item).prefetch_related("tiers__decision__by").first()
    return request_line(asked) if asked else None


def request_line(each: Request) -> dict[str, Any]:
    """An approval request with its tiers in words."""
    now, words = timezone.now(), Vocabulary(fields=FIELDS)
    tiers = [
        {
            "number": tier.number,
            "role": word(ROLES, tier.role),
            "decision": decision,
            "choice": word(CHOICES, decision.choice) if decision else "",
            "evidence": evidence_lines(each.evidence, decision.evidence, words, now) if decision else [],
        }
        for tier in each.tiers.all()
        for decision in [getattr(tier, "decision", None)]
    ]
    return {"request": each, "state": word(REQUEST_STATES, each.state), "rules": ", ".join(each.rules), "tiers": tiers}
