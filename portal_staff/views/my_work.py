"""Where staff land: what they hold."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.authority import has_any, held
from orders.queries import copies_for
from portal_staff.access import ANY_STAFF, EXAMINE, RULES, WORK, is_approver, may, requires
from portal_staff.listing import MINE
from portal_staff.rows import rows
from work.queries import PAGE, asked_of, my_items, queues_for

COPIES = 10  # of the orders shown for information, the latest


@require_safe
@requires(*ANY_STAFF)
def home(request: HttpRequest) -> HttpResponse:
    """To the page where the reader's day begins."""
    user = request.user
    if has_any(user, "oversee_branch"):
        return redirect("staff:board")
    if has_any(user, "work_queue", "lead_queue"):
        return redirect("staff:my_work")
    for rights, page in ((EXAMINE, "staff:ledger"), (RULES, "staff:tables")):
        if may(user, rights):
            return redirect(page)
    return redirect("staff:approvals" if is_approver(user) else "staff:notices")


@require_safe
@requires(*WORK)
def my_work(request: HttpRequest) -> HttpResponse:
    """What the reader holds, the earliest due first, and where to take more."""
    now, user = timezone.now(), request.user
    items = list(my_items(user)[:PAGE])
    mine = held(user, "work_queue")
    queues = [queue for queue in queues_for(user) if queue.pk in mine and not queue.role]
    context = {
        "items": rows(items, user, now, f"?view={MINE}"),
        "queues": queues,
        "questions": list(asked_of(user)[:PAGE]),
        "copies": list(copies_for(user)[:COPIES]),
        "is_cut": len(items) == PAGE,
        "page_size": PAGE,
    }
    return render(request, "portal_staff/my_work.html", context)
