"""What a table's column takes, in a sentence with an example of its type: as a fact, and as an output's cell."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rulebook.atoms import is_money
from rulebook.feel.writing import as_expression
from rulebook.table_loading import KINDS, OUTPUT_EXAMPLES
from rulebook.table_parts import Column

FACTS = {"number": "500000", "text": "wire", "boolean": "true", "date": "2026-01-31", "list": "a, b"}


def takes_fact(column: Column) -> str:
    """What may be given as a fact of the column."""
    if column.values:
        return _("Expected one of %(known)s.") % {"known": ", ".join(map(str, column.values))}
    example = FACTS[column.type]
    return _expected(column, f"{column.unit} {example}" if column.type == "number" and is_money(column) else example)


def takes_output(column: Column) -> str:
    """What may stand in a cell of the output."""
    return _expected(column, as_expression(column.values[0]) if column.values else OUTPUT_EXAMPLES[column.type])


def _expected(column: Column, example: str) -> str:
    about = {"kind": _(KINDS[column.type]), "example": example}
    return _("Expected a %(kind)s, for example %(example)s.") % about
