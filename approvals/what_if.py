"""What a draft of an approval matrix would have decided for past orders: the facts of then under the draft's rules.

Nothing is written. An order counts once, however often it was asked about; what was known when stands in `facts_then`.
Source: core concept 3 of the seed, no rule change without a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from approvals.facts_then import Asked, Records, as_sent, asked_by
from approvals.handlers import without_own_consent
from approvals.models import Decision, Request
from approvals.rules import explain
from audit.canonical import plain
from orders.models import Order
from processes.drawn import drawn_by_process
from rulebook.models import TableVersion
from rulebook.queries import table_of
from rulebook.tables import DecisionTable, FactError, NoRule, TooManyRules

PART = 1_000  # orders in one part
MOST_WAITS = 2_000  # signatures of a role from which its usual wait is taken
AT_ONCE = "+"  # between the roles that sign at once, where they are counted


@dataclass(frozen=True, slots=True)
class Answer:
    """What a matrix answers. gap: the sentence where it has no answer; then the rest is empty."""

    rules: tuple[str, ...] = ()
    stages: tuple[tuple[str, ...], ...] = ()  # of each signature the role; those of a stage are asked for at once
    evidence: tuple[str, ...] = ()
    adds_at_most: str | None = None
    log_only: bool = False
    gap: str = ""

    @property
    def roles(self) -> tuple[str, ...]:
        """The role of each signature, in the order of the stages."""
        return tuple(role for stage in self.stages for role in stage)

    def says_the_same_as(self, other: Answer) -> bool:
        """Whether both ask the same of everybody, by whatever rules."""
        return replace(self, rules=()) == replace(other, rules=())

    def as_json(self) -> dict[str, Any]:
        """As `rules replay` prints it."""
        return {**asdict(self), "roles": self.roles}


@dataclass(frozen=True, slots=True)
class Twice:
    """One decision about an order, then and under the draft. amount: as decimal text, "" where it was about none.

    asked: whether it was asked for; else it was decided as if it had been when the order was sent in.
    """

    at: datetime
    asked: bool
    amount: str
    then: Answer
    draft: Answer

    @property
    def differs(self) -> bool:
        """Whether the draft asks something else of somebody."""
        return not self.then.says_the_same_as(self.draft)

    def as_json(self) -> dict[str, Any]:
        """As `rules replay` prints it."""
        about = {"at": self.at, "asked": self.asked, "amount": self.amount}
        return plain({**about, "then": self.then.as_json(), "draft": self.draft.as_json()})


@dataclass(frozen=True, slots=True)
class Change:
    """A past order that the draft decides otherwise, with those of its decisions that differ, the oldest first."""

    order: str
    decisions: tuple[Twice, ...]

    def as_json(self) -> dict[str, Any]:
        """As `rules replay` prints it: what the last of the decisions was about stands with the order."""
        told = [each.as_json() for each in self.decisions]
        return {"order": self.order, **told[-1], "decisions": told}


@dataclass(slots=True)
class Tally:
    """What was found so far, of orders; after: the last one looked at.

    load: signatures by role, then and under the draft. stages: how often such roles were asked at once, likewise.
    Every decision asks for signatures of its own, so an order that was asked about again counts in these again.
    """

    decided: int = 0
    changed: int = 0
    gaps: int = 0
    load: dict[str, list[int]] = field(default_factory=dict)
    stages: dict[str, list[int]] = field(default_factory=dict)
    after: int = 0

    def add(self, decisions: Sequence[Twice]) -> None:
        """Count one order."""
        self.decided += 1
        self.changed += any(each.differs for each in decisions)
        self.gaps += any(each.draft.gap for each in decisions)
        for each in decisions:
            for side, answer in enumerate((each.then, each.draft)):
                for role in answer.roles:
                    self.load.setdefault(role, [0, 0])[side] += 1
                for stage in answer.stages:
                    self.stages.setdefault(AT_ONCE.join(sorted(set(stage))), [0, 0])[side] += 1


def past_orders(draft: TableVersion, since: datetime) -> QuerySet[Order]:
    """The orders about which the draft's table was asked since an instant, or that were sent in since then and may
    still be asked about or ended before they were, the first sent first. One statement beside its own."""
    drawn = drawn_by_process("approval", "matrix")
    asking = [key for key, found in drawn.items() if draft.table.key in found.words]
    ever = Request.objects.filter(table_version__table=draft.table_id, order=OuterRef("pk"))
    never = ~Exists(ever) & Q(submitted_at__gte=since, product__process_key__in=asking)
    return Order.objects.filter(Exists(ever.filter(opened_at__gte=since)) | never).order_by("pk")


def past_requests(draft: TableVersion, since: datetime) -> QuerySet[Request]:
    """The requests that the draft's table answered since an instant, the oldest first."""
    asked = Request.objects.filter(table_version__table=draft.table_id, opened_at__gte=since)
    return asked.order_by("pk")


def next_part(draft: TableVersion, since: datetime, tally: Tally, size: int = PART) -> list[Change]:
    """Decide the next orders under the draft and count them; the changed ones. `tally.decided` stands still at the end.

    Cost: three statements and the decisions of `size` orders; a few more where a fact is needed that no request kept,
    and for each order whose process learned it on the way.
    """
    requests = past_requests(draft, since).select_related("table_version").defer("table_version__body")
    joined = past_orders(draft, since).filter(pk__gt=tally.after).select_related("client", "branch")
    orders = list(joined.prefetch_related(Prefetch("approval_requests", requests, to_attr="asked"))[:size])
    records, table, changes = Records(orders, draft.table, _last_moment(orders, since)), table_of(draft), []
    for order in orders:
        tally.after = order.pk
        decisions = [_twice(each, table) for each in _asked_about(order, records)]
        tally.add(decisions)
        differing = tuple(each for each in decisions if each.differs)
        if differing:
            changes.append(Change(str(order.number), differing))
    return changes


def all_parts(draft: TableVersion, since: datetime, tally: Tally) -> Iterator[list[Change]]:
    """Part after part until every order was decided."""
    while True:
        before = tally.decided
        changes = next_part(draft, since, tally)
        if tally.decided == before:
            return
        yield changes


def replay(draft: TableVersion, since: datetime, tell: Callable[[str], object]) -> dict[str, Any]:
    """Decide everything since an instant under the draft, as `rules replay` prints it. tell: is told how far it is."""
    tally, changes, total = Tally(), [], past_orders(draft, since).count()
    for part in all_parts(draft, since, tally):
        changes += part
        tell(f"{tally.decided:,} of {total:,} decided, {tally.changed:,} otherwise")
    return {
        "table": draft.table.key,
        "draft": draft.number,
        "since": since.isoformat(),
        "decided": tally.decided,
        "changed": tally.changed,
        "gaps": tally.gaps,
        "load": {role: {"then": then, "draft": now} for role, (then, now) in sorted(tally.load.items())},
        "added_wait_seconds": round(added_wait(tally.stages, usual_waits(draft, since))),
        "changes": [change.as_json() for change in changes],
    }


def usual_waits(draft: TableVersion, since: datetime) -> dict[str, float]:
    """By role the median seconds from an approval item's opening to its signature, of those asked since then."""
    signed = Decision.objects.filter(request__in=past_requests(draft, since)).order_by("-pk")
    waits: dict[str, list[float]] = {}
    for role, opened, decided in signed.values_list(
        "tier__role", "tier__work_item__opened_at", "decided_at"
    ).iterator():
        if opened and len(waits.setdefault(role, [])) < MOST_WAITS:
            waits[role].append((decided - opened).total_seconds())
    return {role: median(seconds) for role, seconds in waits.items() if seconds}


def added_wait(stages: Mapping[str, Iterable[int]], waits: Mapping[str, float]) -> float:
    """Seconds that the draft's stages would have waited beyond those of then.

    One stage follows another, and waits for the slowest of those whom it asks at once; a role nobody signed for
    counts 0.
    """
    return sum(
        (draft - then) * max(waits.get(role, 0.0) for role in stage.split(AT_ONCE))
        for stage, (then, draft) in stages.items()
    )


def _last_moment(orders: Iterable[Any], since: datetime) -> datetime:
    asked = (request.opened_at for order in orders for request in order.asked)
    return max((*asked, *(order.submitted_at for order in orders if order.submitted_at)), default=since)


def _asked_about(order: Any, records: Records) -> list[Asked]:
    return [asked_by(request, order, records) for request in order.asked] or [as_sent(order, records)]


def _twice(asked: Asked, table: DecisionTable) -> Twice:
    amount = asked.facts.get("amount")
    text = str(Decimal(amount)) if amount is not None else ""
    then = Answer(gap=asked.problem) if asked.problem else _answer(asked, asked.table) if asked.table else Answer()
    return Twice(asked.at, asked.request is not None, text, then, _answer(asked, table))


def _answer(asked: Asked, table: DecisionTable) -> Answer:
    try:
        chain = explain(table, asked.under(table))
    except (NoRule, TooManyRules, FactError) as error:
        return Answer(gap=str(error))
    if "advisor" in chain.signers:
        chain = without_own_consent(chain, asked.stood)
    return Answer(chain.rules, chain.stages, chain.evidence, chain.adds_at_most, chain.log_only)
