"""Expressions of other tools: FEEL that says the same, or a refusal that names why not."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine.translate import NotTranslatable, translate
from rulebook.feel import compile_expression

XPATH = "http://www.w3.org/1999/XPath"


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("= amount > 5", "amount > 5"),
        ("amount > 5", "amount > 5"),
        ('"${not a mark}"', '"${not a mark}"'),
        ("${amount > 1000}", "amount > 1000"),
        (" #{ amount gt 1000 and !approved } ", "amount > 1000 and approved != true"),
        ("${a lt b || c ne 'x'}", 'a < b or (c = "x") != true'),
        ("${order.customer.age le 18}", "order.customer.age <= 18"),
        ("${a <= b}", "a <= b or a = null and b = null"),
        ("${items[0].price > 1}", "items[1].price > 1"),
        ("${a['b'] == a['b c']}", 'a.b = get value(a, "b c")'),
        ("${a ? 1 : b ? 2 : 3}", "if a then 1 else if b then 2 else 3"),
        ("${empty name}", 'list contains([null, "", [], {}], name)'),
        ("${not empty name}", 'not(list contains([null, "", [], {}], name))'),
        ("${a == null}", "a = null"),
        ("${a != null && a.b}", "a != null and a.b"),
        ("${x == '5'}", 'x = "5" or x = 5'),
        ("${x != 'true'}", '(x = "true" or x = true) != true'),
        ("${7 / 2 == 3.}", "7 / 2 = 3"),
        ("${fee + .5}", "(if fee = null then 0 else fee) + 0.5"),
        ("${'Dear ' + name}", '"Dear " + name'),
        ("${!(a < b)}", "(a < b) != true"),
        ("${(a < b) == done}", "((a < b) = true) = done"),
        ("${'say \"hi\" \\\\'}", '"say \\"hi\\" \\\\"'),
        ("${orders and notes}", "orders and notes"),
        ("${编号 == '一'}", '编号 = "一"'),
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
        ("${a" + " % 3" * 60 + "}", "grows longer"),
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
    assert translate("${a.b > 5}", language) == "a.b > 5"


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
CONTEXTS = st.fixed_dictionaries(
    {
        **dict.fromkeys(NUMBERS, st.none() | st.integers(-20, 20)),
        **dict.fromkeys(WORDS, st.none() | st.sampled_from(["", "a", "b c", "5", "true"])),
        **dict.fromkeys(FLAGS, st.none() | st.booleans()),
    }
)


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
            return not of(one)
        case ("minus", one):
            return -(of(one) or 0)
        case ("empty", one):
            return of(one) in (None, "")
        case ("?", asked, yes, no):
            return of(yes) if of(asked) else of(no)
        case ("&&", left, right):
            return bool(of(left)) and bool(of(right))
        case ("||", left, right):
            return bool(of(left)) or bool(of(right))
        case ("==", left, right):
            return of(left) == of(right)
        case ("!=", left, right):
            return of(left) != of(right)
        case ("%", left, right):
            size = abs(of(left) or 0) % abs(of(right) or 0)
            return -size if (of(left) or 0) < 0 else size
        case ("+" | "-" | "*" as sign, left, right):
            one, other = of(left) or 0, of(right) or 0
            return {"+": one + other, "-": one - other, "*": one * other}[sign]
        case (sign, left, right):
            one, other = of(left), of(right)
            if one is None or other is None:
                return one is other and "=" in sign
            return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]
    raise AssertionError(tree)


@settings(max_examples=400, deadline=None)
@given(tree=flags(3), given_values=CONTEXTS)
def test_a_translated_condition_holds_where_it_held(tree, given_values):
    try:
        expected = juel(tree, given_values)
    except ZeroDivisionError:
        return
    feel = translate("${" + written(tree) + "}")
    assert bool(compile_expression(feel).evaluate(given_values)) is bool(expected)


@settings(max_examples=200, deadline=None)
@given(tree=numbers(3), given_values=CONTEXTS)
def test_a_translated_sum_has_the_same_value(tree, given_values):
    try:
        expected = juel(("+", tree, ("is", 0)), given_values)
    except ZeroDivisionError:
        return
    feel = translate("${(" + written(tree) + ") + 0}")
    assert compile_expression(feel).evaluate(given_values) == Decimal(expected)
