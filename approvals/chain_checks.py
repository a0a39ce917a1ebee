"""What the rows of a matrix show by themselves: more money and fewer signatures, and chains deeper than their risk.

Pure. Source: core concept 3 of the seed and its pitfall "approval chains that are too deep"; decision 0021.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from approvals.asked_chains import Asked, Asking, is_matrix
from rulebook.atoms import Atom, is_money
from rulebook.findings import ERROR, WARNING, Finding
from rulebook.grid import TooManyRegions
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.tables import Column, DecisionTable

MOST_LEVELS = 3  # lead, manager, compliance: the deepest chain of the firm's sources
RISES = ("client_age",)  # numbers with which the risk rises; amounts of money do in any case
FALLS = ("days_since_advisor_change",)
WORDS = {"destination": ("own", "third_party")}  # from low to high
FEWER = _("More money, fewer signatures: %(low)s for the smaller amount, %(high)s for the larger, all else equal.")
DEEPER = _("Less risk, more levels one after the other: %(low)s for the lower risk, %(high)s for the higher.")
MORE = _("Less risk, more signatures: %(low)s for the lower risk, %(high)s for the higher, all else equal.")
TOO_DEEP = _("%(depth)s levels decide one after the other; beyond %(most)s they add time and hardly any safety.")


def of_rows(table: DecisionTable) -> list[Finding]:
    """Findings that need nobody of the firm. Of a table that is no matrix there are none."""
    if not is_matrix(table):
        return []
    asking = Asking(table)
    try:
        return [*_too_deep(asking), *_against_the_risk(asking)]
    except TooManyRegions:
        return [too_many()]


def too_many() -> Finding:
    """The warning that the chains could not be looked at one by one."""
    sentence = Said(_("The table has too many combinations to look at the chain of each of them."))
    return Finding("chains_not_proven", WARNING, sentence, (), "roles", ())


def once(chains: Iterable[Asked]) -> Iterator[Asked]:
    """The first of those that the same rows ask for."""
    yield from {asked.rules: asked for asked in reversed(list(chains))}.values()


def _too_deep(asking: Asking) -> Iterator[Finding]:
    """Without those that only add rows to another one: what is left of them shows once that is gone."""
    deep = list(once(each for each in asking.all() if each.depth > MOST_LEVELS))
    for asked in deep:
        if not any(set(other.rules) < set(asked.rules) for other in deep):
            message = Said(TOO_DEEP, depth=asked.depth, most=MOST_LEVELS)
            yield Finding("chain_too_deep", WARNING, message, asked.rules, "roles", (asked.example,))


def _against_the_risk(asking: Asking) -> Iterator[Finding]:
    """Steps of one measure are enough: of two cells that differ in several, a path of such steps lies between.

    The same rows leaving and entering are told once, where the fewest others match.
    """
    for place, column in enumerate(asking.table.inputs):
        rising = _by_risk(column, asking.grid.atoms[place])
        told: dict[tuple[frozenset[str], ...], Finding] = {}
        for line in asking.along(place) if rising else ():
            known = [asked for asked in (line[at] for at in rising) if asked is not None]
            for low, high in pairwise(known):
                finding = _judged(column, low, high)
                change = (frozenset(low.rules) - set(high.rules), frozenset(high.rules) - set(low.rules))
                if finding and (change not in told or len(finding.rules) < len(told[change].rules)):
                    told[change] = finding
        yield from told.values()


def _judged(column: Column, low: Asked, high: Asked) -> Finding | None:
    rules, examples = tuple(dict.fromkeys((*low.rules, *high.rules))), (low.example, high.example)
    if low.signatures > high.signatures and is_money(column):
        message = Said(FEWER, low=low.signatures, high=high.signatures)
        return Finding("not_monotone", ERROR, message, rules, column.name, examples)
    if low.depth > high.depth:
        message = Said(DEEPER, low=low.depth, high=high.depth)
        return Finding("deeper_than_risk", WARNING, message, rules, column.name, examples)
    if low.signatures > high.signatures:
        message = Said(MORE, low=low.signatures, high=high.signatures)
        return Finding("deeper_than_risk", WARNING, message, rules, column.name, examples)
    return None


def _by_risk(column: Column, atoms: list[Atom]) -> list[int]:
    """The places of a column's atoms from the lowest risk to the highest; none where it says nothing of risk.

    Amounts, ages and days below zero do not happen.
    """
    known = [place for place, atom in enumerate(atoms) if atom.sample is not None]
    if column.name in WORDS:
        order = WORDS[column.name]
        said = [place for place in known if atoms[place].sample in order]
        return sorted(said, key=lambda place: order.index(atoms[place].sample))
    if column.type != "number" or not (is_money(column) or column.name in (*RISES, *FALLS)):
        return []
    happen = [place for place in known if atoms[place].sample >= 0]
    return sorted(happen, key=lambda place: atoms[place].sample, reverse=column.name in FALLS)
