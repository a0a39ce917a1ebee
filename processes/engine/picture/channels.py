"""Lines side by side: upright stretches in the gaps between layers, level ones under a scope, none on another."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

MANY = 200


@dataclass(slots=True)
class Bundle:
    """Upright stretches that may lie on one another: all of one source, or all of one target.

    enters: levels at which lines come from the left; leaves: levels at which they go on to the right.
    """

    key: tuple[str, str]
    enters: set[float] = field(default_factory=set)
    leaves: set[float] = field(default_factory=set)

    @property
    def top(self) -> float:
        """Its upper end."""
        return min(*self.enters, *self.leaves)

    @property
    def bottom(self) -> float:
        """Its lower end."""
        return max(*self.enters, *self.leaves)

    @property
    def rank(self) -> tuple[int, float]:
        """Falling lines: the lowest turns first, rising ones: the highest; so fewer cross."""
        start, end = sum(self.enters) / len(self.enters), sum(self.leaves) / len(self.leaves)
        return (0, -start) if end >= start else (1, start)


def assign(bundles: Sequence[Bundle]) -> dict[tuple[str, str], int]:
    """The channel of each bundle, counted from the left, none where it is level.

    Two that meet (their stretches would touch, or share a level so that their order matters) get channels of their own.
    """
    upright = sorted((one for one in bundles if one.top < one.bottom), key=lambda one: one.rank)
    if len(upright) > MANY:
        return {one.key: number for number, one in enumerate(upright)}
    found: dict[tuple[str, str], int] = {}
    placed: list[tuple[float, float, Bundle, int]] = []
    for one in _in_order(upright):
        top, bottom, leaves = one.top, one.bottom, one.leaves
        channel = 0
        for high, low, other, taken in placed:
            if taken >= channel and ((top <= low and high <= bottom) or not leaves.isdisjoint(other.enters)):
                channel = taken + 1
        found[one.key] = channel
        placed.append((top, bottom, one, channel))
    return found


def _in_order(bundles: Sequence[Bundle]) -> list[Bundle]:
    """What comes in on a level turns off before something else goes out on that level, as far as that can be."""
    going_out: dict[float, list[int]] = {}
    for number, one in enumerate(bundles):
        for level in one.leaves:
            going_out.setdefault(level, []).append(number)
    after = [
        {other for level in one.enters for other in going_out.get(level, ()) if other != number}
        for number, one in enumerate(bundles)
    ]
    missing = [0] * len(bundles)
    for others in after:
        for other in others:
            missing[other] += 1
    ready = [number for number, count in enumerate(missing) if not count]
    heapq.heapify(ready)
    left = dict.fromkeys(range(len(bundles)))
    found = []
    while left:
        number = heapq.heappop(ready) if ready else next(iter(left))  # a ring: somebody begins
        if number not in left:
            continue
        del left[number]
        found.append(bundles[number])
        for other in after[number]:
            missing[other] -= 1
            if not missing[other] and other in left:
                heapq.heappush(ready, other)
    return found


def stack(stretches: Sequence[tuple[str, int, int]]) -> dict[str, int]:
    """The track of each level stretch (id, from, to), counted from the top, so that none lie on one another."""
    ends: list[tuple[int, int]] = []
    found: dict[str, int] = {}
    for name, start, end in sorted(stretches, key=lambda one: (one[1], one[2])):
        free = bool(ends) and ends[0][0] < start
        track = heapq.heappop(ends)[1] if free else len(ends)
        heapq.heappush(ends, (end, track))
        found[name] = track
    return found
