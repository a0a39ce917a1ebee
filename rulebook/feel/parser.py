"""Text to tree: the grammar of `grammar.lark`, read by an LALR parser that never backtracks."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, VisitError

from rulebook.feel.errors import FeelError
from rulebook.feel.limits import DECIMAL128, MAX_TEXT
from rulebook.feel.literals import read_literal
from rulebook.feel.nodes import Node, TypeSpec, make
from rulebook.feel.spaced import joined, parted
from rulebook.said import Said
from rulebook.said import gettext_noop as _

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_CONSTANTS = {"true": True, "false": False, "null": None}


def parse(text: str, start: str, spaced: frozenset[str] = frozenset()) -> Node:
    """Read a text as `expression` or `unary_tests`; FeelError with the position where it stops making sense.

    spaced: names of several words that are known where the text stands.
    """
    if len(text) > MAX_TEXT:
        raise FeelError(Said(_("The text is longer than %(most)s characters."), most=f"{MAX_TEXT:,}"), MAX_TEXT)
    if not text.strip():
        raise FeelError(Said(_("The text is empty.")), 0)
    try:
        tree: Any = _parser().parse(joined(text, spaced), start=start)
    except UnexpectedInput as error:
        raise _unreadable(text, error) from None
    except VisitError as error:
        if isinstance(error.orig_exc, FeelError):
            raise error.orig_exc from None
        raise
    return tree


def _unreadable(text: str, error: UnexpectedInput) -> FeelError:
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        return FeelError(Said(_("The text ends too early.")), len(text))
    position = error.pos_in_stream or 0
    if text[:position].rstrip().endswith("external"):
        return FeelError(Said(_("Functions in another language (external) are not read.")), position)
    found = str(token) if token is not None else text[position : position + 1]
    return FeelError(Said(_("The text can't be read from %(found)s on."), found=repr(parted(found[:40]))), position)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    starts = ["expression", "unary_tests"]
    return Lark.open("grammar.lark", rel_to=__file__, parser="lalr", start=starts, transformer=_Builder())


def _unescape(token: Token) -> str:
    def one(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if code is None:
            return _ESCAPES.get(found[3], "\\" + found[3])
        point = int(code, 16)
        if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
            raise FeelError(Said(_("%(text)s is no character."), text=found[0]), token.start_pos)
        return chr(point)

    return _ESCAPE.sub(one, str(token)[1:-1])


class _Builder(Transformer[Token, Node]):
    """One method per rule of the grammar; called as each rule is recognised, so nothing recurses."""

    def number(self, parts: list[Token]) -> Node:
        value = DECIMAL128.create_decimal(str(parts[0]))
        if not value.is_finite():
            raise FeelError(Said(_("The number is too large.")), parts[0].start_pos)
        return make("literal", value=value, position=parts[0].start_pos)

    def text(self, parts: list[Token]) -> Node:
        return make("literal", value=_unescape(parts[0]), position=parts[0].start_pos)

    def at_literal(self, parts: list[Token]) -> Node:
        value = read_literal(str(parts[0])[2:-1])
        if value is None:
            raise FeelError(Said(_("%(text)s is no date, time or duration."), text=str(parts[0])), parts[0].start_pos)
        return make("literal", value=value, position=parts[0].start_pos)

    def constant(self, parts: list[Token]) -> Node:
        return make("literal", value=_CONSTANTS[str(parts[0])], position=parts[0].start_pos)

    def name(self, parts: list[Token]) -> Node:
        return make("name", value=parted(parts[0]), position=parts[0].start_pos)

    def any_value(self, parts: list[Token]) -> Node:
        return make("any_value", position=parts[0].start_pos)

    def tests(self, parts: list[Node]) -> Node:
        return make("tests", tuple(parts))

    def unary_comparison(self, parts: list[Any]) -> Node:
        return make("unary_comparison", (parts[1],), str(parts[0]), parts[0].start_pos)

    def negated(self, parts: list[Any]) -> Node:
        return make("negated", tuple(parts[1:]), position=parts[0].start_pos)

    def if_expression(self, parts: list[Node]) -> Node:
        return make("if", tuple(parts))

    def iteration(self, parts: list[Any]) -> Node:
        return make("iteration", (parts[1],), parted(parts[0]), parts[0].start_pos)

    def iteration_range(self, parts: list[Any]) -> Node:
        return make("iteration", tuple(parts[1:]), parted(parts[0]), parts[0].start_pos)

    def for_expression(self, parts: list[Node]) -> Node:
        return make("for", tuple(parts))

    def quantified(self, parts: list[Any]) -> Node:
        return make("quantified", tuple(parts[1:]), str(parts[0]), parts[0].start_pos)

    def disjunction(self, parts: list[Node]) -> Node:
        return make("or", tuple(parts))

    def conjunction(self, parts: list[Node]) -> Node:
        return make("and", tuple(parts))

    def compare(self, parts: list[Any]) -> Node:
        return make("compare", (parts[0], parts[2]), str(parts[1]), parts[1].start_pos)

    def between(self, parts: list[Node]) -> Node:
        return make("between", tuple(parts))

    def membership(self, parts: list[Node]) -> Node:
        return make("in", tuple(parts))

    def additive(self, parts: list[Any]) -> Node:
        operators = tuple(str(token) for token in parts[1::2])
        return make("arithmetic", tuple(parts[0::2]), operators, parts[1].start_pos)

    multiplicative = power = endpoint = endpoint_product = additive

    def negate(self, parts: list[Any]) -> Node:
        operand, signs = parts[-1], len(parts) - 1
        if operand.kind == "literal" and type(operand.value) is Decimal:
            return make("literal", value=-operand.value if signs % 2 else operand.value, position=parts[0].start_pos)
        return make("negate", (operand,), signs, parts[0].start_pos)

    def postfix(self, parts: list[Node]) -> Node:
        first, *trailers = parts
        if trailers and first.kind == "name" and trailers[0].kind == "invoke":
            call = trailers.pop(0)
            first = make("call", call.parts, (first.value, call.value), first.position)
        return make("postfix", (first, *trailers)) if trailers else first

    endpoint_path = postfix

    def path(self, parts: list[Token]) -> Node:
        return make("path", value=parted(parts[0]), position=parts[0].start_pos)

    def filter(self, parts: list[Node]) -> Node:
        return make("filter", tuple(parts))

    def invoke(self, parts: list[Node | None]) -> Node:
        given = parts[0]
        return make("invoke") if given is None else make("invoke", given.parts, given.value)

    def instance_of(self, parts: list[Any]) -> Node:
        return make("instance", (parts[0],), parts[1])

    def function_literal(self, parts: list[Any]) -> Node:
        formals = tuple(part for part in parts[1:-1] if part is not None)
        return make("function", (parts[-1],), formals, parts[0].start_pos)

    def formal(self, parts: list[Any]) -> tuple[str, Any]:
        return parted(parts[0]), parts[1]

    def type_name(self, parts: list[Token]) -> TypeSpec:
        return TypeSpec(".".join(map(parted, parts)), (), parts[0].start_pos or 0)

    def type_of_items(self, parts: list[Any]) -> TypeSpec:
        return TypeSpec(parted(parts[0]), (("", parts[1]),), parts[0].start_pos)

    def type_of_entries(self, parts: list[Any]) -> TypeSpec:
        return TypeSpec(parted(parts[0]), tuple(parts[1:]), parts[0].start_pos)

    def type_of_functions(self, parts: list[Any]) -> TypeSpec:
        return TypeSpec("function", (), parts[0].start_pos)

    def type_entry(self, parts: list[Any]) -> tuple[str, TypeSpec]:
        return parted(parts[0]), parts[1]

    def arguments(self, parts: list[Node]) -> Node:
        return make("arguments", tuple(parts))

    def named_arguments(self, parts: list[Node]) -> Node:
        return make("arguments", tuple(part.parts[0] for part in parts), tuple(part.value for part in parts))

    def named(self, parts: list[Any]) -> Node:
        name = parted(parts[0][:-1])
        return make("named", (parts[1],), name, parts[0].start_pos)

    def empty_list(self, parts: list[Token]) -> Node:
        return make("list", position=parts[0].start_pos)

    def list_of(self, parts: list[Node]) -> Node:
        return make("list", tuple(parts))

    def context_of(self, parts: list[Node | None]) -> Node:
        entries = tuple(part for part in parts if part is not None)
        return make("context", entries)

    def entry(self, parts: list[Any]) -> Node:
        key = _unescape(parts[0]) if parts[0].type == "STRING" else parted(parts[0])
        return make("entry", (parts[1],), key, parts[0].start_pos)

    def interval(self, parts: list[Any]) -> Node:
        opening, start, end, closing = parts
        return make("interval", (start, end), (opening == "[", closing == "]"), opening.start_pos)
