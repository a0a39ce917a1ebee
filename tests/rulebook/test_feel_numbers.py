"""Arithmetic and comparison against Python's own decimals."""

from decimal import ROUND_HALF_UP, Context, Decimal

from hypothesis import given
from hypothesis import strategies as st

from rulebook.feel import compile_expression, compile_unary_tests

CONTEXT = Context(prec=34)
AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_sums_and_products_are_exact(a, b, c):
    facts = {"a": a, "b": b, "c": c}
    assert compile_expression("a + b - c").evaluate(facts) == a + b - c
    assert compile_expression("a * b").evaluate(facts) == CONTEXT.multiply(a, b)


@given(AMOUNTS, AMOUNTS)
def test_quotients_have_34_digits(a, b):
    assert compile_expression("a / b").evaluate({"a": a, "b": b}) == (CONTEXT.divide(a, b) if b else None)


@given(AMOUNTS, AMOUNTS)
def test_the_rest_of_a_division_has_the_divisors_sign(a, b):
    rest = compile_expression("modulo(a, b)").evaluate({"a": a, "b": b})
    if b:
        assert (a - rest) % b == 0
        assert rest == 0 or (rest < 0) == (b < 0)


@given(AMOUNTS)
def test_rounding_half_up_is_what_merchants_do(a):
    expected = a.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    assert compile_expression("round half up(a, 1)").evaluate({"a": a}) == expected


@given(AMOUNTS, AMOUNTS)
def test_expressions_order_numbers_as_python_does(a, b):
    facts = {"a": a, "b": b}
    for sign, holds in (("<", a < b), ("<=", a <= b), (">", a > b), (">=", a >= b), ("=", a == b), ("!=", a != b)):
        assert compile_expression(f"a {sign} b").evaluate(facts) is holds


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_cells_order_numbers_as_python_does(value, low, high):
    cases = {
        f"< {low}": value < low,
        f"<= {low}": value <= low,
        f"> {low}": value > low,
        f">= {low}": value >= low,
        f"= {low}": value == low,
        f"{low}": value == low,
        f"{low}, {high}": value in (low, high),
        f"not({low}, > {high})": not (value == low or value > high),
        f"[{low}..{high}]": low <= value <= high,
        f"({low}..{high}]": low < value <= high,
        f"[{low}..{high})": low <= value < high,
        f"]{low}..{high}[": low < value < high,
        f"? > {low} and ? < {high}": low < value < high,
        "-": True,
    }
    for text, expected in cases.items():
        assert compile_unary_tests(text).matches(value, {}) is expected, text
