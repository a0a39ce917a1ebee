"""Which facts an expression reads: its names less those that it binds itself."""

from rulebook.feel.nodes import Node

_NAMELESS: frozenset[str] = frozenset()


def free_names(node: Node) -> tuple[dict[str, int], frozenset[str]]:
    """The names that must be facts (with their place), and those in filters, which may be entries of an item."""
    certain: dict[str, int] = {}
    possible: set[str] = set()
    _collect(node, frozenset({"?"}), False, certain, possible)
    return certain, frozenset(possible - certain.keys())


def _collect(node: Node, bound: frozenset[str], loose: bool, certain: dict[str, int], possible: set[str]) -> None:
    if node.kind == "name":
        if node.value in bound:
            return
        if loose:
            possible.add(node.value)
        else:
            certain.setdefault(node.value, node.position)
        return
    if node.kind == "filter":
        bound, loose = bound | {"item"}, True
    for part in node.parts:
        _collect(part, bound, loose, certain, possible)
        bound = bound | _binds(part)


def _binds(part: Node) -> frozenset[str]:
    """A loop's name is bound in the parts after it, a context's entry in the entries after it."""
    return frozenset({part.value}) if part.kind in ("iteration", "entry") else _NAMELESS
