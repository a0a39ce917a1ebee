"""If this person is away from … to …, which orders stall? What waits for a decision now, and what the matrices may ask.

Reads only. What helps is tried, not guessed: somebody is named where the chain goes on with them as a delegate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from accounts.absences import away_between
from accounts.authority import read_ahead, roles
from accounts.delegates import branches_seen, delegates_for
from accounts.hierarchy import NEXT_HIGHER, SIGNING
from accounts.models import User
from approvals.asked_chains import Asking, Post
from approvals.models import Part, Request, Tier
from approvals.occasions import Place, arising
from approvals.seats import Course, Desk, Firm, Outlook, listed, outlook
from approvals.staffing import firm_at
from approvals.where_asked import Offered, occasions_of, offered
from orders.models import Order
from rulebook.grid import TooManyRegions
from rulebook.models import TableVersion
from rulebook.queries import table_of
from work.models import WorkItem
from work.queries import my_items

MOST_REQUESTS = 200
MOST_HELD = 50
MOST_CANDIDATES = 200
MOST_HELPERS = 3


@dataclass(frozen=True)
class Waiting:
    """An open request, or (without an order) a chain that a matrix in force may ask for, that the absence holds up.

    helpers: who could sign at once if the person lent them their authority. example: facts that ask for the chain.
    named: the signatures for which the person was asked by name; nobody else gives those.
    """

    version: TableVersion
    rules: tuple[str, ...]
    where: str
    course: Course
    relief: tuple[str, ...]
    helpers: frozenset[int]
    order: Order | None = None
    example: Mapping[str, Any] | None = None
    named: tuple[Tier, ...] = ()

    @property
    def stalls(self) -> bool:
        return self.course == Course.STALLS


@dataclass(frozen=True)
class Stalls:
    """The whole answer. helpers: who helps most, the best first; held: open work of the person that stays with them.

    lent: the names of those who sign for the person all that time already. is_cut: more requests are open.
    """

    person: User
    requests: list[Waiting]
    chains: list[Waiting]
    held: list[WorkItem]
    helpers: list[User]
    lent: list[str]
    is_cut: bool

    @property
    def is_quiet(self) -> bool:
        """Nothing waits for the person."""
        return not (self.requests or self.chains or self.held)


@dataclass(frozen=True)
class _Absence:
    """What every judgement needs: the person, who else is away then, the firm, and who might be lent the authority."""

    person: int
    away: frozenset[int]
    firm: Firm
    candidates: frozenset[int]

    def judged(self, posts: Sequence[Post], desk: Desk, barred: frozenset[int] = frozenset()) -> Outlook | None:
        """How the chain fares; None where the absence makes it no worse."""
        lent = self.firm.lent_at(desk)
        there = outlook(posts, desk, away=self.away - {self.person}, barred=barred, lent=lent)
        gone = outlook(posts, desk, away=self.away | {self.person}, barred=barred, lent=lent)
        return gone if gone.course > there.course else None

    def helpers(self, posts: Sequence[Post], desk: Desk, barred: frozenset[int] = frozenset()) -> frozenset[int]:
        """With whom as a delegate of the person the chain goes on."""
        free = (one for one in self.candidates - barred - self.away if self.firm.can_sign_at(desk, one))
        return frozenset(one for one in free if self._goes_on(posts, desk, barred, one))

    def _goes_on(self, posts: Sequence[Post], desk: Desk, barred: frozenset[int], helper: int) -> bool:
        lent = self.firm.lent_at(desk)
        lent = {**lent, self.person: lent.get(self.person, frozenset()) | {helper}}
        view = outlook(posts, desk, away=self.away | {self.person}, barred=barred, lent=lent)
        return view.course == Course.GOES_ON


def stalls_without(person: User, begins_at: datetime, ends_at: datetime, *, reader: Any, now: datetime) -> Stalls:
    """What stands still, or waits for a time-out, while somebody is away. ends_at is excluded.

    reader: whose orders are named; what they may not see is left out. Twenty-one statements, however much is open.
    """
    start = max(begins_at, now)
    firm, candidates = firm_at(start, ends_at), _candidates(person)
    firm = replace(firm, sees={**firm.sees, **{each.pk: branches_seen(each) for each in candidates}})
    everybody = {*firm.names, *(each.pk for each in candidates)}
    away = frozenset(away_between(everybody, begins_at, ends_at))
    about = _Absence(person.pk, away, firm, frozenset(each.pk for each in candidates))
    found = list(_open_requests(person, reader)[: MOST_REQUESTS + 1])
    requests = [waiting for request in found[:MOST_REQUESTS] for waiting in _of_request(request, about)]
    products = offered()
    chains = [waiting for version in _in_force(now) for waiting in _of_matrix(version, products, about)]
    return Stalls(
        person=person,
        requests=sorted(requests, key=lambda each: not each.stalls),
        chains=sorted(_brief(chains), key=lambda each: not each.stalls),
        held=list(my_items(person).filter(order__in=Order.objects.visible_to(reader))[:MOST_HELD]),
        helpers=_best([*requests, *chains], candidates),
        lent=[firm.name(one) for one in sorted(firm.lent.get(person.pk, ()))],
        is_cut=len(found) > MOST_REQUESTS,
    )


def _open_requests(person: User, reader: Any) -> QuerySet[Request]:
    """Open requests with a signature still to come that the person could give, the oldest first."""
    own = roles(person) | {role for role, higher in NEXT_HIGHER.items() if higher in roles(person)}
    to_come = Tier.objects.filter(decision=None, carried=None, removed_at=None).order_by("number", "seat")
    to_come = to_come.select_related("asked", "added_by")
    asked = Request.objects.filter(state=Request.State.OPEN, order__in=Order.objects.visible_to(reader))
    could = Q(asked=None, role__in=own) | Q(asked=person)
    asked = asked.filter(pk__in=to_come.filter(could).values("request").order_by())
    parts = Prefetch("parts", Part.objects.only("request", "user"))
    asked = asked.prefetch_related(Prefetch("tiers", to_come, to_attr="to_come"), parts)
    shown = ("order__client", "order__product", "order__branch", "table_version__table")
    return asked.select_related(*shown).order_by("pk")


def _of_request(request: Request, about: _Absence) -> Iterator[Waiting]:
    to_come: list[Tier] = request.to_come  # type: ignore[attr-defined]
    posts = _posts(to_come)
    barred = frozenset({part.user_id for part in request.parts.all()} | {request.maker_id or 0})
    desk = next((each for each in about.firm.desks if request.order.branch_id in each.places), None)
    here = desk.of([request.order.branch_id]) if desk else None
    view = about.judged(posts, here, barred) if here else None
    if desk and here and view:
        helpers = about.helpers(posts, here, barred)
        named = tuple(tier for tier in to_come if tier.asked_id == about.person)
        rules = tuple(request.rules)
        yield _waiting(request.table_version, rules, desk, view, helpers, about.firm, order=request.order, named=named)


def _posts(to_come: Sequence[Tier]) -> list[Post]:
    """The signatures still to come; of added signers of whom any one is enough, one."""
    alike: dict[tuple[int, int], list[Tier]] = {}
    for tier in to_come:
        alike.setdefault((tier.number, 0 if tier.any_of else tier.seat), []).append(tier)
    return [_post(tiers[0], frozenset(tier.asked_id for tier in tiers if tier.asked_id)) for tiers in alike.values()]


def _post(tier: Tier, named: frozenset[int]) -> Post:
    return Post(tier.role, 1, tier.stage, bool(tier.escalate_after), named)


def _of_matrix(version: TableVersion, products: list[Offered], about: _Absence) -> Iterator[Waiting]:
    for desk, chains in _places(version, products, about.firm):
        for asked in chains:
            view = about.judged(asked.posts, desk)
            if view:
                helpers = about.helpers(asked.posts, desk)
                yield _waiting(version, asked.rules, desk, view, helpers, about.firm, example=asked.example)


def _places(version: TableVersion, products: list[Offered], firm: Firm) -> list[Place]:
    table = table_of(version)
    try:
        return arising(Asking(table), firm.desks, occasions_of(table, products))
    except TooManyRegions:
        return []


def _brief(chains: list[Waiting]) -> list[Waiting]:
    """Without those in which the same happens because of fewer rows, and those of several places together."""

    def happens(each: Waiting) -> tuple[object, ...]:
        return each.version.pk, each.course, each.relief

    def is_more_of(more: Waiting, less: Waiting) -> bool:
        there = (more.where, *happens(more)) == (less.where, *happens(less))
        return there and set(less.rules) < set(more.rules)

    kept = [each for each in chains if not any(is_more_of(each, other) for other in chains)]
    together: dict[tuple[object, ...], list[Waiting]] = {}
    for each in kept:
        together.setdefault((each.rules, *happens(each)), []).append(each)
    return [
        replace(
            same[0],
            where=listed(dict.fromkeys(each.where for each in same)),
            helpers=frozenset.intersection(*(each.helpers for each in same)),
        )
        for same in together.values()
    ]


def _waiting(
    version: TableVersion,
    rules: tuple[str, ...],
    desk: Desk,
    view: Outlook,
    helpers: frozenset[int],
    firm: Firm,
    **about: Any,
) -> Waiting:
    relief = tuple(firm.name(one) for one in sorted(view.relief))
    return Waiting(version, rules, desk.where, view.course, relief, helpers, **about)


def _in_force(now: datetime) -> QuerySet[TableVersion]:
    governing = TableVersion.objects.filter(table__kind="approval_matrix", state="in_force", in_force_at__lte=now)
    return governing.select_related("table").order_by("table__key")


def _candidates(person: User) -> list[User]:
    """Who might be lent the authority: colleagues of the branch, those who sign themselves first, then the own team."""
    branch = person.team.branch_id if person.team else 0
    people = delegates_for([person]).filter(team__branch=branch).exclude(pk=person.pk)
    found = list(people.order_by("display_name", "pk")[:MOST_CANDIDATES])
    read_ahead(found)
    return sorted(found, key=lambda one: (not SIGNING & roles(one), one.team_id != person.team_id))


def _best(waiting: Iterable[Waiting], candidates: list[User]) -> list[User]:
    """Those who help most often, the nearest colleagues first among equals; nobody who helps nowhere."""
    helped = Counter(one for each in waiting for one in each.helpers)
    return sorted((one for one in candidates if helped[one.pk]), key=lambda one: -helped[one.pk])[:MOST_HELPERS]
