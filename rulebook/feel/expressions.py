"""Compiled expressions and unary tests: what other rooms hold in their hands."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from rulebook.feel.cells import compile_test
from rulebook.feel.compiler import compile_node
from rulebook.feel.errors import FeelError
from rulebook.feel.limits import Steps
from rulebook.feel.names import free_names
from rulebook.feel.nodes import Node
from rulebook.feel.parser import parse
from rulebook.feel.resolve import resolved
from rulebook.feel.scope import STEPS, Run, Scope, Test
from rulebook.feel.values import admit
from rulebook.feel.vocabulary import LANGUAGE_ONLY, Vocabulary
from rulebook.said import Said
from rulebook.said import gettext_noop as _


class _Compiled:
    """What both kinds share: the text, its tree and the facts that it reads."""

    __slots__ = ("_reads", "names", "text", "tree")

    def __init__(self, text: str, tree: Node, allowed: Collection[str] | None) -> None:
        certain, possible = free_names(tree)
        if allowed is not None:
            _refuse_unknown(certain, allowed)
        self.text, self.tree = text, tree
        self.names = frozenset(certain) | (possible & frozenset(allowed or ()))
        self._reads = tuple(sorted(certain.keys() | possible))

    def scope(self, context: Mapping[str, Any], now: datetime | None = None) -> Scope:
        """The facts that are read, taken in as values of the language; a missing one is null. now: what the clock
        shows, where the vocabulary has one."""
        scope: Scope = {name: admit(context[name]) for name in self._reads if name in context}
        scope[STEPS] = Steps(now=now)
        return scope


def _refuse_unknown(certain: dict[str, int], allowed: Collection[str]) -> None:
    for name, position in certain.items():
        if name not in allowed:
            raise FeelError(Said(_("There is no fact named %(name)s."), name=name), position)


class Expression(_Compiled):
    """An expression, ready to be evaluated in any number of contexts and threads."""

    __slots__ = ("_run",)

    def __init__(self, text: str, names: Collection[str] | None = None, words: Vocabulary = LANGUAGE_ONLY) -> None:
        tree = resolved(parse(text, "expression", words.spaced), words)
        for part in tree.walk():
            if part.kind == "name" and part.value == "?":
                sentence = _("? stands for the tested value and belongs into a table's cell.")
                raise FeelError(Said(sentence), part.position)
        super().__init__(text, tree, names)
        self._run: Run = compile_node(tree)

    def evaluate(self, context: Mapping[str, Any], now: datetime | None = None) -> Any:
        """The value in a context of facts; None is null. FeelError where a limit or the language's range is passed.
        now: what now() and today() answer."""
        scope = self.scope(context, now)
        value = _guarded(lambda: self._run(scope))
        if type(value) is list or type(value) is dict:
            scope[STEPS].weigh(value)
        return value

    def run(self, scope: Scope) -> Any:
        """The value in a scope that somebody made for several expressions together."""
        return self._run(scope)


class UnaryTests(_Compiled):
    """A table's cell, ready to test any number of values."""

    __slots__ = ("run",)

    def __init__(self, text: str, names: Collection[str] | None = None, words: Vocabulary = LANGUAGE_ONLY) -> None:
        super().__init__(text, resolved(parse(text, "unary_tests", words.spaced), words), names)
        self.run: Test = compile_test(self.tree)

    @property
    def is_any(self) -> bool:
        """Whether the cell is `-`: it passes everything."""
        return self.tree.kind == "any_value"

    def matches(self, value: Any, context: Mapping[str, Any]) -> bool | None:
        """Whether a value passes; None where the test has no answer, which in a table is no match."""
        scope = self.scope(context)
        tested = admit(value)
        return _guarded(lambda: self.run(tested, scope))


def _guarded(run: Callable[[], Any]) -> Any:
    try:
        return run()
    except RecursionError:
        raise FeelError(Said(_("A value is nested too deeply."))) from None


@lru_cache(maxsize=4096)
def _expression(text: str, names: frozenset[str] | None, words: Vocabulary) -> Expression:
    return Expression(text, names, words)


@lru_cache(maxsize=4096)
def _unary_tests(text: str, names: frozenset[str] | None, words: Vocabulary) -> UnaryTests:
    return UnaryTests(text, names, words)


def compile_expression(
    text: str, *, names: Collection[str] | None = None, words: Vocabulary = LANGUAGE_ONLY
) -> Expression:
    """Read and compile an expression, once for equal texts.

    names: the facts that it may read (None: any). words: names of several words and functions around it; one with
    types of a model is for the classes themselves, as types don't count when texts are compared.
    Raises FeelError with the position of what is wrong. Source: DMN 1.5, clause 10.3 (FEEL).
    """
    return _expression(text, None if names is None else frozenset(names), words)


def compile_unary_tests(
    text: str, *, names: Collection[str] | None = None, words: Vocabulary = LANGUAGE_ONLY
) -> UnaryTests:
    """Read and compile a table's cell, once for equal texts; as `compile_expression`."""
    return _unary_tests(text, None if names is None else frozenset(names), words)
