"""Who there is to sign: the firm's approvers as the pure checks take them. Five statements, however many people;
two more where authority is lent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import override
from guardian.models import GroupObjectPermission

from accounts.authority import ROLE, read_ahead
from accounts.delegates import branches_seen, may_sign_for_others
from accounts.delegations import delegations_covering
from accounts.hierarchy import NEXT_HIGHER
from accounts.models import Branch, Delegation, User
from accounts.words import role_word
from approvals.seats import Desk, Firm, Seat
from rulebook.said import Named, Said
from work.models import Queue


def firm_at(begins_at: datetime, ends_at: datetime | None = None, *, matrix: str = "") -> Firm:
    """The approvers of every branch, with what they lend for the whole of a time without a limit.

    matrix: the key of the one whose delegations count beside those for all. ends_at: an instant where left out.
    """
    every = list(Queue.objects.order_by("pk"))
    queues, workers = [queue for queue in every if queue.role], _workers(every)
    people = _people({person for found in workers.values() for person in found})
    lent = _usable(delegations_covering(people, begins_at, ends_at or begins_at, matrix=matrix))
    delegates: dict[int, set[int]] = {}
    for delegation in lent:
        delegates.setdefault(delegation.delegator_id, set()).add(delegation.delegate_id)
    seats = {queue.pk: _seat(queue.role, workers[queue.pk], people) for queue in queues}
    names = {key: person.display_name for key, (person, _roles) in people.items()}
    names |= {each.delegate_id: each.delegate.display_name for each in lent}
    makers = {person for queue in every if not queue.role for person in workers[queue.pk]}
    held = {person: frozenset(found) for person, found in delegates.items()}
    sees = {each.delegate_id: branches_seen(each.delegate) for each in lent}
    return Firm(_desks(queues, seats), names, _words(queues), frozenset(makers), held, sees)


def _usable(lent: list[Delegation]) -> list[Delegation]:
    """Those of which the delegate may still sign for others."""
    delegates = {each.delegate_id: each.delegate for each in lent}
    read_ahead(delegates.values())
    for each in lent:
        each.delegate = delegates[each.delegate_id]
    return [each for each in lent if may_sign_for_others(each.delegate)]


def _workers(queues: Iterable[Queue]) -> dict[int, set[int]]:
    """Queue → keys of the active people who work or lead it."""
    found: dict[int, set[int]] = {queue.pk: set() for queue in queues}
    rights = {"permission__codename__in": ["work_queue", "lead_queue"], "group__user__is_active": True}
    granted = GroupObjectPermission.objects.filter(**rights, object_pk__in=[str(key) for key in found])
    for key, person in granted.values_list("object_pk", "group__user").distinct():
        found[int(key)].add(person)
    return found


def _people(keys: Iterable[int]) -> dict[int, tuple[User, frozenset[str]]]:
    """Person → themselves and their roles."""
    users = {user.pk: user for user in User.objects.filter(pk__in=list(keys)).only("display_name", "is_client_side")}
    held: dict[int, set[str]] = {key: set() for key in users}
    named = User.groups.through.objects.filter(user__in=list(users), group__name__startswith=ROLE)
    for key, name in named.values_list("user", "group__name"):
        held[key].add(name.removeprefix(ROLE))
    return {key: (user, frozenset(held[key])) for key, user in users.items()}


def _seat(role: str, workers: set[int], people: dict[int, tuple[User, frozenset[str]]]) -> Seat:
    holders = frozenset(key for key in workers if role in people[key][1])
    is_personal = bool(holders) and all(people[key][0].is_client_side for key in holders)
    above = frozenset(key for key in workers if NEXT_HIGHER.get(role) in people[key][1])
    return Seat(holders, frozenset() if is_personal else above, is_personal)


def _desks(queues: list[Queue], seats: dict[int, Seat]) -> tuple[Desk, ...]:
    """Branches with the same queues together: as `work.queries.queue_of_role` chooses them."""
    together: dict[tuple[tuple[str, int], ...], list[Branch]] = {}
    for branch in Branch.objects.order_by("pk"):
        chosen = {queue.role: queue.pk for queue in reversed(queues)}
        chosen |= {queue.role: queue.pk for queue in reversed(queues) if queue.branch_id == branch.pk}
        together.setdefault(tuple(sorted(chosen.items())), []).append(branch)
    return tuple(_desk(branches, chosen, seats) for chosen, branches in together.items())


def _desk(branches: list[Branch], chosen: tuple[tuple[str, int], ...], seats: dict[int, Seat]) -> Desk:
    places = {branch.pk: Named(branch.name["en"], branch.name["zh-Hans"]) for branch in branches}
    return Desk({role: seats[key] for role, key in chosen}, places)


def _words(queues: Iterable[Queue]) -> dict[str, str]:
    with override("en"):  # the sentence is translated where it is shown
        return {queue.role: Said(role_word(queue.role)) for queue in queues}
