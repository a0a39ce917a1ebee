"""Tables as files: out and in again is the same table, and what is wrong with a file is said by row and column."""

from __future__ import annotations

import copy
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from demo import files
from rulebook.dmn import read_model
from rulebook.exchange import FileRefused, read_dmn, read_workbook, write_dmn, write_workbook
from rulebook.exchange.dmn_names import POLICIES
from rulebook.exchange.number_formats import other_currencies
from rulebook.feel.writing import as_expression
from rulebook.table_loading import Problem
from rulebook.tables import decide, load_table, read_facts

COLUMNS = {
    "inputs": [
        {"name": "amount", "type": "number", "unit": "USD", "label": {"en": "Amount", "zh-Hans": "金额"}},
        {"name": "way", "type": "text", "values": ["wire", "journal"], "label": {"en": "Way", "zh-Hans": "方式"}},
        {"name": "day", "type": "date"},
        {"name": "is_own", "type": "boolean"},
    ],
    "outputs": [
        {"name": "roles", "type": "list"},
        {"name": "points", "type": "number"},
        {"name": "says", "type": "text"},
    ],
}
CELLS = {
    "amount": st.sampled_from(["-", "< 500000", "[500000..2000000]", "> 2000000.01", "not(5)", "null", "1, 2"]),
    "way": st.sampled_from(["-", '"wire"', '"wire","journal"', 'not("wire")']),
    "day": st.sampled_from(["-", '>= date("2026-01-31")', 'date("2026-02-28")']),
    "is_own": st.sampled_from(["-", "true", "false"]),
}
TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20).map(
    str.strip
)
OUTPUTS = {
    "roles": st.lists(TEXTS, max_size=3).map(as_expression),
    "points": st.decimals(-10_000, 10_000, places=2).map(as_expression),
    "says": TEXTS.map(as_expression),
}
IDS = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=12)


@st.composite
def tables(draw: Any) -> dict[str, Any]:
    ids = draw(st.lists(IDS.filter(lambda text: text != "default"), max_size=6, unique=True))
    notes = st.builds(lambda en, zh: {"en": en, "zh-Hans": zh}, TEXTS.filter(bool), TEXTS.filter(bool))
    rules = []
    for key in ids:
        when = {name: text for name, cell in CELLS.items() if (text := draw(cell)) != "-"}
        then = {name: draw(cell) for name, cell in OUTPUTS.items() if draw(st.booleans())}
        note = draw(st.none() | notes)
        rules.append({"id": key, "when": when, "then": then} | ({"note": note} if note else {}))
    default = draw(st.none() | st.just({"roles": "[]"}))
    return {
        "key": "sample",
        "name": {"en": "Sample", "zh-Hans": "示例"},
        "hit_policy": draw(st.sampled_from(["unique", "first", "any", "collect", "rule_order"])),
        **COLUMNS,
        "rules": rules,
        "default": default,
    }


WAYS = {"xlsx": (write_workbook, read_workbook), "dmn": (write_dmn, read_dmn)}


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=60, deadline=None)
@given(body=tables())
def test_out_and_in_again_is_the_same_table(way: str, body: dict[str, Any]) -> None:
    write, read = WAYS[way]
    emptied = {**body, "rules": [], "default": None}
    assert read(write(body, number=3), emptied) == body


def meaning(body: dict[str, Any]) -> dict[str, Any]:
    """A body without the cells that say nothing."""
    rules = [{**rule, "then": spoken(rule["then"])} for rule in body["rules"]]
    return {**body, "rules": rules, "default": spoken(body["default"]) if body.get("default") else None}


def spoken(cells: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if text != "null"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("body", [*files.tables(), *files.table_drafts()], ids=lambda body: body["key"])
def test_the_firms_tables_go_out_and_in(way: str, body: dict[str, Any]) -> None:
    write, read = WAYS[way]
    assert meaning(read(write(body, number=1), body)) == meaning(body)


@pytest.mark.parametrize("policy", POLICIES)
def test_every_hit_policy_goes_through_dmn_and_decides_the_same(policy: str) -> None:
    outputs = [{"name": "out", "type": "number", "values": [3, 2, 1]}]
    rules = [
        {"id": f"R{n}", "when": {"amount": f"> {n}"}, "then": {"out": "2" if policy == "any" else str(n)}}
        for n in (1, 2, 3)
    ]
    if policy == "unique":
        rules = rules[:1]
    body = {"key": "s", "name": {"en": "S", "zh-Hans": "示"}, "hit_policy": policy, "outputs": outputs, "default": None}
    body |= {"inputs": [{"name": "amount", "type": "number"}], "rules": rules}
    sent = write_dmn(body, number=1)
    assert read_dmn(sent, body) == body
    decided = decide(load_table(body), {"amount": Decimal(5)}).outputs
    (value,) = read_model(sent).evaluate({"amount": Decimal(5)}).results.values()
    values = [each["out"] for each in decided]
    assert value == (values if policy in ("collect", "rule_order", "output_order") else values[0])


def sheet_of(body: dict[str, Any]) -> Workbook:
    return load_workbook(io.BytesIO(write_workbook(body, number=1)))


def sent(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.fixture
def matrix() -> dict[str, Any]:
    return next(copy.deepcopy(body) for body in files.tables() if body["key"] == "transfers")


def refused(content: bytes, body: dict[str, Any], read: Any = read_workbook) -> list[tuple[str, str, str, str]]:
    with pytest.raises(FileRefused) as wrong:
        read(content, body)
    return [(each.place, each.rule, each.column, each.message) for each in wrong.value.problems]


def test_every_bad_cell_is_named_by_its_place_with_the_type_and_an_example(matrix) -> None:
    book = sheet_of(matrix)
    rules = book["Rules"]
    rules["E4"], rules["E5"], rules["B6"], rules["F7"] = "< < 5", "< 500,000", "wire", '"team_lead"'
    found = refused(sent(book), matrix)
    assert [each[:3] for each in found] == [
        ("E4", "T1", "amount"),
        ("E5", "T2", "amount"),
        ("B6", "T3", "transfer"),
        ("F7", "T4", "roles"),
    ]
    assert "A number column takes for example < 500000" in found[0][3]
    assert "Write 500000" in found[1][3]
    assert found[2][3] == 'Words stand in quotes: "wire".'
    assert 'a list column takes for example ["team_lead", "compliance"]' in found[3][3]


def test_numbers_days_and_yes_of_a_workbook_are_taken_as_what_they_are() -> None:
    body = {"key": "s", "name": {"en": "S"}, "hit_policy": "first", "rules": [], "default": None, **COLUMNS}
    book = sheet_of(body)
    rules = book["Rules"]
    for place, value in zip("ABCDE", ["R1", 499999.99, None, datetime(2026, 1, 31), True]):
        rules[f"{place}4"] = value
    rules["G4"] = 3
    (rule,) = read_workbook(sent(book), body)["rules"]
    assert rule["when"] == {"amount": "499999.99", "day": 'date("2026-01-31")', "is_own": "true"}
    assert rule["then"] == {"points": "3"}


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("B4", "=1+1", "formula"),
        ("B4", date(2026, 1, 2), "is date to the workbook"),
        ("C4", 5, "is number to the workbook"),
        ("D4", datetime(2026, 1, 2, 3, 4), "a time as well"),
        ("B4", "EUR 500", "never converted"),
        ("B4", "$500", "never converted"),
        ("B4", "USD 500", "write the number alone"),
        ("Z4", "x", "no name in the first row"),
    ],
)
def test_what_a_workbook_cannot_mean_is_refused(place: str, value: object, told: str) -> None:
    body = {"key": "s", "name": {"en": "S"}, "hit_policy": "first", "rules": [], "default": None, **COLUMNS}
    book = sheet_of(body)
    book["Rules"]["A4"], book["Rules"][place] = "R1", value
    ((where, rule, _column, said),) = refused(sent(book), body)
    assert (where, rule or "R1") == (place, "R1")
    assert told in said


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ("[$EUR] #,##0.00", "EUR"),
        ('#,##0.00 "EUR"', "EUR"),
        ('"€"#,##0', "EUR"),
        (r"#,##0.00\ \€", "EUR"),
        ("[$€-2] #,##0", "EUR"),
        ("[$£-809]#,##0.00", "GBP"),
        ("#,##0 [$HKD]", "HKD"),
        ("[$$-1009]#,##0.00", "CAD"),
        ("[$$-en-AU]#,##0.00", "AUD"),
        ("[$$-404]#,##0.00", "$-404"),
        ('"C$"#,##0', "C$"),
        ("[$¥-804]#,##0", "CNY"),
        ('"¥"#,##0', "¥"),
        ("[$₹-4009]#,##0", "₹"),
        ('#,##0.00;[Red]-#,##0.00 "CHF"', "CHF"),
    ],
)
def test_an_amount_formatted_in_another_currency_is_refused(shown: str, found: str, matrix) -> None:
    book = sheet_of(matrix)
    book["Rules"]["E4"] = 500000
    book["Rules"]["E4"].number_format = shown
    ((place, _rule, column, said),) = refused(sent(book), matrix)
    assert (place, column) == ("E4", "amount")
    assert said.startswith(f"The cell is formatted as {found}, but the column counts in USD")


@pytest.mark.parametrize(
    "shown",
    [
        "General",
        "#,##0.00",
        "[Red]#,##0",
        '"$"#,##0.00',
        "$#,##0",
        r"\$#,##0",
        "[$$-409]#,##0.00",
        "[$$-en-US]#,##0.00",
        "[$USD] #,##0.00",
        '#,##0.00 "USD"',
        "[$US$-409]#,##0",
        '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
        "_-* #,##0.00 _€_-",  # as wide as the sign, which is not shown
    ],
)
def test_an_amount_formatted_in_the_columns_currency_is_taken(shown: str, matrix) -> None:
    book = sheet_of(matrix)
    book["Rules"]["E4"] = 400000
    book["Rules"]["E4"].number_format = shown
    assert read_workbook(sent(book), matrix)["rules"][0]["when"]["amount"] == "400000"


def test_a_dollar_sign_alone_is_no_other_dollars_and_no_plain_numbers() -> None:
    assert other_currencies('"$"#,##0', "CAD") == other_currencies("[$$]#,##0", "") == ["$"]
    assert other_currencies("[$$-1009]#,##0", "CAD") == []


def test_what_is_wrong_stands_where_it_is_also_where_an_id_stands_twice(matrix) -> None:
    book = sheet_of(matrix)
    rules = book["Rules"]
    rules["A8"], rules["E4"], rules["E8"] = "T1", "< 25,000", "> 1,000"
    assert [each[:3] for each in refused(sent(book), matrix)] == [
        ("E4", "T1", "amount"),
        ("A8", "", ""),
        ("E8", "T1", "amount"),
    ]


def test_whoever_asks_the_table_judges_the_cells_that_can_be_read(matrix) -> None:
    def judge(table):
        return [Problem(rule.id, "roles", "No.") for rule in table.rules if rule.id == "T1"]

    book = sheet_of(matrix)
    book["Rules"]["E4"], book["Rules"]["E5"] = "< 25,000", "("
    with pytest.raises(FileRefused) as error:
        read_workbook(sent(book), matrix, judge)
    assert [each.place for each in error.value.problems] == ["E4", "F4", "E5"]


def test_a_file_without_rules_brings_none(matrix) -> None:
    text = write_dmn(matrix, number=1)
    start, end = text.index(b"<rule"), text.rindex(b"</rule>") + len(b"</rule>")
    for read, content in (
        (read_dmn, text[:start] + text[end:]),
        (read_workbook, write_workbook({**matrix, "rules": []}, number=1)),
    ):
        with pytest.raises(FileRefused, match="the file has none"):
            read(content, matrix)


def test_columns_that_cannot_be_are_refused_each_at_its_place(matrix) -> None:
    book = sheet_of(matrix)
    rules = book["Rules"]
    rules["E3"], rules["D3"] = "number EUR", "money"
    found = refused(sent(book), matrix)
    assert [each[0] for each in found] == ["D3", "E3"]
    assert "Expected a type of number, text" in found[0][3]
    assert "counts in USD here, but the file says EUR; nothing is converted" in found[1][3]
    rules["E3"], rules["D3"], rules["B1"], rules["C1"] = "number USD", "number years", "when two words", "when amount"
    assert [(each[0], each[2]) for each in refused(sent(book), matrix)] == [
        ("B1", "two words"), ("C1", "amount"), ("E1", "amount"),
    ]  # fmt: skip
    book = sheet_of(matrix)
    book["Rules"]["B1"], book["About"]["B4"] = "if transfer", "best"
    assert "Expected a hit policy of unique" in refused(sent(book), matrix)[0][3]


def test_a_workbook_may_bring_other_columns_and_another_hit_policy(matrix) -> None:
    book = sheet_of(matrix)
    rules = book["Rules"]
    rules["B1"], rules["B2"], rules["B3"] = "when urgent", "Urgent · 加急\ntrue", "boolean"
    for line in range(4, 10):
        rules[f"B{line}"] = "true" if line == 4 else None
    book["About"]["B4"] = "rule_order"
    body = read_workbook(sent(book), matrix)
    assert body["hit_policy"] == "rule_order"
    assert body["inputs"][0] == {"name": "urgent", "type": "boolean", "label": {"en": "Urgent", "zh-Hans": "加急"}}
    assert body["inputs"][1:] == matrix["inputs"][1:]
    assert body["rules"][0]["when"]["urgent"] == "true"
    assert all("transfer" not in rule["when"] for rule in body["rules"])


def test_what_a_column_allows_comes_in_with_a_workbook(matrix) -> None:
    book = sheet_of(matrix)
    places = {str(row[1].value).partition(":")[0]: row[1] for row in book["About"].iter_rows(max_col=2)}
    places["destination"].value = "destination: own, third_party, estate"
    body = read_workbook(sent(book), matrix)
    assert body["inputs"][1]["values"] == ["own", "third_party", "estate"]
    assert body["inputs"][1]["labels"] == matrix["inputs"][1]["labels"]


def test_a_retyped_columns_cells_are_judged_by_the_new_type(matrix) -> None:
    book = sheet_of(matrix)
    book["Rules"]["D3"] = "text"
    assert {each[2] for each in refused(sent(book), matrix)} == {"client_age"}


def test_a_dmn_file_may_bring_other_columns_and_another_hit_policy(matrix) -> None:
    text = write_dmn(matrix, number=1).decode().replace('hitPolicy="COLLECT"', 'hitPolicy="RULE ORDER"')
    text = text.replace("<text>destination</text>", "<text>goes_to</text>")
    body = read_dmn(text.encode(), matrix)
    assert body["hit_policy"] == "rule_order"
    column = body["inputs"][1]
    assert (column["name"], column["type"], column["values"]) == ("goes_to", "text", ["own", "third_party"])
    assert column["label"] == {"en": "Destination", "zh-Hans": "去向"}
    before = [rule["when"].get("destination") for rule in matrix["rules"]]
    assert [rule["when"].get("goes_to") for rule in body["rules"]] == before


def test_a_file_of_another_table_is_refused(matrix) -> None:
    firm = next(body for body in files.tables() if body["key"] == "firm")
    assert "The file is of “firm”" in refused(write_workbook(firm, number=1), matrix)[0][3]


def test_an_id_twice_a_rule_without_one_and_half_a_note_are_refused(matrix) -> None:
    book = sheet_of(matrix)
    rules = book["Rules"]
    rules["A5"], rules["A6"], rules["K7"] = "T1", None, None
    found = refused(sent(book), matrix)
    assert [each[0] for each in found] == ["A5", "A6", "A7"]


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_part(content: bytes, name: str, change: Any) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    return zipped({**parts, name: change(parts.get(name, b""))})


HOSTILE = {
    "no zip": lambda good: b"PK\x03\x04 nothing",
    "another zip": lambda good: zipped({"a.txt": b"x"}),
    "a bomb": lambda good: with_part(good, "xl/bomb.xml", lambda _old: b" " * (51 * 1024 * 1024)),
    "too large": lambda good: b"0" * (5 * 1024 * 1024 + 1),
    "a dtd": lambda good: with_part(
        good, "xl/workbook.xml", lambda old: old.replace(b"<workbook", b'<!DOCTYPE w [<!ENTITY a "b">]><workbook', 1)
    ),
    "a dtd in UTF-16": lambda good: with_part(
        good, "xl/workbook.xml", lambda _old: '<!DOCTYPE w [<!ENTITY a "b">]><w/>'.encode("utf-16")
    ),
    "many parts": lambda good: zipped({f"{n}.xml": b"<a/>" for n in range(1_001)}),
    "cut off": lambda good: good[:-300],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_refused_in_one_sentence(kind: str, matrix) -> None:
    ((place, _rule, _column, said),) = refused(HOSTILE[kind](write_workbook(matrix, number=1)), matrix)
    assert place == ""
    assert said.startswith(("Expected", "The workbook"))


def test_a_sheet_with_too_many_rows_is_refused(matrix) -> None:
    book = sheet_of(matrix)
    book["Rules"]["A1000"] = "far"
    assert "Expected at most" in refused(sent(book), matrix)[0][3]


def test_text_that_looks_like_a_formula_stays_text(matrix) -> None:
    matrix["rules"][0]["note"] = {"en": "=HYPERLINK(1)", "zh-Hans": "+1"}
    cell = sheet_of(matrix)["Rules"]["J4"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "=HYPERLINK(1)", True)


def test_a_bad_cell_of_a_dmn_file_is_named_by_its_line(matrix) -> None:
    text = write_dmn(matrix, number=1).decode().replace("&lt; 500000", "&lt; &lt; 5").replace("&gt; 50000<", "€ 5<")
    found = refused(text.encode(), matrix, read_dmn)
    lines = text.splitlines()
    places = {(rule, column): int(place) for place, rule, column, _said in found}
    assert places.keys() == {("T1", "amount"), ("T6", "amount")}
    assert all("inputEntry" in lines[line - 1] for line in places.values())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('hitPolicy="COLLECT"', 'hitPolicy="BEST"', "is no hit policy"),
        ('hitPolicy="COLLECT"', 'hitPolicy="COLLECT" aggregation="SUM"', "reckons with numbers"),
        ('tl:unit="USD"', 'tl:unit="EUR"', "nothing is converted"),
        ("Amount (USD)", "Amount (EUR)", "nothing is converted"),
        ("<text>amount</text>", "<text>the amount</text>", "Use one word"),
        ('typeRef="number"', 'typeRef="string"', "Only numbers have"),
        ('typeRef="number"', 'typeRef="tMoney"', "the file says “tMoney”"),
        ('typeRef="string"', "", "Expected a type"),
        ('"own","third_party"', '"own"', "expected one of own"),
        ('<rule id="T2"', '<rule id="T1"', "an id of its own"),
        ("<definitions", '<!DOCTYPE d [<!ENTITY a "b">]><definitions', "DTD"),
        ("<decision ", "<other ", ""),
    ],
)
def test_what_a_dmn_file_says_otherwise_than_the_table_is_refused(old: str, new: str, told: str, matrix) -> None:
    text = write_dmn(matrix, number=1).decode()
    assert old in text
    assert any(told in each[3] for each in refused(text.replace(old, new, 1).encode(), matrix, read_dmn))


def test_money_without_a_currency_is_not_guessed_in_a_dmn_file(matrix) -> None:
    text = write_dmn(matrix, number=1).decode().replace(' tl:unit="USD"', "").replace("Amount (USD)", "Amount")
    assert "Expected the currency" in refused(text.encode(), matrix, read_dmn)[0][3]


def test_a_dmn_file_of_camundas_modeler_is_read(matrix) -> None:
    text = write_dmn(matrix, number=1).decode().replace('typeRef="number"', 'typeRef="double"')
    text = text.replace('<rule id="T6"', '<rule id="DecisionRule_0k2x9ab"').replace(' tl:unit="USD"', "")
    rules = read_dmn(text.encode(), matrix)["rules"]
    assert [rule["id"] for rule in rules] == ["T1", "T2", "T3", "T4", "T5", "DecisionRule_0k2x9ab"]


@pytest.mark.parametrize("key", ["transfers", "firm"])
def test_an_exported_matrix_decides_the_same_as_a_dmn_model(key: str) -> None:
    body = next(each for each in files.tables() if each["key"] == key)
    table, model = load_table(body), read_model(write_dmn(body, number=1))
    for case in files.read_yaml("cases.yaml")[key]:
        outcome = model.evaluate(read_facts(table, case["facts"]))
        assert not outcome.errors
        (matched,) = outcome.matched.values()
        assert [body["rules"][row - 1]["id"] for row in matched] == case["rules"], case["name"]


def test_a_dmn_file_that_was_written_for_another_table_is_refused(matrix) -> None:
    other = write_dmn({**matrix, "key": "firm"}, number=1)
    assert refused(other, matrix, read_dmn)[0][3] == "The file is of “firm”, but the table here is “transfers”."
    drawn_elsewhere = other.replace(b'namespace="urn:throughline:table:firm"', b'namespace="http://camunda.org/schema"')
    assert read_dmn(drawn_elsewhere, matrix)["rules"]
