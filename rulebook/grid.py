"""A table as bit masks: for each column and atom, the rows whose cell passes the atom's sample."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from rulebook.atoms import Atom, atoms_of
from rulebook.feel.analysis import constants_of
from rulebook.tables import Column, DecisionTable

ANYTHING: Mapping[str, Collection[Any]] = {}
MOST_REGIONS = 20_000  # combinations of matching rows that are looked at


class TooManyRegions(Exception):
    """The table has more combinations of matching rows than are looked at."""


class Grid:
    """The atoms of each column, and the masks of the rows that accept them.

    opaque: column → mask of the rows whose cell there is more than comparisons with constants; they accept nothing.
    """

    def __init__(self, table: DecisionTable) -> None:
        self.table = table
        self.all_rows = (1 << len(table.rules)) - 1
        self.opaque: dict[str, int] = {}
        self.atoms = [self._cut(column) for column in table.inputs]
        self.masks = [
            [self._mask(column.name, atom) for atom in atoms] for column, atoms in zip(table.inputs, self.atoms)
        ]

    def regions(
        self, without: int = -1, given: Mapping[str, Collection[Any]] = ANYTHING
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each set of rows that facts can match, as a mask, once, with facts that do; exact, cell by cell.

        without: the place of a column that is left open: it narrows nothing and no fact of it is given.
        given: column → the only values that its facts have, if any.
        Raises TooManyRegions.
        """
        found: dict[int, dict[str, Any]] = {self.all_rows: {}}
        for place, column in enumerate(self.table.inputs):
            if place == without:
                continue
            following: dict[int, dict[str, Any]] = {}
            for active, facts in found.items():
                for atom, mask in self._told_best(place, given.get(column.name)):
                    if active & mask not in following:
                        following[active & mask] = {**facts, column.name: atom.sample}
            if len(following) > MOST_REGIONS:
                raise TooManyRegions
            found = following
        yield from found.items()

    def _told_best(self, place: int, given: Collection[Any] | None) -> list[tuple[Atom, int]]:
        """The atoms of a column, those whose sample tells most first: exact values before stretches."""
        pairs = list(zip(self.atoms[place], self.masks[place]))
        if given is not None:
            pairs = [pair for pair in pairs if pair[0].sample is None or pair[0].sample in given]
        return sorted(pairs, key=lambda pair: not pair[0].exact or pair[0].sample is None)

    def _cut(self, column: Column) -> list[Atom]:
        constants: set[Any] = {
            value for each in column.within for value in constants_of(each) or () if value is not None
        }
        for place, rule in enumerate(self.table.rules):
            cell = rule.tests.get(column.name)
            known = None if cell is None or column.type == "list" else constants_of(cell)
            constants |= known or set()
            if cell is not None and known is None:
                self.opaque[column.name] = self.opaque.get(column.name, 0) | 1 << place
        return [atom for atom in atoms_of(column, constants) if atom.sample is None or self._is_within(column, atom)]

    def _is_within(self, column: Column, atom: Atom) -> bool:
        return all(each.run(atom.sample, self.table.scope({})) is True for each in column.within)

    def _mask(self, name: str, atom: Atom) -> int:
        mask = 0
        opaque = self.opaque.get(name, 0)
        for place, rule in enumerate(self.table.rules):
            cell = rule.tests.get(name)
            if cell is None or (not opaque >> place & 1 and cell.run(atom.sample, self.table.scope({})) is True):
                mask |= 1 << place
        return mask
