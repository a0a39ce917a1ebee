"""Why a rule applied to an order, with the values: "because amount is USD 150,000.00 (over 100,000)"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from approvals.rules import AMOUNTS
from portal_staff.cell_words import cell_words
from portal_staff.vocabulary import Vocabulary
from rulebook.feel import FeelError, compile_unary_tests

Say = Callable[[str, Any], str]


def because(cells: Mapping[str, str], facts: Mapping[str, Any], words: Vocabulary, say: Say) -> str:
    """The facts that made a rule apply, each with its value and what the rule asks of it.

    cells: the rule's conditions by fact, in the order of the table's columns, which a database may not keep. facts: as
    the request keeps them. say: a fact's value in words. Of amounts the first that passes is named: the order's own,
    else the sum of the day, else that of the week.
    """
    clauses = list(_clauses(cells, facts, words, say))
    if not clauses:
        return _("It applies in every case.")
    both = pgettext("between the reasons why a rule applied", " and ").join(clauses)
    return _("Because %(clauses)s.") % {"clauses": both}


def _clauses(cells: Mapping[str, str], facts: Mapping[str, Any], words: Vocabulary, say: Say) -> Iterator[str]:
    for name, cell in cells.items():
        if cell.strip() in ("", "-"):
            continue
        fact = _fact_behind(name, cell, facts)
        value, test = say(fact, facts.get(fact)), cell_words(words, name, cell)
        about = {"what": _inside(words.label(fact)), "value": value, "test": test}
        if value == test or facts.get(fact) is None:
            yield _("%(what)s is %(test)s") % about
        else:
            yield _("%(what)s is %(value)s (%(test)s)") % about


def _fact_behind(name: str, cell: str, facts: Mapping[str, Any]) -> str:
    if name != AMOUNTS[0]:
        return name
    return next((each for each in AMOUNTS if facts.get(each) is not None and _passes(cell, facts[each])), name)


def _passes(cell: str, value: str | Decimal | date) -> bool:
    try:
        return compile_unary_tests(cell).matches(Decimal(str(value)), {}) is True
    except (FeelError, ArithmeticError):
        return False


def _inside(label: str) -> str:
    """A label as it stands inside a sentence."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
