"""Different people for the signatures of a chain: bipartite matching by augmenting paths (Kuhn 1955; Berge 1957).

Pure. A chain has a handful of signatures, so the plain method is the right one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence


def matched(slots: Sequence[Collection[int]]) -> dict[int, int]:
    """Slot → person, for as many slots as different people can fill at once.

    slots: for each signature the keys of those who could give it, those whom one would rather ask first.
    """
    holds: dict[int, int] = {}  # person → slot
    for slot in range(len(slots)):
        _seat(slot, slots, holds, set())
    return {slot: person for person, slot in holds.items()}


def can_all_be_filled(slots: Sequence[Collection[int]]) -> bool:
    """Whether different people can fill every slot."""
    return len(matched(slots)) == len(slots)


def _seat(slot: int, slots: Sequence[Collection[int]], holds: dict[int, int], tried: set[int]) -> bool:
    """Find somebody for a slot; whoever holds another one moves if they can."""
    for person in slots[slot]:
        if person in tried:
            continue
        tried.add(person)
        if person not in holds or _seat(holds[person], slots, holds, tried):
            holds[person] = slot
            return True
    return False
