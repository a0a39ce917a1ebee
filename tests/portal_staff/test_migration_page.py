"""Moving running orders to another version: what maps, a try without effect, then the move, some at a time."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import Entry
from portal_staff.views import migration
from processes import actions
from processes.models import Instance
from tests.processes.drawings import SYSTEM, complete, drawn, instance_of, order_of, put_in_force, work_at
from tests.processes.engine.bpmn import element, end, path, start

OLD = drawn(start(), work_at("look"), work_at("judge"), end(), path("start -> look -> judge -> end"))
NEW = drawn(start(), work_at("look"), work_at("weigh"), end(), path("start -> look -> weigh -> end"))
PAGE = "/staff/processes/main/migrate/1/2/"


@pytest.fixture
def two(firm, now):
    """Three orders of the old version; one of them stands on what the new one calls otherwise."""
    version = put_in_force(firm, "main", OLD, now)
    actions.grant_as_elsewhere(version.model, actor=SYSTEM, now=now)
    orders = [order_of(firm, "main", now, sent_as=f"order-{number}") for number in range(3)]
    complete(orders[1], "look", firm.dee, now)
    put_in_force(firm, "main", NEW, now)
    return orders


def version_of(order) -> int:
    return instance_of(order).version.number


def test_what_maps_and_what_does_not(firm, two, as_user) -> None:
    response = as_user(firm.alan).get(PAGE)
    assert [each["id"] for each in response.context["unmapped"]] == ["judge"]
    assert [choice for choice, _label in response.context["unmapped"][0]["choices"]] == ["look", "weigh"]
    assert "It is not in the other version." in response.text
    assert "3 processes run the old version" in response.text


def test_a_try_counts_and_changes_nothing(firm, two, as_user) -> None:
    response = as_user(firm.alan).get(PAGE, {"look": "1"})
    assert "2 of 3 would move." in response.text
    assert "has no counterpart" in response.text
    assert {version_of(order) for order in two} == {1}
    assert not Entry.objects.filter(fact="processes.instance.migrated").exists()
    chosen = as_user(firm.alan).get(PAGE, {"look": "1", "to.judge": "weigh"})
    assert "3 of 3 would move." in chosen.text


def test_they_move_with_a_reason_and_what_cannot_stays(firm, two, as_user) -> None:
    browser = as_user(firm.alan)
    assert browser.post(PAGE, {"reason": " "}).status_code == 422
    response = browser.post(PAGE, {"reason": "The new check is the law."})
    assert "Moved 2 of 3." in response.text
    assert "1 process runs the old version" in response.text
    assert [version_of(order) for order in two] == [2, 1, 2]
    entries = Entry.objects.filter(fact="processes.instance.migrated")
    assert {entry.reason for entry in entries} == {"The new check is the law."}
    browser.post(PAGE, {"reason": "The rest.", "to.judge": "weigh"})
    assert version_of(two[1]) == 2
    assert instance_of(two[1]).state["tasks"]


def test_too_long_a_reason_is_told_from_none(firm, two, as_user) -> None:
    page = as_user(firm.alan).post(PAGE, {"reason": "x" * 2001})
    assert page.status_code == 422
    assert "Use at most 2,000 characters." in page.text


def test_many_move_some_at_a_time(firm, two, as_user, monkeypatch) -> None:
    monkeypatch.setattr(migration, "MOVED", 1)
    browser, form, said = as_user(firm.alan), {"reason": "New."}, []
    while True:
        done = browser.post(PAGE, form).context["done"]
        said.append((done["moved"], done["stayed"], done["left"], done["total"]))
        if not done["left"]:
            break
        form = {"reason": "New.", "after": done["last"], "moved": done["moved"], "stayed": done["stayed"]}
    assert said == [(1, 0, 2, 3), (1, 1, 1, 3), (2, 1, 0, 3)]


def test_a_try_of_many_looks_at_some_at_a_time(firm, two, as_user, monkeypatch) -> None:
    monkeypatch.setattr(migration, "LOOKED_AT", 2)
    first = as_user(firm.alan).get(PAGE, {"look": "1"}).context["looked"]
    assert (first["count"], first["left"]) == (2, 1)
    rest = as_user(firm.alan).get(PAGE, {"look": "1", "after": first["last"]}).context["looked"]
    assert (rest["count"], rest["left"]) == (1, 0)


def test_orders_that_the_reader_may_not_see_have_no_number(firm, two, as_user) -> None:
    text = as_user(firm.alan).get(PAGE, {"look": "1"}).text
    assert "Of an order that you may not see" in text
    assert all(f"Process {order.process_id}" in text for order in two)
    assert not any(order.number in text for order in two)
    assert two[0].number in as_user(firm.rob).get(PAGE, {"look": "1"}).text


def test_a_counterpart_of_another_kind_is_refused_in_words(firm, two, as_user) -> None:
    response = as_user(firm.alan).get(PAGE, {"look": "1", "to.judge": "end"})
    assert response.status_code == 422
    assert response.context["wrong"] == [
        "Expected something of the same kind as “judge” (Task of a person, An analyst), but “End (end)” is: End."
    ]
    User.objects.filter(pk=firm.alan.pk).update(language="zh-hans")
    (line,) = as_user(firm.alan).get(PAGE, {"look": "1", "to.judge": "end"}).context["wrong"]
    assert "人工任务" in line
    assert "userTask" not in line
    assert as_user(firm.alan).post(PAGE, {"reason": "New.", "to.judge": "nothing"}).status_code == 422
    assert {version_of(order) for order in two} == {1}


def test_only_who_approves_the_process_moves_orders(firm, now, two, as_user) -> None:
    for who in (firm.dee, firm.max, firm.judith):
        assert as_user(who).get(PAGE).status_code == 403
        assert as_user(who).post(PAGE, {"reason": "Mine."}).status_code == 403
    assert as_user(firm.alan).get(PAGE.replace("main", "nothing")).status_code == 404
    assert as_user(firm.alan).get(PAGE.replace("/2/", "/9/")).status_code == 404
    assert {version_of(order) for order in two} == {1}


def test_nothing_moves_to_what_nobody_agreed_on(firm, now, two, as_user) -> None:
    actions.draft_version("main", xml=NEW, forms={}, actor=SYSTEM, now=now, file="main.bpmn")
    for target in ("3", "1"):
        page = as_user(firm.alan).post(PAGE.replace("/2/", f"/{target}/"), {"reason": "New."})
        assert page.status_code == 409
    assert Instance.objects.filter(version__number=1).count() == 3


def test_a_try_costs_a_fixed_number_of_statements(firm, now, two, as_user) -> None:
    browser = as_user(firm.alan)
    for _time in range(2):
        browser.get(PAGE, {"look": "1"})
        with CaptureQueriesContext(connection) as captured:
            browser.get(PAGE, {"look": "1"})
        assert len(captured) == 11
        Instance.objects.filter(pk=two[1].process_id).update(version=instance_of(two[0]).version)


def test_two_that_would_become_one_are_named_both(firm, now, as_user) -> None:
    fork = (start(), element("parallelGateway", "split"), work_at("look"), work_at("judge"), end(),
            path("start -> split -> look -> end"), path("split -> judge -> end"))  # fmt: skip
    version = put_in_force(firm, "main", drawn(*fork), now)
    actions.grant_as_elsewhere(version.model, actor=SYSTEM, now=now)
    order_of(firm, "main", now)
    put_in_force(firm, "main", drawn(start(), work_at("weigh"), end(), path("start -> weigh -> end")), now)
    chosen = {"look": "1", "to.look": "weigh", "to.judge": "weigh"}
    response = as_user(firm.alan).get(PAGE, chosen)
    assert "0 of 1 would move." in response.text
    assert [row["why"] for row in response.context["rows"]] == [
        [("look", "would stand at one element there with “judge”")]
    ]


def test_where_a_move_led_to_is_kept_for_replay_and_not_shown(firm, two, as_user) -> None:
    as_user(firm.alan).post(PAGE, {"reason": "The new check is the law."})
    assert Entry.objects.filter(fact="processes.instance.migrated").exclude(personal="").count() == 2
    text = as_user(firm.eve).get(f"/staff/orders/{two[0].number}/").text
    assert "moved the process to another version of its drawing" in text
    assert "oved state" not in text
