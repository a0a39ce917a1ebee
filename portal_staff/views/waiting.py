"""Everything that waits and for what, page by page: the failed first, then the oldest."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.authority import held
from catalog.models import Product
from portal_staff import instance_parts as parts
from portal_staff.access import requires
from portal_staff.instances import WAITS, instances_seen, orders_of, page_of, ref_of
from portal_staff.navigation import shown_count
from portal_staff.process_models import models_seen
from processes import queries, waiting
from processes.models import Instance, ProcessModel
from processes.overview import with_running

PAGE = 25
MOST_PARKED = 20


@require_safe
@requires(*WAITS)
def everything(request: HttpRequest) -> HttpResponse:
    """All that open instances wait for: failed ones first, then the oldest."""
    choices = list(_processes_for(request.user))
    chosen = next((model.key for model in choices if model.key == request.GET.get("process")), "")
    after = _place(request.GET.get("after", ""))
    found = waiting.page(instances_seen(request.user), process=chosen, after=after, size=PAGE + 1)
    shown, is_first = found[:PAGE], after is None
    return render(
        request,
        "portal_staff/waiting.html",
        {
            "rows": _rows(shown, request.user),
            "unseen": "" if shown or not is_first or chosen else shown_count(_unseen(request.user)),
            "choices": choices,
            "chosen": chosen,
            "first_url": "" if is_first else _page_url(chosen),
            "next_url": _page_url(chosen, shown[-1]) if len(found) > PAGE else "",
            "parked": _parked(request.user) if is_first and not chosen else [],
            "most_parked": MOST_PARKED,
            "starts": _starts(request.user, chosen) if is_first else [],
            "withheld": _withheld(request.user, chosen) if is_first else [],
        },
    )


def _processes_for(user: Any) -> Any:
    """Processes that the reader sees, and those of the products whose orders they see."""
    keys = Product.objects.filter(pk__in=held(user, "view_product")).values("process_key")
    return ProcessModel.objects.filter(Q(pk__in=models_seen(user).values("pk")) | Q(key__in=keys)).order_by("key")


def _unseen(user: Any) -> int:
    """How many processes run that the reader keeps or oversees, where none of them is of an order that they see."""
    return sum(model.running for model in with_running(models_seen(user)))


def _rows(shown: list[Instance], user: Any) -> list[dict[str, Any]]:
    orders_by_root = orders_of(shown, user)
    return [_row(each, orders_by_root.get(each.root_key)) for each in shown]


def _row(each: Instance, order: Any) -> dict[str, Any]:
    labels = parts.labels_of(queries.graph(each.version_id))
    return {
        "instance": each,
        "order": order,
        "url": page_of(ref_of(each, order), each.serial),
        "status": parts.status_of(each),
        "lines": [parts.waits_line(waits, labels) for waits in waiting.of(each)],
        "cause": next((incident.cause for incident in each.incidents.all()), ""),
    }


def _starts(user: Any, chosen: str) -> list[Any]:
    """Start events at which nothing could begin, of the processes that the reader keeps or oversees."""
    seen = waiting.failed_starts(chosen).filter(version__model__in=models_seen(user).values("pk"))
    return list(seen[:MOST_PARKED])


def _withheld(user: Any, chosen: str) -> list[Any]:
    """Versions that cannot come into force, of the processes that the reader keeps or oversees."""
    return list(waiting.withheld(chosen).filter(model__in=models_seen(user).values("pk"))[:MOST_PARKED])


def _parked(user: Any) -> list[Any]:
    """Messages that nobody waits for, without what they carry: for who keeps or oversees processes."""
    return list(waiting.parked()[: MOST_PARKED + 1]) if models_seen(user).exists() else []


def _place(text: str) -> waiting.Place | None:
    status, _dot, key = text.partition(".")
    is_place = status in waiting.OPEN and key.isdecimal() and len(key) < 18
    return waiting.Place(status, int(key)) if is_place else None


def _page_url(process: str, last: Instance | None = None) -> str:
    given = [f"process={process}"] if process else []
    given += [f"after={last.status}.{last.pk}"] if last is not None else []
    return reverse("staff:waiting") + (f"?{'&'.join(given)}" if given else "")
