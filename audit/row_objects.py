"""Objects made of the rows of a query that was compiled once: as Django makes them, without asking each field.

Django's way sets every column through its field's descriptor; here they go into the object at once, which takes a
quarter of the time (measured: docs/decisions/0013). Models that do more when they are read are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable
from django.db.models.signals import post_init, pre_init

RowMaker = Callable[[Sequence[Any], str], Any]


@dataclass(frozen=True)
class Joined:
    """One table's part of a row: its columns by name and place, and the tables joined to it.

    set_here, set_there: how the object that points to this one and this one know each other.
    """

    model: type[Model]
    names: tuple[str, ...]
    places: tuple[int, ...]
    key: int
    parts: tuple[Joined, ...]
    set_here: Callable[[Model, Model | None], None]
    set_there: Callable[[Model, Model], None]

    def make(self, row: Sequence[Any], alias: str) -> Model | None:
        """The object of this part of a row of the database `alias`; None where nothing was joined."""
        if row[self.key] is None:
            return None
        made = self.model.__new__(self.model)
        made._state = state = ModelState()
        state.adding, state.db = False, alias
        made.__dict__.update(zip(self.names, [row[place] for place in self.places]))
        for part in self.parts:
            other = part.make(row, alias)
            part.set_here(made, other)
            if other is not None:
                part.set_there(other, made)
        return made


def row_maker(queryset: QuerySet[Any, Any], compiler: Any) -> RowMaker:
    """What makes of a row what the (compiled) query gives: an object with those joined to it, one value, or a tuple.

    Raises TypeError for a query or a model for which that is not known.
    """
    shape = queryset._iterable_class
    if compiler.annotation_col_map and shape is ModelIterable or queryset._known_related_objects:  # type: ignore[attr-defined]
        raise TypeError("Expected objects as their tables have them, but the query adds something to them.")
    if shape is ModelIterable:
        return _joined(compiler.klass_info, compiler.select).make
    if shape is FlatValuesListIterable:
        return lambda row, alias: row[0]
    if shape is ValuesListIterable:
        return lambda row, alias: tuple(row)
    raise TypeError(f"Expected objects or lists of values, but got {shape.__name__}.")


def _joined(about: Mapping[str, Any], select: Sequence[Any]) -> Joined:
    """From `klass_info` of Django's compiler."""
    model: Any = about["model"]
    _expect_plain(model)
    places = tuple(about["select_fields"])
    names = tuple(select[place][0].target.attname for place in places)
    return Joined(
        model,
        names,
        places,
        key=places[names.index(model._meta.pk.attname)],
        parts=tuple(_joined(part, select) for part in about.get("related_klass_infos", ())),
        set_here=about.get("local_setter", _alone),
        set_there=about.get("remote_setter", _alone),
    )


def _alone(made: Model, other: Model | None) -> None:
    """The first table of a query belongs to nothing."""


def _expect_plain(model: Any) -> None:
    own_way = model.__init__ is not Model.__init__ or model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined]
    if own_way or pre_init.has_listeners(model) or post_init.has_listeners(model):
        raise TypeError(f"Expected a model that only keeps what is read, but {model.__name__} does more.")
