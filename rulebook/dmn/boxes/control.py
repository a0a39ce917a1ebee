"""Boxed conditionals, filters and iterators. Source: DMN 1.4 and 1.5, clauses 10.2.2 (since 1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml import etree

from rulebook.dmn.journal import journal_of
from rulebook.dmn.making import Maker, Sight
from rulebook.feel.loops import at_place, item_scope, items_of
from rulebook.feel.scope import Run, Scope
from rulebook.feel.spaced import tidy
from rulebook.feel.values import checked_list, kind_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _

COST = 4  # steps of each turn


def conditional(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """if, then, else: anything that is not true goes the other way."""
    condition, then, otherwise = (part(maker, node, tag, sight) for tag in ("if", "then", "else"))
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def filter_box(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """The items of a list for which the match is true; `item` is each, and its entries are in scope."""
    source, match = part(maker, node, "in", sight), part(maker, node, "match", sight.plus(["item"]))

    def run(scope: Scope) -> Any:
        value = source(scope)
        if value is None:
            return None
        items, kept = value if type(value) is list else [value], []
        for item in items:
            journal_of(scope).charge(COST)
            answer = match(item_scope(scope, item))
            if type(answer) is Decimal:
                return at_place(items, answer)
            if answer is True:
                kept.append(item)
        return kept

    return run


def for_box(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """The list of what an expression gives for each item; `partial` is the list so far."""
    name = _variable(maker, node)
    source = _source(maker, node, sight)
    body = part(maker, node, "return", sight.plus([name, "partial"]))

    def run(scope: Scope) -> Any:
        results: list[Any] = []
        items = _items(source, scope)
        for item in items or ():
            results.append(body({**scope, name: item, "partial": _so_far(results, scope)}))
            checked_list(results)
        return None if items is None else results

    return run


def _so_far(results: list[Any], scope: Scope) -> list[Any]:
    journal_of(scope).charge(len(results) // 16)
    return list(results)


def quantified(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """Whether some or every item satisfies; null where that can't be said."""
    name, decisive = _variable(maker, node), maker.document.tag(node) == "some"
    source = _source(maker, node, sight)
    body = part(maker, node, "satisfies", sight.plus([name]))

    def run(scope: Scope) -> bool | None:
        answer: bool | None = not decisive
        items = _items(source, scope)
        for item in items or ():
            value = body({**scope, name: item})
            if value is decisive:
                return decisive
            if value is not (not decisive):
                answer = None
        return None if items is None else answer

    return run


def part(maker: Maker, node: etree._Element, tag: str, sight: Sight) -> Run:
    """The expression in a part of a box; a missing part is noted as wrong."""
    _expect_version(maker, node, tag)
    found = maker.document.child(node, tag)
    if found is None:
        maker.document.refuse(node, Said(_("Expected a part <%(tag)s>, but there is none."), tag=tag))
        return lambda scope: None
    run = maker.expected(found, sight, Said(_("an expression")))
    return maker.typed(run, maker.types.of(found, found.get("typeRef")), tag)


def _expect_version(maker: Maker, node: etree._Element, tag: str) -> None:
    if maker.document.version == "1.3" and tag in ("if", "in"):
        kind = maker.document.tag(node)
        maker.document.refuse(
            node, Said(_("Expected an expression of DMN 1.3, but %(kind)s is one of DMN 1.4 and later."), kind=kind)
        )


def _variable(maker: Maker, node: etree._Element) -> str:
    name = tidy(node.get("iteratorVariable", ""))
    if not name:
        maker.document.refuse(node, Said(_("Expected an iteratorVariable, but there is none.")))
    return name


def _source(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """What an iterator goes over: a list, a range, or `1..10` as it may stand after `in`."""
    held = maker.document.child(node, "in")
    literal = None if held is None else maker.document.child(held, "literalExpression")
    text = maker.document.text(literal)
    if literal is not None and ".." in text and text[:1] not in "[(]" and text[-1:] not in ")[]":
        _expect_version(maker, node, "in")
        return maker.text(literal, f"for each in {text} return each", sight)
    return part(maker, node, "in", sight)


def _items(source: Run, scope: Scope) -> Iterator[Any] | None:
    value = source(scope)
    items = items_of(value)
    if items is None and value is not None:
        journal_of(scope).fail(f"Expected a list to go through, but it is {kind_of(value)}.")
    return None if items is None else _charged(items, scope)


def _charged(items: Any, scope: Scope) -> Iterator[Any]:
    for item in items:
        journal_of(scope).charge(COST + len(scope) // COST)
        yield item
