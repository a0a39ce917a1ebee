"""The tree of an expression, as the parser leaves it: small, immutable, with the place of each part in the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rulebook.feel.errors import FeelError
from rulebook.feel.limits import MAX_NESTING
from rulebook.said import Said
from rulebook.said import gettext_noop as _


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """A type as a text names it. parts: its entries, or its items under the name ""."""

    name: str
    parts: tuple[tuple[str, "TypeSpec"], ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """kind: what it is ("literal", "compare", …); value: what the kind needs besides its parts."""

    kind: str
    parts: tuple["Node", ...] = ()
    value: Any = None
    position: int = 0
    depth: int = 1

    def walk(self) -> Iterator["Node"]:
        """This node and all below it."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(node.parts)


NODES_PER_STEP = 4


def weight(node: Node) -> int:
    """The steps that evaluating a node once costs; a loop charges them for each of its items."""
    return 1 + sum(1 for _ in node.walk()) // NODES_PER_STEP


def make(kind: str, parts: tuple[Node, ...] = (), value: Any = None, position: int | None = None) -> Node:
    """A node one deeper than its deepest part; FeelError beyond the allowed nesting."""
    depth = 1 + max((part.depth for part in parts), default=0)
    if position is None:
        position = parts[0].position if parts else 0
    if depth > MAX_NESTING:
        raise FeelError(Said(_("The expression is nested more than %(most)s deep."), most=MAX_NESTING), position)
    return Node(kind, parts, value, position, depth)
