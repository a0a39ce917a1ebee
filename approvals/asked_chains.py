"""Every chain that a matrix can ask for, each with facts that ask for it: exact, cell by cell. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from approvals.rules import AMOUNTS, Chain, MatchedRow, chain_of, explain, matched_row
from rulebook.checks import Example
from rulebook.feel import FeelError
from rulebook.grid import ANYTHING, MOST_REGIONS, Grid, TooManyRegions
from rulebook.tables import DecisionTable, FactError, NoRule, TooManyRules

MOST_CELLS = 100_000  # facts that are asked about along one column
ADDED_UP = ("unique", "first", "collect")  # hit policies whose answer is the matching rows, or the first of them


@dataclass(frozen=True, slots=True)
class Post:
    """One level of a chain, as a check sees it. needs: how many different people of the role sign there.

    level: which levels are decided one after the other; those of the same level wait together. named: those who are
    asked personally; then nobody else of the role signs.
    """

    role: str
    needs: int
    level: int
    escalates: bool
    named: frozenset[int] = frozenset()


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


def once(chains: Iterable[Asked]) -> Iterator[Asked]:
    """The first of those that ask for the same because of the same rows."""
    told: set[tuple[object, ...]] = set()
    for asked in chains:
        if (asked.rules, asked.posts) not in told:
            told.add((asked.rules, asked.posts))
            yield asked


def is_matrix(table: DecisionTable) -> bool:
    """Whether the table says who signs: it has a list of roles among its outputs."""
    return any(column.name == "roles" and column.type == "list" for column in table.outputs)


def posts_of(chain: Chain) -> tuple[Post, ...]:
    """A chain as a check sees it."""
    return tuple(Post(tier.role, tier.needs, tier.stage, bool(tier.escalate_after)) for tier in chain.tiers)


class Asking:
    """Asks a matrix about facts. What the same rows answer is worked out once, where it hangs on nothing else.

    Then the rows are added up as `explain` does it, without trying every cell of the table again.
    """

    def __init__(self, table: DecisionTable) -> None:
        self.table, self.grid = table, Grid(table)
        self.needed = {column.name for column in table.inputs if not column.optional}
        self.rows = self._rows()
        self.known: dict[int, Asked | None] = {}

    def of(self, active: int, facts: Mapping[str, Any]) -> Asked | None:
        """The chain for facts that match the rows of a mask; None where the matrix has no answer."""
        if self.rows is None or any(facts.get(name) is None for name in self.needed):
            return self._explained(facts)
        if active not in self.known:
            if len(self.known) >= MOST_REGIONS:
                raise TooManyRegions
            self.known[active] = self._added_up(active, facts)
        return self.known[active]

    def _rows(self) -> list[MatchedRow] | None:
        """What each row asks for, and last the default; None where an answer hangs on more than which rows match."""
        cells = [cell for rule in self.table.rules for cell in rule.outputs.values()]
        cells += (self.table.default or {}).values()
        sums = {column.name for column in self.table.inputs} & set(AMOUNTS[1:])
        is_plain = self.table.hit_policy in ADDED_UP and not (self.grid.opaque or sums)
        if not is_plain or any(cell.names for cell in cells):
            return None
        scope = self.table.scope({})
        outputs = [(rule.id, rule.outputs) for rule in self.table.rules] + [("", self.table.default or {})]
        try:
            return [matched_row(rule, {name: cell.run(scope) for name, cell in row.items()}) for rule, row in outputs]
        except FeelError:
            return None

    def _added_up(self, active: int, facts: Mapping[str, Any]) -> Asked | None:
        assert self.rows is not None  # noqa: S101
        *of_rules, default = self.rows
        matched = [row for place, row in enumerate(of_rules) if active >> place & 1]
        if len(matched) > 1 and self.table.hit_policy == "unique":
            return None
        if not matched and self.table.default is None:
            return None
        chain = chain_of(matched[: 1 if self.table.hit_policy == "first" else None] or [default])
        return Asked(posts_of(chain), chain.rules, dict(facts))

    def all(self, given: Mapping[str, Collection[Any]] = ANYTHING) -> Iterator[Asked]:
        """Every chain, once for each set of rows that asks for it. given: column → the only values of its facts.

        Raises TooManyRegions.
        """
        for active, facts in self.grid.regions(given=given):
            asked = self.of(active, facts)
            if asked is not None:
                yield asked

    def along(self, place: int) -> Iterator[tuple[Example, list[Asked | None]]]:
        """For every way in which the other columns can stand: facts for it, and the chains along this one's atoms.

        The example of such a chain is of its rows, not of its place. Raises TooManyRegions.
        """
        column = self.table.inputs[place]
        pairs = list(zip(self.grid.atoms[place], self.grid.masks[place]))
        left = MOST_CELLS
        for active, facts in self.grid.regions(without=place):
            left -= len(pairs)
            if left < 0:
                raise TooManyRegions
            facts = dict.fromkeys((column.name,)) | facts
            line = []
            for atom, mask in pairs:
                facts[column.name] = atom.sample
                line.append(self.of(active & mask, facts))
            yield facts, line

    def _explained(self, facts: Mapping[str, Any]) -> Asked | None:
        try:
            chain = explain(self.table, facts)
        except (NoRule, TooManyRules, FactError, FeelError):
            return None  # gaps and overlaps are findings of their own
        return Asked(posts_of(chain), chain.rules, dict(facts))
