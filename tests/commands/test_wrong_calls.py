"""Whatever is wrong with a call or with what it names: exit status 2 and one line, never a traceback."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from audit.management import input as given
from audit.management.one_line import execute
from tests.commands.calling import called

RULES = Path("demo/rules/firm.json")
MODEL = Path("demo/products/address_change/process.bpmn")
OURS = ("approvals", "audit", "bench", "calendar", "compile_texts", "demo", "demo_custodians", "invariants", "orders")
OURS += ("process", "rules", "sla", "worker")
WITH_VERBS = ("approvals", "audit", "calendar", "demo", "orders", "process", "rules", "sla")

CONTENT = {
    "empty": b"",
    "blank": b" \n \n",
    "binary": bytes(range(256)) * 20,
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "latin-1": b'{"name":\n "caf\xe9"}',
    "no json": b"hello",
    "cut json": b'{"key":\n "x"',
    "a list": b"[1, 2]",
    "a text": b'"x"',
    "a number": b"5",
    "null": b"null",
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "NaN": b'{"a": NaN}',
    "long number": b'{"a": ' + b"9" * 10_000 + b"}",
    "NUL": b'\0\0{"a": 1}',
    "something else": b'{"colour": "red"}',
    "another XML": b"<a><b/></a>",
    "doctype": b'<!DOCTYPE x [<!ENTITY a "b">]>\n<x>&a;</x>',
    "cut XML": b'<?xml version="1.0"?>\n<definitions>\n <process>',
    "deep XML": b"<a>" * 5000 + b"</a>" * 5000,
    "wide line": b"a," * 200_000,
    "open quote": b'application,amount_eur\n"1,5\n',
    "false gzip": b"\x1f\x8bnothing",
}
# One line for each line: neither is wrong there.
OF_LINES = {"empty", "blank"}
STREAMED = ("sla", "approvals explain --cases", "orders replay-log")
FILE_CALLS = {
    "process check": ("process", "check", "FILE"),
    "process check --json": ("process", "check", "FILE", "--json"),
    "process run": ("process", "run", MODEL, "--steps", "FILE"),
    "process run of": ("process", "run", "FILE", "--steps", "STEPS"),
    "process svg": ("process", "svg", "FILE", "-o", "/dev/null"),
    "process publish": ("process", "publish", "FILE", "--key", "k", "--justification", "Better."),
    "process migrate": ("process", "migrate", "--key", "address_change", "--from", "1", "--to", "1", "--map", "FILE"),
    "rules check": ("rules", "check", "FILE"),
    "rules check --json": ("rules", "check", "FILE", "--json"),
    "approvals explain --file": ("approvals", "explain", "--facts", "{}", "--file", "FILE"),
    "approvals explain --cases": ("approvals", "explain", "--cases", "FILE", "--json"),
    "sla due": ("sla", "due", "--input", "FILE", "--json"),
    "sla elapsed": ("sla", "elapsed", "--input", "FILE"),
    "orders import": ("orders", "import", "FILE", "--product", "address_change", "--dry-run"),
    "orders replay-log": ("orders", "replay-log", "FILE", "--applications", "FILE"),
}


@pytest.fixture
def refused(capsys, firm):
    """refused("rules", "check", …) → the one line."""

    def line(*words):
        answer = called(capsys, *words)
        assert answer.is_refused_in_one_line, answer
        return answer.err

    return line


@pytest.fixture
def of(tmp_path):
    """of(call, file) → the words of the call with that file in it."""
    steps = tmp_path / "no_steps.json"
    steps.write_text('{"steps": []}')
    return lambda call, file: [{"FILE": file, "STEPS": steps}.get(word, word) for word in FILE_CALLS[call]]


@pytest.mark.parametrize("call", FILE_CALLS)
def test_a_file_with_anything_else_in_it_is_refused_in_one_line(refused, of, tmp_path, call):
    for name, content in CONTENT.items():
        if name in OF_LINES and call.startswith(STREAMED[:2]):
            continue
        file = tmp_path / f"{name.replace(' ', '_')}.csv"
        file.write_bytes(content)
        assert str(file) in refused(*of(call, file))


@pytest.mark.parametrize("call", FILE_CALLS)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(refused, of, tmp_path, call):
    for file in (tmp_path / "none", tmp_path, "", "a\nb", "x" * 5000, "/dev/zero", tmp_path / "none" / "x\x1b[2J"):
        line = refused(*of(call, file))
        assert "\x1b" not in line


@pytest.mark.parametrize("call", [call for call in FILE_CALLS if not call.startswith(STREAMED)])
def test_a_huge_file_is_refused_in_one_line(refused, of, tmp_path, monkeypatch, call):
    monkeypatch.setattr(given, "MOST_BYTES", 1000)
    file = tmp_path / "huge"
    file.write_bytes(b"application,submitted_at,amount_eur,outcome\n" + b"x" * 2000)
    assert "bytes" in refused(*of(call, file))


@pytest.mark.parametrize("name", OURS)
def test_words_that_a_command_does_not_know_are_one_line(refused, name):
    assert refused(name, "--bogus").startswith(f"manage.py {name}")
    refused(name, "one\ntwo", "three", "--four")


@pytest.mark.parametrize("name", WITH_VERBS)
def test_a_verb_that_is_missing_or_unknown_is_one_line(refused, name):
    assert "VERB" in refused(name)
    assert "invalid choice: 'dance'" in refused(name, "dance")
    refused(name, "")


@pytest.mark.parametrize("year", ["", "x", "1.5", "-1", "0", "1e3", "9" * 5000, "２０２６", "1899", "2101"])
def test_a_year_that_is_none_is_one_line(refused, year):
    assert "year" in refused("calendar", "show", "NYSE", "--year", year)


@pytest.mark.parametrize(
    "code", ["", "nope", "../NYSE", "NYSE\n", "x" * 5000, "中", "NYSE.json", "nyse", "/", "NYSE,LSE"]
)
def test_a_calendar_that_is_unknown_is_one_line(refused, code):
    assert "Expected one of" in refused("calendar", "show", code, "--year", "2026")


@pytest.mark.parametrize("number", ["", "x", "1.5", "-1", "0", "nan", "inf", "1e400", "9" * 5000, "٣"])
def test_a_number_that_is_none_is_one_line(refused, number):
    refused("bench", "sla-sweep", "--size", number)
    refused("orders", "replay-log", "a", "--applications", "b", "--limit", number)
    refused("demo", "serve", "--port", number)
    refused("demo", "build", "--seed", number if number != "0" else "-0.5")
    refused("demo", "build", "--months", number if number not in ("1.5", "٣") else "-3")
    refused("demo", "build", "--orders-share", number if number not in ("1.5", "٣") else "-3")
    refused("demo_custodians", "--speed", number if number not in ("1.5", "٣") else "-3")


@pytest.mark.parametrize(
    "moment",
    [
        "",
        "never",
        "2026-13-01",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1e9",
        "２０２６-01-01",
        "now\nthen",
    ]
    + ["2026-11-22T10:00:00+99:99", "2026-11-22T25:00:00Z", "-1", "9" * 5000],
)
def test_a_time_that_is_none_is_one_line(refused, moment):
    facts = '{"matrix": "firm", "task": "cash_disbursement", "amount": "5"}'
    assert "expected a time" in refused("rules", "decide", "--table", "firm", "--facts", facts, f"--at={moment}")
    assert "expected a time" in refused("approvals", "explain", "--facts", facts, f"--at={moment}")
    assert "expected a time" in refused("audit", "verify", f"--since={moment}")


@pytest.mark.parametrize(
    "facts", ["", "{", "[]", "5", "null", '"x"', '{"a": NaN}', '{"a":\n}', "[" * 100_000, "x", "{'a': 1}"]
)
def test_facts_that_are_none_are_one_line(refused, facts):
    assert refused("rules", "decide", "--table", "firm", "--facts", facts).startswith("--facts:")
    assert refused("rules", "eval", "1", "--facts", facts).startswith("--facts:")
    assert refused("approvals", "explain", "--facts", facts, "--json").startswith("--facts:")


def test_facts_that_are_missing_are_named_with_those_that_the_table_does_not_know(refused):
    said = refused("rules", "decide", "--table", "firm", "--facts", '{"task": "cash_disbursement", "amout": "5"}')
    assert "amount" in said
    assert "does not know amout" in said


@pytest.mark.parametrize("key", ["", "nope", "firm\n", "x" * 500, "中", "FIRM", "firm;", "../firm", "firm.json", "1"])
def test_a_table_that_is_unknown_is_one_line(refused, key):
    refused("rules", "decide", "--table", key, "--facts", "{}")


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "(",
        "1 +",
        "9**9999",
        "a " * 50_000,
        "(" * 5000,
        "[1..2]",
        '"x',
        "foo(1)",
        "if",
        "@",
        "１+",
        "string(1, 2, 3)",
    ]
    + ["for i in 1..1000000000 return i", "x\ny z", "\0", "\x1b[31m"],
)
def test_an_expression_that_is_none_is_one_line(refused, expression):
    assert refused("rules", "eval", expression).startswith("EXPRESSION:")


@pytest.mark.parametrize(
    "code", ["", "nope", "x" * 1000, "a\nb", "中", "ADDRESS_CHANGE", "../x", "1", " ", "address change"]
)
def test_a_product_that_is_unknown_is_one_line(refused, tmp_path, code):
    file = tmp_path / "rows.csv"
    file.write_text("key,client\n1,C-1\n")
    assert "product" in refused("orders", "import", file, "--product", code)


def test_a_workbook_that_is_none_is_one_line(refused, tmp_path):
    file = tmp_path / "rows.xlsx"
    for content in (b"", b"hello", _zipped({"x": "y"}), _zipped({"xl/workbook.xml": " " * 300_000_000})):
        file.write_bytes(content)
        refused("orders", "import", file, "--product", "address_change")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("\0,C-1,", "key"),
        ("1,\0,", "client"),
        (",C-1,", "key"),
        ("1,,", "client"),
        ("1,C-1,never", "submitted_at"),
        ("1,C-1,2026-01-01T10:00:00", "submitted_at"),
        ("1,C-1,0001-01-01T00:00:00+14:00", "submitted_at"),
        ("1,C-1,9999-12-31T23:59:59-14:00", "submitted_at"),
        ("x" * 41 + ",C-1,", "key"),
        ("1", "client"),
    ],
)
def test_a_row_that_is_none_is_one_line_and_named_with_its_column(refused, capsys, tmp_path, row, column):
    file = tmp_path / "rows.csv"
    file.write_text(f"key,client,submitted_at\n{row}\n")
    call = ("orders", "import", file, "--product", "address_change")
    assert refused(*call).startswith(f"{file}:2: Expected ")
    assert json.loads(called(capsys, *call, "--json").out)["column"] == column


def test_a_packed_log_that_is_none_is_one_line(refused, tmp_path):
    file = tmp_path / "log.csv.gz"
    for content in (b"", b"hello", gzip.compress(b"application,x\n"), gzip.compress(b"\xff" * 9)[:-4]):
        file.write_bytes(content)
        refused("orders", "replay-log", file, "--applications", file)


@pytest.mark.parametrize("also", ["none.bpmn", ".", "x" * 5000, "a\nb", "\0", ""])
def test_another_model_that_cannot_be_read_is_one_line(refused, tmp_path, also):
    steps = tmp_path / "steps.json"
    steps.write_text(json.dumps({"also_deploy": [also], "steps": []}))
    refused("process", "run", MODEL, "--steps", steps)


@pytest.mark.parametrize("key", ["", "nope", "x" * 5000, "a b", "中", "a\nb", "../x", "1", "ADDRESS_CHANGE", "address"])
def test_a_process_that_is_unknown_is_one_line(refused, key):
    refused("process", "waiting", "--key", key)
    refused("process", "migrate", "--key", key, "--from", "1", "--to", "2")


def test_a_place_that_cannot_be_written_to_is_one_line(refused, tmp_path):
    for place in (tmp_path, tmp_path / "none" / "x.svg", "", "x" * 5000, "/dev/full"):
        refused("process", "svg", MODEL, "-o", place)


def test_manage_itself_refuses_unknown_commands_in_one_line(capsys):
    for words in (["dance"], ["dan\nce"], ["--bogus"], ["rule", "check"], [""], ["rules", "\udcff"]):
        with pytest.raises(SystemExit) as ended:
            execute(["manage.py", *words])
        said = capsys.readouterr()
        assert (ended.value.code, said.out, said.err.count("\n")) == (2, "", 1), words


def test_what_a_terminal_cannot_show_is_written_as_escapes(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", write_through=True))
    execute(["manage.py", "rules", "eval", '"中"', "--json"])
    assert raw.getvalue() == b'{"value": "\\u4e2d"}\n'


def _zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()
