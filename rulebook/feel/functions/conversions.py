"""What expressions that were translated from JUEL (`${…}` of Camunda 7) need: its conversions between types, which FEEL
does not have. Each answers as JUEL does, or names what cannot be converted. Source: Unified Expression Language 2.2,
clause 1.8.

The standard has no functions of these names; nobody writes them by hand.
"""

import re
from decimal import Decimal as D
from typing import Any

from rulebook.feel.errors import FeelError
from rulebook.feel.functions.registry import builtin
from rulebook.feel.limits import DECIMAL128, Steps
from rulebook.feel.operators import number
from rulebook.feel.values import equal, kind_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _

NUMERAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)


@builtin("juel_number", "value")
def as_number(steps: Steps, value: Any) -> D:
    """A number as it is, null and an empty text as 0, a text by its digits. Raises FeelError for anything else."""
    if value is None or value == "":
        return D(0)
    if type(value) is D:
        return value
    found = number(DECIMAL128.create_decimal(value)) if type(value) is str and NUMERAL.fullmatch(value) else None
    if found is None:
        raise FeelError(Said(_("Expected a number, or a text that is one, but got %(found)s."), found=_named(value)))
    return found


@builtin("juel_truth", "value")
def as_truth(steps: Steps, value: Any) -> bool:
    """True or false as it is, null as false, a text as whether it says true. Raises FeelError for anything else."""
    if value is None or type(value) is bool:
        return bool(value)
    if type(value) is str:
        return value.lower() == "true"
    raise FeelError(Said(_("Expected true or false, but got %(found)s."), found=_named(value)))


@builtin("juel_equal", "left, right")
def is_equal(steps: Steps, left: Any, right: Any) -> bool:
    """Both as numbers where one is a number, else as true or false where one is that, else as they are."""
    if left is None or right is None:
        return left is right
    kinds = {type(left), type(right)}
    if D in kinds:
        return as_number(steps, left) == as_number(steps, right)
    if bool in kinds:
        return as_truth(steps, left) == as_truth(steps, right)
    if len(kinds) > 1:
        raise _incomparable(left, right)
    return equal(left, right, steps) is True


@builtin("juel_less", "left, right")
def is_less(steps: Steps, left: Any, right: Any) -> bool:
    """Both as numbers where one is a number, else as texts; with null nothing is less."""
    if left is None or right is None:
        return False
    kinds = {type(left), type(right)}
    if D in kinds:
        return as_number(steps, left) < as_number(steps, right)
    if str in kinds and kinds <= {str, bool}:
        return _as_text(left) < _as_text(right)
    if kinds == {bool}:
        return bool(left < right)
    raise _incomparable(left, right)


@builtin("juel_at_most", "left, right")
def is_at_most(steps: Steps, left: Any, right: Any) -> bool:
    """Less, or the same; null is at most null."""
    if left is None or right is None:
        return left is right
    return not is_less(steps, right, left)


@builtin("juel_divided", "left, right")
def divided(steps: Steps, left: D, right: D) -> D:
    """A quotient. Raises FeelError for one by zero, which JUEL calls infinite."""
    if not right:
        raise FeelError(Said(_("Expected a number to divide by, but it is zero.")))
    return _finite(DECIMAL128.divide(left, right))


@builtin("juel_rest", "left, right")
def rest(steps: Steps, left: D, right: D) -> D:
    """What is left over when one number is divided by another, with the dividend's sign. Raises FeelError."""
    if not right:
        raise FeelError(Said(_("Expected a number to divide by, but it is zero.")))
    return _finite(DECIMAL128.remainder(left, right))


@builtin("juel_text", "value")
def as_text(steps: Steps, value: Any) -> str:
    """A text that is joined to another. JUEL joins none; what is no text is no slip of the pen. Raises FeelError."""
    if type(value) is not str:
        raise FeelError(Said(_("Expected a text to join, but got %(found)s."), found=_named(value)))
    return value


def _finite(value: D) -> D:
    found = number(value)
    if found is None:
        raise FeelError(Said(_("A number became too large.")))
    return found


def _as_text(value: Any) -> str:
    return value if type(value) is str else str(value).lower()


def _named(value: Any) -> str:
    return "null" if value is None else kind_of(value)


def _incomparable(left: Any, right: Any) -> FeelError:
    sentence = _("Expected two values of one type to compare, but got %(left)s and %(right)s.")
    return FeelError(Said(sentence, left=_named(left), right=_named(right)))
