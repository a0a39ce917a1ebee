"""Every chain that a matrix can ask for, each with facts that ask for it: exact, cell by cell. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from approvals.rules import AMOUNTS, Chain, explain
from rulebook.checks import Example
from rulebook.feel import FeelError
from rulebook.grid import Grid
from rulebook.tables import DecisionTable, FactError, NoRule, TooManyRules


@dataclass(frozen=True, slots=True)
class Post:
    """One level of a chain, as a check sees it. needs: how many different people of the role sign there.

    level: which levels are decided one after the other; those of the same level wait together.
    """

    role: str
    needs: int
    level: int
    escalates: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One chain with facts that ask for it. rules: the rows that matched; none where the default answered."""

    posts: tuple[Post, ...]
    rules: tuple[str, ...]
    example: Example

    @property
    def signatures(self) -> int:
        """How many people sign."""
        return sum(post.needs for post in self.posts)

    @property
    def depth(self) -> int:
        """How many levels wait one for the other."""
        return len({post.level for post in self.posts})


def is_matrix(table: DecisionTable) -> bool:
    """Whether the table says who signs: it has a list of roles among its outputs."""
    return any(column.name == "roles" and column.type == "list" for column in table.outputs)


def posts_of(chain: Chain) -> tuple[Post, ...]:
    """A chain as a check sees it."""
    return tuple(Post(tier.role, 1, tier.tier, bool(tier.escalate_after)) for tier in chain.tiers)


class Asking:
    """Asks a matrix about facts; the answer to the same rows is asked once where it hangs on nothing else."""

    def __init__(self, table: DecisionTable) -> None:
        self.table, self.grid = table, Grid(table)
        cells = [cell for rule in table.rules for cell in rule.outputs.values()]
        cells += (table.default or {}).values()
        sums = {column.name for column in table.inputs} & set(AMOUNTS[1:])
        self.by_rows = not (self.grid.opaque or sums or any(cell.names for cell in cells))
        self.known: dict[int, Asked | None] = {}

    def of(self, active: int, facts: Mapping[str, Any]) -> Asked | None:
        """The chain for facts that match the rows of a mask; None where the matrix has no answer."""
        if not self.by_rows:
            return self._asked(facts)
        if active not in self.known:
            self.known[active] = self._asked(facts)
        return self.known[active]

    def all(self) -> Iterator[Asked]:
        """Every chain, once for each set of rows that asks for it. Raises TooManyRegions."""
        for active, facts in self.grid.regions():
            asked = self.of(active, facts)
            if asked is not None:
                yield asked

    def along(self, place: int) -> Iterator[list[Asked | None]]:
        """The chains along one column, in the order of its values, for every way in which the others can stand.

        Raises TooManyRegions.
        """
        column = self.table.inputs[place]
        pairs = list(zip(self.grid.atoms[place], self.grid.masks[place]))
        for active, facts in self.grid.regions(without=place):
            yield [self._at(active & mask, {**facts, column.name: atom.sample}) for atom, mask in pairs]

    def _at(self, active: int, facts: Example) -> Asked | None:
        """As `of`, with these very facts as the example."""
        asked = self.of(active, facts)
        return Asked(asked.posts, asked.rules, facts) if asked is not None else None

    def _asked(self, facts: Mapping[str, Any]) -> Asked | None:
        try:
            chain = explain(self.table, facts)
        except (NoRule, TooManyRules, FactError, FeelError):
            return None  # gaps and overlaps are findings of their own
        return Asked(posts_of(chain), chain.rules, dict(facts))
