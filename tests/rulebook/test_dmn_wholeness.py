"""The tables of a model are proved as other tables are: gaps, overlaps, dead rows, names that nobody gives."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rulebook.dmn.wholeness import Checked, check_model, checked_as_json
from tests.rulebook.dmn_files import (
    column,
    decision,
    given,
    item,
    knowledge,
    literal,
    model,
    needs,
    out,
    row,
    table,
)


def checked(
    *rows: str, kind: str = "number", more: tuple[str, ...] = (), policy: str = "", default: str = ""
) -> Checked:
    """A table over one input that is called amount."""
    held = table(column("amount"), out("says", default=default), *rows, policy=policy)
    (found,) = check_model(model(*more, given("amount", kind), decision("Fee", needs("amount"), held)))
    return found


def test_a_gap_is_found_with_an_example() -> None:
    found = checked(row(["< 500"], ['"a"']), row(["> 500"], ['"b"']))
    assert found.owner == "Fee"
    assert not found.holds
    assert found.report is not None
    assert [gap.example for gap in found.report.gaps] == [{"amount": Decimal(500)}]
    assert checked(row(["< 500"], ['"a"']), row([">= 500"], ['"b"'])).is_silent


def test_overlaps_where_the_hit_policy_forbids_them() -> None:
    rows = row(["<= 500"], ['"a"']), row([">= 500"], ['"b"'])
    found = checked(*rows)
    assert found.report is not None
    assert [(each.rules, each.example) for each in found.report.overlaps] == [(("1", "2"), {"amount": Decimal(500)})]
    assert checked(*rows, policy="FIRST").holds


def test_rows_that_never_decide() -> None:
    found = checked(row(["-"], ['"a"']), row(["> 5"], ['"b"']), policy="FIRST")
    assert found.report is not None
    assert [(each.rule, each.taken_by) for each in found.report.unreachable] == [("2", ("1",))]


def test_names_that_nothing_gives_and_cells_that_read_others() -> None:
    found = checked(row(["< limit"], ['"a"']), row([">= 0"], ["other"]), policy="FIRST")
    assert found.report is not None
    assert [(each.rule, each.name) for each in found.report.unknown_facts] == [("1", "limit"), ("2", "other")]
    assert [(each.rule, each.cell) for each in found.report.unproven] == [("1", "< limit")]


def test_a_default_and_a_list_answer_where_no_row_does() -> None:
    gap = row(["< 500"], ["1"])
    assert not checked(gap, policy="COLLECT").is_silent
    assert checked(gap, policy="COLLECT").holds
    assert checked(gap, default="0").holds
    assert not checked(gap).holds


@pytest.mark.parametrize(
    ("allowed", "kind", "rows"),
    [
        ('"a", "b"', "string", ('"a"', '"b"')),
        ("[0..120]", "number", ("[0..18)", "[18..120]")),
        (">= 0", "number", ("0", "> 0")),
        ("true", "boolean", ("true",)),
    ],
)
def test_only_values_that_the_type_allows_are_looked_at(allowed, kind, rows) -> None:
    narrowed = item("tSome", kind, allowed=allowed)
    rows = [row([cell], ["1"]) for cell in rows]
    assert checked(*rows, kind="tSome", more=(narrowed,)).is_silent
    assert not checked(*rows[1:], kind="tSome", more=(narrowed,)).holds
    assert kind == "boolean" or not checked(*rows, kind=kind).holds


def test_values_that_the_column_allows_and_rows_outside_them() -> None:
    held = table(column("tier", "string", '"a","b"'), out("says"), row(['"a"'], ["1"]), row(['"c"'], ["2"]))
    (found,) = check_model(model(given("tier", "string"), decision("D", needs("tier"), held)))
    assert found.report is not None
    assert [gap.example for gap in found.report.gaps] == [{"tier": "b"}]
    assert [each.rule for each in found.report.unreachable] == ["2"]


def test_decisions_names_of_several_words_and_knowledge_are_known() -> None:
    first = decision("Client age", needs("born"), "born + 1", kind="number")
    second = table(column("Client age"), out("says"), row(["< 65"], ["1"]), row(["> 65"], ["2"]))
    third = table(column("x"), out("says"), row(["< 1"], ["1"]))
    found = check_model(
        model(
            given("born", "number"),
            first,
            decision("Senior", needs("Client age", by="requiredDecision"), second),
            knowledge("Rate", {"x": "number"}, third),
        )
    )
    assert [(each.owner, each.holds) for each in found] == [("Senior", False), ("Rate", False)]
    assert found[0].report is not None
    assert found[0].report.gaps[0].example == {"Client age": Decimal(65)}


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("amount + 1", "number", "“amount + 1” is more than a name"),
        ("amount", "", "“amount” has no type"),
        ("amount", "time", "“amount” has no type"),
        ("amount", "tOdd", "What “amount” may be is more than"),
    ],
)
def test_a_table_that_cannot_be_looked_at_says_why(text, kind, said) -> None:
    odd = item("tOdd", "string", allowed="string length(?) > 2")
    held = table(column(text), out("says"), row(["-"], ["1"]))
    (found,) = check_model(model(odd, given("amount", kind), decision("D", needs("amount"), held)))
    assert (found.report, found.holds) == (None, True)
    assert found.reason.startswith(said)
    assert checked_as_json(found) == {"decision": "D", "checked": False, "message": found.reason}


def test_two_columns_of_one_name_are_not_looked_at() -> None:
    held = table(column("a"), column("a"), out("says"), row(["-", "-"], ["1"]))
    (found,) = check_model(model(given("a", "number"), decision("D", needs("a"), held)))
    assert "two columns" in found.reason


def test_a_model_without_tables_has_nothing_to_check() -> None:
    assert check_model(model(decision("D", literal("1")))) == ()
