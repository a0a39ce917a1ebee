"""Who had a part in what a request asks about: they cannot sign, neither themselves nor through somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast

from approvals.models import Part, Request
from audit.writing import insert
from orders.models import ClientRequest, Document, Order
from processes.models import Skip
from work.models import Advice, WorkItem

KIND = Part.Kind
WEIGHT = (KIND.ADVISED, KIND.PLACED, KIND.LENT, KIND.SIGNED, KIND.PREPARED)  # the last that applies is told


def took_part(request: Request) -> dict[int, str]:
    """Who may not sign a request, by user id: "placed", "prepared", "signed", "lent" or "advised". One
    statement.

    Beside what the request keeps, whoever touched the order's data since it opened.
    """
    kept = request.parts.values_list("user_id", "kind")
    found = kept.union(*_touches(request.order))
    parts = _weighed([(user, kind) for user, kind in found])
    return parts | ({request.maker_id: "prepared"} if request.maker_id else {})


def keep_makers(request: Request) -> None:
    """Write down who placed and prepared what a new request asks about: two statements."""
    first, *others = _touches(request.order)
    parts = _weighed([(user, kind) for user, kind in first.union(*others)])
    if request.maker_id:
        parts[request.maker_id] = Part.Kind.PREPARED
    insert([Part(request=request, user_id=user, kind=kind) for user, kind in sorted(parts.items())])


def keep_signers(request: Request, by: int, on_behalf_of: int | None) -> None:
    """Write down who signed, and whose authority it was: one statement; the database refuses who had a part before."""
    parts = [Part(request=request, user_id=by, kind=Part.Kind.SIGNED)]
    if on_behalf_of is not None:
        parts.append(Part(request=request, user_id=on_behalf_of, kind=Part.Kind.LENT))
    insert(parts)


def _weighed(found: list[tuple[int, str]]) -> dict[int, str]:
    return dict(sorted(found, key=lambda part: WEIGHT.index(Part.Kind(part[1]))))


def _touches(order: Order) -> Iterator[QuerySet]:
    """(user, kind) of whoever placed the order or gave it data: by steps, drafts of them, answers, papers, skips.

    So has whoever answered a question about a step or a decision of it.
    """
    placed = Order.objects.filter(pk=order.pk).exclude(placed_by=None)
    yield _as(placed, "placed_by_id", Part.Kind.PLACED)
    done = {"order": order, "kind": WorkItem.Kind.WORK, "completed_by__isnull": False}
    yield _as(WorkItem.objects.filter(**done), "completed_by_id", Part.Kind.PREPARED)
    typed = WorkItem.typed_by.through.objects.filter(**{f"workitem__{name}": value for name, value in done.items()})
    yield _as(typed, "user_id", Part.Kind.PREPARED)
    answered = ClientRequest.objects.filter(order=order).exclude(answered_by=None)
    yield _as(answered, "answered_by_id", Part.Kind.PREPARED)
    papers = Document.objects.filter(order=order).exclude(field="")
    yield _as(papers, "uploaded_by_id", Part.Kind.PREPARED)
    asked = Advice.objects.filter(item__order=order).exclude(answered_at=None)
    yield _as(asked, "asked_id", Part.Kind.ADVISED)
    if order.process_id is not None:
        of_process = Q(incident__instance=order.process_id) | Q(incident__instance__root=order.process_id)
        skipped = Skip.objects.filter(of_process).exclude(approved_by=None)
        yield _as(skipped, "proposed_by_id", Part.Kind.PREPARED)
        yield _as(skipped, "approved_by_id", Part.Kind.PREPARED)


def _as(rows: QuerySet, person: str, kind: str) -> QuerySet:
    said = Cast(Value(str(kind)), CharField(max_length=10))
    return rows.order_by().annotate(part=said).values_list(person, "part")
