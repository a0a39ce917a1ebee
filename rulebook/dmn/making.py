"""Elements to closures: each expression of a model is compiled once, whatever box it stands in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from lxml import etree

from rulebook.dmn.document import Document
from rulebook.dmn.items import ItemTypes
from rulebook.dmn.journal import journal_of
from rulebook.feel import Expression, FeelError, UnaryTests
from rulebook.feel.names import free_names
from rulebook.feel.scope import Run, Scope
from rulebook.feel.types import ANY, Type, coerced
from rulebook.feel.vocabulary import Vocabulary
from rulebook.said import Said, sentence_of
from rulebook.said import gettext_noop as _

LONGEST_QUOTE = 80
AN_EXPRESSION = Said(_("an expression"))
MOST_CHARACTERS = 1_000_000
CHARACTERS_OF_ANY = 10  # what even the shortest expression counts for


@dataclass(frozen=True, slots=True)
class Sight:
    """What an expression sees. known: names in scope; words: those, and the names that may follow a dot."""

    known: frozenset[str]
    words: Vocabulary

    def plus(self, names: Collection[str]) -> Sight:
        """The same with more names."""
        return Sight(self.known | frozenset(names), self.words.plus(names))


Box = Callable[["Maker", etree._Element, Sight], Run]


class Maker:
    """Compiles a model's expressions. reads: names that no element of the model gives, so facts must.

    tables: the decision tables that were read, each with what it sees.
    boxes: by the tag of an element; strict: whether the model declares its inputs, so that another name is a slip.
    """

    def __init__(self, document: Document, types: ItemTypes, boxes: dict[str, Box], *, strict: bool) -> None:
        self.document, self.types, self.strict = document, types, strict
        self.reads: set[str] = set()
        self.tables: list[tuple[etree._Element, Sight]] = []
        self._boxes, self._characters = boxes, 0
        self._texts: dict[tuple[str, frozenset[str]], Expression] = {}
        self._cells: dict[tuple[str, frozenset[str]], UnaryTests] = {}

    def inside(self, node: etree._Element, sight: Sight) -> Run | None:
        """The one expression right inside an element; None where there is none, or none that can be read."""
        self.expect_one(node)
        found = next(filter(self.is_box, self.document.children(node)), None)
        return None if found is None else self.box(found, sight)

    def expect_one(self, node: etree._Element) -> None:
        """Note what stands in an element beside its expression."""
        for other in list(filter(self.is_box, self.document.children(node)))[1:]:
            self.document.refuse(other, Said(_("Expected one expression, but it is another.")))

    def is_box(self, node: etree._Element) -> bool:
        """Whether an element is an expression."""
        return self.document.tag(node) in self._boxes

    def expected(self, node: etree._Element, sight: Sight, what: str) -> Run:
        """As `inside`, but an element without an expression is noted as wrong."""
        run = self.inside(node, sight)
        if run is None:
            self.document.refuse(node, Said(_("Expected %(what)s, but it holds none."), what=what))
        return run or nothing

    def box(self, node: etree._Element, sight: Sight) -> Run:
        """An expression of any kind, its value held to the type that the element names."""
        run = self._boxes[self.document.tag(node)](self, node, sight)
        return self.typed(run, self.types.of(node, node.get("typeRef")), "the expression")

    def typed(self, run: Run, wanted: Type, what: str) -> Run:
        """The same value as one of a type; where it is none, null and an error."""
        if wanted is ANY:
            return run

        def run_typed(scope: Scope) -> Any:
            journal = journal_of(scope)
            value = run(scope)
            fitting, fits = coerced(value, wanted, journal)
            if not fits:
                journal.misfit(value, wanted, f"of {what}")
            return fitting

        return run_typed

    def text(self, node: etree._Element, text: str, sight: Sight, what: str = AN_EXPRESSION) -> Run:
        """An expression of FEEL; an empty one is null."""
        if not text:
            return nothing
        try:
            expression = self.expression(text, sight)
        except FeelError as error:
            self.document.refuse(
                node,
                Said(
                    _("Expected %(what)s in FEEL, but %(text)s: %(problem)s"),
                    what=what,
                    text=repr(_said(text)),
                    problem=sentence_of(error),
                ),
            )
            return nothing
        return self._noticed(expression, sight)

    def tests(self, node: etree._Element, text: str, sight: Sight) -> UnaryTests | None:
        """The cell of a table; None where it tests nothing."""
        key = (text or "-", sight.words.names)
        try:
            if key not in self._cells:
                self._count(text)
                self._cells[key] = UnaryTests(text or "-", None, sight.words)
            cell = self._cells[key]
        except FeelError as error:
            self.document.refuse(
                node,
                Said(
                    _('Expected a test such as < 10, "a" or [1..5], but %(text)s: %(problem)s'),
                    text=repr(_said(text)),
                    problem=sentence_of(error),
                ),
            )
            return None
        certain, possible = free_names(cell.tree)
        self.reads.update({*certain, *possible} - sight.known)
        return None if cell.is_any else cell

    def expression(self, text: str, sight: Sight) -> Expression:
        """A text compiled, once for equal ones. Raises FeelError."""
        key = (text, sight.words.names)
        if key not in self._texts:
            self._count(text)
            self._texts[key] = Expression(text, None, sight.words)
        return self._texts[key]

    def _count(self, text: str) -> None:
        """Raises FeelError beyond what one model may hold: reading a text takes time."""
        self._characters += len(text) + CHARACTERS_OF_ANY
        if self._characters > MOST_CHARACTERS:
            sentence = _("The model holds more than %(most)s characters of expressions.")
            raise FeelError(Said(sentence, most=f"{MOST_CHARACTERS:,}"))

    def _noticed(self, expression: Expression, sight: Sight) -> Run:
        """Null of an expression that failed is told from null that was meant. DMN 1.5, clause 10.3.2.13."""
        run = expression.run
        certain, possible = free_names(expression.tree)
        missing = tuple(name for name in certain if name not in sight.known)
        self.reads.update(name for name in (*certain, *possible) if name not in sight.known)
        strict, said = self.strict, _said(expression.text)

        def run_noticed(scope: Scope) -> Any:
            journal = journal_of(scope)
            mark = len(journal.notes)
            try:
                value = run(scope)
            except FeelError as error:
                journal.fail(f"{said}: {error}")
                return None
            if value is None:
                unknown = [name for name in missing if name not in scope] if strict else []
                if unknown:
                    journal.fail(f"{said}: There is nothing named {unknown[0]} here.")
                elif len(journal.notes) > mark:
                    journal.fail(f"{said}: {journal.notes[mark]}")
            del journal.notes[mark:]
            return value

        return run_noticed


def _said(text: str) -> str:
    """An expression as messages quote it."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


def nothing(scope: Scope) -> None:
    """What stands in for an expression that is empty or wrong."""
