"""One move of a work item, kept in its row, its history and the ledger."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from audit.actions import record, save
from audit.actors import Actor
from audit.refusals import Invalid
from audit.texts import is_readable
from orders.schemas import no_text
from work.models import WorkItem
from work.refusals import ChangedMeanwhile, ReasonMissing

LONGEST_REASON = 500
MOVED = ["state", "holder", "priority", "pend_reason", "claimed_at", "started_at", "acted_at", "version"]


def keep(
    row: WorkItem,
    fact: str,
    *,
    actor: Actor,
    now: datetime,
    before: dict,
    reason: str = "",
    data: dict | None = None,
) -> WorkItem:
    """Save the row and record the fact with what changed."""
    row.version += 1
    row.acted_at = now if not actor.is_system else row.acted_at
    save(row, actor=actor, now=now, fields=MOVED)
    after = {name: getattr(row, name) for name in before}
    record(
        fact,
        subject=row.subject,
        order=row.order,
        actor=actor,
        now=now,
        reason=reason,
        before=before,
        after=after,
        data={"node": row.node, **(data or {})},
    )
    return row


def given(reason: str) -> str:
    """The reason without blanks around it. Raises ReasonMissing, Invalid (it holds what is no text)."""
    text = reason.strip()
    if not is_readable(text):
        raise Invalid(_("Expected a reason, but it contains what is no text."), fields={"reason": no_text()})
    if not text or len(text) > LONGEST_REASON:
        raise ReasonMissing()
    return text


def expect_version(row: WorkItem, version: int | None) -> None:
    """The (locked) row is still as a page showed it; None when no page did. Raises ChangedMeanwhile, with by whom."""
    if version is not None and version != row.version:
        last = row.history.order_by("-history_date", "-history_id").select_related("history_user").first()
        by = last.history_user.display_name if last and last.history_user else ""
        raise ChangedMeanwhile(by, version=row.version)


def standing(row: WorkItem) -> dict:
    """What a move changes: state and holder, as they are now."""
    return {"state": row.state, "holder_id": row.holder_id}
