"""The item definitions of a model as types of the language. Source: DMN 1.5, clauses 7.3.2 and 7.3.3."""

from __future__ import annotations

from lxml import etree

from rulebook.dmn.document import Document
from rulebook.feel import FeelError, UnaryTests
from rulebook.feel.limits import MAX_NESTING, Steps
from rulebook.feel.scope import STEPS
from rulebook.feel.spaced import tidy
from rulebook.feel.types import ANY, BUILT_IN, Allowed, Type, list_of
from rulebook.feel.vocabulary import Vocabulary
from rulebook.said import Said, sentence_of
from rulebook.said import gettext_noop as _

OTHERS = {"integer": "number", "long": "number", "double": "number"}  # as Camunda writes them


class ItemTypes:
    """The types of a model by name; made once, each at its first use."""

    def __init__(self, document: Document, words: Vocabulary) -> None:
        self._document, self._words = document, words
        self._nodes: dict[str, etree._Element] = {}
        self._made: dict[str, Type] = {}
        self._open: list[str] = []
        for node in document.children(document.root, "itemDefinition"):
            name = tidy(node.get("name", ""))
            if not name or name in self._nodes:
                document.refuse(node, Said(_('Expected a name of its own, but it is "%(name)s".'), name=name))
            self._nodes.setdefault(name, node)
        for name, node in self._nodes.items():
            self.of(node, name)

    @property
    def by_name(self) -> dict[str, Type]:
        """Every item definition."""
        return dict(self._made)

    def of(self, node: etree._Element, reference: str | None) -> Type:
        """The type that an element refers to; without a reference any. An unknown one is noted as wrong."""
        name = tidy(reference or "")
        if not name:
            return ANY
        if name in self._nodes:
            return self._item(node, name)
        local = name.rpartition(":")[2]
        if local in self._nodes:  # with a prefix of the model's own namespace
            return self._item(node, local)
        found = BUILT_IN.get(OTHERS.get(local, local))
        if found is None:
            self._document.refuse(
                node, Said(_('Expected a type of FEEL or an item definition, but there is none "%(name)s".'), name=name)
            )
        return found or ANY

    def _item(self, node: etree._Element, name: str) -> Type:
        if name in self._open or len(self._open) > MAX_NESTING:
            self._document.refuse(
                node, Said(_("Expected a type that does not hold itself, but %(name)s does."), name=name)
            )
            return ANY
        if name not in self._made:
            self._open.append(name)
            self._made[name] = self._built(self._nodes[name], name)
            self._open.pop()
        return self._made[name]

    def _built(self, node: etree._Element, name: str) -> Type:
        document = self._document
        kind = self._narrowed(self._base(node, name), name, document.child(node, "allowedValues"))
        if node.get("isCollection") == "true":
            kind = list_of(kind, name)
        return self._narrowed(kind, name, document.child(node, "typeConstraint"))

    def _base(self, node: etree._Element, name: str) -> Type:
        parts = self._document.children(node, "itemComponent")
        if parts:
            fields: dict[str, Type] = {}
            for part in parts:
                field = tidy(part.get("name", ""))
                if not field or field in fields:
                    self._document.refuse(
                        part,
                        Said(
                            _('Expected a name of its own in %(name)s, but it is "%(field)s".'), name=name, field=field
                        ),
                    )
                fields[field] = self._built(part, f"{name}.{field}")
            return Type(name, "context", fields=tuple(fields.items()))
        if self._document.child(node, "functionItem") is not None:
            return BUILT_IN["function"]
        reference = self._document.child(node, "typeRef")
        return ANY if reference is None else self.of(reference, reference.text)

    def _narrowed(self, base: Type, name: str, constraint: etree._Element | None) -> Type:
        text = self._document.text(constraint)
        if constraint is None or text in ("", "-"):
            return base
        allowed = allowed_values(self._document, constraint, text, self._words)
        if allowed is None:
            return base
        return Type(name, base.kind, base.python, base.item, base.fields, base, allowed, text)


def allowed_values(document: Document, node: etree._Element, text: str, words: Vocabulary) -> Allowed | None:
    """What tells whether a value is one of those that a text allows; None for no text or one that is wrong."""
    if text in ("", "-"):
        return None
    try:
        tests = UnaryTests(text, None, words)
    except FeelError as error:
        document.refuse(node, Said(_("Expected allowed values in FEEL, but: %(problem)s"), problem=sentence_of(error)))
        return None

    def allowed(value: object, steps: Steps) -> bool:
        return tests.run(value, {STEPS: steps, "?": value}) is True

    return allowed
