"""Who signs where, and whether a chain can be completed while some people are away or may not sign: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import product

from approvals.asked_chains import Post
from approvals.matching import can_all_be_filled, matched
from rulebook.said import Said
from rulebook.said import gettext_noop as _

AND = _("%(first)s and %(rest)s")
MORE = _("%(first)s, %(rest)s")
Lent = Mapping[int, frozenset[int]]
NOTHING_LENT: Lent = {}


@dataclass(frozen=True, slots=True)
class Seat:
    """Who signs as a role somewhere. holders: by their own role; above: of the next higher role, once it presses.

    is_personal: each client's own person signs, and nobody else.
    """

    holders: frozenset[int] = frozenset()
    above: frozenset[int] = frozenset()
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """Branches that the same queues serve. seats: role → who signs; places: each branch's key → what it is called."""

    seats: Mapping[str, Seat]
    places: Mapping[int, str]

    @property
    def where(self) -> str:
        return listed(self.places.values())

    def seat(self, role: str) -> Seat:
        return self.seats.get(role, Seat())

    def of(self, branches: Collection[int]) -> Desk:
        """The same for some of its branches."""
        return Desk(self.seats, {key: name for key, name in self.places.items() if key in branches})


@dataclass(frozen=True, slots=True)
class Firm:
    """Who there is. names: person → name; roles: role → its word; makers: who may prepare what is signed.

    lent: person → who signs for them, whatever the amount. sees: who may be lent authority → keys of the branches whose
    orders they see; who is not named sees all.
    """

    desks: tuple[Desk, ...]
    names: Mapping[int, str]
    roles: Mapping[str, str] = field(default_factory=dict)
    makers: frozenset[int] = frozenset()
    lent: Lent = field(default_factory=dict)
    sees: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def lent_at(self, desk: Desk) -> Lent:
        """What is lent as far as it can be used at every branch of a desk."""
        return {
            person: frozenset(one for one in lent if self.can_sign_at(desk, one)) for person, lent in self.lent.items()
        }

    def can_sign_at(self, desk: Desk, delegate: int) -> bool:
        """Whether somebody sees the orders of every branch of a desk, and so can sign there for others."""
        return desk.places.keys() <= self.sees.get(delegate, desk.places.keys())

    def word(self, role: str) -> str:
        return self.roles.get(role, role)

    def name(self, person: int) -> str:
        return self.names.get(person, str(person))


def listed(words: Iterable[str]) -> str:
    """Several names in a row, as a sentence that other languages can say."""
    first, *others = list(words)
    return Said(AND if len(others) == 1 else MORE, first=first, rest=listed(others)) if others else first


class Course(IntEnum):
    """What becomes of a chain, the worse the larger."""

    GOES_ON = 0
    WAITS = 1  # for its time-out: then somebody else is asked
    STALLS = 2  # nobody can complete it


@dataclass(frozen=True, slots=True)
class Outlook:
    """The course of a chain. relief: who is asked instead, where it waits."""

    course: Course
    relief: frozenset[int] = frozenset()


def outlook(
    posts: Iterable[Post],
    desk: Desk,
    *,
    away: Collection[int] = (),
    barred: Collection[int] = (),
    lent: Lent = NOTHING_LENT,
) -> Outlook:
    """Whether different people can give every signature of a chain while some are away.

    away: they sign nothing, but whom they lent their authority to signs for them, once. barred: those who had a part
    in it; nobody signs for them either. A level without a time-out waits for its own people.
    """
    kept = list(posts)
    gone = set(away) | set(barred)
    now = slots_of(kept, desk, without=gone)
    lenders = {person: lent[person] - gone for person in set(away) - set(barred) if lent.get(person)}
    if any(can_all_be_filled(slots) for slots in _with_lent(now, kept, desk, lenders)):
        return Outlook(Course.GOES_ON)
    late = slots_of(kept, desk, without=gone, late=True)
    for slots in _with_lent(late, kept, desk, lenders):
        found = matched([sorted(slot, key=lambda one: (one not in own, one)) for slot, own in zip(slots, now)])
        if len(found) == len(slots):
            return Outlook(Course.WAITS, frozenset(who for slot, who in found.items() if who not in now[slot]))
    return Outlook(Course.STALLS)


def slots_of(posts: Iterable[Post], desk: Desk, *, without: Collection[int] = (), late: bool = False) -> list[set[int]]:
    """For each signature who could give it. late: also those who are asked once it presses, where it ever does.

    A client's own person is nobody else: a key below zero stands for them.
    """
    slots: list[set[int]] = []
    for place, post in enumerate(posts):
        seat = desk.seat(post.role)
        people = seat.holders | seat.above if late and post.escalates else seat.holders
        is_personal = seat.is_personal and people and not post.named
        own = {-1 - place} if is_personal else (post.named or people) - set(without)
        slots += [set(own) for _one in range(post.needs)]
    return slots


def _with_lent(slots: list[set[int]], posts: Sequence[Post], desk: Desk, lenders: Lent) -> Iterator[list[set[int]]]:
    """The slots as they are, and with what each lends in each of their places in turn: no authority signs twice."""
    holders = [post.named or desk.seat(post.role).holders for post in posts for _one in range(post.needs)]
    places = [[None, *(at for at, own in enumerate(holders) if lender in own)] for lender in lenders]
    for chosen in product(*places):
        filled = [set(slot) for slot in slots]
        for at, delegates in zip(chosen, lenders.values(), strict=True):
            if at is not None:
                filled[at] |= delegates
        yield filled
