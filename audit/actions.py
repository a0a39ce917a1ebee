"""The only ways to write to the ledger and to the history of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models

from audit import personal as personal_fields
from audit import reactions
from audit.actors import Actor
from audit.canonical import plain
from audit.context import is_replayed, running
from audit.models import Entry
from audit.writing import Columns, insert, insert_values, new_columns, update


class Numbered(Protocol):
    """What has its own gapless sequence of entries: an order."""

    @property
    def ledger_ref(self) -> str: ...

    def take_ledger_numbers(self, count: int) -> int: ...


class Change(NamedTuple):
    """What a row of history says of the change itself; all else is as the row stood then."""

    history_type: str
    history_date: datetime
    history_user_id: int | None
    history_change_reason: UUID


def record(
    fact: str,
    *,
    subject: str,
    actor: Actor,
    now: datetime,
    order: Numbered | None = None,
    reason: str = "",
    before: dict | None = None,
    after: dict | None = None,
    data: dict | None = None,
    person: str = "",
    personal: dict | None = None,
) -> Entry:
    """Append one fact and let what reacts to it follow, all in the running action's transaction.

    What an action recorded is written at its end, set-wise: its entries, and the deliveries of what follows later.

    subject: what it is about, such as "work.item:17". order: the (locked) order whose sequence it continues.
    before, after: what changed; a field that is the same in both is left out.
    personal: fields about `person` ("client:12"), kept encrypted.
    Raises UnknownFact when `config/wiring.py` does not list the fact.
    """
    wired, current = reactions.wired_to(fact), running()
    before, after = _differing(plain(before), plain(after))
    entry = Entry(
        action_id=current.id,
        fact=fact,
        subject=subject,
        order_ref=order.ledger_ref if order else "",
        actor=actor.id,
        actor_name=actor.name,
        on_behalf_of=actor.on_behalf_of,
        via=actor.via,
        reason=reason,
        before=before,
        after=after,
        data=plain(data or {}),
        person=person,
        personal=personal_fields.seal_for(person, plain(personal)) if personal else "",
        replayed=is_replayed(),
        happened_at=now,
    )
    _write_at_end(write_recorded)
    current.recorded.append((entry, order))
    reactions.follow(entry, wired)
    return entry


def _differing(before: dict | None, after: dict | None) -> tuple[dict | None, dict | None]:
    if not before or not after:
        return before, after
    same = {name for name in before if name in after and before[name] == after[name]}
    one, other = ({name: value for name, value in side.items() if name not in same} for side in (before, after))
    return one, other


def write_recorded() -> None:
    """Number and write what the running action recorded so far, in the order in which it was recorded."""
    recorded: list[tuple[Entry, Numbered | None]] = running().recorded
    orders = {entry.order_ref: order for entry, order in recorded if order is not None}
    counts = Counter(entry.order_ref for entry, order in recorded if order is not None)
    numbers = {ref: count(order.take_ledger_numbers(counts[ref])) for ref, order in orders.items()}
    for entry, order in recorded:
        entry.order_seq = next(numbers[entry.order_ref]) if order is not None else None
        entry.digest = entry.content_digest()
    insert([entry for entry, _order in recorded])
    reactions.note_down([entry for entry, _order in recorded])
    recorded.clear()


def save(row: models.Model, *, actor: Actor, now: datetime, fields: Iterable[str] | None = None) -> None:
    """Save a row now; its history row, under the action's id and business time, is written at the action's end.

    fields: those that may have changed; None = all.
    """
    new = row._state.adding
    if new:
        insert([row])
    else:
        update(row, fields)
    if hasattr(row._meta, "simple_history_manager_attribute"):
        running().versions.append(_version_of(row, "+" if new else "~", actor, now))
        _write_at_end(write_versions)


def _version_of(row: models.Model, kind: str, actor: Actor, now: datetime) -> tuple[type[models.Model], list[Any]]:
    """The table of a row's history, and the values of its history row as the row stands now."""
    tracked, here = row._meta.model.history.model, connections[DEFAULT_DB_ALIAS]  # type: ignore[attr-defined]
    change = Change(kind, now, actor.user.pk if actor.user else None, running().id)
    of_the_row, of_the_change, _all = _history_columns(tracked)
    return tracked, of_the_row.values(row, True, here) + of_the_change.values(change, True, here)


def write_versions() -> None:
    """Write the history rows of what the running action saved so far, each table's at once."""
    versions = running().versions
    for tracked in dict.fromkeys(tracked for tracked, _values in versions):
        insert_values(_history_columns(tracked)[2], [values for of, values in versions if of is tracked])
    versions.clear()


@cache
def _history_columns(tracked: type[models.Model]) -> tuple[Columns, Columns, Columns]:
    """What a row of history has of the row itself, what it says of the change, and both one after the other."""
    fields = new_columns(tracked).fields
    of_the_row = tuple(one for one in fields if one.name not in Change._fields)
    of_the_change = tuple(one for one in fields if one.name in Change._fields)
    one, other = Columns(tracked, of_the_row), Columns(tracked, of_the_change)
    return one, other, Columns(tracked, of_the_row + of_the_change)


def _write_at_end(write: Callable[[], None]) -> None:
    if write not in running().at_end:
        running().at_end.append(write)


def changes(row: models.Model, **values: Any) -> tuple[dict, dict]:
    """Set fields on a row (not saved) and return (before, after) of those that differ."""
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    for name in before:
        setattr(row, name, values[name])
    return before, {name: values[name] for name in before}


def remove(row: models.Model, *, actor: Actor, now: datetime) -> None:
    """Delete a row that never became anything (a draft); its history and its entries stay."""
    write_recorded()  # those of an order are numbered by its row
    write_versions()
    row._history_date = now  # type: ignore[attr-defined]
    row._history_user = actor.user  # type: ignore[attr-defined]
    row._change_reason = running().id  # type: ignore[attr-defined]
    row.delete()
