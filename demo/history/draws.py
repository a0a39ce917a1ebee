"""Seeded draws: what is drawn depends on the seed and the thing's own name, not on what else happens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any, TypeVar

from django.utils.dateparse import parse_duration

T = TypeVar("T")


class Draws:
    """A stream of draws of its own for each thing that is named."""

    def __init__(self, *names: object) -> None:
        self.random = Random(":".join(str(name) for name in names))  # noqa: S311 - made-up data, no secret

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < share

    def pick(self, options: Sequence[T]) -> T:
        """One of them, each as likely."""
        return options[int(self.random.random() * len(options))]

    def choice(self, shares: Mapping[Any, float]) -> Any:
        """One of the keys, by its share."""
        return self.random.choices(list(shares), weights=list(shares.values()))[0]

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(least, most)

    def seconds(self, shape: Mapping[str, Any]) -> int:
        """A duration, log-normal: `median` is an ISO duration, `sigma` (or `spread`) that of the logarithm."""
        sigma = shape.get("sigma", shape.get("spread", 0.0))
        return int(seconds_of(shape["median"]) * math.exp(self.random.gauss(0.0, sigma)))

    def amount(self, shape: Mapping[str, Any]) -> str:
        """An amount of money, log-normal between `least` and `most`, as a decimal string with two places."""
        drawn = shape["median"] * math.exp(self.random.gauss(0.0, shape["sigma"]))
        return f"{Decimal(min(max(drawn, shape['least']), shape['most'])):.2f}"

    def text(self, alphabet: str, length: int) -> str:
        """Characters of an alphabet."""
        return "".join(self.pick(alphabet) for _ in range(length))


@lru_cache(maxsize=64)
def seconds_of(duration: str) -> float:
    """Seconds of an ISO duration such as "PT1H30M". Raises ValueError."""
    found = parse_duration(duration)
    if found is None:
        raise ValueError(f'Expected an ISO duration, but got "{duration}".')
    return found.total_seconds()
