"""JUEL to FEEL, piece by piece while it is read: nothing recurses, so no nesting is too deep."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from processes.engine.errors import EngineRefusal
from rulebook.said import Said
from rulebook.said import gettext_noop as _

MAX_TEXT = 10_000
NUMERAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?")
IDENTIFIER = re.compile(r"[^\W\d]\w*")
RESERVED = frozenset(
    ("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between", "function", "instance")
    + ("not", "and", "or")
)
BEANS = frozenset(("execution", "task", "caseExecution", "externalTask", "variableContext", "authenticatedUserId"))
ORDERS = {"lt": "<", "gt": ">", "le": "<=", "ge": ">="}
STRANGERS = {
    "=": _("assigns a value"),
    "->": _("holds a lambda"),
    ";": _("is a sequence of statements"),
    "instanceof": _("asks for a Java class"),
    "[": _("holds a list or an index of another language"),
    "{": _("holds a set or map of another language"),
    ":": _("calls a function of a library"),
}

SIDE_BY_SIDE = _("puts text and expressions side by side")

# How tightly FEEL binds: a piece that binds less than its place asks for is put in brackets.
IF, OR, AND, COMPARISON, SUM, PRODUCT, SIGN, ATOM = range(8)


class NotTranslatable(EngineRefusal):
    """An expression of another tool that FEEL cannot say with the same meaning."""


@dataclass(frozen=True, slots=True)
class Piece:
    """FEEL text with what is known of its value.

    kind: "boolean", "number" or "text" (never null), "null" or "" (any).
    """

    text: str
    binds: int
    kind: str = ""
    literal: str | None = None

    def at(self, least: int) -> str:
        """The text for a place that asks for a binding at least as tight."""
        return self.text if self.binds >= least else f"({self.text})"


def feel_of(text: str) -> str:
    """FEEL with the meaning of one `${…}` or `#{…}`. Raises NotTranslatable."""
    if len(text) > MAX_TEXT:
        sentence = _("Expected an expression of at most %(most)s characters, but it has %(found)s.")
        raise NotTranslatable(Said(sentence, most=f"{MAX_TEXT:,}", found=f"{len(text):,}"))
    try:
        piece: Any = _parser().parse(text)
    except UnexpectedInput as error:
        raise _unreadable(text, error) from None
    return str(piece.text)


def refusal(text: str, why: str, **given: str) -> NotTranslatable:
    """A refusal with its reason, a marked text about `given`."""
    sentence = _("Expected an expression that FEEL can say as well, but %(text)s %(why)s.")
    return NotTranslatable(Said(sentence, text=text[:80], why=Said(why, **given)))


def _unreadable(text: str, error: UnexpectedInput) -> NotTranslatable:
    position = error.pos_in_stream or 0
    if getattr(getattr(error, "token", None), "type", "") == "$END":
        return refusal(text, _("ends too early"))
    before, rest = text[:position].rstrip(), text[position:]
    if before.endswith("}"):
        return refusal(text, SIDE_BY_SIDE)
    sign = "->" if before.endswith("-") and rest.startswith(">") else next(filter(rest.startswith, STRANGERS), "")
    if sign in STRANGERS:
        return refusal(text, STRANGERS[sign])
    return refusal(text, _("can't be read from %(rest)s on"), rest=repr(rest[:20]))


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark.open("juel.lark", rel_to=__file__, parser="lalr", transformer=_Writer())


class _Writer(Transformer[Token, Piece]):
    """One method per rule of the grammar."""

    def start(self, parts: list[Any]) -> Piece:
        return parts[1]

    def number(self, parts: list[Token]) -> Piece:
        whole, sign, exponent = re.match(r"([\d.]+)([eE]?)(.*)", str(parts[0])).groups()  # type: ignore[union-attr]
        whole = ("0" + whole if whole.startswith(".") else whole).removesuffix(".")
        return Piece(f"{whole}{sign}{exponent}", ATOM, "number", literal=str(parts[0]))

    def text(self, parts: list[Token]) -> Piece:
        words = re.sub(r"\\(.)", r"\1", str(parts[0])[1:-1], flags=re.DOTALL)
        return Piece(_quoted(words), ATOM, "text", literal=words)

    def constant(self, parts: list[Token]) -> Piece:
        word = str(parts[0])
        return Piece(word, ATOM, "null" if word == "null" else "boolean")

    def variable(self, parts: list[Token]) -> Piece:
        name = str(parts[0])
        if name in BEANS:
            raise refusal(name, _("is an object of another engine, not a variable"))
        return Piece(_name(name), ATOM)

    def property(self, parts: list[Any]) -> Piece:
        return Piece(f"{_object(parts[0])}.{_name(str(parts[1]))}", ATOM)

    def entry(self, parts: list[Piece]) -> Piece:
        held, key = parts
        if key.kind == "text" and key.literal is not None:
            if IDENTIFIER.fullmatch(key.literal) and key.literal not in RESERVED:
                return Piece(f"{_object(held)}.{_name(key.literal)}", ATOM)
            return Piece(f"get value({_object(held)}, {key.text})", ATOM)
        if key.kind == "number" and key.text.isascii() and key.text.isdecimal():
            return Piece(f"{_object(held)}[{int(key.text) + 1}]", ATOM)
        raise refusal(f"{held.text}[{key.text}]", _("looks an entry up by something that is only known later"))

    def call(self, parts: list[Piece | None]) -> Piece:
        called = parts[0].text if parts[0] else ""
        raise refusal(f"{called}(…)", _("calls a method or function of another tool"))

    def negated(self, parts: list[Piece]) -> Piece:
        return Piece(f"not({_truth(parts[0]).text})", ATOM, "boolean")

    def minus(self, parts: list[Any]) -> Piece:
        return Piece(f"-{_number(parts[-1], ATOM)}", SIGN, "number")

    def empty(self, parts: list[Piece]) -> Piece:
        return Piece(f'list contains([null, "", [], {{}}], {parts[0].text})', ATOM, "boolean")

    def product(self, parts: list[Any]) -> Piece:
        left = parts[0]
        for sign, right in zip(parts[1::2], parts[2::2]):
            left = _product(left, str(sign), right)
        return left

    def sum(self, parts: list[Any]) -> Piece:
        left = parts[0]
        for sign, right in zip(parts[1::2], parts[2::2]):
            left = _sum(left, str(sign), right)
        return left

    def compares(self, parts: list[Any]) -> Piece:
        left, sign, right = parts[0], ORDERS.get(str(parts[1]), str(parts[1])), parts[2]
        _alike(left, right)
        for side in (left, right):
            if side.kind in ("boolean", "null") or _is_numeral(side):
                raise refusal(side.text, _("stands in a comparison of size, where JUEL would convert it"))
        if left.kind and right.kind:
            return _short(Piece(f"{left.at(SUM)} {sign} {right.at(SUM)}", COMPARISON, "boolean"))
        one, other = (left, right) if "<" in sign else (right, left)
        name = "juel_at_most" if "=" in sign else "juel_less"
        return _short(Piece(f"{name}({one.text}, {other.text})", ATOM, "boolean"))

    def equals(self, parts: list[Any]) -> Piece:
        left, sign, right = parts[0], "=" if str(parts[1]) in ("==", "eq") else "!=", parts[2]
        _alike(left, right)
        if "null" in (left.kind, right.kind) or (left.kind and left.kind == right.kind):
            return _short(Piece(f"{left.at(SUM)} {sign} {right.at(SUM)}", COMPARISON, "boolean"))
        same = f"juel_equal({left.text}, {right.text})"
        return _short(Piece(same if sign == "=" else f"not({same})", ATOM, "boolean"))

    def conjunction(self, parts: list[Piece]) -> Piece:
        return _joined(parts, " and ", AND)

    def disjunction(self, parts: list[Piece]) -> Piece:
        return _joined(parts, " or ", OR)

    def choice(self, parts: list[Piece]) -> Piece:
        asked, yes, no = _truth(parts[0]), parts[1], parts[2]
        kind = yes.kind if yes.kind == no.kind else ""
        return _short(Piece(f"if {asked.at(OR)} then {yes.at(OR)} else {no.text}", IF, kind))


def _joined(parts: list[Piece], word: str, binds: int) -> Piece:
    sides = [_truth(part) for part in parts]
    return _short(Piece(word.join(side.at(binds + 1) for side in sides), binds, "boolean"))


def _product(left: Piece, sign: str, right: Piece) -> Piece:
    one, other = _number(left, PRODUCT), _number(right, SIGN)
    if sign == "*":
        return _short(Piece(f"{one} * {other}", PRODUCT, "number"))
    divides = sign in ("/", "div")
    if divides and re.fullmatch(r"[0.]+", other):
        raise refusal(f"{one} / {other}", _("divides by zero"))
    if divides and right.literal is not None:
        return _short(Piece(f"{one} / {other}", PRODUCT, "number"))
    name = "juel_divided" if divides else "juel_rest"
    return _short(Piece(f"{name}({_number(left, IF)}, {_number(right, IF)})", ATOM, "number"))


def _sum(left: Piece, sign: str, right: Piece) -> Piece:
    if sign == "+" and "text" in (left.kind, right.kind) and {left.kind, right.kind} <= {"text", ""}:
        for side in (left, right):
            if _is_numeral(side):
                raise refusal(side.text, _("stands in a sum, where JUEL would make a number of it"))
        one, other = (side if side.kind else Piece(f"juel_text({side.text})", ATOM) for side in (left, right))
        return _short(Piece(f"{one.at(SUM)} + {other.at(PRODUCT)}", SUM, "text"))
    return _short(Piece(f"{_number(left, SUM)} {sign} {_number(right, PRODUCT)}", SUM, "number"))


def _number(piece: Piece, least: int) -> str:
    """As an operand of arithmetic, converted as JUEL does where it may be something else."""
    if piece.kind == "number":
        return piece.at(least)
    if piece.kind == "null":
        return "0"
    if piece.kind:
        raise refusal(piece.text, _("stands where a number is reckoned with"))
    return f"juel_number({piece.text})"


def _truth(piece: Piece) -> Piece:
    """As an operand of and, or, not and of the question mark, converted as JUEL does."""
    if piece.kind in ("number", "text"):
        raise refusal(piece.text, _("stands where true or false is asked"))
    if piece.kind == "null":
        return Piece("false", ATOM, "boolean")
    return piece if piece.kind else Piece(f"juel_truth({piece.text})", ATOM, "boolean")


def _object(piece: Piece) -> str:
    if piece.kind:
        raise refusal(piece.text, _("is asked for a property"))
    return piece.at(ATOM)


def _alike(left: Piece, right: Piece) -> None:
    kinds = {left.kind, right.kind} - {"", "null"}
    if len(kinds) > 1:
        raise refusal(f"{left.text} and {right.text}", _("are compared though they are of two types"))


def _is_numeral(piece: Piece) -> bool:
    return piece.kind == "text" and NUMERAL.fullmatch((piece.literal or "").strip()) is not None


def _name(name: str) -> str:
    if name in RESERVED:
        raise refusal(name, _("is a word of FEEL's own"))
    return name


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _short(piece: Piece) -> Piece:
    if len(piece.text) > MAX_TEXT:
        sentence = _("Expected an expression that stays under %(most)s characters, but it grows longer.")
        raise NotTranslatable(Said(sentence, most=f"{MAX_TEXT:,}"))
    return piece
