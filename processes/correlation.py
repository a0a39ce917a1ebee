"""Which message is for whom: keys as one canonical text, so that an index finds the pair. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import rfc8785

LONGEST = 300
LARGEST_EXACT = 2**53 - 1
MOST_NAMES = 10  # of a message's keys whose every combination is looked for


def key_of(keys: Mapping[str, Any]) -> str:
    """Keys as canonical text: the same keys in any order give the same text; a long one is given by its digest."""
    text = rfc8785.dumps({name: _exact(value) for name, value in keys.items()})
    return text.decode() if len(text) <= LONGEST else f"sha256:{hashlib.sha256(text).hexdigest()}"


def _exact(value: Any) -> Any:
    """A number that JSON's readers would round is its digits."""
    return str(value) if isinstance(value, int) and abs(value) > LARGEST_EXACT else value


def keys_within(keys: Mapping[str, Any]) -> Iterator[list[str]]:
    """The texts of everything that a receiver may ask for and a message with these keys says.

    Those that ask for as much come together, the most exact first.
    """
    names = sorted(keys)
    sizes = range(len(names), -1, -1) if len(names) <= MOST_NAMES else (len(names), 2, 1, 0)
    for size in sizes:
        yield [key_of({name: keys[name] for name in some}) for some in combinations(names, size)]
