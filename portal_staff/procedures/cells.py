"""A cell of a decision table as a clause: `> 50000` under Amount is "the amount is over 50,000 USD"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal_staff.vocabulary import Vocabulary
from rulebook.feel import FeelError, compile_unary_tests
from rulebook.feel.nodes import Node
from ui.words import date_text, is_chinese

NO_SUBJECT = re.compile(r"^(What|Who|Which|How|When|Where|Why)\b|s$")  # a question, or several things
BETWEEN_SCRIPTS = re.compile(r"(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])")
NO_YEAR = 0  # a day of procedures always says its year
Column = Mapping[str, Any]


def clause(words: Vocabulary, column: Column, cell: str) -> str:
    """What a cell asks of its column; nothing where it asks nothing. A cell that nobody has words for is shown."""
    try:
        tree = compile_unary_tests(cell).tree
    except FeelError:
        return _shown(words, column, cell)
    if tree.kind == "any_value":
        return ""
    return _Cell(words, column).said(tree.parts) or _shown(words, column, cell)


def _shown(words: Vocabulary, column: Column, cell: str) -> str:
    return _("%(what)s passes the test %(cell)s") % {"what": subject(words, column), "cell": cell}


def subject(words: Vocabulary, column: Column) -> str:
    """What a column is about, as the subject of a clause; a label that is no plain noun is quoted."""
    label = words.label(column["name"])
    if NO_SUBJECT.search(label):
        return quoted(label)
    return label if is_chinese(get_language()) else f"the {inside(label)}"


def inside(text: str) -> str:
    """A label as it stands inside a sentence: without its capital, where it is a word's and not an abbreviation's."""
    small = not is_chinese(get_language()) and text[1:2].islower()
    return text[:1].lower() + text[1:] if small else text


def quoted(text: str) -> str:
    """A name inside a sentence."""
    return f"“{text}”"


def spaced(text: str) -> str:
    """A text with the blank that stands between Chinese and Latin letters or digits."""
    return BETWEEN_SCRIPTS.sub(" ", text)


def either(texts: Iterable[str]) -> str:
    """One of several."""
    return _listed(texts, pgettext("the last of several, one of which holds", "%(others)s or %(last)s"))


def both(texts: Iterable[str]) -> str:
    """All of several clauses."""
    return _listed(texts, pgettext("the last of several, all of which hold", "%(others)s and %(last)s"))


def together(texts: Iterable[str]) -> str:
    """All of several things."""
    return _listed(texts, pgettext("the last of several things", "%(others)s and %(last)s"))


def listed(texts: Iterable[str]) -> str:
    """Several, one after the other."""
    return pgettext("between the words of a list", ", ").join(texts)


def _listed(texts: Iterable[str], template: str) -> str:
    *others, last = texts
    return template % {"others": listed(others), "last": last} if others else last


class _Cell:
    """The tests of one column in words; "" for what has none."""

    def __init__(self, words: Vocabulary, column: Column) -> None:
        self.words, self.column = words, column
        self.what = subject(words, column)

    def said(self, tests: tuple[Node, ...]) -> str:
        """One of the tests holds."""
        values = [test.value for test in tests if _is_value(test)]
        others = [self._one(test) for test in tests if not _is_value(test)]
        clauses = [*([self._equal(values)] if values else []), *others]
        return either(clauses) if all(clauses) else ""

    def _one(self, test: Node) -> str:
        speak = {
            "literal": lambda test: _("%(what)s is not known") % {"what": self.what},  # null: all others are values
            "negated": lambda test: self._negated(test.parts),
            "unary_comparison": self._compared,
            "interval": self._interval,
        }.get(test.kind)
        return speak(test) if speak else ""

    def _equal(self, values: list[Any]) -> str:
        if self.column["type"] == "boolean":
            return self._answered(values)
        return _("%(what)s is %(value)s") % {"what": self.what, "value": either(map(self._value, values))}

    def _answered(self, values: list[Any]) -> str:
        about = {"what": self.words.label(self.column["name"]), "value": either(map(self._value, values))}
        return _("the answer to “%(what)s” is %(value)s") % about

    def _negated(self, tests: tuple[Node, ...]) -> str:
        if all(map(_is_value, tests)):
            about = {"what": self.what, "values": together(self._value(test.value) for test in tests)}
            return (_("%(what)s is none of %(values)s") if len(tests) > 1 else _("%(what)s is not %(values)s")) % about
        if len(tests) == 1 and tests[0].kind == "literal":
            return _("%(what)s is known") % {"what": self.what}
        inner = self.said(tests)
        return inner and _("it is not so that %(clause)s") % {"clause": inner}

    def _compared(self, test: Node) -> str:
        operand, sign = test.parts[0], test.value
        if not _is_value(operand):
            return ""
        if sign == "=":
            return self._equal([operand.value])
        if sign == "!=":
            return self._negated(test.parts)
        return _limited(self.what, sign, operand.value, self._value)

    def _interval(self, test: Node) -> str:
        low, high = test.parts
        if not (_is_value(low) and _is_value(high)):
            return ""
        if test.value == (True, True):
            about = {"what": self.what, "low": self._value(low.value), "high": self._value(high.value)}
            return _("%(what)s is from %(low)s to %(high)s, both included") % about
        signs = (">=" if test.value[0] else ">", "<=" if test.value[1] else "<")
        ends = zip(signs, (low.value, high.value), strict=True)
        return both(_limited(self.what, sign, value, self._value) for sign, value in ends)

    def _value(self, value: Any) -> str:
        """A constant of a cell in words."""
        name = self.column["name"]
        if type(value) is bool:
            return _("Yes") if value else _("No")
        if type(value) is Decimal:
            return with_unit(self.words, self.column, value)
        if type(value) is date:
            return date_text(value, get_language(), this_year=NO_YEAR)
        return quoted(self.words.said(name, str(value)))


def with_unit(words: Vocabulary, column: Column, number: Decimal) -> str:
    """A number of a column with what it counts in."""
    unit = column.get("unit")
    return f"{number:,f} {words.said('unit', unit)}" if unit else f"{number:,f}"


def _is_value(node: Node) -> bool:
    return node.kind == "literal" and node.value is not None


def _limited(what: str, sign: str, limit: Any, said: Callable[[Any], str]) -> str:
    is_day = type(limit) is date
    about = {"what": what, "limit": said(limit)}
    match sign:
        case "<":
            return (_("%(what)s is before %(limit)s") if is_day else _("%(what)s is under %(limit)s")) % about
        case "<=":
            return (_("%(what)s is %(limit)s or earlier") if is_day else _("%(what)s is at most %(limit)s")) % about
        case ">":
            return (_("%(what)s is after %(limit)s") if is_day else _("%(what)s is over %(limit)s")) % about
        case _:
            return (_("%(what)s is %(limit)s or later") if is_day else _("%(what)s is at least %(limit)s")) % about
