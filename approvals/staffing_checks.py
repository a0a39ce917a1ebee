"""Whether the people of a firm can give the signatures that a matrix asks for: pure, from who holds which role where.

Source: core concept 3 of the seed (four eyes, delegation, time-out) and its pitfall of the one absent approver;
decision 0021.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from approvals.asked_chains import Asked, Asking, Post
from approvals.chain_checks import too_many
from approvals.matching import can_all_be_filled, matched
from approvals.occasions import Occasion, Place, arising
from approvals.seats import Course, Desk, Firm, Seat, listed, outlook, slots_of
from rulebook.findings import ERROR, WARNING, Finding
from rulebook.grid import TooManyRegions
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.tables import DecisionTable

UNHELD = _("Nobody holds the role %(role)s in %(where)s, so nobody can ever sign there.")
LONELY = _("Only %(name)s signs as %(role)s in %(where)s: no delegate, and nobody whom the time-out would ask instead.")
UNTIMED = _("As %(role)s in %(where)s only %(name)s can sign, and no time-out ever asks somebody else.")
PERSONAL = _("Only the client's own person signs as %(role)s: while they are away nobody can, and no time-out helps.")
UNSTAFFED = _("%(needed)s different people have to sign in %(where)s, but only %(found)s can.")
BY_MAKER = _("Whoever prepares it in %(where)s, too few different people are left to sign.")
AWAY = _("If %(name)s is away or prepared it, nobody can complete this chain in %(where)s.")
LATE = _("If %(name)s is away or prepared it, this chain in %(where)s waits for its time-out; then it asks %(relief)s.")


def of_staffing(table: DecisionTable, firm: Firm, occasions: Sequence[Occasion] = ()) -> list[Finding]:
    """Roles that nobody holds, levels without relief, and chains that too few different people could sign.

    occasions: about which orders the matrix comes to be asked; nobody is missed where no such order arises.
    """
    try:
        places = arising(Asking(table), firm.desks, occasions)
    except TooManyRegions:
        return [too_many()]
    return [*_seats(places, firm), *_chains(places, firm)]


def _seats(places: list[Place], firm: Firm) -> Iterator[Finding]:
    """What speaks against a role somewhere, once for those branches where the same speaks."""
    for role in sorted({post.role for _desk, chains in places for asked in chains for post in asked.posts}):
        found = dict[tuple[Seat, str], list[tuple[Desk, Asked]]]()
        for desk, chains in places:
            asking = [asked for asked in chains if any(post.role == role for post in asked.posts)]
            said = _seat_problem(_needed(role, asking), desk, firm) if asking else ""
            if said:
                simplest = min(asking, key=lambda asked: len(asked.rules))
                found.setdefault((desk.seat(role), said), []).append((desk, simplest))
        for (seat, said), there in found.items():
            where, asked = listed(desk.where for desk, _asked in there), there[0][1]
            yield _of_seat(role, seat, said, where, asked, firm)


def _needed(role: str, chains: list[Asked]) -> Post:
    """The post of a role that asks for most: the most signatures, and no time-out before one."""
    posts = [post for asked in chains for post in asked.posts if post.role == role]
    return max(posts, key=lambda post: (post.needs, not post.escalates))


def _seat_problem(post: Post, desk: Desk, firm: Firm) -> str:
    seat, lent = desk.seat(post.role), firm.lent_at(desk)
    if not seat.holders:
        return UNHELD
    if seat.is_personal:
        return PERSONAL
    delegates = frozenset(who for person in seat.holders for who in lent.get(person, ()))
    others = seat.holders | delegates | (seat.above if post.escalates else frozenset())
    if len(others) > post.needs:
        return ""
    return LONELY if post.escalates else UNTIMED


def _of_seat(role: str, seat: Seat, said: str, where: str, asked: Asked, firm: Firm) -> Finding:
    names = listed(firm.name(person) for person in sorted(seat.holders)) if seat.holders else ""
    message = Said(said, role=firm.word(role), where=where, name=names)
    code = "role_unheld" if said == UNHELD else "tier_without_relief"
    level = WARNING if said == PERSONAL else ERROR
    return Finding(code, level, message, asked.rules, "roles", (asked.example,))


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What speaks against a chain at a desk. given: the sentence's words but for the place; person: who is missed."""

    code: str
    level: str
    sentence: str
    given: tuple[tuple[str, object], ...]
    asked: Asked
    where: str
    person: int = 0
    course: Course = Course.STALLS

    def is_said_better_by(self, other: _Wrong) -> bool:
        """Another chain says it with fewer rows; of one who is missed, the worst is enough."""
        if (self.code, self.where, self.person) != (other.code, other.where, other.person):
            return False
        if self.sentence != other.sentence:
            return bool(self.person) and other.course > self.course
        fewer = len(other.asked.rules) < len(self.asked.rules)
        return fewer and (bool(self.person) or set(other.asked.rules) < set(self.asked.rules))


def _chains(places: list[Place], firm: Firm) -> Iterator[Finding]:
    """What several desks have in common is said once, and nothing that a chain of fewer rows says already."""
    every = [
        wrong
        for desk, chains in places
        for asked in chains
        if all(desk.seat(post.role).holders for post in asked.posts)  # the role that nobody holds is told by itself
        for wrong in _of_chain(asked, desk, firm)
    ]
    told: dict[tuple[object, ...], list[_Wrong]] = {}
    for each in every:
        if not any(each.is_said_better_by(other) for other in every):
            about = each.asked.rules if each.sentence == UNSTAFFED else ()
            told.setdefault((each.code, each.sentence, each.given, about), []).append(each)
    for same in told.values():
        first = same[0]
        message = Said(first.sentence, **dict(first.given), where=listed(dict.fromkeys(each.where for each in same)))
        yield Finding(first.code, first.level, message, first.asked.rules, "roles", (first.asked.example,))


def _of_chain(asked: Asked, desk: Desk, firm: Firm) -> Iterator[_Wrong]:
    slots = slots_of(asked.posts, desk)
    if not can_all_be_filled(slots):
        given = (("needed", len(slots)), ("found", len(matched(slots))))
        yield _Wrong("not_staffable", ERROR, UNSTAFFED, given, asked, desk.where)
        return
    people = {person for person in set[int]().union(*slots) if person >= 0}
    needed = {person for person in people if not can_all_be_filled([slot - {person} for slot in slots])}
    if firm.makers and firm.makers <= needed:
        yield _Wrong("not_staffable", ERROR, BY_MAKER, (), asked, desk.where)
    for person in sorted(needed, key=firm.name):
        yield from _without(asked, desk, person, firm)


def _without(asked: Asked, desk: Desk, person: int, firm: Firm) -> Iterator[_Wrong]:
    """Nothing where somebody signs for them at once, because they lent them their authority."""
    view = outlook(asked.posts, desk, away={person}, lent=firm.lent_at(desk))
    if view.course == Course.GOES_ON:
        return
    given: tuple[tuple[str, object], ...] = (("name", firm.name(person)),)
    if view.course == Course.WAITS:
        given = (*given, ("relief", listed(firm.name(one) for one in sorted(view.relief))))
    sentence = AWAY if view.course == Course.STALLS else LATE
    yield _Wrong("not_staffable_without", WARNING, sentence, given, asked, desk.where, person, view.course)
