"""Boxed functions and invocations. Source: DMN 1.5, clauses 10.2.1.7 (functions) and 7.3.6 (invocations)."""

from __future__ import annotations

from typing import Any

from lxml import etree

from rulebook.dmn.journal import journal_of
from rulebook.dmn.making import Maker, Sight
from rulebook.feel.callables import closure, invoke
from rulebook.feel.scope import Run, Scope
from rulebook.feel.spaced import tidy
from rulebook.feel.types import Type
from rulebook.feel.values import Function, kind_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _

Formals = tuple[tuple[str, Type], ...]


def definition(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """A function as a value, over the scope in which it stands."""
    formals, body = parts_of(maker, node, sight)
    return lambda scope: closure("the function", formals, body, scope)


def parts_of(maker: Maker, node: etree._Element, sight: Sight) -> tuple[Formals, Run]:
    """The parameters and the body of a function; one of another language than FEEL is noted as not read."""
    kind = node.get("kind", "FEEL")
    if kind != "FEEL":
        maker.document.refuse(
            node, Said(_("Expected a function in FEEL, but its kind is %(kind)s, which is not read."), kind=kind)
        )
        return (), lambda scope: None
    formals: dict[str, Type] = {}
    for one in maker.document.children(node, "formalParameter"):
        name = tidy(one.get("name", ""))
        if not name or name in formals:
            maker.document.refuse(
                one, Said(_('Expected a parameter with a name of its own, but it is "%(name)s".'), name=name)
            )
        formals[name] = maker.types.of(one, one.get("typeRef"))
    return tuple(formals.items()), maker.expected(node, sight.plus(formals), Said(_("a function with an expression")))


def invocation(maker: Maker, node: etree._Element, sight: Sight) -> Run:
    """A call of a function with values for its parameters by name."""
    callee = maker.expected(node, sight, Said(_("an expression that says which function is called")))
    bound: dict[str, Run] = {}
    for binding in maker.document.children(node, "binding"):
        parameter = maker.document.child(binding, "parameter")
        name = tidy(parameter.get("name", "")) if parameter is not None else ""
        if parameter is None or not name or name in bound:
            maker.document.refuse(
                binding, Said(_('Expected a parameter with a name of its own, but it is "%(name)s".'), name=name)
            )
            continue
        run = maker.inside(binding, sight) or (lambda scope: None)
        bound[name] = maker.typed(run, maker.types.of(parameter, parameter.get("typeRef")), name)
    return _called(callee, tuple(bound), tuple(bound.values()))


def _called(callee: Run, labels: tuple[str, ...], given: tuple[Run, ...]) -> Run:
    def run(scope: Scope) -> Any:
        journal, function = journal_of(scope), callee(scope)
        if type(function) is not Function:
            journal.fail(f"Expected a function to call, but it is {kind_of(function)}.")
            return None
        mark = len(journal.notes)
        value = invoke(function, [value(scope) for value in given], labels, journal)
        if value is None and len(journal.notes) > mark:
            journal.fail(journal.notes[mark])
        del journal.notes[mark:]
        return value

    return run
