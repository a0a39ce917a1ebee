"""Ledger entries as events of a timeline: who, a sentence, when, why, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import clients_visible_to
from audit import personal
from audit.models import Entry
from orders.models import Order
from portal_staff.codes import TOLD_AS
from portal_staff.sentences import CRITICAL, icon_of, sentence
from portal_staff.vocabulary import Vocabulary
from portal_staff.words import target_words
from processes.actions.recording import MOVED_STATE
from processes.queries import graph
from ui.words import is_chinese, pick_text

NOISE = {"processes.instance.advanced", "work.item.opened", "sla.clock.started", "orders.draft.saved"}
FILLED = ("answers", "variables", "evidence")
REPLACED = "was"  # of personal fields: the earlier values of those that were filled in anew
NAMED_BY_CODE = ("table", "process", "role")
TELLS = {"sla.escalation.raised": ("tier", "role", "to", "band", "waited")}  # what an entry tells beside its changes
PEOPLE = ("to", "delegator")  # of an entry's data: keys of users
LATEST = 40


def entries_of(order: Order, *, before: int | None = None, size: int = LATEST) -> list[Entry]:
    """The latest entries of an order, the newest first: one statement. before: only those with a lower number."""
    entries = Entry.objects.filter(order_ref=order.ledger_ref)
    if before:
        entries = entries.filter(order_seq__lt=before)
    return list(entries.order_by("-order_seq")[:size])


def events(
    entries: Iterable[Entry], *, names: Mapping[str, str], user: Any, words: Vocabulary, quiet: bool = False
) -> list[dict[str, Any]]:
    """Events for `ui/timeline.html`; quiet leaves out what the system does at every step."""
    shown = [entry for entry in entries if not (quiet and entry.fact in NOISE)]
    people = people_of(shown)
    opened = Opener(user, shown)
    return [event(entry, {**people, **names}, opened, words) for entry in shown]


def event(
    entry: Entry, names: Mapping[str, str], opener: Opener, words: Vocabulary | None = None, *, codes: bool = False
) -> dict[str, Any]:
    """One entry as an event. words: for the codes in it. codes: also as they are written, beneath the words."""
    private, words = opener.open(entry), words or Vocabulary()
    given = {**(entry.data or {}), **(entry.after or {})}
    things = {given[name]: words.said(name, given[name]) for name in NAMED_BY_CODE if given.get(name)}
    if given.get("node") and given["node"] not in names:  # of a called process, or of no order
        things[given["node"]] = words.said("node", given["node"])
    told = list(_told(entry, names, words))
    return {
        "entry": entry,
        "icon": icon_of(entry.fact),
        "who": who(entry, names),
        "behalf": names.get(entry.on_behalf_of, entry.on_behalf_of),
        "text": sentence(entry.fact, given, {**names, **things}),
        "at": entry.happened_at,
        "quote": entry.reason or private.get("body", ""),
        "internal": entry.fact == "orders.note.added",
        "style": "crit" if entry.fact in CRITICAL else "",
        "details": changed(entry, private, names, words, codes=codes) + ([] if codes else told),
        "told": told,
    }


def who(entry: Entry, names: Mapping[str, str]) -> str:
    """The person's name, or the machine's."""
    if entry.actor.startswith("system:"):
        return _("The system")
    return names.get(entry.actor, entry.actor_name)


def changed(
    entry: Entry, private: Mapping[str, Any], names: Mapping[str, str], words: Vocabulary, *, codes: bool
) -> list[dict[str, str]]:
    """What changed, as pairs for `ui/kv.html`: before → after, further facts, personal fields that were opened."""
    before, after, about = entry.before or {}, entry.after or {}, entry.fact.rpartition(".")[0]
    now = timezone.now()

    def said(name: str, value: Any) -> str:
        if name == "holder_id" and value is not None:
            return names.get(f"user:{value}", str(value))
        return words.value(name, value, now=now, about=about)

    def row(label: str, text: str, written: str) -> dict[str, str]:
        return {"label": label, "value": text, "sub": written if codes and written != text else ""}

    was = _("%(new)s (was %(old)s)")

    def turned(name: str, label: str, new: Any, old: Any) -> dict[str, str]:
        shown, written = (
            was % {"new": said(name, new), "old": said(name, old)},
            {"new": _written(new), "old": _written(old)},
        )
        return row(label, shown, was % written)

    rows = [turned(name, words.field(name), after.get(name), before[name]) for name in before]
    new = {name: value for name, value in after.items() if name not in before}
    rows += [row(words.field(name), said(name, value), _written(value)) for name, value in new.items()]
    replaced, opened = private.get(REPLACED) or {}, dict(_opened(private))
    rows += [turned(name, words.label(name), opened.get(name), old) for name, old in replaced.items()]
    kept = {name: value for name, value in opened.items() if name not in replaced}
    return rows + [row(words.label(name), said(name, value), _written(value)) for name, value in kept.items()]


def _told(entry: Entry, names: Mapping[str, str], words: Vocabulary) -> Iterator[dict[str, str]]:
    """What an entry tells beside its changes: of an escalation, who was told of what, and why."""
    data = entry.data or {}
    for name in TELLS.get(entry.fact, ()):
        value = data.get(name)
        match name:
            case "to":
                text = names.get(f"user:{value}", "–")
            case "waited" if value:
                text = _("Nobody acted for %(time)s.") % {"time": target_words(value)}
            case "waited":
                text = _("The clock turned to this band.")
            case _:
                text = words.said(name, str(value))
        yield {"label": str(TOLD_AS[name]), "value": text, "sub": ""}


def _opened(private: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Personal fields one by one; what was filled in stands field by field, and a message is quoted elsewhere."""
    for name, value in private.items():
        if name in FILLED and isinstance(value, Mapping):
            yield from value.items()
        elif name not in ("body", REPLACED, MOVED_STATE):
            yield name, value


def _written(value: Any) -> str:
    """A value as the entry holds it."""
    return "–" if value in (None, "") else value if isinstance(value, str) else orjson.dumps(value).decode()


class Opener:
    """Opens personal fields for a reader who may see the client, and for nobody else.

    entries: those that it will be asked for, so that two statements are enough for all of them.
    """

    def __init__(self, user: Any, entries: Iterable[Entry] = ()) -> None:
        self.user = user
        self.expected = {entry.person for entry in entries if entry.personal}
        self.known: set[str] = set()
        self.keys: dict[str, bytes] = {}

    def open(self, entry: Entry) -> dict[str, Any]:
        if not entry.personal:
            return {}
        if entry.person not in self.known:
            self._learn({entry.person} | self.expected - self.known)
        return personal.open_with(self.keys, entry.person, entry.personal) or {}

    def _learn(self, people: set[str]) -> None:
        """The keys of those whom the reader may see."""
        self.known |= people
        keys = [key for kind, _colon, key in (person.partition(":") for person in people) if kind == "client"]
        seen = clients_visible_to(self.user).filter(pk__in=[key for key in keys if key.isdecimal()])
        allowed = [f"client:{pk}" for pk in seen.values_list("pk", flat=True)]
        if allowed:
            self.keys |= personal.keys_of(allowed)


def people_of(entries: Iterable[Entry]) -> dict[str, str]:
    """Names of the people in entries by actor id, in one statement."""
    acted = {name for entry in entries for name in (entry.actor, entry.on_behalf_of)}
    keys = {name.partition(":")[2] for name in acted if name.startswith("user:")}
    keys |= {str(entry.data[name]) for entry in entries for name in PEOPLE if entry.data and entry.data.get(name)}
    sides = [side for entry in entries for side in (entry.before, entry.after) if side]
    keys |= {str(side["holder_id"]) for side in sides if side.get("holder_id")}
    rows = User.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {f"user:{pk}": name for pk, name in rows.values_list("pk", "display_name")}


def names_by_order(entries: Iterable[Entry]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The numbers of the orders of a page of entries, and the words for the codes in each one's: two statements."""
    refs = {entry.order_ref for entry in entries if entry.order_ref}
    rows = Order.objects.filter(public_id__in=refs).select_related("process").prefetch_related("milestones")
    found = list(rows.only("public_id", "number", "process__version"))
    numbers = {order.ledger_ref: order.number or "" for order in found}
    return numbers, {order.ledger_ref: names_in(order) for order in found}


def names_in(order: Order) -> dict[str, str]:
    """Words for the codes in an order's entries: its nodes and milestones, in the reader's language."""
    language = get_language()
    names = {f"milestone:{step.key}": pick_text(step.name, language) for step in order.milestones.all()}
    if order.process is not None:
        nodes = graph(order.process.version_id).nodes.values()
        names |= {node.id: (node.name_zh if is_chinese(language) and node.name_zh else node.name) for node in nodes}
    return names
