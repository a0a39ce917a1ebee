"""Where two matrices in force ask different people for the same work: the difference is named, not hidden.

The firm's matrix lets every full transfer be reviewed; the transfer desk runs a matrix of its own (seed decision 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from approvals.rules import Chain, explain
from portal_staff.procedures.cells import both, clause, inside, quoted, spaced, together
from portal_staff.procedures.chapters import Chapter
from portal_staff.vocabulary import Vocabulary
from rulebook.atoms import atoms_of, described
from rulebook.feel import UnaryTests
from rulebook.feel.analysis import constants_of
from rulebook.feel.literals import write_value
from rulebook.models import TableVersion
from rulebook.queries import table_of
from rulebook.tables import FactError, NoRule
from ui.words import pick_text


@dataclass(frozen=True)
class SameWork:
    """One kind of work as two matrices know it: the desk's, which decides its orders, and the firm's."""

    desk: tuple[str, Mapping[str, Any]]
    firm: tuple[str, Mapping[str, Any]]


FULL_TRANSFER = SameWork(("transfers", {"transfer": "full_acat"}), ("firm", {"task": "account_transfer_full_acat"}))
MOST_CASES = 5_000  # combinations of facts that are tried; a sentence that is not sure to be exact is not made
Signers = tuple[tuple[str, ...], tuple[str, ...]]  # whom the desk's matrix asks, and whom the firm's


def matrix_differences(chapters: Sequence[Chapter], work: SameWork = FULL_TRANSFER) -> list[str]:
    """A sentence for each condition on which the two matrices ask different people, exact in every fact that they read.

    None without both, or where a cell is more than comparisons with constants.
    """
    versions = {each.version.table.key: each.version for each in chapters if isinstance(each.version, TableVersion)}
    desk, firm = versions.get(work.desk[0]), versions.get(work.firm[0])
    if desk is None or firm is None:
        return []
    compared = Compared(desk, firm, work)
    return [compared.sentence(box) for box in compared.boxes()] if compared.is_exact else []


@dataclass(frozen=True)
class Box:
    """A condition on which both matrices answer the same throughout. stretches: column → places of its atoms.

    chains: one of each matrix for each case in it.
    """

    stretches: Mapping[str, tuple[int, ...]]
    signers: Signers | None
    chains: tuple[tuple[Chain, Chain], ...]

    @property
    def differs(self) -> bool:
        return self.signers is not None and self.signers[0] != self.signers[1]


class Compared:
    """Two matrices on the same work: every fact that either reads is cut where one of them changes its answer."""

    def __init__(self, desk: TableVersion, firm: TableVersion, work: SameWork) -> None:
        self.versions, self.work = (desk, firm), work
        self.tables = table_of(desk), table_of(firm)
        self.facts = (work.desk[1], work.firm[1])
        inputs = {column.name: column for table in self.tables for column in table.inputs}
        fixed = {name for facts in self.facts for name in facts}
        self.columns = {name: column for name, column in inputs.items() if name not in fixed}
        self.atoms = {name: list(atoms_of(column, self._limits(name))) for name, column in self.columns.items()}

    @property
    def is_exact(self) -> bool:
        cells = [self._cells(name) for name in self.columns]
        are_plain = all(constants_of(cell) is not None for each in cells for cell in each)
        are_lists = any(self.columns[name].type == "list" and each for name, each in zip(self.columns, cells))
        return are_plain and not are_lists and prod(map(len, self.atoms.values())) <= MOST_CASES

    def boxes(self) -> list[Box]:
        """The conditions on which the two differ."""
        return [box for box in self._boxes(tuple(self.columns), {}) if box.differs]

    def sentence(self, box: Box) -> str:
        """One of them in words."""
        words = Vocabulary.of_table(self.versions[0].body)
        columns = {column["name"]: column for version in self.versions[::-1] for column in version.body["inputs"]}
        cells = {name: f'"{value}"' for name, value in self.work.desk[1].items()}
        cells |= {name: self.cell(name, places) for name, places in box.stretches.items()}
        clauses = [clause(words, columns[name], cell) for name, cell in cells.items()]
        desk, firm = (quoted(pick_text(version.table.name, get_language())) for version in self.versions)
        about = {
            "clauses": both(each for each in clauses if each),
            "desk": desk,
            "desk_asks": _asks(words, [chains[0] for chains in box.chains]),
            "firm": firm,
            "firm_asks": _asks(words, [chains[1] for chains in box.chains]),
        }
        said = _(
            "Where %(clauses)s: %(desk)s governs and asks for %(desk_asks)s; %(firm)s would ask for %(firm_asks)s."
        )
        return spaced(said % about)

    def _cells(self, name: str) -> list[UnaryTests]:
        return [rule.tests[name] for table in self.tables for rule in table.rules if name in rule.tests]

    def _limits(self, name: str) -> set[Any]:
        """At which values an answer may change; a fact that may be missing is also not known."""
        missing = {None} if self.columns[name].optional else set()
        return missing | {limit for cell in self._cells(name) for limit in constants_of(cell) or ()}

    def _boxes(self, names: tuple[str, ...], facts: Mapping[str, Any]) -> list[Box]:
        """The cases of the columns that are left; values of a column on which all goes on alike are one stretch."""
        if not names:
            chains = self._answers(facts)
            return [Box({}, chains and (chains[0].signers, chains[1].signers), (chains,) if chains else ())]
        name, *rest = names
        alike: dict[Any, tuple[list[int], list[list[Box]]]] = {}
        for place, atom in enumerate(self.atoms[name]):
            inner = self._boxes(tuple(rest), {**facts, name: atom.sample})
            key = tuple((tuple(box.stretches.items()), box.signers) for box in inner)
            places, found = alike.setdefault(key, ([], []))
            places.append(place)
            found.append(inner)
        return [
            Box({name: tuple(places), **same[0].stretches}, same[0].signers, tuple(c for b in same for c in b.chains))
            for places, found in alike.values()
            for same in zip(*found, strict=True)
        ]

    def _answers(self, facts: Mapping[str, Any]) -> tuple[Chain, Chain] | None:
        try:
            desk, firm = (
                explain(table, {**about, **{c.name: facts[c.name] for c in table.inputs if c.name in facts}})
                for table, about in zip(self.tables, self.facts, strict=True)
            )
        except (NoRule, FactError):
            return None
        return desk, firm

    def cell(self, name: str, places: Sequence[int]) -> str:
        """A stretch of a column as a cell; any other text is what is none of those that are named."""
        column, atoms = self.columns[name], self.atoms[name]
        others = [atom for place, atom in enumerate(atoms) if place not in places]
        if others and not all(atoms[place].exact for place in places) and column.type == "text":
            return f"not({', '.join(write_value(atom.sample) for atom in others)})"
        return described(column, atoms, list(places))


def _asks(words: Vocabulary, chains: Sequence[Chain]) -> str:
    """Whom one matrix asks, with the rows by which it does in every one of these cases, or else in some."""
    roles = [inside(words.said("roles", role)) for role in chains[0].signers]
    named = [rule for rule in chains[0].rules if all(rule in chain.rules for chain in chains)]
    named = named or sorted({rule for chain in chains for rule in chain.rules})
    rules = pgettext("between the words of a list", ", ").join(named) or _("no rule")
    return _("%(roles)s (%(rules)s)") % {"roles": together(roles) if roles else _("nobody's signature"), "rules": rules}
