"""Words for the cells of decision tables: `{% load rules %}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal_staff.table_form import Row
from rulebook.queries import Difference
from ui.words import is_chinese

register = template.Library()


@register.filter
def at(found: Mapping[str, Any] | None, key: str) -> Any:
    """The entry of a mapping, or nothing."""
    return (found or {}).get(key or "default")


@register.filter
def old_cell(difference: Difference | None, column: str) -> str:
    """What the cell said before, or nothing where it did not change."""
    cells = difference.cells if difference else ()
    return next((old for name, old, _new in cells if name == column), "")


@register.filter
def readable(cell: str) -> str:
    """A cell as people read it: no quotes around words, "any" for a cell that does not matter."""
    text = cell.strip()
    if text in ("", "-"):
        return _("any") if text else ""
    if text == "null":
        return "–"
    return text.replace('"', "").strip("[]") if text.startswith(('["', "[]", '"')) else text


@register.filter
def note_in(row: Row) -> str:
    """The rule's note in the reader's language."""
    wanted = "zh-Hans" if is_chinese(get_language()) else "en"
    return next((note.text for note in row.notes if note.column == wanted), "")


@register.filter
def columns(body: Mapping[str, Any]) -> int:
    """How many columns a table's cells have, without the rule's own."""
    return len(body["inputs"]) + len(body["outputs"])


@register.filter
def facts_text(example: Mapping[str, Any]) -> str:
    """An example in facts as one line."""
    return ", ".join(f"{name} = {value}" for name, value in example.items())
