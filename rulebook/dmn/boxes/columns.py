"""The columns of a decision table: what goes in, what comes out, and what values either may have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from lxml import etree

from rulebook.dmn.facts import FactWrong, typed_fact
from rulebook.dmn.items import allowed_values
from rulebook.dmn.journal import Journal
from rulebook.dmn.making import Maker, Sight, nothing
from rulebook.feel import FeelError, compile_expression
from rulebook.feel.scope import Run, Scope
from rulebook.feel.spaced import tidy
from rulebook.feel.types import Allowed, Type, coerced, root_of
from rulebook.feel.values import SCALARS, Months
from rulebook.said import Said
from rulebook.said import gettext_noop as _

WRITTEN = (date, time, datetime, timedelta, Months)  # kinds that facts write as texts


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is tested. shown: the text of the values that are allowed."""

    said: str
    run: Run
    type: Type
    allowed: Allowed | None
    shown: str

    def value(self, scope: Scope, journal: Journal) -> tuple[Any, bool]:
        """What the rows test, and whether the column may have it; if not, that is an error of the decision."""
        value = self.run(scope)
        return _judged(self, self._read(value, journal), self.said, journal)

    def _read(self, value: Any, journal: Journal) -> Any:
        """A fact that no input data declares is read as the column's type says."""
        if type(value) is str and root_of(self.type).python in WRITTEN:
            try:
                return typed_fact(value, root_of(self.type), self.said, journal)
            except FactWrong:
                return value
        return value


@dataclass(frozen=True, slots=True)
class Output:
    """A column that answers. ranking: its values from the strongest, for hit policies that go by them."""

    name: str
    type: Type
    allowed: Allowed | None
    shown: str
    ranking: tuple[Any, ...]
    default: Run | None

    def held(self, value: Any, where: str, journal: Journal) -> tuple[Any, bool]:
        """The value as one that the column may have; if it is none, that is an error of the decision."""
        return _judged(self, value, f"{self.name or 'the output'} of {where}", journal)


def _judged(column: Input | Output, value: Any, said: str, journal: Journal) -> tuple[Any, bool]:
    """A value as the column's type has it, and whether the column may have it; if not, the journal is told."""
    fitting, fits = coerced(value, column.type, journal)
    if not fits:
        journal.misfit(value, column.type, f"as {said}")
    elif fitting is not None and column.allowed is not None and not column.allowed(fitting, journal):
        journal.fail(f"Expected one of {column.shown} as {said}, but got another value.")
        return None, False
    return fitting, fits


def read_inputs(maker: Maker, node: etree._Element, sight: Sight) -> list[Input]:
    """The input columns in their order."""
    return [_input(maker, one, sight) for one in maker.document.children(node, "input")]


def _input(maker: Maker, node: etree._Element, sight: Sight) -> Input:
    held = maker.document.child(node, "inputExpression")
    text = maker.document.text(held)
    if held is None or not text:
        maker.document.refuse(node, Said(_("Expected an input expression, but it has none.")))
        return Input("", nothing, maker.types.of(node, None), None, "")
    run = maker.text(held, text, sight, Said(_("an input expression")))
    wanted = maker.types.of(held, held.get("typeRef"))
    return Input(text, run, wanted, *_values(maker, node, "inputValues", sight))


def read_outputs(maker: Maker, node: etree._Element, sight: Sight) -> list[Output]:
    """The output columns in their order; several need names."""
    columns = maker.document.children(node, "output")
    names = [tidy(column.get("name", "")) for column in columns]
    if not columns:
        maker.document.refuse(node, Said(_("Expected an output, but the table has none.")))
    for place, (name, column) in enumerate(zip(names, columns)):
        if len(columns) > 1 and (not name or name in names[:place]):
            maker.document.refuse(
                column, Said(_('Expected an output with a name of its own, but it is "%(name)s".'), name=name)
            )
    return [_output(maker, column, name, sight) for name, column in zip(names, columns)]


def _output(maker: Maker, node: etree._Element, name: str, sight: Sight) -> Output:
    wanted = maker.types.of(node, node.get("typeRef"))
    allowed, shown = _values(maker, node, "outputValues", sight)
    entry = maker.document.child(node, "defaultOutputEntry")
    default = None if entry is None else maker.text(entry, maker.document.text(entry), sight, Said(_("a default")))
    return Output(name, wanted, allowed, shown, _ranking(shown or wanted.shown), default)


def _values(maker: Maker, node: etree._Element, tag: str, sight: Sight) -> tuple[Allowed | None, str]:
    held = maker.document.child(node, tag)
    text = maker.document.text(held)
    return (None, "") if held is None else (allowed_values(maker.document, held, text, sight.words), text)


def _ranking(text: str) -> tuple[Any, ...]:
    """Single values in their order; a text that lists anything else ranks nothing."""
    if text in ("", "-"):
        return ()
    try:
        values = compile_expression(f"[{text}]").evaluate({})
    except FeelError:
        return ()
    return tuple(values) if all(value is not None and type(value) in SCALARS for value in values) else ()
