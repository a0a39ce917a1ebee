"""What differs between the columns of two versions of a table, and what becomes of cells, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal_staff.policy_words import kind, policy
from portal_staff.vocabulary import Vocabulary
from rulebook.bounds import DEFAULT
from rulebook.reshaping import Reshaped
from rulebook.said import in_words
from rulebook.shapes import ShapeChange
from ui.words import pick_text

Lines = list[dict[str, str]]


def change_lines(changes: Iterable[ShapeChange], words: Vocabulary) -> list[str]:
    """A sentence for each change."""
    return [_line(change, words) for change in changes]


def gone_lines(made: Reshaped, old: Vocabulary, new: Vocabulary) -> Lines:
    """The cells that go: rule, column, what stood there, and why."""
    found = []
    for cell in made.gone:
        rule = _("Otherwise") if cell.rule == DEFAULT else cell.rule
        why = in_words(cell.why, _, get_language()) if cell.why else _("It goes with its column or its row.")
        label = (new if cell.why else old).label(cell.column)
        found.append({"rule": rule, "column": label, "text": cell.text, "why": why})
    return found


def orphan_lines(made: Reshaped, words: Vocabulary) -> list[str]:
    """The cells that stay and read a fact which no column declares any more."""
    sentence = _("Rule %(rule)s, %(column)s reads “%(fact)s”, which no column is called now. Correct the cell.")
    return [sentence % {"rule": rule, "column": words.label(column), "fact": fact}
            for rule, column, fact in made.orphans]  # fmt: skip


def _line(change: ShapeChange, words: Vocabulary) -> str:
    if change.column is None:
        return _of_table(change)
    return _of_column(change, change.column, words)


def _of_table(change: ShapeChange) -> str:
    if change.kind == "hit_policy":
        told = {"before": policy(change.before or ""), "after": policy(change.after or "")}
        return _("The hit policy is “%(after)s”; it was “%(before)s”.") % told
    if change.kind == "default":
        added = _("A row “Otherwise” answers where no rule does.")
        return added if change.after else _("The row “Otherwise” goes: what no rule covers has no answer.")
    if change.side == "inputs":
        return _("The conditions stand in another order.")
    return _("The outputs stand in another order.")


def _of_column(change: ShapeChange, column: Mapping[str, Any], words: Vocabulary) -> str:
    name = pick_text(column.get("label"), get_language()) or column["name"]
    told = {"column": name, "before": _value(change, change.before), "after": _value(change, change.after)}
    match change.kind:
        case "added" | "removed":
            return _came_or_went(change, column, name, words)
        case "renamed":
            return _("“%(column)s” is named %(after)s in rules and processes; it was %(before)s.") % told
        case "type":
            return _("“%(column)s” holds: %(after)s; it held: %(before)s.") % told
        case "unit":
            return _("“%(column)s” counts in: %(after)s; before: %(before)s. Nothing is converted.") % told
        case "values":
            return _("“%(column)s” allows: %(after)s; before: %(before)s.") % told
        case "label":
            return _("“%(column)s” was called “%(before)s”.") % told
        case "optional":
            return _("“%(column)s” may be missing.") % told if change.after else _("“%(column)s” must be given.") % told
    return _("“%(column)s” says its values in other words.") % told


def _came_or_went(change: ShapeChange, column: Mapping[str, Any], name: str, words: Vocabulary) -> str:
    unit = words.said("unit", column["unit"]) if column.get("unit") else ""
    kinds = pgettext("between the words of a list", ", ").join(filter(None, (kind(column["type"]), unit)))
    told = {"column": name, "kind": kinds}
    if change.kind == "added":
        if change.side == "inputs":
            return _("Condition added: “%(column)s” (%(kind)s). The rules that are there take any value of it.") % told
        return _("Output added: “%(column)s” (%(kind)s). The rules that are there leave it empty.") % told
    if change.side == "inputs":
        return _("Condition removed: “%(column)s” (%(kind)s). No rule asks for it any more.") % told
    return _("Output removed: “%(column)s” (%(kind)s). No rule says it any more.") % told


def _value(change: ShapeChange, value: Any) -> str:
    match change.kind:
        case "type":
            return kind(str(value))
        case "unit":
            return str(value or _("no unit"))
        case "values":
            return _listed(value) if value else _("everything")
        case "label":
            return pick_text(value, get_language()) or _("nothing")
    return str(value or "")


def _listed(values: Iterable[Any]) -> str:
    return pgettext("between the words of a list", ", ").join(_some(map(str, values)))


def _some(values: Iterable[str]) -> Iterator[str]:
    """The first few of a long list."""
    every = list(values)
    yield from every[:12]
    if len(every) > 12:
        yield "…"
