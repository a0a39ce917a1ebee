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
    bound |= binds_inside(node)
    for part in node.parts:
        _collect(part, bound, loose, certain, possible)
        bound = bound | binds(part)


def binds(part: Node) -> frozenset[str]:
    """A loop's name is bound in the parts after it, a context's entry in the entries after it."""
    return frozenset({part.value}) if part.kind in ("iteration", "entry") else _NAMELESS


def binds_inside(node: Node) -> frozenset[str]:
    """What a node binds in all its parts: a function its parameters, an entry that is a function its own name."""
    if node.kind == "function":
        return frozenset(name for name, _type in node.value)
    if node.kind == "entry" and node.parts[0].kind == "function":
        return frozenset({node.value})
    return frozenset({"partial"}) if node.kind == "for" else _NAMELESS
