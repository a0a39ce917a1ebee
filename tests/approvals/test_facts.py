"""What the matrix is told about an order, and what all six rows answer at their edges, through the database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from approvals.facts import facts_of, sums
from approvals.models import Request
from approvals.queries import matrix_in_force
from audit.actors import Actor
from orders import actions as orders
from orders.models import Order
from processes.models import Incident
from processes.refusals import StepFailed
from rulebook.tables import FactError
from tests.approvals.transfers import FULL, decide, done, ordered, request_of, validated, without_birth_date
from tests.firm import open_item

BIRTHDAY = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # bo, born 25 November 1961, turns 65
EVE_IN_NEW_YORK = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # still the 24th there
LEAD, MANAGER, COMPLIANCE = "team_lead", "operations_manager", "compliance"


def chain(order):
    request = request_of(order)
    return request.rules, [tier.role for tier in request.tiers.order_by("number")], request.evidence


@pytest.mark.parametrize(
    ("answers", "rules", "roles"),
    [
        ({"amount": "499999.99"}, ["T1"], []),
        ({"amount": "500000.00"}, ["T2"], [LEAD]),
        ({"amount": "2000000.00"}, ["T2"], [LEAD]),
        ({"amount": "2000000.01"}, ["T3"], [LEAD, MANAGER]),
        (
            {"amount": "2000000.01", "destination": "third_party"},
            ["T3", "T4"],
            [LEAD, MANAGER, COMPLIANCE],
        ),
        ({"amount": "0.01", "destination": "third_party"}, ["T1", "T4"], [LEAD, COMPLIANCE]),
    ],
)
def test_whole_accounts_at_the_edges_of_the_rows(firm, now, answers, rules, roles):
    third = {"recipient_name": "Jo Doe", "recipient_relationship": "family", "recipient_reason": "A gift."}
    extra = third if answers.get("destination") == "third_party" else {}
    order = validated(firm, now, **answers, **extra)
    assert chain(order)[:2] == (rules, roles)


@pytest.mark.parametrize(
    ("amount", "rules", "evidence"), [("50000.00", [], []), ("50000.01", ["T6"], ["verbal_callback"])]
)
def test_wires_over_fifty_thousand_ask_for_a_call_back(firm, now, amount, rules, evidence):
    order = validated(firm, now, "non_acat_transfer", transfer="non_acat_wire", amount=amount)
    assert chain(order) == (rules, [LEAD] if rules else [], evidence)


@pytest.mark.parametrize(
    ("at", "amount", "rules"),
    [
        (BIRTHDAY - timedelta(days=1), "100000.01", []),
        (EVE_IN_NEW_YORK, "100000.01", []),
        (BIRTHDAY, "100000.01", ["T5"]),
        (BIRTHDAY, "100000.00", []),
    ],
)
def test_protection_begins_on_the_sixty_fifth_birthday_of_the_branchs_calendar(firm, at, amount, rules):
    order = validated(firm, at, "non_acat_transfer", client=firm.bo_client, amount=amount)
    request = request_of(order)
    assert request.rules == rules
    assert request.facts["client_age"] == ("65" if at == BIRTHDAY else "64")


def test_a_company_has_no_age(firm, now):
    order = ordered(firm, now)
    order.client.kind, order.client.birth_date = "company", None
    _version, table = matrix_in_force("transfers", now)
    assert "client_age" not in facts_of(order, table, order.process.state["variables"], now)


def test_a_person_without_birth_date_goes_to_the_exception_desk_and_not_past_the_rule(firm, now):
    without_birth_date(firm)
    order = ordered(firm, now, amount="150000.00")
    with pytest.raises(StepFailed):
        done(open_item(order), firm.tia, now, transfer_check="valid")
    incident = Incident.objects.get(instance__order=order)
    assert "Expected the birth date of client C-0001" in incident.cause
    assert not Request.objects.filter(order=order).exists()
    assert Order.objects.get(pk=order.pk).state == "exception"


def test_once_the_birth_date_is_known_the_order_goes_on(firm, now):
    born = firm.ana_client.birth_date
    without_birth_date(firm)
    order = ordered(firm, now, amount="600000.00")
    item = open_item(order)
    with pytest.raises(StepFailed):
        done(item, firm.tia, now, transfer_check="valid")
    item.refresh_from_db()
    client = firm.ana_client
    client.birth_date = born
    client.save()
    orders.repair_order(order.public_id, reason="Birth date recorded.", actor=Actor.of(firm.omar), now=now)
    assert item.draft == {"transfer_check": "valid"}
    done(item, firm.tia, now, **item.draft)
    assert chain(order)[0] == ["T2"]


def test_an_amount_in_another_currency_is_never_guessed(firm, now):
    order = ordered(firm, now)
    _version, table = matrix_in_force("transfers", now)
    variables = {**order.process.state["variables"], "amount": {"amount": "600000.00", "currency": "EUR"}}
    with pytest.raises(FactError, match="USD, but got EUR"):
        facts_of(order, table, variables, now)


def placed(firm, now, key, amount, **answers):
    return ordered(firm, now, "non_acat_transfer", key=key, amount=amount, transfer="non_acat_wire", **answers)


def test_three_payments_to_one_beneficiary_are_decided_by_their_sum(firm, now):
    first = placed(firm, now, "k1", "24900.00")
    placed(firm, now + timedelta(hours=1), "k2", "24900.00")
    third = placed(firm, now + timedelta(hours=2), "k3", "24900.00")
    later = now + timedelta(hours=3)
    for order in (first, third):
        done(open_item(order), firm.tia, later, transfer_check="valid")
        request = request_of(order)
        assert (request.rules, request.evidence) == (["T6"], ["verbal_callback"])
        assert request.facts["amount"] == "24900.00"
        assert request.facts["amount_last_day"] == "74700.00"


@pytest.mark.parametrize(
    ("before", "other", "day", "week"),
    [
        (timedelta(hours=23), {}, "300.00", "300.00"),
        (timedelta(days=1), {}, "200.00", "300.00"),
        (timedelta(days=7) - timedelta(seconds=1), {}, "200.00", "300.00"),
        (timedelta(days=7), {}, "200.00", "200.00"),
        (timedelta(hours=1), {"receiving_account": "hl-200300"}, "300.00", "300.00"),  # the same in small letters
        (timedelta(hours=1), {"receiving_account": "HL 2003 00"}, "300.00", "300.00"),
        (timedelta(hours=1), {"receiving_account": "HL200300"}, "300.00", "300.00"),
        (timedelta(hours=1), {"receiving_account": "HL-999999"}, "200.00", "200.00"),
        (timedelta(hours=1), {"receiving_account": "HL-2003000"}, "200.00", "200.00"),
    ],
)
def test_what_counts_towards_the_sums(firm, now, before, other, day, week):
    placed(firm, now - before, "k1", "100.00", **other)
    order = placed(firm, now, "k2", "200.00")
    assert sums(order, now) == {"amount_last_day": day, "amount_last_week": week}


def test_the_same_recipients_other_account_counts(firm, now):
    third = {"destination": "third_party", "recipient_relationship": "other", "recipient_reason": "Rent."}
    placed(firm, now, "k1", "100.00", recipient_name="Jo Doe", receiving_account="A-1111", **third)
    order = placed(firm, now, "k2", "200.00", recipient_name="JO DOE", receiving_account="B-2222", **third)
    assert sums(order, now)["amount_last_day"] == "300.00"


@pytest.mark.parametrize(
    "typed", ["Jo  Doe", "JO DOE", "jo-doe", " Jo Doe ", "Jo\u00a0Doe", "\uff2a\uff4f\u3000\uff24\uff4f\uff45"]
)
def test_a_recipient_is_the_same_however_the_name_is_typed(firm, now, typed):
    third = {"destination": "third_party", "recipient_relationship": "other", "recipient_reason": "Rent."}
    first = placed(firm, now, "k1", "100.00", recipient_name="Jo Doe", receiving_account="A-1111", **third)
    order = placed(firm, now, "k2", "200.00", recipient_name="Jo Doe", receiving_account="B-2222", **third)
    Order.objects.filter(pk=first.pk).update(answers={**first.answers, "recipient_name": typed})
    assert sums(order, now)["amount_last_day"] == "300.00"


def test_digits_that_read_as_a_number_are_compared_as_text(firm, now):
    """An account of digits alone, with zeros before it, or such as 1e5, stays what was typed."""
    placed(firm, now, "k1", "100.00", receiving_account="00004411")
    placed(firm, now, "k2", "100.00", receiving_account="4411220010")
    placed(firm, now, "k3", "100.00", receiving_account="1e500")
    for key, account in enumerate(("0000-4411", "4411 2200 10", "1E-500", "4411")):
        order = placed(firm, now, f"k{key + 4}", "200.00", receiving_account=account)
        assert sums(order, now)["amount_last_day"] == ("200.00" if account == "4411" else "300.00")


def test_other_clients_and_orders_called_off_do_not_count(firm, now):
    theirs = {**FULL, "receiving_account": "HL-200300"}
    ordered(firm, now, key="k0", client=firm.bo_client, receiving_account=theirs["receiving_account"])
    gone = placed(firm, now, "k1", "100.00")
    orders.cancel_order(gone.public_id, reason="Changed my mind.", actor=Actor.of(firm.ana), now=now)
    order = placed(firm, now, "k2", "200.00")
    assert sums(order, now)["amount_last_week"] == "200.00"


def test_the_sums_cost_one_statement(firm, now, django_assert_num_queries):
    order = placed(firm, now, "k1", "100.00")
    with django_assert_num_queries(1):
        sums(order, now)


def test_the_matrix_of_the_day_decides_and_a_later_one_does_not_touch_it(firm, now):
    order = validated(firm, now, amount="2000000.01")
    decide(open_item(order), firm.eve, now)
    assert request_of(order).table_version == matrix_in_force("transfers", now)[0]
    assert Decimal(request_of(order).facts["amount"]) == Decimal("2000000.01")
