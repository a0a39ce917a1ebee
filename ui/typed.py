"""Forms whose actions judge the typed text themselves, so that what is wrong with it is said at its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

View = TypeVar("View", bound=Callable)

ALL = "*"  # of a form whose fields are the product's or the step's
PARTS = frozenset(
    {"client", "csrfmiddlewaretoken", "key", "next", "on_top", "shown", "then", "version"}
)  # nobody types


def judges(*fields: str) -> Callable[[View], View]:
    """The view's action refuses unreadable text in these fields by itself."""

    def mark(view: View) -> View:
        view.judged_fields = frozenset(fields)  # type: ignore[attr-defined]
        return view

    return mark


def judges_all(view: object, names: Iterable[str]) -> bool:
    """Whether the view judges every one of the named fields."""
    judged: frozenset[str] = getattr(view, "judged_fields", frozenset())
    return all(name in judged or (ALL in judged and name not in PARTS) for name in names)
