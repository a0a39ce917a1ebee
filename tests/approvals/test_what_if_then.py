"""Past orders decided again: each order once, with the facts of then, and waiting as its chain would have waited."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import Client
from approvals.what_if import replay
from audit.actors import Actor
from orders import actions as orders
from tests.approvals.test_what_if import lower_threshold, rule
from tests.approvals.transfers import decide, done, fee_prepared, ordered, put_on_record, validated
from tests.firm import address_change, open_item

STEP = "validate_transfer"


def again(draft, since):
    return replay(draft, since, lambda line: None)


def asks_for(name, cell, kind="text", roles='["compliance"]'):
    """A change of a matrix by which a fact that it never looked at asks for people."""

    def change(body) -> None:
        body["inputs"].append({"name": name, "type": kind, "optional": True})
        body["rules"].append({"id": "NEW", "when": {name: cell}, "then": {"roles": roles}})

    return change


def more_eyes(body) -> None:
    rule(body, "T2")["when"]["amount"] = "[500000..550000]"
    rule(body, "T3")["when"]["amount"] = "> 550000"


def asked_twice(firm, now):
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now, choice="reject", to=STEP)
    later = now + timedelta(hours=1)
    done(open_item(order), firm.tia, later, transfer_check="valid")
    return order, later


# --- orders, not requests ---


def test_an_order_that_was_asked_about_twice_is_one_order_with_both_decisions(firm, now, draft_with) -> None:
    order, later = asked_twice(firm, now)
    validated(firm, now + timedelta(days=9), amount="500000.00", key="key-2")
    found = again(draft_with(more_eyes), now)
    assert (found["decided"], found["changed"]) == (2, 1)
    [change] = found["changes"]
    assert change["order"] == order.number
    assert [each["draft"]["roles"] for each in change["decisions"]] == [["team_lead", "operations_manager"]] * 2
    assert change["decisions"][-1].items() <= change.items()
    assert found["load"]["team_lead"] == {"then": 3, "draft": 3}


def test_of_two_decisions_only_the_one_that_differs_is_named(firm, now, draft_with) -> None:
    order, later = asked_twice(firm, now)
    first = order.approval_requests.earliest("pk")
    first.facts = {
        **first.facts,
        "amount": "500000.00",
        "amount_last_day": "500000.00",
        "amount_last_week": "500000.00",
    }
    first.save()
    [change] = again(draft_with(more_eyes), now)["changes"]
    assert [each["amount"] for each in change["decisions"]] == ["600000.00"]


def test_a_gap_in_both_decisions_of_an_order_is_one_order_without_an_answer(firm, now, draft_with) -> None:
    asked_twice(firm, now)

    def with_a_gap(body) -> None:
        rule(body, "T2")["when"]["amount"] = "[500000..550000]"
        body["default"] = None

    assert again(draft_with(with_a_gap), now)["gaps"] == 1


# --- the facts of then ---


@pytest.mark.parametrize(("then", "today", "changed"), [("standard", "private", 0), ("private", "standard", 1)])
def test_a_clients_tier_is_that_of_then(firm, now, draft_with, then, today, changed) -> None:
    put_on_record(firm.ana_client, now=now, tier=then)
    validated(firm, now, amount="1000.00")
    put_on_record(firm.ana_client, now=now + timedelta(days=1), tier=today)
    assert again(draft_with(asks_for("client_tier", '"private"')), now)["changed"] == changed


def test_days_since_the_advisor_changed_are_those_of_then(firm, now, draft_with) -> None:
    put_on_record(firm.ana_client, now=now, advisor_since=now.date() - timedelta(days=5))
    validated(firm, now, amount="1000.00")
    put_on_record(firm.ana_client, now=now + timedelta(days=9), advisor_since=now.date() + timedelta(days=9))
    draft = draft_with(asks_for("days_since_advisor_change", "[0..30]", "number"))
    assert again(draft, now)["changed"] == 1


def test_what_the_process_learned_later_was_not_known_then(firm, now, draft_with) -> None:
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now + timedelta(hours=1))
    assert again(draft_with(asks_for("approval", '"approved"')), now)["changed"] == 0


def test_what_a_step_before_found_out_was_known_then(firm, now, draft_with) -> None:
    validated(firm, now, amount="1000.00")
    assert again(draft_with(asks_for("transfer_check", '"valid"')), now)["changed"] == 1


def test_an_advisors_own_consent_is_that_of_then(firm, now, draft_with) -> None:
    fee_prepared(firm, now, by=firm.adam)
    put_on_record(firm.ana_client, now=now + timedelta(days=1), advisor=firm.bo)
    found = again(draft_with(lambda body: None, "advisor"), now)
    assert (found["decided"], found["load"]) == (1, {})


def test_an_amount_is_never_read_in_another_currency(firm, now, draft_with) -> None:
    validated(firm, now)

    def in_yuan(body) -> None:
        next(each for each in body["inputs"] if each["name"] == "amount")["unit"] = "CNY"

    [change] = again(draft_with(in_yuan), now)["changes"]
    assert "CNY" in change["draft"]["gap"]


# --- orders that nobody was asked about ---


def test_an_order_that_asked_for_no_decision_yet_is_decided_as_it_was_sent(firm, now, draft_with) -> None:
    order = ordered(firm, now, amount="450000.00")
    ordered(firm, now - timedelta(days=9), amount="450000.00", key="key-0")
    found = again(draft_with(lower_threshold), now)
    assert (found["decided"], found["changed"]) == (1, 1)
    [change] = found["changes"]
    assert (change["order"], change["amount"], change["asked"]) == (order.number, "450000.00", False)
    assert (change["then"]["roles"], change["draft"]["roles"]) == ([], ["team_lead"])


def test_it_is_decided_with_the_age_and_the_tier_of_that_day(firm, now, draft_with) -> None:
    Client.objects.filter(pk=firm.ana_client.pk).update(birth_date=date(1961, 11, 25))
    put_on_record(firm.ana_client, now=now, tier="standard")
    ordered(firm, now, amount="1000.00")  # at 64
    put_on_record(firm.ana_client, now=now + timedelta(days=20), tier="private")
    assert again(draft_with(asks_for("client_tier", '"private"')), now)["changed"] == 0

    def from_65(body) -> None:
        body["rules"].append({"id": "NEW", "when": {"client_age": ">= 65"}, "then": {"roles": '["compliance"]'}})

    assert again(draft_with(from_65), now)["changed"] == 0


def test_its_sums_are_those_of_that_day(firm, now, draft_with) -> None:
    other = ordered(firm, now, amount="300000.00", key="key-1")
    order = ordered(firm, now + timedelta(hours=1), amount="250000.00", key="key-2")
    orders.cancel_order(other.public_id, reason="No.", actor=Actor.of(firm.ana), now=now + timedelta(days=1))

    def from_550(body) -> None:
        rule(body, "T1")["when"]["amount"] = "< 550000"
        rule(body, "T2")["when"]["amount"] = "[550000..2000000]"

    def of_nobody(body) -> None:
        rule(body, "T2")["then"]["roles"] = '["compliance"]'

    found = again(draft_with(of_nobody), now)
    assert [(change["order"], change["draft"]["roles"]) for change in found["changes"]] == [
        (order.number, ["compliance"])
    ]
    assert again(draft_with(from_550), now)["changed"] == 0


def test_orders_of_which_the_table_is_not_asked_are_left_alone(firm, now, draft_with) -> None:
    address_change(firm, now)
    assert again(draft_with(lower_threshold), now)["decided"] == 0


# --- how long they wait ---


def three_signed(firm, now):
    """A large transfer that the team lead signed after 3 hours and the manager after 5."""
    order = validated(firm, now, amount="3000000.00")
    decide(open_item(order), firm.eve, now + timedelta(hours=3))
    decide(open_item(order), firm.max, now + timedelta(hours=8))
    return order


def of_t3(roles, **then):
    def change(body) -> None:
        known = {column["name"] for column in body["outputs"]}
        body["outputs"] += [
            {"name": name, "type": "list", "label": {"en": name, "zh-Hans": name}} for name in then if name not in known
        ]
        rule(body, "T3")["then"] |= {"roles": roles, **then}

    return change


BOTH = '["team_lead", "operations_manager"]'


def test_those_who_sign_at_once_wait_as_long_as_the_slowest(firm, now, draft_with) -> None:
    three_signed(firm, now)
    found = again(draft_with(of_t3(BOTH, together=BOTH)), now)
    assert found["added_wait_seconds"] == -3 * 3600
    assert found["changed"] == 1


def test_two_of_a_role_wait_no_longer_than_one(firm, now, draft_with) -> None:
    three_signed(firm, now)
    found = again(draft_with(of_t3('["team_lead", "operations_manager", "operations_manager"]')), now)
    assert (found["load"]["operations_manager"], found["added_wait_seconds"]) == ({"then": 1, "draft": 2}, 0)


def test_those_who_sign_one_after_another_wait_one_after_another(firm, now, draft_with) -> None:
    three_signed(firm, now)
    assert again(draft_with(of_t3('["team_lead"]')), now)["added_wait_seconds"] == -5 * 3600
