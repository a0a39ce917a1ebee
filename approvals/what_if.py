"""What a draft of an approval matrix would have decided for past orders: the facts of then under the draft's rules.

Nothing is written. What an order was asked about is on record with its request; a fact that only the draft asks for is
read from the order as it is today. Source: core concept 3 of the seed, no rule change without a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import QuerySet

from approvals.facts import SOURCE, known_facts
from approvals.handlers import without_own_consent
from approvals.models import Decision, Request
from approvals.rules import Chain, explain, matrix_facts
from audit.canonical import plain
from orders.facts import instruction_source
from rulebook.models import TableVersion
from rulebook.queries import table_of
from rulebook.tables import DecisionTable, FactError, NoRule, TooManyRules

PART = 1_000  # requests in one part
MOST_WAITS = 2_000  # signatures of a role from which its usual wait is taken


@dataclass(frozen=True, slots=True)
class Answer:
    """What a matrix answers. gap: the sentence where it has no answer; then the rest is empty."""

    rules: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()  # of each signature
    evidence: tuple[str, ...] = ()
    adds_at_most: str | None = None
    log_only: bool = False
    gap: str = ""

    def says_the_same_as(self, other: Answer) -> bool:
        """Whether both ask the same of everybody, by whatever rules."""
        return replace(self, rules=()) == replace(other, rules=())


@dataclass(frozen=True, slots=True)
class Change:
    """A past request that the draft answers otherwise. amount: as decimal text, "" where it was about none."""

    order: str
    at: datetime
    amount: str
    then: Answer
    draft: Answer


@dataclass(slots=True)
class Tally:
    """What was found so far. load: signatures by role, then and under the draft; after: the last request looked at."""

    asked: int = 0
    changed: int = 0
    gaps: int = 0
    load: dict[str, list[int]] = field(default_factory=dict)
    after: int = 0

    def add(self, then: Answer, draft: Answer) -> None:
        """Count one request."""
        self.asked += 1
        self.changed += not then.says_the_same_as(draft)
        self.gaps += bool(draft.gap)
        for side, answer in enumerate((then, draft)):
            for role in answer.roles:
                self.load.setdefault(role, [0, 0])[side] += 1


def past_requests(draft: TableVersion, since: datetime) -> QuerySet[Request]:
    """The requests that the draft's table answered since an instant, the oldest first."""
    asked = Request.objects.filter(table_version__table=draft.table_id, opened_at__gte=since)
    return asked.order_by("pk")


def next_part(draft: TableVersion, since: datetime, tally: Tally, size: int = PART) -> list[Change]:
    """Decide the next requests under the draft and count them; the changed ones. `tally.asked` stands still at the end.

    Cost: one statement, and the decisions of `size` requests.
    """
    joined = past_requests(draft, since).filter(pk__gt=tally.after)
    rows = joined.select_related("table_version", "order__client", "order__product", "order__branch", "order__process")
    changes = []
    for request in rows.defer("table_version__body", "order__product__form")[:size]:
        tally.after = request.pk
        then, under_draft = _answer(request, table_of(request.table_version)), _answer(request, table_of(draft))
        tally.add(then, under_draft)
        if not then.says_the_same_as(under_draft):
            changes.append(_change(request, then, under_draft))
    return changes


def all_parts(draft: TableVersion, since: datetime, tally: Tally) -> Iterator[list[Change]]:
    """Part after part until every request was decided."""
    while True:
        before = tally.asked
        changes = next_part(draft, since, tally)
        if tally.asked == before:
            return
        yield changes


def replay(draft: TableVersion, since: datetime, tell: Callable[[str], object]) -> dict[str, Any]:
    """Decide everything since an instant under the draft, as `rules replay` prints it. tell: is told how far it is."""
    tally, changes, total = Tally(), [], past_requests(draft, since).count()
    for part in all_parts(draft, since, tally):
        changes += part
        tell(f"{tally.asked:,} of {total:,} decided, {tally.changed:,} otherwise")
    return {
        "table": draft.table.key,
        "draft": draft.number,
        "since": since.isoformat(),
        "decided": tally.asked,
        "changed": tally.changed,
        "gaps": tally.gaps,
        "load": {role: {"then": then, "draft": now} for role, (then, now) in sorted(tally.load.items())},
        "added_wait_seconds": round(added_wait(tally.load, usual_waits(draft, since))),
        "changes": [plain(asdict(change)) for change in changes],
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


def added_wait(load: Mapping[str, Iterable[int]], waits: Mapping[str, float]) -> float:
    """Seconds that the draft's signatures would have waited beyond those of then; a role nobody signed for counts 0."""
    return sum((draft - then) * waits.get(role, 0.0) for role, (then, draft) in load.items())


def _answer(request: Request, table: DecisionTable) -> Answer:
    try:
        chain = without_own_consent(explain(table, _facts(request, table)), request.order)
    except (NoRule, TooManyRules, FactError) as error:
        return Answer(gap=str(error))
    return _of(chain)


def _of(chain: Chain) -> Answer:
    return Answer(chain.rules, chain.signers, chain.evidence, chain.adds_at_most, chain.log_only)


def _facts(request: Request, table: DecisionTable) -> dict[str, Any]:
    recorded = dict(request.facts)
    missing = {column.name for column in table.inputs} - recorded.keys()
    if missing:
        recorded = _today(request, missing) | recorded
    return matrix_facts(table, recorded)


def _today(request: Request, missing: set[str]) -> dict[str, Any]:
    order = request.order
    variables = (order.process.state if order.process else {}).get("variables", {})
    known = known_facts(order, variables, order.branch.day(request.opened_at))
    if SOURCE in missing:
        known[SOURCE] = instruction_source(order)
    if "client_age" in missing:
        known["client_birth_date"] = order.client.birth_date
        missing = missing | {"client_birth_date", "on"}
    return {name: value for name, value in known.items() if name in missing and value is not None}


def _change(request: Request, then: Answer, draft: Answer) -> Change:
    amount = request.facts.get("amount")
    text = str(Decimal(amount)) if amount is not None else ""
    return Change(str(request.order.number), request.opened_at, text, then, draft)
