"""DMN files: decision tables of versions 1.3 to 1.5 become tables; everything else is refused by name and line."""

from __future__ import annotations

from decimal import Decimal
from xml.sax.saxutils import escape

import pytest

from rulebook.dmn import DmnRefused, read_table
from rulebook.dmn.reading import READ
from rulebook.tables import FactError, TooManyRules

MODEL = next(iter(READ))


def column(text: str, kind: str = "number") -> str:
    expression = f'<inputExpression typeRef="{kind}"><text>{escape(text)}</text></inputExpression>'
    return f'<input id="i_{text}">{expression}</input>'


def out(name: str, kind: str = "string", more: str = "") -> str:
    return f'<output id="o_{name}" name="{name}" typeRef="{kind}">{more}</output>'


def row(*cells: str) -> str:
    """The last cell is the output's."""
    *tests, result = cells
    entries = "".join(f"<inputEntry><text>{escape(test)}</text></inputEntry>" for test in tests)
    return f"<rule>{entries}<outputEntry><text>{escape(result)}</text></outputEntry></rule>"


def table(*parts: str, policy: str = "UNIQUE", more: str = "") -> str:
    return f'<decisionTable id="t" hitPolicy="{policy}"{more}>\n' + "\n".join(parts) + "\n</decisionTable>"


def decision(*parts: str, id: str = "risk", name: str = "Risk") -> str:
    return f'<decision id="{id}" name="{name}">\n' + "\n".join(parts) + "\n</decision>"


def file(*parts: str, model: str = MODEL, more: str = "") -> bytes:
    return f'<definitions xmlns="{model}" name="d" namespace="urn:d"{more}>\n{"".join(parts)}\n</definitions>'.encode()


def risk(*rows: str, policy: str = "UNIQUE", more: str = "", output: str = out("level")) -> bytes:
    return file(decision(table(column("amount"), output, *rows, policy=policy, more=more)))


PLAIN = (row("< 10", '"low"'), row(">= 10", '"high"'))


def refused(data: bytes, key: str = "risk") -> list[str]:
    """Line, element and message of everything that is wrong."""
    with pytest.raises(DmnRefused) as caught:
        read_table(data, key)
    return [f"{one.line} {one}" for one in caught.value.problems]


@pytest.mark.parametrize("model", READ)
def test_a_table_of_each_version_decides(model: str) -> None:
    read = read_table(file(decision(table(column("amount"), out("level"), *PLAIN)), model=model), "risk")
    assert read.decide({"amount": 12}).outputs == ({"level": "high"},)
    assert read.decide({"amount": 12}).rules == ("2",)


def test_the_decision_is_found_by_its_id_then_by_its_name_and_else_is_the_only_one() -> None:
    def says(id: str, name: str) -> str:
        return decision(table(column("amount"), out("level"), row("-", f'"{id}"')), id=id, name=name)

    both = file(says("a", "b"), says("b", "c"))
    assert read_table(both, "b").decide({}).outputs == ({"level": "b"},)
    assert read_table(both, "c").decide({}).outputs == ({"level": "b"},)
    assert read_table(file(says("a", "b")), "whatever").decide({}).outputs == ({"level": "a"},)
    assert refused(both) == ['1 definitions d: Expected one decision "risk", but the file has: a, b.']
    assert refused(file()) == ['1 definitions d: Expected one decision "risk", but the file has: none.']


def test_an_input_is_any_expression_over_the_variables() -> None:
    data = file(decision(table(column("amount * 2"), column("amount"), out("x"), row("> 5", "1", '"a"'))))
    assert [one.name for one in read_table(data, "risk").table.inputs] == ["input_1", "amount"]
    assert read_table(data.replace(b"<text>1</text>", b"<text>3</text>"), "risk").decide({"amount": 3}).rules == ("1",)
    assert read_table(data, "risk").decide({"amount": 3}).outputs == ()


@pytest.mark.parametrize(
    ("policy", "more", "answers"),
    [
        ("FIRST", "", [1]),
        ("ANY", "", None),
        ("UNIQUE", "", None),
        ("PRIORITY", "", [3]),
        ("COLLECT", "", [1, 2, 3]),
        ("RULE ORDER", "", [1, 2, 3]),
        ("OUTPUT ORDER", "", [3, 2, 1]),
        ("COLLECT", ' aggregation="SUM"', [6]),
        ("COLLECT", ' aggregation="MIN"', [1]),
        ("COLLECT", ' aggregation="MAX"', [3]),
        ("COLLECT", ' aggregation="COUNT"', [3]),
    ],
)
def test_every_hit_policy_is_read(policy: str, more: str, answers: list[int] | None) -> None:
    rows = [row(test, number) for test, number in (("-", "1"), ("> 0", "2"), ("> 1", "3"))]
    listed = out("n", "number", "<outputValues><text>3,2,1</text></outputValues>")
    read = read_table(risk(*rows, policy=policy, more=more, output=listed), "risk")
    if answers is None:
        with pytest.raises(TooManyRules):
            read.decide({"amount": 5})
    else:
        assert read.decide({"amount": 5}).outputs == tuple({"n": Decimal(number)} for number in answers)


def test_without_a_row_the_default_entry_answers_and_else_nothing() -> None:
    default = out("level", "string", '<defaultOutputEntry><text>"none"</text></defaultOutputEntry>')
    assert read_table(risk(row("> 5", '"high"'), output=default), "risk").decide({"amount": 1}).outputs == (
        {"level": "none"},
    )
    assert read_table(risk(row("> 5", '"high"')), "risk").decide({"amount": 1}).outputs == ()


def test_allowed_values_are_those_of_the_column_or_of_its_type() -> None:
    kind = (
        '<itemDefinition name="tKind"><typeRef>string</typeRef>'
        '<allowedValues><text>"a","b"</text></allowedValues></itemDefinition>'
    )
    data = file(kind, decision(table(column("kind", "tKind"), out("x"), row('"a"', '"yes"'))))
    assert read_table(data, "risk").table.inputs[0].values == ("a", "b")
    with pytest.raises(FactError):
        read_table(data, "risk").decide({"kind": "c"})
    assert refused(data.replace(b'<text>"a"</text>', b'<text>"c"</text>')) == [
        "6 inputEntry: rule 1 kind: '\"c\"': expected one of a, b, but got c."
    ]


def test_empty_cells_test_nothing_and_say_null() -> None:
    assert read_table(risk(row("", "")), "risk").decide({}).outputs == ({"level": None},)


def test_a_single_output_without_a_name_has_that_of_its_decision() -> None:
    nameless = '<output typeRef="string"/>'
    assert read_table(risk(*PLAIN, output=nameless), "risk").decide({"amount": 1}).outputs == ({"Risk": "low"},)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("<literalExpression><text>1</text></literalExpression>", "its literalExpression is not read"),
        ("<invocation/>", "its invocation is not read"),
        ("<context/>", "its context is not read"),
        ("<relation/>", "its relation is not read"),
        ('<conditional id="c"/>', "its conditional is not read"),
        ('<informationRequirement id="r"><requiredDecision href="#x"/></informationRequirement>', "another decision"),
        ("<knowledgeRequirement><requiredKnowledge href='#x'/></knowledgeRequirement>", "business knowledge"),
    ],
)
def test_what_is_not_read_is_refused_by_name_with_its_line(part: str, said: str) -> None:
    (found,) = refused(file(decision("\n", part)))
    tag = part[1:].split(">")[0].split("/")[0].split(" ")[0]
    assert found.startswith(f"5 {tag}")
    assert said in found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('hitPolicy="UNIQUE"', 'hitPolicy="SOME"', "3 decisionTable t: Expected a hit policy of UNIQUE, FIRST"),
        ('hitPolicy="UNIQUE"', 'hitPolicy="FIRST" aggregation="SUM"', "3 decisionTable t: Expected COLLECT with"),
        ('typeRef="number"', 'typeRef="dateTime"', '4 input i_amount: Expected a type of string'),
        ('typeRef="number"', "", "4 input i_amount: Expected a type of string, number, boolean or date"),
        ("<text>amount</text>", "<text>amount +</text>", "4 inputExpression: Expected an input expression in FEEL"),
        ("<text>amount</text>", "", "4 input i_amount: Expected an input expression, but it has none."),
        ('name="level"', 'name="the level"', "5 output o_level: Expected a name that is one word"),
        ("&lt; 10", "&lt; limit", "6 inputEntry: rule 1 amount: Expected names of inputs"),
        ("&lt; 10", "&lt;", "6 inputEntry: rule 1 amount: '<':"),
        ('"low"', "low(", "6 outputEntry: rule 1 level: 'low(':"),
        ("<rule>", "<rule><inputEntry/>", "6 rule: Expected 1 inputEntry elements, but it has 2."),
        ("<outputEntry>", '<outputEntry expressionLanguage="urn:js">', "6 outputEntry: Expected FEEL, but"),
        ("</input>", "<inputValues><text>[1..9]</text></inputValues></input>", "4 input i_amount: Expected allowed"),
        ("<rule>", "<rule>" * 101 + "</rule>" * 100, "6 Expected at most 100 levels"),
        (MODEL, "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "1 definitions d: Expected DMN <definitions>"),
        ("<definitions", "<!DOCTYPE a [<!ENTITY e 'x'>]><definitions", "1 Expected plain DMN, but the file"),
        ("</definitions>", "", "10 Expected well-formed XML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, found: str) -> None:
    data = risk(*PLAIN).decode()
    assert old in data
    assert refused(data.replace(old, new, 1).encode())[0].startswith(found)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    data = risk(*PLAIN).decode().replace('typeRef="number"', "").replace('name="level"', 'name="a b"')
    assert len(refused(data.encode())) == 2
    rows = [row("<", '"low"'), row("> 1", "low(")]
    assert len(refused(risk(*rows))) == 2


def test_a_file_beyond_five_megabytes_is_refused() -> None:
    assert refused(b" " * (5 * 1024 * 1024 + 1))[0].startswith("1 Expected at most 5,242,880 bytes")
