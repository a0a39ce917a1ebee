"""Built-in functions on numbers."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP
from decimal import Decimal as D
from typing import Any

from rulebook.feel.functions.registry import builtin
from rulebook.feel.limits import DECIMAL128, Steps
from rulebook.feel.operators import negated, number

_SCALE_LIMIT = 6111
_COSTLY = 25  # steps of a logarithm


def rounded(value: D, scale: D, mode: str) -> D | None:
    """A number with so many decimal places (negative: tens, hundreds, …); null for a scale that makes no sense."""
    if scale != scale.to_integral_value() or abs(scale) > _SCALE_LIMIT:
        return None
    exponent = -int(scale)
    shown = value.as_tuple().exponent
    if isinstance(shown, int) and shown >= exponent:
        return value  # nothing to round off, however few digits would fit
    result = value.quantize(D((0, (1,), exponent)), rounding=mode, context=DECIMAL128)
    return number(result)


def _declare(name: str, mode: str, required: int) -> None:
    @builtin(name, "n, scale", D, D, required=required)
    def body(steps: Steps, n: D, scale: D = D(0)) -> D | None:
        return rounded(n, scale, mode)


for _name, _mode, _required in (
    ("floor", ROUND_FLOOR, 1),
    ("ceiling", ROUND_CEILING, 1),
    ("decimal", ROUND_HALF_EVEN, 2),
    ("round", ROUND_HALF_EVEN, 1),
    ("round half up", ROUND_HALF_UP, 1),
    ("round half down", ROUND_HALF_DOWN, 1),
    ("round up", ROUND_UP, 1),
    ("round down", ROUND_DOWN, 1),
):
    _declare(_name, _mode, _required)


@builtin("abs", "n", also={"number": "n"})
def absolute(steps: Steps, n: Any) -> Any:
    """The size of a number or duration."""
    flipped = negated(n)
    return flipped if flipped is None or flipped >= n else n


@builtin("modulo", "dividend, divisor", D, D)
def modulo(steps: Steps, dividend: D, divisor: D) -> D | None:
    """The rest of a division; it has the divisor's sign (DMN 1.3, 10.3.4.5)."""
    if not divisor:
        return None
    rest = number(DECIMAL128.remainder(dividend, divisor))
    if rest is None:  # the quotient has more digits than a number holds
        return None
    return number(DECIMAL128.add(rest, divisor)) if rest and rest.is_signed() != divisor.is_signed() else rest


@builtin("sqrt", "number", D)
def square_root(steps: Steps, n: D) -> D | None:
    """The square root; null of a negative number."""
    return number(DECIMAL128.sqrt(n))


@builtin("odd", "number", D)
def odd(steps: Steps, n: D) -> bool | None:
    """Whether a whole number is odd."""
    rest = abs(DECIMAL128.remainder(n, D(2)))
    return None if rest.is_nan() else rest == 1


@builtin("even", "number", D)
def even(steps: Steps, n: D) -> bool | None:
    """Whether a whole number is even."""
    rest = DECIMAL128.remainder(n, D(2))
    return None if rest.is_nan() else rest == 0


@builtin("log", "number", D)
def natural_logarithm(steps: Steps, n: D) -> D | None:
    """The natural logarithm; null of what is not above 0."""
    steps.charge(_COSTLY)
    return number(DECIMAL128.ln(n)) if n > 0 else None


@builtin("exp", "number", D)
def exponential(steps: Steps, n: D) -> D | None:
    """Euler's number to a power."""
    steps.charge(_COSTLY)
    return number(DECIMAL128.exp(n))
