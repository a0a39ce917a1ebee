"""Where two matrices in force ask different people for the same work: the difference is named, not hidden.

The firm's matrix lets every full transfer be reviewed; the transfer desk runs a matrix of its own (seed decision 3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from approvals.rules import Chain, explain
from portal_staff.procedures.cells import both, clause, inside, quoted, spaced, together
from portal_staff.procedures.chapters import Chapter
from portal_staff.vocabulary import Vocabulary
from rulebook.atoms import Atom, atoms_of, described
from rulebook.feel.analysis import constants_of
from rulebook.models import TableVersion
from rulebook.queries import table_of
from rulebook.tables import DecisionTable, FactError, NoRule
from ui.words import pick_text


@dataclass(frozen=True)
class SameWork:
    """One kind of work as two matrices know it: the desk's, which decides its orders, and the firm's."""

    desk: tuple[str, Mapping[str, Any]]
    firm: tuple[str, Mapping[str, Any]]


FULL_TRANSFER = SameWork(
    ("transfers", {"transfer": "full_acat", "destination": "own"}), ("firm", {"task": "account_transfer_full_acat"})
)


def matrix_differences(chapters: Sequence[Chapter], work: SameWork = FULL_TRANSFER) -> list[str]:
    """A sentence for each stretch of amounts in which the two matrices ask different people; none without both."""
    versions = {each.version.table.key: each.version for each in chapters if isinstance(each.version, TableVersion)}
    desk, firm = versions.get(work.desk[0]), versions.get(work.firm[0])
    if desk is None or firm is None:
        return []
    return list(_differences(desk, firm, work))


def _differences(desk: TableVersion, firm: TableVersion, work: SameWork) -> Iterator[str]:
    tables = table_of(desk), table_of(firm)
    column = next((column for column in tables[0].inputs if column.name == "amount"), None)
    if column is None:
        return
    atoms = list(atoms_of(column, _limits(tables)))
    answers = [_answers(tables, (work.desk[1], work.firm[1]), atom) for atom in atoms]
    titles = [pick_text(version.table.name, get_language()) for version in (desk, firm)]
    for answer, places in groupby(range(len(atoms)), key=lambda place: answers[place]):
        if answer is not None and _roles(answer[0]) != _roles(answer[1]):
            stretch = described(column, atoms, list(places))
            yield _sentence(desk.body, work, stretch, titles, answer)


def _limits(tables: Sequence[DecisionTable]) -> set[Any]:
    """Every amount at which one of the matrices changes its answer."""
    cells = [rule.tests["amount"] for table in tables for rule in table.rules if "amount" in rule.tests]
    return {limit for cell in cells for limit in constants_of(cell) or () if isinstance(limit, Decimal)}


def _answers(tables: Sequence[DecisionTable], facts: Sequence[Mapping[str, Any]], atom: Atom) -> Any:
    try:
        return tuple(explain(table, {**about, "amount": atom.sample}) for table, about in zip(tables, facts))
    except (NoRule, FactError):
        return None


def _roles(chain: Chain) -> tuple[str, ...]:
    return chain.signers


def _sentence(
    body: Mapping[str, Any], work: SameWork, stretch: str, titles: Sequence[str], chains: Sequence[Chain]
) -> str:
    words = Vocabulary.of_table(body)
    columns = {column["name"]: column for column in body["inputs"]}
    cells = {**{name: f'"{value}"' for name, value in work.desk[1].items()}, "amount": stretch}
    clauses = [clause(words, columns[name], cell) for name, cell in cells.items()]
    about = {
        "clauses": both(each for each in clauses if each),
        "desk": quoted(titles[0]),
        "desk_asks": _asks(words, chains[0]),
        "firm": quoted(titles[1]),
        "firm_asks": _asks(words, chains[1]),
    }
    said = _("Where %(clauses)s: %(desk)s governs and asks for %(desk_asks)s; %(firm)s would ask for %(firm_asks)s.")
    return spaced(said % about)


def _asks(words: Vocabulary, chain: Chain) -> str:
    roles = [inside(words.said("roles", role)) for role in _roles(chain)]
    rules = pgettext("between the words of a list", ", ").join(chain.rules) or _("no rule")
    return _("%(roles)s (%(rules)s)") % {"roles": together(roles) if roles else _("nobody's signature"), "rules": rules}
