"""Boxed contexts, lists and relations. Source: DMN 1.5, clauses 10.2.1.4 to 10.2.1.6."""

from __future__ import annotations

from typing import Any

from lxml import etree

from rulebook.dmn.making import Maker, Sight
from rulebook.feel.scope import Run, Scope
from rulebook.feel.spaced import tidy
from rulebook.feel.values import checked_list
from rulebook.said import Said
from rulebook.said import gettext_noop as _


def context(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """A context: each entry sees those before it. The entry without a name, where there is one, is the value."""
    entries: list[tuple[str, Run]] = []
    result: Run | None = None
    for entry in maker.document.children(node, "contextEntry"):
        if result is not None:
            maker.document.refuse(entry, Said(_("Expected no entry after the result, but there is one.")))
        variable = maker.document.child(entry, "variable")
        if variable is None:
            result = maker.expected(entry, sight, Said(_("an expression as result")))
            continue
        name = tidy(variable.get("name", ""))
        if not name or any(name == other for other, _run in entries):
            maker.document.refuse(
                entry, Said(_('Expected an entry with a name of its own, but it is "%(name)s".'), name=name)
            )
        inner = sight.plus([name]) if maker.document.child(entry, "functionDefinition") is not None else sight
        run = maker.expected(entry, inner, Said(_("an expression for %(name)s"), name=name))
        entries.append((name, maker.typed(run, maker.types.of(variable, variable.get("typeRef")), name)))
        sight = sight.plus([name])
    return _entries(tuple(entries), result)


def _entries(entries: tuple[tuple[str, Run], ...], result: Run | None) -> Run:
    def run(scope: Scope) -> Any:
        inner = dict(scope)
        made = {}
        for name, entry in entries:
            made[name] = inner[name] = entry(inner)
        return made if result is None else result(inner)

    return run


def list_box(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """A list of expressions."""
    items = [maker.box(child, sight) for child in maker.document.children(node) if maker.is_box(child)]
    return lambda scope: checked_list([item(scope) for item in items])


def relation(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """A list of contexts, written as a table of columns and rows."""
    columns = [(tidy(one.get("name", "")), one) for one in maker.document.children(node, "column")]
    names = [name for name, _column in columns]
    for place, (name, column) in enumerate(columns):
        if not name or name in names[:place]:
            maker.document.refuse(
                column, Said(_('Expected a column with a name of its own, but it is "%(name)s".'), name=name)
            )
    rows = [_row(maker, row, columns, sight) for row in maker.document.children(node, "row")]
    return lambda scope: checked_list([{name: cell(scope) for name, cell in row} for row in rows])


def _row(
    maker: Maker, row: etree._Element, columns: list[tuple[str, etree._Element]], sight: Sight
) -> list[tuple[str, Run]]:
    cells = [child for child in maker.document.children(row) if maker.is_box(child)]
    if len(cells) != len(columns):
        maker.document.refuse(
            row,
            Said(
                _("Expected %(wanted)s expressions in the row, but it has %(found)s."),
                wanted=len(columns),
                found=len(cells),
            ),
        )
    return [
        (name, maker.typed(maker.box(cell, sight), maker.types.of(column, column.get("typeRef")), name))
        for (name, column), cell in zip(columns, cells)
    ]
