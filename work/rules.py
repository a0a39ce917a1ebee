"""Pure rules of work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Item = TypeVar("Item")
PRESSING = ("red", "breached")  # bands in which a decision was escalated


def changes(
    shown: Mapping[Item, str], standing: Mapping[Item, str], elsewhere: Mapping[Item, str], *, is_cut: bool
) -> int:
    """How many rows changed, came or went since a page was shown: by item, what its row says.

    standing: the same page as it would be now, in its order. elsewhere: shown items that are not on it any more; one
    that stands there unchanged was moved by the reader. is_cut: more rows followed, so that they move up as others go.
    """
    now = {**elsewhere, **standing}
    touched = sum(now.get(item) != mark for item, mark in shown.items())
    kept = [place for place, item in enumerate(standing) if item in shown]
    end = kept[-1] + 1 if is_cut and kept else len(standing)
    return touched + sum(item not in shown for item in list(standing)[:end])
