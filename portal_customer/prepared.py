"""What an advisor must see before deciding: what was prepared, what is new since they last decided, and the evidence.

An allow-list like the client's: of the answers of staff only the fields that their form marks `for_advisor`; no step,
rule or queue has a name here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from approvals.evidence import field_name, fields_of, form_of, recorded_before
from approvals.models import Decision
from orders.models import Order
from orders.projection import ClientDocument, ClientOrder, Detail, details, details_for_advisor
from portal_customer.words import DECIDED
from work.models import WorkItem

ADVISOR = "advisor"
FURTHER = {"en": "Further evidence", "zh-Hans": "其他凭据"}  # what staff call it is theirs


@dataclass(frozen=True)
class Figure:
    """One prepared answer. before: that of the version before, None when it had none; itself when there was none."""

    now: Detail
    before: Detail | None


@dataclass(frozen=True)
class Prepared:
    """What somebody prepared, in the order of their form."""

    by: str
    at: datetime
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Since:
    """The advisors' last decision on the order, and what the client added after it."""

    said: str
    by: str
    at: datetime
    reason: str
    answers: tuple[Detail, ...]
    papers: tuple[ClientDocument, ...]


@dataclass(frozen=True)
class Package:
    """Everything that lies before the advisor."""

    prepared: tuple[Prepared, ...]
    since: Since | None


def package(order: Order, view: ClientOrder) -> Package:
    """The review package of an order as its advisor may see it. Two statements, three after a first decision."""
    last = Decision.objects.filter(request__order=order, tier__role=ADVISOR).select_related("by")
    return Package(_prepared(order), _since(order, view, last.order_by("-decided_at", "-pk").first()))


@dataclass(frozen=True)
class Evidence:
    """What is to be recorded before an approval. keys: what fields are called by, never a name that staff use."""

    names: tuple[str, ...]
    missing: tuple[str, ...]
    keys: Mapping[str, str]

    @property
    def form(self) -> dict[str, Any]:
        """The questions, of what no earlier approver put on record."""
        titles = dict.fromkeys(self.names, FURTHER)
        return form_of(self.missing, required=self.missing, titles=titles, keys=self.keys)

    def shown(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers or errors by the names that the fields have on the page; what is about no field stays."""
        known = {f: field_name(f, name, self.keys) for name in self.names for f in fields_of(name)}
        return {known.get(name.removeprefix("evidence_"), name): value for name, value in answers.items()}


def evidence_of(item: WorkItem) -> Evidence:
    """The evidence that an approval needs. One statement; none where nothing is needed."""
    request = item.approval_tier.request
    names = tuple(request.evidence)
    keys = {name: str(number) for number, name in enumerate(names, start=1)}
    known = recorded_before(request)
    return Evidence(names, tuple(name for name in names if name not in known), keys)


def _prepared(order: Order) -> tuple[Prepared, ...]:
    """The last version of what was prepared at each step, compared with the one before."""
    done = WorkItem.objects.filter(order=order, kind=WorkItem.Kind.WORK).exclude(completed_by=None)
    versions: dict[str, list[WorkItem]] = {}
    for item in done.select_related("completed_by").order_by("ended_at", "pk"):
        versions.setdefault(item.node, []).append(item)
    found = [_version(items) for items in versions.values()]
    return tuple(sorted((each for each in found if each.figures), key=lambda each: each.at))


def _version(items: list[WorkItem]) -> Prepared:
    last, before = items[-1], items[-2:][0]
    was = {each.field: each for each in details_for_advisor(before.form, before.result or {})}
    now = details_for_advisor(last.form, last.result or {})
    figures = tuple(Figure(detail, was.get(detail.field)) for detail in now)
    return Prepared(last.completed_by.display_name, last.ended_at, figures)  # type: ignore[union-attr, arg-type]


def _since(order: Order, view: ClientOrder, last: Decision | None) -> Since | None:
    if last is None:
        return None
    variables = _plain(order.process.state.get("variables", {})) if order.process else {}
    zone = order.branch.timezone
    answered = order.requests.filter(answered_at__gt=last.decided_at).order_by("answered_at")
    return Since(
        said=str(DECIDED[last.choice]),
        by=last.by.display_name,
        at=last.decided_at,
        reason=last.reason,
        answers=tuple(detail for request in answered for detail in details(request.form, variables, zone)),
        papers=tuple(paper for paper in view.documents if paper.uploaded_at > last.decided_at),
    )


def _plain(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Variables as they were answered: an amount without its currency."""
    return {name: value["amount"] if isinstance(value, Mapping) else value for name, value in variables.items()}
