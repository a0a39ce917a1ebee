"""Expressions of other tools: FEEL that says the same, or a refusal that names why not."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine.translate import NotTranslatable, translate
from rulebook.feel import FeelError, compile_expression

XPATH = "http://www.w3.org/1999/XPath"


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("= amount > 5", "amount > 5"),
        ("amount > 5", "amount > 5"),
        ('"${not a mark}"', '"${not a mark}"'),
        ("${amount > 1000}", "juel_less(1000, amount)"),
        (" #{ amount gt 1000 and !approved } ", "juel_less(1000, amount) and not(juel_truth(approved))"),
        ("${a lt b || c ne 'x'}", 'juel_less(a, b) or not(juel_equal(c, "x"))'),
        ("${order.customer.age le 18}", "juel_at_most(order.customer.age, 18)"),
        ("${a <= b}", "juel_at_most(a, b)"),
        ("${items[0].price > 1}", "juel_less(1, items[1].price)"),
        ("${a['b'] == a['b c']}", 'juel_equal(a.b, get value(a, "b c"))'),
        ("${a ? 1 : b ? 2 : 3}", "if juel_truth(a) then 1 else if juel_truth(b) then 2 else 3"),
        ("${empty name}", 'list contains([null, "", [], {}], name)'),
        ("${not empty name}", 'not(list contains([null, "", [], {}], name))'),
        ("${a == null}", "a = null"),
        ("${a != null && a.b}", "a != null and juel_truth(a.b)"),
        ("${x == '5'}", 'juel_equal(x, "5")'),
        ("${x != 'true'}", 'not(juel_equal(x, "true"))'),
        ("${7 / 2 == 3.}", "7 / 2 = 3"),
        ("${fee + .5}", "juel_number(fee) + 0.5"),
        ("${'Dear ' + name}", '"Dear " + juel_text(name)'),
        ("${!(a < b)}", "not(juel_less(a, b))"),
        ("${(a < b) == done}", "juel_equal(juel_less(a, b), done)"),
        ("${'say \"hi\" \\\\'}", '"say \\"hi\\" \\\\"'),
        ("${orders and notes}", "juel_truth(orders) and juel_truth(notes)"),
        ("${a / 4 - b / c}", "juel_number(a) / 4 - juel_divided(juel_number(b), juel_number(c))"),
        ("${a % 3}", "juel_rest(juel_number(a), 3)"),
        ("${编号 == '一'}", 'juel_equal(编号, "一")'),
    ],
)
def test_what_means_the_same_is_translated(text, feel):
    assert translate(text) == feel
    compile_expression(feel)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('${execution.getVariable("x")}', "object of another engine"),
        ("${task.assignee == 'x'}", "object of another engine"),
        ("${checker.isGood(order)}", "calls a method"),
        ("${now()}", "calls a method"),
        ("${name.matches('[a-z]+')}", "calls a method"),
        ("${fn:length(x) > 1}", "function of a library"),
        ("${x -> x + 1}", "lambda"),
        ("${a = 5}", "assigns"),
        ("${a; b}", "sequence of statements"),
        ("${a instanceof B}", "Java class"),
        ("${[1, 2]}", "list"),
        ("${{'a': 1}}", "set or map"),
        ("PT${hours}H", "side by side"),
        ("${a} and ${b}", "side by side"),
        ("${a", "ends too early"),
        ("${}", "can't be read"),
        ("${a[i]}", "only known later"),
        ("${a[-1]}", "only known later"),
        ("${a / 0}", "divides by zero"),
        ("${1 == 'x'}", "two types"),
        ("${a < '5'}", "would convert"),
        ("${a < true}", "would convert"),
        ("${'5' + a}", "make a number"),
        ("${'a' + 1}", "reckoned"),
        ("${'a' && b}", "true or false"),
        ("${if > 1}", "FEEL's own"),
        ("${'abc'.size}", "asked for a property"),
        ("${" + "a && " * 4000 + "b}", "at most"),
        ("${a" + " + a" * 2000 + "}", "grows longer"),
    ],
)
def test_what_means_something_else_is_refused_by_name(text, why):
    with pytest.raises(NotTranslatable, match=why):
        translate(text)


@pytest.mark.parametrize("language", ["groovy", "javascript", "http://www.java.com/java", "http://www.mvel.org/2.0"])
def test_scripts_are_refused(language):
    with pytest.raises(NotTranslatable, match="declared as"):
        translate("amount > 5", language)


@pytest.mark.parametrize("language", ["", "FEEL", "https://www.omg.org/spec/DMN/20191111/FEEL/", "juel", XPATH])
def test_a_mark_tells_the_language_where_a_tool_declares_none_of_its_own(language):
    assert translate("${a.b > 5}", language) == "juel_less(5, a.b)"


def test_xpath_without_a_mark_is_refused():
    with pytest.raises(NotTranslatable, match="declared as"):
        translate("getDataObject('a')/b", XPATH)


@settings(max_examples=300)
@given(st.text(alphabet="${}#=!<>&|()[]'\"ab5. +-*%?:\\\n", max_size=30))
def test_any_text_is_translated_or_refused(text):
    with contextlib.suppress(NotTranslatable):
        assert isinstance(translate("${" + text + "}"), str)


# The same value: a tiny evaluation with JUEL's rules beside the translated text in FEEL. Trees are (operator, parts…).

NUMBERS, WORDS, FLAGS = ("n", "m"), ("s", "t"), ("p", "q")
TEXTS = st.sampled_from(["", "a", "b c", "5", "-3", "2.5", "true", "False", " 7", "12"])
ANY = st.none() | st.integers(-20, 20) | st.booleans() | TEXTS
CONTEXTS = st.fixed_dictionaries(dict.fromkeys((*NUMBERS, *WORDS, *FLAGS), ANY))


class Unconvertible(Exception):
    """JUEL would not convert a value either."""


def as_number(value: Any) -> Fraction:
    if value in (None, "") and value is not False:
        return Fraction(0)
    if isinstance(value, bool) or (isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?", value)):
        raise Unconvertible
    return Fraction(value)


def as_truth(value: Any) -> bool:
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        raise Unconvertible
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def is_number(value: Any) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def is_equal(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    if is_number(one) or is_number(other):
        return as_number(one) == as_number(other)
    if isinstance(one, bool) or isinstance(other, bool):
        return as_truth(one) == as_truth(other)
    return one == other


def ordered(sign: str, one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other and "=" in sign
    if is_number(one) or is_number(other):
        one, other = as_number(one), as_number(other)
    elif isinstance(one, str) or isinstance(other, str):
        one, other = (value if isinstance(value, str) else str(value).lower() for value in (one, other))
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]


def leaf(names: tuple[str, ...], literals: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(names).map(lambda name: ("name", name)) | literals.map(lambda value: ("is", value))


def numbers(depth: int) -> st.SearchStrategy[Any]:
    plain = leaf(NUMBERS, st.integers(0, 9))
    if not depth:
        return plain
    inner = numbers(depth - 1)
    return plain | st.tuples(st.sampled_from("+-*%"), inner, inner) | st.tuples(st.just("minus"), inner)


def flags(depth: int) -> st.SearchStrategy[Any]:
    plain = leaf(FLAGS, st.booleans())
    if not depth:
        return plain
    inner, sums, words = flags(depth - 1), numbers(depth - 1), leaf(WORDS, st.sampled_from(["a", "it's", "\\"]))
    orders, equals = st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(["==", "!="])
    return st.one_of(
        plain,
        st.tuples(st.sampled_from(["&&", "||", "==", "!="]), inner, inner),
        st.tuples(st.just("!"), inner),
        st.tuples(orders, sums, sums),
        st.tuples(equals, sums, sums),
        st.tuples(equals, words, words),
        st.tuples(orders, words, words),
        st.tuples(st.just("empty"), words),
        st.tuples(st.just("?"), inner, inner, inner),
        st.tuples(equals, st.sampled_from(WORDS).map(lambda name: ("name", name)), st.just(("is", "5"))),
    )


def written(tree: Any) -> str:
    match tree:
        case ("name", name):
            return name
        case ("is", bool(value)):
            return str(value).lower()
        case ("is", str(value)):
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        case ("is", value):
            return str(value)
        case ("!", one):
            return f"!({written(one)})"
        case ("minus", one):
            return f"-({written(one)})"
        case ("empty", one):
            return f"empty {written(one)}"
        case ("?", asked, yes, no):
            return f"(({written(asked)}) ? ({written(yes)}) : ({written(no)}))"
        case (sign, left, right):
            return f"({written(left)}) {sign} ({written(right)})"
    raise AssertionError(tree)


def juel(tree: Any, given: dict[str, Any]) -> Any:
    def of(part: Any) -> Any:
        return juel(part, given)

    match tree:
        case ("name", name):
            return given[name]
        case ("is", value):
            return value
        case ("!", one):
            return not as_truth(of(one))
        case ("minus", one):
            return -as_number(of(one))
        case ("empty", one):
            return of(one) in (None, "")
        case ("?", asked, yes, no):
            return of(yes) if as_truth(of(asked)) else of(no)
        case ("&&", left, right):
            return as_truth(of(left)) and as_truth(of(right))
        case ("||", left, right):
            return as_truth(of(left)) or as_truth(of(right))
        case ("==", left, right):
            return is_equal(of(left), of(right))
        case ("!=", left, right):
            return not is_equal(of(left), of(right))
        case ("%", left, right):
            one, other = as_number(of(left)), as_number(of(right))
            size = abs(one) % abs(other)
            return -size if one < 0 else size
        case ("+" | "-" | "*" as sign, left, right):
            one, other = as_number(of(left)), as_number(of(right))
            return {"+": one + other, "-": one - other, "*": one * other}[sign]
        case (sign, left, right):
            return ordered(sign, of(left), of(right))
    raise AssertionError(tree)


def outcome(value: Callable[[], Any]) -> Any:
    """A value, or that there is none: what JUEL does not convert is an error in FEEL, too, and never another value."""
    try:
        return value()
    except (Unconvertible, ZeroDivisionError, FeelError):
        return FeelError


@settings(max_examples=600, deadline=None)
@given(tree=flags(3), given_values=CONTEXTS)
def test_a_translated_condition_holds_where_it_held(tree, given_values):
    expected = outcome(lambda: juel(tree, given_values))
    feel = compile_expression(translate("${" + written(tree) + "}"))
    assert outcome(lambda: feel.evaluate(given_values)) == expected


@settings(max_examples=300, deadline=None)
@given(tree=numbers(3), given_values=CONTEXTS)
def test_a_translated_sum_has_the_same_value(tree, given_values):
    expected = outcome(lambda: juel(("+", tree, ("is", 0)), given_values))
    feel = compile_expression(translate("${(" + written(tree) + ") + 0}"))
    found = outcome(lambda: feel.evaluate(given_values))
    assert (found if found is FeelError else Fraction(found)) == expected


@pytest.mark.parametrize(
    ("text", "given_values"),
    [
        ("${a + b == 3}", {"a": "1", "b": 2}),
        ("${a + 1 > 5}", {"a": "9"}),
        ("${a * 2 == 18}", {"a": "9"}),
        ("${a - 1 == 8}", {"a": "9"}),
        ("${a == b}", {"a": "1", "b": 1}),
        ("${a == true}", {"a": "true"}),
        ("${!a}", {"a": "false"}),
        ("${a && true}", {"a": "true"}),
        ("${a < 9.5}", {"a": "9"}),
        ("${a ? true : false}", {"a": "TRUE"}),
    ],
)
def test_texts_and_truths_are_converted_as_they_were(text, given_values):
    assert compile_expression(translate(text)).evaluate(given_values) is True


@pytest.mark.parametrize(
    ("text", "given_values", "words"),
    [
        ("${a + 1 > 5}", {"a": "nine"}, "a text that is one, but got a text"),
        ("${a == 1}", {"a": True}, "got a boolean"),
        ("${a && true}", {"a": 1}, "Expected true or false, but got a number"),
        ("${a == 'x'}", {"a": ["x"]}, "of one type to compare"),
        ("${a < b}", {"a": [1], "b": [2]}, "of one type to compare"),
        ("${1 / a > 2}", {"a": 0}, "it is zero"),
        ("${7 % a == 1}", {"a": None}, "it is zero"),
        ("${'a' + b}", {"b": 1}, "a text to join"),
    ],
)
def test_what_was_never_converted_fails_by_name(text, given_values, words):
    with pytest.raises(FeelError, match=words):
        compile_expression(translate(text)).evaluate(given_values)
