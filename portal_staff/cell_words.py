"""The cells of decision tables as people read them: "under 500,000" for `< 500000`, names for codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

from portal_staff.vocabulary import Vocabulary
from rulebook.feel import FeelError, compile_unary_tests
from rulebook.feel.nodes import Node
from ui.words import date_text

NUMBERS = {
    "<": gettext_noop("under %(number)s"),
    ">": gettext_noop("over %(number)s"),
    "<=": gettext_noop("up to %(number)s"),
    ">=": gettext_noop("%(number)s or more"),
    "=": gettext_noop("%(number)s"),
    "!=": gettext_noop("anything but %(number)s"),
}
DAYS = {
    "<": gettext_noop("before %(number)s"),
    ">": gettext_noop("after %(number)s"),
    "<=": gettext_noop("until %(number)s"),
    ">=": gettext_noop("from %(number)s on"),
    "=": gettext_noop("%(number)s"),
    "!=": gettext_noop("anything but %(number)s"),
}
BETWEEN = {  # whether the lower and the upper end belong to it
    (True, True): gettext_noop("%(low)s to %(high)s"),
    (False, True): gettext_noop("over %(low)s, up to %(high)s"),
    (True, False): gettext_noop("%(low)s or more, under %(high)s"),
    (False, False): gettext_noop("over %(low)s, under %(high)s"),
}
DAYS_BETWEEN = {
    (True, True): gettext_noop("%(low)s to %(high)s"),
    (False, True): gettext_noop("after %(low)s, until %(high)s"),
    (True, False): gettext_noop("from %(low)s, before %(high)s"),
    (False, False): gettext_noop("after %(low)s, before %(high)s"),
}


class _Unsaid(Exception):
    """The cell is more than can be said in a few words."""


def cell_words(words: Vocabulary, column: str, cell: str) -> str:
    """A cell in words: "any" for one that does not matter; what is more than comparisons stays as it is."""
    text = cell.strip()
    if text in ("", "-", "null"):
        return {"": "", "-": _("any"), "null": "–"}[text]
    if text == "[]":
        return "–"
    try:
        return _Saying(words, column).of(compile_unary_tests(text).tree)
    except (_Unsaid, FeelError):
        return (words.cell(column, text) or "–") if '"' in text else text


class _Saying:
    """One column's cells."""

    def __init__(self, words: Vocabulary, column: str) -> None:
        self.words, self.column = words, column

    def of(self, node: Node) -> str:
        """A node of the cell's tree. Raises _Unsaid."""
        match node.kind:
            case "any_value":
                return _("any")
            case "tests" | "list":
                return self._listed(node.parts)
            case "negated":
                return _("anything but %(number)s") % {"number": self._listed(node.parts)}
            case "unary_comparison":
                value = self._constant(node.parts[0])
                signs = DAYS if isinstance(value, date) else NUMBERS
                return _(signs[node.value]) % {"number": self._value(value)}
            case "interval":
                low, high = (self._constant(part) for part in node.parts)
                ends = DAYS_BETWEEN if isinstance(low, date) else BETWEEN
                return _(ends[node.value]) % {"low": self._value(low), "high": self._value(high)}
            case "literal":
                return self._value(node.value)
        raise _Unsaid

    def _listed(self, parts: Iterable[Node]) -> str:
        return pgettext("between the words of a list", ", ").join(map(self.of, parts))

    def _constant(self, node: Node) -> Any:
        if node.kind != "literal":
            raise _Unsaid
        return node.value

    def _value(self, value: Any) -> str:
        if value is None:
            return _("not given")
        if isinstance(value, bool):
            return self.words.said(self.column, "true" if value else "false")
        if isinstance(value, Decimal):
            return f"{value:,}"
        if type(value) is date:
            return date_text(value, get_language(), this_year=0)
        if isinstance(value, str):
            return self.words.said(self.column, value)
        raise _Unsaid
