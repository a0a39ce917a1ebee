"""What the rows of a matrix show by themselves: more money and fewer signatures, and chains deeper than their risk.

Pure. Source: core concept 3 of the seed and its pitfall "approval chains that are too deep"; decision 0021.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, pairwise

from approvals.asked_chains import Asked, Asking, is_matrix, once
from approvals.cell_shapes import misshapen
from rulebook.atoms import Atom, is_money
from rulebook.findings import ERROR, WARNING, Finding
from rulebook.grid import TooManyRegions
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import Problem
from rulebook.tables import Column, DecisionTable, FactError

MOST_LEVELS = 3  # lead, manager, compliance: the deepest chain of the firm's sources
MOST_FINDINGS = 100
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
    wrong = [Finding("unworkable", ERROR, each.message, _rows(each), each.column, ()) for each in misshapen(table)]
    if wrong:
        return wrong
    asking = Asking(table)
    found: list[Finding] = []
    try:
        for finding in islice(chain(_too_deep(asking), _against_the_risk(asking)), MOST_FINDINGS):
            found.append(finding)
    except TooManyRegions:
        found.append(too_many())
    except FactError as error:  # an answer of which no chain can be made
        found.append(Finding("unworkable", ERROR, error.message, (), error.fact, ()))
    return found


def _rows(problem: Problem) -> tuple[str, ...]:
    return ("" if problem.rule == "default" else problem.rule,)


def too_many() -> Finding:
    """The warning that the chains could not be looked at one by one."""
    sentence = Said(_("The table has too many combinations to look at the chain of each of them."))
    return Finding("chains_not_proven", WARNING, sentence, (), "roles", ())


def _too_deep(asking: Asking) -> Iterator[Finding]:
    """Without those that only add rows to another one: what is left of them shows once that is gone."""
    deep = list(once(each for each in asking.all() if each.depth > MOST_LEVELS))
    for asked in deep:
        if not any(set(other.rules) < set(asked.rules) for other in deep):
            message = Said(TOO_DEEP, depth=asked.depth, most=MOST_LEVELS)
            yield Finding("chain_too_deep", WARNING, message, asked.rules, "roles", (asked.example,))


def _against_the_risk(asking: Asking) -> Iterator[Finding]:
    """The same rows leaving and entering are told once, where the fewest others match."""
    for place in range(len(asking.table.inputs)):
        told: dict[tuple[frozenset[str], ...], Finding] = {}
        for low, high, finding in _drops(asking, place):
            change = (frozenset(low.rules) - set(high.rules), frozenset(high.rules) - set(low.rules))
            if change not in told or len(finding.rules) < len(told[change].rules):
                told[change] = finding
        yield from told.values()


def _drops(asking: Asking, place: int) -> Iterator[tuple[Asked, Asked, Finding]]:
    """What is wrong between a value of one column and the next riskier one, all else being equal.

    Steps of one measure are enough: of two cells that differ in several, a path of such steps lies between.
    """
    column, atoms = asking.table.inputs[place], asking.grid.atoms[place]
    rising = _by_risk(column, atoms)
    for facts, line in asking.along(place) if rising else ():
        known = [(at, asked) for at in rising if (asked := line[at]) is not None]
        for (lower, low), (higher, high) in pairwise(known):
            judged = _judged(column, low, high) if low.posts != high.posts else None
            if judged:
                rules = tuple(dict.fromkeys((*low.rules, *high.rules)))
                examples = tuple({**facts, column.name: atoms[at].sample} for at in (lower, higher))
                yield low, high, Finding(*judged, rules, column.name, examples)


def _judged(column: Column, low: Asked, high: Asked) -> tuple[str, str, str] | None:
    """(code, level, sentence) of what is wrong between a lower risk and the next higher one."""
    if low.signatures > high.signatures and is_money(column):
        return "not_monotone", ERROR, Said(FEWER, low=low.signatures, high=high.signatures)
    if low.depth > high.depth:
        return "deeper_than_risk", WARNING, Said(DEEPER, low=low.depth, high=high.depth)
    if low.signatures > high.signatures:
        return "deeper_than_risk", WARNING, Said(MORE, low=low.signatures, high=high.signatures)
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
