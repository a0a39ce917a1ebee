"""Both matrices at their edges: who prepares, who signs, how fast, with what evidence."""

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal as D
from pathlib import Path

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from approvals.rules import age_on, explain, longest, matrix_facts, shortest, transfer_facts
from rulebook.checks import check
from rulebook.tables import FactError, NoRule, load_table

RULES = Path(__file__).parents[2] / "demo" / "rules"
KINDS = ("full_acat", "partial_acat", "non_acat_journal", "non_acat_wire", "non_acat_dtc")
TL, OM, CO = "team_lead", "operations_manager", "compliance"


def matrix(name):
    return load_table(json.loads((RULES / f"{name}.json").read_text()))


TRANSFERS, FIRM, DRAFT = matrix("transfers"), matrix("firm"), matrix("transfers_draft_advisor_change")


def transfer(kind, amount, *, destination="own", born="1990-01-01", on="2026-11-22", **more):
    return {
        "matrix": "transfers",
        "transfer": kind,
        "amount": amount,
        "currency": "USD",
        "destination": destination,
        "client_birth_date": born,
        "on": on,
        **more,
    }


def chain(table, raw):
    return explain(table, matrix_facts(table, raw))


def short(table, raw):
    """(rules, [(role, time limit)], adds at most, log only)."""
    found = chain(table, raw)
    tiers = [(tier.role, tier.time_limit) for tier in found.tiers]
    return list(found.rules), tiers, found.adds_at_most, found.log_only


OLD = {"born": "1950-01-01"}
THIRD = {"destination": "third_party"}


@pytest.mark.parametrize(
    ("raw", "rules", "tiers", "adds", "log_only"),
    [
        (transfer("full_acat", "499999.99"), ["T1"], [], None, True),
        (transfer("full_acat", "500000"), ["T2"], [(TL, "4h")], "4h", False),
        (transfer("full_acat", "2000000"), ["T2"], [(TL, "4h")], "4h", False),
        (transfer("full_acat", "2000000.01"), ["T3"], [(TL, "8h"), (OM, "8h")], "8h", False),
        (transfer("full_acat", "100.00", **THIRD), ["T1", "T4"], [(TL, "1bd"), (CO, "1bd")], "1bd", False),
        (transfer("full_acat", "500000", **THIRD), ["T2", "T4"], [(TL, "4h"), (CO, "1bd")], "1bd", False),
        (
            transfer("full_acat", "3000000", **THIRD),
            ["T3", "T4"],
            [(TL, "8h"), (OM, "8h"), (CO, "1bd")],
            "1bd",
            False,
        ),
        (transfer("full_acat", "100000", **OLD), ["T1"], [], None, True),
        (transfer("full_acat", "100000.01", **OLD), ["T1", "T5"], [(TL, "4h")], "4h", False),
        (transfer("full_acat", "3000000", **OLD), ["T3", "T5"], [(TL, "4h"), (OM, "8h")], "8h", False),
        (transfer("non_acat_wire", "50000"), [], [], None, True),
        (transfer("non_acat_wire", "50000.01"), ["T6"], [(TL, "2h")], "2h", False),
        (transfer("non_acat_wire", "100000.01", **OLD), ["T5", "T6"], [(TL, "2h")], "4h", False),
        (
            transfer("non_acat_wire", "100000.01", **OLD, **THIRD),
            ["T4", "T5", "T6"],
            [(TL, "2h"), (CO, "1bd")],
            "1bd",
            False,
        ),
        (transfer("partial_acat", "9000000"), [], [], None, True),
        (transfer("non_acat_dtc", "1.00", **THIRD), ["T4"], [(TL, "1bd"), (CO, "1bd")], "1bd", False),
        (transfer("non_acat_journal", "100000.01", **OLD), ["T5"], [(TL, "4h")], "4h", False),
    ],
)
def test_transfer_rows_add_up_with_their_tightest_limits(raw, rules, tiers, adds, log_only):
    assert short(TRANSFERS, raw) == (rules, tiers, adds, log_only)


@pytest.mark.parametrize(
    ("task", "amount", "prepared_by", "roles"),
    [
        ("cash_disbursement", "24999.99", "operations_analyst", []),
        ("cash_disbursement", "25000.00", "operations_analyst", [TL]),
        ("cash_disbursement", "100000.00", "operations_analyst", [TL]),
        ("cash_disbursement", "100000.01", "operations_analyst", [TL, OM]),
        ("account_transfer_full_acat", "1.00", "operations_analyst", [TL]),
        ("journal_entry_different_registration", "1.00", "operations_analyst", [CO]),
        ("fee_waiver_or_adjustment", "499.99", None, [TL]),
        ("fee_waiver_or_adjustment", "500.00", None, [OM]),
        ("fee_waiver_or_adjustment", "500.01", None, [OM]),
    ],
)
def test_the_firms_matrix_at_its_edges(task, amount, prepared_by, roles):
    found = chain(FIRM, {"matrix": "firm", "task": task, "amount": amount})
    assert found.prepared_by == prepared_by
    assert [tier.role for tier in found.tiers] == roles
    assert not found.log_only


def test_the_flawed_draft_names_its_gap_at_500():
    with pytest.raises(NoRule, match="fee_waiver_or_adjustment, amount 500.00"):
        chain(matrix("firm_draft_with_gap"), {"task": "fee_waiver_or_adjustment", "amount": "500.00"})


@pytest.mark.parametrize(("on", "signs"), [("2026-03-01", False), ("2026-03-02", True), ("2026-03-03", True)])
def test_senior_protection_starts_on_the_65th_birthday(on, signs):
    raw = transfer("full_acat", "150000.00", born="1961-03-02", on=on)
    assert ("T5" in chain(TRANSFERS, raw).rules) is signs


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1961, 3, 2), date(2026, 3, 1), 64),
        (date(1961, 3, 2), date(2026, 3, 2), 65),
        (date(1960, 2, 29), date(2025, 2, 28), 64),
        (date(1960, 2, 29), date(2025, 3, 1), 65),
        (date(1960, 2, 29), date(2024, 2, 28), 63),
        (date(1960, 2, 29), date(2024, 2, 29), 64),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
    ],
)
def test_age_counts_completed_years(born, on, age):
    assert age_on(born, on) == age


def test_a_chain_is_printed_as_the_contract_says():
    found = chain(TRANSFERS, transfer("non_acat_wire", "50000.01", **THIRD)).as_json()
    assert found == {
        "rules": ["T4", "T6"],
        "prepared_by": "operations_analyst",
        "tiers": [
            {
                "tier": 1,
                "role": "team_lead",
                "remind_after": "2h",
                "escalate_after": "2h",
                "escalate_to": "operations_manager",
                "time_limit": "2h",
            },
            {
                "tier": 2,
                "role": "compliance",
                "remind_after": "2h",
                "escalate_after": "4h",
                "escalate_to": "chief_compliance_officer",
                "time_limit": "1bd",
            },
        ],
        "evidence": ["verbal_callback"],
        "adds_at_most": "1bd",
        "log_only": False,
    }


def test_each_tier_keeps_the_rows_that_ask_for_it():
    found = chain(TRANSFERS, transfer("full_acat", "3000000", **OLD, **THIRD))
    assert {tier.role: tier.rules for tier in found.tiers} == {TL: ("T3", "T4", "T5"), OM: ("T3",), CO: ("T4",)}


def test_split_payments_are_decided_by_their_sum():
    raw = {"matrix": "firm", "task": "cash_disbursement", "amount": "24900.00"}
    assert chain(FIRM, raw).rules == ("F1",)
    assert chain(FIRM, {**raw, "amount_last_day": "74700.00"}).rules == ("F2",)
    assert chain(FIRM, {**raw, "amount_last_day": "24900.00", "amount_last_week": "124500.00"}).rules == ("F3",)


def test_the_draft_asks_for_a_signature_soon_after_the_advisor_changed():
    raw = transfer("partial_acat", "1000.00")
    assert chain(DRAFT, {**raw, "days_since_advisor_change": 30}).rules == ("T7",)
    assert chain(DRAFT, {**raw, "days_since_advisor_change": 31}).rules == ()
    assert chain(DRAFT, raw).rules == ()
    assert check(DRAFT).ok


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"currency": "EUR"}, "currency"),
        ({"amount": "1,000"}, "amount"),
        ({"amount": "-1.00"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": 1.5}, "amount"),
        ({"amount": None}, "amount"),
        ({"transfer": "acat"}, "transfer"),
        ({"transfer": None}, "transfer"),
        ({"destination": None}, "destination"),
        ({"client_birth_date": "02.03.1959"}, "client_birth_date"),
        ({"client_birth_date": "2027-01-01"}, "client_birth_date"),
        ({"on": None}, "on"),
    ],
)
def test_facts_that_do_not_fit_are_refused_by_name(change, fact):
    with pytest.raises(FactError) as refused:
        chain(TRANSFERS, {**transfer("full_acat", "600000.00"), **change})
    assert refused.value.fact == fact


def test_a_fact_that_no_matching_row_asks_for_may_be_missing():
    assert chain(FIRM, {"matrix": "firm", "task": "journal_entry_different_registration"}).rules == ("F5",)
    with pytest.raises(FactError, match="the rule F1 asks for it"):
        chain(FIRM, {"matrix": "firm", "task": "cash_disbursement"})


def test_a_company_has_no_age():
    raw = transfer("full_acat", "150000.00")
    assert chain(TRANSFERS, {**raw, "client_birth_date": None}).rules == ("T1",)


def test_transfer_facts_derive_the_age_and_take_amounts_as_decimals():
    assert transfer_facts(transfer("full_acat", "150000.00", born="1959-03-02")) == {
        "transfer": "full_acat",
        "amount": D("150000.00"),
        "destination": "own",
        "client_birth_date": "1959-03-02",
        "on": "2026-11-22",
        "client_age": D(67),
    }


def test_business_days_outrank_hours():
    assert longest(["8h", "1bd", None, "4h"]) == "1bd"
    assert shortest(["8h", "1bd", None, "4h"]) == "4h"
    assert longest([]) is None


AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=2)
RAW = st.builds(
    transfer,
    st.sampled_from(KINDS),
    AMOUNTS.map(str),
    destination=st.sampled_from(["own", "third_party"]),
    born=st.dates(date(1926, 1, 1), date(2008, 1, 1)).map(str),
)


@given(RAW)
def test_the_transfer_matrix_answers_every_transfer_as_its_rows_say(raw):
    found = chain(TRANSFERS, raw)
    amount, wire = D(raw["amount"]), raw["transfer"] == "non_acat_wire"
    age = age_on(date.fromisoformat(raw["client_birth_date"]), date(2026, 11, 22))
    full = raw["transfer"] == "full_acat"
    expected = {
        "T1": full and amount < 500_000,
        "T2": full and 500_000 <= amount <= 2_000_000,
        "T3": full and amount > 2_000_000,
        "T4": raw["destination"] == "third_party",
        "T5": age >= 65 and amount > 100_000,
        "T6": wire and amount > 50_000,
    }
    assert list(found.rules) == [rule for rule, holds in expected.items() if holds]
    roles = [tier.role for tier in found.tiers]
    assert len(roles) == len(set(roles))
    assert roles == [role for role in (TL, OM, CO) if role in roles]
    assert found.log_only is (not roles)


@given(st.sampled_from(FIRM.inputs[0].values), AMOUNTS, AMOUNTS)
def test_more_money_never_needs_fewer_signatures(task, one, other):
    low, high = sorted((one, other))
    asked = [len(chain(FIRM, {"task": task, "amount": str(amount)}).tiers) for amount in (low, high)]
    assert asked == sorted(asked)


def command(*words):
    """(exit status, standard output, standard error) of `approvals explain` with the demo's tables."""
    out, err = io.StringIO(), io.StringIO()
    files = [RULES / "transfers.json", RULES / "firm_draft_with_gap.json"]
    try:
        call_command(
            "approvals", "explain", *map(str, (*words, "--file", *files)), stdout=out, stderr=err, no_color=True
        )
    except SystemExit as ended:
        return ended.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_explain_prints_one_line_for_each_case(tmp_path):
    path = tmp_path / "cases.jsonl"
    raws = [
        transfer("full_acat", "2000000"),
        {"matrix": "firm", "task": "fee_waiver_or_adjustment", "amount": "500.01"},
    ]
    path.write_text("\n".join(map(json.dumps, raws)))
    status, out, err = command("--cases", path, "--json")
    assert (status, err) == (0, "")
    assert [json.loads(line)["rules"] for line in out.splitlines()] == [["T2"], ["F7"]]


def test_explain_answers_1_for_a_named_gap():
    status, out, err = command(
        "--facts", '{"matrix": "firm", "task": "fee_waiver_or_adjustment", "amount": "500"}', "--json"
    )
    assert (status, out) == (1, "")
    assert err == "--facts:1: The table firm has no rule for task fee_waiver_or_adjustment, amount 500.\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"matrix": "nobody"}', "matrix: There is no matrix 'nobody'."),
        ('{"amount": "1"}', "matrix: Expected the name of a matrix"),
        ('{"matrix": "firm", "task": "x"}', "task: Expected one of"),
        ("{", "Expected JSON"),
        (
            '{"matrix": "firm", "task": "cash_disbursement", "amount": "1", "currency": "CNY"}',
            "currency: Expected an amount in USD",
        ),
    ],
)
def test_explain_says_file_and_line_of_bad_facts(tmp_path, line, says):
    path = tmp_path / "cases.jsonl"
    path.write_text("\n" + line + "\n")
    status, out, err = command("--cases", path, "--json")
    assert (status, out) == (2, "")
    assert err.startswith(f"{path}:2: {says}")
    assert err.count("\n") == 1


def test_explain_asks_for_the_matrix_in_force_at_the_given_time(monkeypatch):
    asked = []
    monkeypatch.setattr("approvals.queries.matrix_in_force", lambda key, at: (asked.append((key, at)), TRANSFERS))
    out = io.StringIO()
    words = ("--facts", json.dumps(transfer("full_acat", "500000")), "--at", "2026-11-22T09:00:00+01:00", "--json")
    call_command("approvals", "explain", *words, stdout=out)
    assert json.loads(out.getvalue())["rules"] == ["T2"]
    assert asked == [("transfers", datetime(2026, 11, 22, 8, tzinfo=UTC))]


def test_explain_refuses_a_matrix_that_is_not_in_force(monkeypatch):
    def missing(key, at):
        raise ObjectDoesNotExist

    monkeypatch.setattr("approvals.queries.matrix_in_force", missing)
    monkeypatch.setattr("approvals.queries.matrix_begins", lambda key, at: None)
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("approvals", "explain", "--facts", '{"matrix": "firm"}', stdout=out, stderr=err, no_color=True)
    assert (ended.value.code, out.getvalue()) == (2, "")
    assert err.getvalue() == "--facts:1: matrix: There is no matrix 'firm'.\n"


def test_explain_says_from_when_a_matrix_is_in_force(monkeypatch):
    def missing(key, at):
        raise ObjectDoesNotExist

    begins = datetime(2026, 11, 16, 14, tzinfo=UTC)
    monkeypatch.setattr("approvals.queries.matrix_in_force", missing)
    monkeypatch.setattr("approvals.queries.matrix_begins", lambda key, at: begins)
    out, err = io.StringIO(), io.StringIO()
    words = ("--facts", '{"matrix": "transfers"}', "--at", "2020-01-01T00:00:00Z")
    with pytest.raises(SystemExit) as ended:
        call_command("approvals", "explain", *words, stdout=out, stderr=err, no_color=True)
    assert (ended.value.code, out.getvalue()) == (2, "")
    assert err.getvalue() == (
        "--facts:1: matrix: The matrix 'transfers' is in force from 2026-11-16T14:00:00+00:00 on, "
        "not yet at 2020-01-01T00:00:00+00:00.\n"
    )


@pytest.mark.parametrize("amount", ["-5", "-5.5"])
def test_a_negative_amount_is_told_as_it_was_written(amount):
    status, _out, err = command("--facts", f'{{"matrix": "firm", "task": "cash_disbursement", "amount": {amount}}}')
    assert status == 2
    assert f"but got {amount}." in err
