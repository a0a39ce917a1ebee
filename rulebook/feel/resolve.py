"""What a tree says by name is looked up once, before it is compiled: types, and whose function a call means."""

from dataclasses import replace

from rulebook.feel.errors import FeelError
from rulebook.feel.limits import MAX_NESTING
from rulebook.feel.literals import read_date
from rulebook.feel.names import binds, binds_inside
from rulebook.feel.nodes import Node, TypeSpec
from rulebook.feel.types import ANY, BUILT_IN, Type, list_of
from rulebook.feel.vocabulary import Vocabulary
from rulebook.said import Said
from rulebook.said import gettext_noop as _

_TOUCHED = frozenset({"call", "function", "instance"})
_CLOCK = frozenset({"now", "today"})


def resolved(tree: Node, words: Vocabulary) -> Node:
    """The tree with types instead of their names, and calls of names in scope told from those of built-in functions.

    Raises FeelError for a type that there is not, and for a look at the clock where there is none.
    """
    if not any(node.kind in _TOUCHED for node in tree.walk()):
        return tree
    return _resolved(tree, words, words.names)


def _resolved(node: Node, words: Vocabulary, bound: frozenset[str]) -> Node:
    bound |= binds_inside(node)
    parts = []
    inner = bound
    for part in node.parts:
        parts.append(_resolved(part, words, inner))
        inner |= binds(part)
    special = _SPECIAL.get(node.kind)
    made = replace(node, parts=tuple(parts)) if parts else node
    return special(made, words, bound) if special else made


def _call(node: Node, words: Vocabulary, bound: frozenset[str]) -> Node:
    name, labels = node.value
    if name in bound:
        callee = Node("name", value=name, position=node.position)
        return replace(node, kind="invoke", parts=(callee, *node.parts), value=(labels, name))
    if name in _CLOCK and not words.has_clock:
        raise FeelError(Said(_("There is no function %(name)s."), name=name), node.position)
    return _written_day(node) if name == "date" else node


def _written_day(node: Node) -> Node:
    """`date("2026-11-22")` is that day itself, read once; any other call of date is left as it is."""
    given = node.parts[0].value if len(node.parts) == 1 and node.parts[0].kind == "literal" else None
    day = read_date(given) if isinstance(given, str) else None
    return node if day is None else Node("literal", value=day, position=node.position)


def _function(node: Node, words: Vocabulary, bound: frozenset[str]) -> Node:
    return replace(node, value=tuple((name, _type(spec, words)) for name, spec in node.value))


def _instance(node: Node, words: Vocabulary, bound: frozenset[str]) -> Node:
    return replace(node, value=_type(node.value, words))


def _type(spec: TypeSpec | None, words: Vocabulary, depth: int = 0) -> Type:
    if spec is None:
        return ANY
    found = BUILT_IN.get(spec.name) or words.types.get(spec.name)
    if found is None or depth > MAX_NESTING:
        raise FeelError(Said(_("There is no type named %(name)s."), name=spec.name), spec.position)
    if not spec.parts:
        return found
    parts = tuple((name, _type(part, words, depth + 1)) for name, part in spec.parts)
    if found.kind == "context":
        return Type("context", "context", fields=parts)
    if found.kind == "list":
        return list_of(parts[0][1])
    return replace(found, item=parts[0][1])


_SPECIAL = {"call": _call, "function": _function, "instance": _instance}
