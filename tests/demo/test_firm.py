"""The demo's people, clients, custodians and generator parameters: complete, and naming only what exists."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

DEMO = Path(__file__).resolve().parents[2] / "demo"
TODAY = date(2026, 11, 22)
LOAN = "personal_loan"


def read(name: str) -> dict[str, Any]:
    return yaml.safe_load((DEMO / name).read_text(encoding="utf-8"))


FIRM = read("firm.yaml")
CLIENTS = read("clients.yaml")["clients"]
CUSTODIANS = {custodian["code"]: custodian for custodian in read("custodians.yaml")["custodians"]}
GENERATED = read("generated.yaml")
PEOPLE = {person["username"]: person for person in FIRM["people"]}
PRODUCTS = {path.parent.name for path in DEMO.glob("products/*/process.bpmn")} | {LOAN}


def codes(section: str) -> set[str]:
    return {row["code"] for row in FIRM[section]}


def turned(client: dict[str, Any], on: date) -> int:
    born = client["birth_date"]
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def form_fields(code: str) -> dict[str, dict[str, Any]]:
    """Fields of a product's forms."""
    folder = DEMO / "products" / code
    return fields_of([folder / "order_form.json", *folder.glob("forms/*.json")])


def fields_of(found: list[Path]) -> dict[str, dict[str, Any]]:
    return {
        name: field
        for path in found
        for name, field in json.loads(path.read_text(encoding="utf-8"))["properties"].items()
    }


def test_the_firm_has_the_people_of_the_sources() -> None:
    held = Counter(role for person in FIRM["people"] for role in person["roles"])
    assert held == {
        "analyst": 12, "team_lead": 3, "operations_manager": 1, "compliance": 1, "chief_compliance_officer": 1,
        "head_of_operations": 1, "administrator": 2, "examiner": 1, "advisor": 4, "treasurer": 1,
    }  # fmt: skip
    assert len(PEOPLE) == len(FIRM["people"])


def test_people_teams_and_queues_name_only_what_exists() -> None:
    for person in FIRM["people"]:
        assert person["team"] is None or person["team"] in codes("teams")
        assert set(person["roles"]) <= codes("roles")
        assert set(person["skills"]) <= codes("skills")
        assert person["language"] in {"en", "zh-Hans"}
    for team in FIRM["teams"]:
        assert {team["lead"], team["manager"]} - {None} <= set(PEOPLE)
        assert team["branch"] in codes("branches")
    for queue in FIRM["queues"]:
        assert queue["team"] in codes("teams")
        assert queue["branch"] in codes("branches")
        assert queue.get("role") is None or queue["role"] in codes("roles")


def test_there_is_no_door_that_is_not_ours() -> None:
    assert codes("channels") == {"web", "mobile", "counter", "staff"}


def test_permissions_name_only_what_exists_and_never_a_person() -> None:
    holders = {"role": codes("roles"), "team": codes("teams"), "lead": codes("teams")}
    things = {
        "queues": codes("queues"),
        "products": PRODUCTS,
        "branches": codes("branches"),
        "clients_of_branch": codes("branches"),
    }
    for grant in FIRM["permissions"]:
        kind, _, code = grant["to"].partition(":")
        assert code in holders[kind]
        named = {} if grant["of"] == "own" else grant["of"]
        assert all(which == "all" or set(which) <= things[what] for what, which in named.items()), grant


def can_work(person: dict[str, Any], queue: str) -> bool:
    led = (f"lead:{team['code']}" for team in FIRM["teams"] if team["lead"] == person["username"])
    groups = {f"team:{person['team']}", *(f"role:{role}" for role in person["roles"]), *led}
    return any(
        grant["right"] == "work_queue" and grant["to"] in groups and queue in grant["of"]["queues"]
        for grant in FIRM["permissions"]
    )


@pytest.mark.parametrize(
    ("queue", "skill"),
    [
        ("maintenance", "general"),
        ("maintenance", "senior"),
        ("openings", "entity"),
        ("transfers", "transfers"),
        ("custodian", "custodian"),
        ("reconciliation", "reconciliation"),
        ("corporate_review", "corporate"),
        ("counter", "corporate"),
    ],
)
def test_at_least_two_people_can_do_each_kind_of_work(queue: str, skill: str) -> None:
    assert len([p for p in FIRM["people"] if skill in p["skills"] and can_work(p, queue)]) >= 2


def test_compliance_looks_into_what_the_watch_lists_say() -> None:
    assert {p["username"] for p in FIRM["people"] if can_work(p, "due_diligence")} == {"fay", "robert"}


def test_every_approving_role_has_its_queue_and_somebody_who_works_it() -> None:
    queues = [(queue["role"], queue["code"]) for queue in FIRM["queues"] if "role" in queue]
    vacant = {"credit_officer"}  # a draft asks for one, so that the checker shows it
    signing = {"advisor", "team_lead", "operations_manager", "compliance", "treasurer"}
    assert {role for role, _queue in queues} == signing | vacant
    held = {
        queue: {p["username"] for p in FIRM["people"] if can_work(p, queue) and role in p["roles"]}
        for role, queue in queues
    }
    assert {queue for queue, people in held.items() if not people} == {"approvals_credit_officer"}
    assert held["approvals_team_lead"] == {"evelyn", "omar"}
    assert held["approvals_team_lead_nanjing"] == {"zhoumin"}


def test_sixty_clients_stand_in_every_tier_and_belong_somewhere() -> None:
    assert Counter(client["kind"] for client in CLIENTS) == {"person": 48, "company": 12}
    assert {client["tier"] for client in CLIENTS} == {"standard", "premier", "private"}
    assert len({client["ref"] for client in CLIENTS}) == len({client["account"] for client in CLIENTS}) == 60
    for client in CLIENTS:
        assert client["branch"] in codes("branches")
        assert "advisor" in PEOPLE[client["advisor"]]["roles"]
        assert client["custodian"] in CUSTODIANS
        assert client["advisor_since"] <= TODAY
        assert ("birth_date" in client) == (client["kind"] == "person")


def test_the_first_dozen_clients_can_log_in_by_name() -> None:
    names = [client.get("username") for client in CLIENTS]
    assert all(names[:12])
    assert not any(names[12:])
    assert not set(names[:12]) & set(PEOPLE)


def test_clients_have_the_ages_that_the_rules_ask_about() -> None:
    persons = [client for client in CLIENTS if client["kind"] == "person"]
    senior = [client for client in persons if turned(client, TODAY) >= 65]
    about_to = [client for client in persons if turned(client, TODAY) < 65 <= turned(client, date(2026, 12, 31))]
    assert len(senior) >= 10
    assert len(about_to) >= 3
    assert any(client["birth_date"] == date(1961, 11, 22) for client in senior)


def test_custodians_shares_and_codes_add_up() -> None:
    assert sum(custodian["share_of_accounts"] for custodian in CUSTODIANS.values()) == pytest.approx(1)
    assert {custodian["way"] for custodian in CUSTODIANS.values()} == {"rest", "file"}
    for custodian in CUSTODIANS.values():
        for operation in custodian["operations"].values():
            assert operation["reject"] + operation["silent"] < 0.25
            assert sum(operation["codes"].values()) == pytest.approx(1)
            assert set(operation["codes"]) <= set(custodian["codes"])


def test_the_generator_s_shares_add_up_and_name_every_product() -> None:
    shares = GENERATED["shares"]
    assert {code for family in shares.values() for code in family} == PRODUCTS - {
        LOAN,
        "reconciliation_break",
        "critical_break",
    }
    assert all(sum(family.values()) == pytest.approx(1) for family in shares.values())
    assert len(GENERATED["arrivals"]["hour"]) == 24
    assert set(GENERATED["work"]["speed"]) <= set(PEOPLE)


@pytest.mark.parametrize("code", sorted(code for code in GENERATED["outcomes"] if code in PRODUCTS))
def test_made_outcomes_are_choices_that_the_product_s_forms_offer(code: str) -> None:
    offered = {**fields_of([*DEMO.glob("processes/*/forms/*.json")]), **form_fields(code)}
    for name, shares in GENERATED["outcomes"][code].items():
        assert set(shares) <= set(offered[name].get("enum", [True, False]))
        assert sum(shares.values()) == pytest.approx(1)


def test_made_answers_are_choices_of_some_order_form() -> None:
    offered = {
        name: field for code in PRODUCTS - {LOAN} for name, field in form_fields(code).items() if "const" not in field
    }
    for name, shares in GENERATED["answers"].items():
        if isinstance(shares, dict):
            choices = offered[name].get("enum", [True, False])
            assert set(shares) <= set(choices), name
            assert sum(shares.values()) == pytest.approx(1)
