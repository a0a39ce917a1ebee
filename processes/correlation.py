"""Which message is for whom: keys as one canonical text, so that an index finds the pair. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import rfc8785

LONGEST = 300
MOST_NAMES = 4  # of a message's keys whose every combination is looked for


def key_of(keys: Mapping[str, Any]) -> str:
    """Keys as canonical text: the same keys in any order give the same text; a long one is given by its digest."""
    text = rfc8785.dumps(dict(keys))
    return text.decode() if len(text) <= LONGEST else f"sha256:{hashlib.sha256(text).hexdigest()}"


def keys_within(keys: Mapping[str, Any]) -> list[str]:
    """The texts of everything that a receiver may ask for and a message with these keys says, the most exact first."""
    names = sorted(keys)
    sizes = range(len(names), -1, -1) if len(names) <= MOST_NAMES else (len(names), 1, 0)
    chosen = (some for size in sizes for some in combinations(names, size))
    return [key_of({name: keys[name] for name in some}) for some in chosen]


def fits(wanted: Mapping[str, Any], given: Mapping[str, Any], variables: Mapping[str, Any]) -> bool:
    """Whether a message says all that its receiver asks for, and nothing that the receiver's variables deny."""
    if any(name not in given or given[name] != value for name, value in wanted.items()):
        return False
    return all(variables.get(name) == value for name, value in given.items() if name not in wanted)
