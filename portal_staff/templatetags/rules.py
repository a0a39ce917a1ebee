"""Words for the cells of decision tables: `{% load rules %}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from portal_staff.cell_words import cell_words
from portal_staff.table_form import Row
from portal_staff.vocabulary import Vocabulary
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
def gone_from(difference: Difference | None, body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The cells that a rule had under columns which the body does not have: column and text."""
    names = {column["name"] for column in (*body["inputs"], *body["outputs"])}
    cells = difference.cells if difference else ()
    return [(name, old) for name, old, _new in cells if name not in names]


@register.simple_tag(takes_context=True)
def said(context: Mapping[str, Any], column: str, cell: str) -> str:
    """A cell of a column as people read it. Reads `words` (a Vocabulary)."""
    return cell_words(context["words"], column, cell)


@register.filter
def note_in(row: Row) -> str:
    """The rule's note in the reader's language."""
    wanted = "zh-Hans" if is_chinese(get_language()) else "en"
    return next((note.text for note in row.notes if note.column == wanted), "")


@register.filter
def columns(body: Mapping[str, Any]) -> int:
    """How many columns a table's cells have, without the rule's own."""
    return len(body["inputs"]) + len(body["outputs"])


@register.simple_tag(takes_context=True)
def facts_text(context: Mapping[str, Any], example: Mapping[str, Any]) -> str:
    """An example in facts as one line. Reads `words` (a Vocabulary)."""
    return context["words"].facts(example)


@register.filter
def unit(words: Vocabulary, code: str) -> str:
    """What a column counts in."""
    return words.said("unit", code)


@register.filter
def label_of(words: Vocabulary, name: str) -> str:
    """What a column is called."""
    return words.label(name)
