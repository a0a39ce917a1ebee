"""Ledger entries as events of a timeline: who, a sentence, when, why, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import clients_visible_to
from audit import personal
from audit.models import Entry
from orders.models import Order
from portal_staff.sentences import CRITICAL, icon_of, sentence
from processes.queries import graph
from ui.words import is_chinese, pick_text

NOISE = {"processes.instance.advanced", "work.item.opened", "sla.clock.started", "orders.draft.saved"}
LATEST = 40


def entries_of(order: Order, *, before: int | None = None, size: int = LATEST) -> list[Entry]:
    """The latest entries of an order, the newest first: one statement. before: only those with a lower number."""
    entries = Entry.objects.filter(order_ref=order.ledger_ref)
    if before:
        entries = entries.filter(order_seq__lt=before)
    return list(entries.order_by("-order_seq")[:size])


def events(
    entries: Iterable[Entry], *, names: Mapping[str, str], user: Any, quiet: bool = False
) -> list[dict[str, Any]]:
    """Events for `ui/timeline.html`; quiet leaves out what the system does at every step."""
    shown = [entry for entry in entries if not (quiet and entry.fact in NOISE)]
    people = people_of(shown)
    opened = Opener(user)
    return [event(entry, {**people, **names}, opened) for entry in shown]


def event(entry: Entry, names: Mapping[str, str], opener: Opener) -> dict[str, Any]:
    """One entry as an event."""
    private = opener.open(entry)
    return {
        "entry": entry,
        "icon": icon_of(entry.fact),
        "who": who(entry, names),
        "text": sentence(entry.fact, {**(entry.data or {}), **(entry.after or {})}, names),
        "at": entry.happened_at,
        "quote": entry.reason or private.get("body", ""),
        "internal": entry.fact == "orders.note.added",
        "style": "crit" if entry.fact in CRITICAL else "",
        "details": changed(entry, private),
    }


def who(entry: Entry, names: Mapping[str, str]) -> str:
    """The person's name, or the machine's."""
    if entry.actor.startswith("system:"):
        return _("The system")
    return names.get(entry.actor, entry.actor_name)


def changed(entry: Entry, private: Mapping[str, Any]) -> list[dict[str, str]]:
    """What changed, as pairs for `ui/kv.html`: before → after, further facts, personal fields that were opened."""
    before, after = entry.before or {}, entry.after or {}
    rows = [
        {
            "label": name,
            "value": _("%(new)s (was %(old)s)") % {"old": _plain(before[name]), "new": _plain(after.get(name))},
        }
        for name in before
    ]
    rows += [{"label": name, "value": _plain(value)} for name, value in after.items() if name not in before]
    rows += [{"label": name, "value": _plain(value)} for name, value in private.items() if name != "body"]
    return rows


class Opener:
    """Opens personal fields for a reader who may see the client, and for nobody else."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.allowed: dict[str, bool] = {}

    def open(self, entry: Entry) -> dict[str, Any]:
        if not entry.personal or not self.may_see(entry.person):
            return {}
        return personal.open_for(entry.person, entry.personal) or {}

    def may_see(self, person: str) -> bool:
        kind, _colon, key = person.partition(":")
        if person not in self.allowed:
            known = kind == "client" and key.isdecimal()
            self.allowed[person] = known and clients_visible_to(self.user).filter(pk=key).exists()
        return self.allowed[person]


def people_of(entries: Iterable[Entry]) -> dict[str, str]:
    """Names of the people in entries by actor id, in one statement."""
    keys = {entry.actor.partition(":")[2] for entry in entries if entry.actor.startswith("user:")}
    keys |= {str(entry.data["to"]) for entry in entries if entry.data and entry.data.get("to")}
    rows = User.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {f"user:{pk}": name for pk, name in rows.values_list("pk", "display_name")}


def names_in(order: Order) -> dict[str, str]:
    """Words for the codes in an order's entries: its nodes and milestones, in the reader's language."""
    language = get_language()
    names = {f"milestone:{step.key}": pick_text(step.name, language) for step in order.milestones.all()}
    if order.process is not None:
        nodes = graph(order.process.version_id).nodes.values()
        names |= {node.id: (node.name_zh if is_chinese(language) and node.name_zh else node.name) for node in nodes}
    return names


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "–"
    return "–" if value in (None, "") else pick_text(str(value), None)
