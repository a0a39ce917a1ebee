"""Literal expressions: a text of FEEL."""

from __future__ import annotations

from lxml import etree

from rulebook.dmn.making import Maker, Sight
from rulebook.feel.scope import Run
from rulebook.said import Said
from rulebook.said import gettext_noop as _


def literal(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """A literal expression. Source: DMN 1.5, clause 7.3.5."""
    imported = maker.document.child(node, "importedValues")
    if imported is not None:
        maker.document.refuse(
            imported, Said(_("Expected an expression in its place, but imported values are not read."))
        )
    return maker.text(node, maker.document.text(node), sight)
