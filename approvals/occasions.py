"""About which orders a matrix comes to be asked, and so which chains can arise at which branches: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from approvals.asked_chains import Asked, Asking, once
from approvals.seats import Desk

Place = tuple[Desk, list[Asked]]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Orders of one product about which a matrix is asked. branches: keys of those that offer it.

    given: column → the only words that such an order can have there; a column that is not named is open.
    """

    branches: frozenset[int]
    given: Mapping[str, Collection[str]] = field(default_factory=dict)


def arising(asking: Asking, desks: Sequence[Desk], occasions: Sequence[Occasion]) -> list[Place]:
    """Each desk with the chains of a matrix that can arise there, as far as somebody signs in them.

    Where no product has the matrix, it may be asked everywhere (by a colleague in a step, or by a product to come);
    so may a row for which there is no product yet, wherever the matrix is asked at all. Raises TooManyRegions.
    """
    kinds = [(each, list(asking.all(each.given))) for each in occasions]
    known = {_key(asked) for _occasion, chains in kinds for asked in chains}
    others = [asked for asked in asking.all() if _key(asked) not in known]
    everywhere = frozenset(key for each in occasions for key in each.branches)
    every = [*kinds, (Occasion(everywhere), others)] if occasions else [(None, others)]
    return [
        (desk, list(once(asked for chains in here for asked in chains if asked.posts)))
        for desk, here in _split(desks, every)
    ]


def _key(asked: Asked) -> tuple[object, ...]:
    return asked.rules, asked.posts


def _split(
    desks: Sequence[Desk], every: Sequence[tuple[Occasion | None, list[Asked]]]
) -> Iterator[tuple[Desk, list[list[Asked]]]]:
    """Each desk in parts, at all branches of which the same occasions arise; without those at which none does."""
    for desk in desks:
        parts: dict[tuple[int, ...], list[int]] = {}
        for branch in desk.places:
            at = tuple(at for at, (each, _chains) in enumerate(every) if each is None or branch in each.branches)
            parts.setdefault(at, []).append(branch)
        for arisen, branches in parts.items():
            if arisen:
                yield desk.of(branches), [every[at][1] for at in arisen]
