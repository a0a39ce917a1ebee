"""A version stepped by hand on its page, and the acceptance cases that come of it."""

from __future__ import annotations

import json

import pytest

from audit.actors import Actor
from orders.models import Order
from processes import actions
from processes.models import AcceptanceCase, Instance
from tests.processes.drawings import SYSTEM, drawn, message, named, put_in_force, work_at
from tests.processes.engine.bpmn import element, end, path, start, timer

WAIT = element("intermediateCatchEvent", "pause", timer("timeDuration", "PT2H"))
MAIN = drawn(start(), work_at("look"), WAIT, end(), path("start -> look -> pause -> end"))
PAGE = "/staff/processes/main/1/dry-run/"

NOON = "2026-11-23T12:00:00Z"


@pytest.fixture
def page(client, firm, now):
    version = put_in_force(firm, "main", MAIN, now)
    actions.grant_as_elsewhere(version.model, actor=SYSTEM, now=now)
    client.force_login(firm.alan)

    def press(do: str, plan: str = "", **typed: str):
        return client.post(PAGE, {"do": do, "plan": plan, **typed})

    return press


def plan_of(answer) -> str:
    return answer.context["plan"]


def test_a_run_goes_on_button_by_button_and_writes_nothing(page):
    begun = page("begin", start="amount = 500")
    assert [task["id"] for task in begun.context["tasks"]] == ["look"]
    looked = page("complete:look", plan_of(begun), **{"variables-look": 'fine = true\nwhy = "说"'})
    assert looked.context["stands"].next_due
    done = page("due", plan_of(looked))
    assert done.context["stands"].status == "completed"
    names = {row["name"]: row["value"] for row in done.context["variables"]}
    assert names == {"amount": "500", "fine": "true", "why": '"说"'}
    back = page("back:1", plan_of(done))
    assert back.context["stands"].status == "running"
    assert not Instance.objects.exists()
    assert not Order.objects.exists()


def test_variables_are_set_from_outside_as_a_condition_may_wait_for(page):
    begun = page("begin")
    refused = page("set", plan_of(begun), set="limit: 5")
    assert refused.status_code == 422
    assert "limit: 5" in refused.content.decode()
    went = page("set", plan_of(begun), set="limit = 5")
    assert {row["name"]: row["value"] for row in went.context["variables"]} == {"limit": "5"}


def test_what_cannot_be_read_stands_at_its_field_and_is_kept(page):
    begun = page("begin")
    refused = page("complete:look", plan_of(begun), **{"variables-look": "fine = yes"})
    assert refused.status_code == 422
    assert "Line 1" in refused.context["errors"]["variables-look"]
    assert "fine = yes" in refused.content.decode()
    assert [task["id"] for task in refused.context["tasks"]] == ["look"]


@pytest.mark.parametrize(
    "plan",
    [
        "",
        "{",
        "[]",
        '{"steps": {}}',
        '{"steps": [], "also_deploy": ["/etc/passwd"]}',
        '{"steps": [], "now": 5}',
        '{"steps": [], "variables": [1]}',
        "[" * 5000,
        json.dumps({"steps": [{"cancel": True}] * 300}),
        " " * 200_001,
        *(
            f'{{"steps": [], "now": "{NOON}", "variables": {{"x": {"[" * deep}{"]" * deep}}}}}'
            for deep in (41, 600, 900)
        ),
        f'{{"steps": [{{"message": "m2", "activity": []}}], "now": "{NOON}"}}',
    ],
)
def test_a_plan_that_no_page_has_sent_is_refused_in_words(page, plan):
    answer = page("time", plan, duration="PT1H")
    assert answer.status_code == 422
    assert answer.context["refused"].sentence


@pytest.mark.parametrize("do", ["save", "time", "back:1"])
def test_a_step_with_a_part_that_is_none_is_no_case_and_no_failure(page, do):
    plan = json.loads(plan_of(page("begin"))) | {"steps": [{"message": "m2", "activity": []}]}
    answer = page(do, json.dumps(plan), name="Odd", duration="PT1H")
    assert answer.status_code == 422
    assert "id of an element" in answer.context["refused"].sentence
    assert not AcceptanceCase.objects.exists()


def test_an_error_without_a_code_is_said_in_words(page):
    plan = json.loads(plan_of(page("begin"))) | {"steps": [{"throw_error": {"task": "look"}}]}
    assert page("back:9", json.dumps(plan)).status_code < 500


@pytest.mark.parametrize("do", ["", "dance", "complete:nothing", "time", "message:none", "message:9", "due"])
def test_a_step_that_cannot_be_taken_leaves_the_run_where_it_was(page, do):
    begun = page("begin")
    answer = page(do, plan_of(begun), duration="soon")
    assert answer.status_code == 422
    assert answer.context["steps"] == []


MANY = element("multiInstanceLoopCharacteristics", "many", tl_collection="[10, 20]", tl_elementVariable="item")
TWO = drawn(
    start(), element("parallelGateway", "all"), message("paid", "intermediateCatchEvent", "paid", "city=city"),
    message("refunded", "intermediateCatchEvent", "paid", "city=other"), end(),
    element("receiveTask", "counted", MANY, messageRef="m_paid"), message("begun", "intermediateCatchEvent", "begun"),
    path("start -> begun -> all -> paid -> end"), path("all -> refunded -> end"), path("all -> counted -> end"),
    around=named("message", "paid") + named("message", "begun"), key="two",
)  # fmt: skip


@pytest.fixture
def press(client, firm, now):
    version = put_in_force(firm, "two", TWO, now)
    actions.grant_as_elsewhere(version.model, actor=SYSTEM, now=now)
    client.force_login(firm.alan)
    return lambda do, plan="", **typed: client.post(PAGE.replace("main", "two"), {"do": do, "plan": plan, **typed})


def test_of_several_receivers_of_a_message_one_is_picked_by_what_tells_it_from_the_others(press):
    begun = press("begin", start='city = "Albany"\nother = "Troy"')
    assert [(one["name"], one["at"], one["told_by"]) for one in begun.context["messages"]] == [("begun", "", "")]
    split = press("message:0", plan_of(begun))
    assert "Message “begun” arrives" in split.text
    told = {(one["at"], one["told_by"]): one["place"] for one in split.context["messages"]}
    waits = "Waits for a message (counted)"
    assert set(told) == {
        ("Waits (paid)", 'city = "Albany"'), ("Waits (refunded)", 'city = "Troy"'), (waits, "item = 10"),
        (waits, "item = 20"),
    }  # fmt: skip
    went, left = split, dict(told)
    for chosen in ((waits, "item = 20"), ("Waits (refunded)", 'city = "Troy"'), ("Waits (paid)", 'city = "Albany"')):
        place = {(one["at"], one["told_by"]): one["place"] for one in went.context["messages"]}[chosen]
        went = press(f"message:{place}", plan_of(went), **{f"payload-{place}": "amount = 5"})
        del left[chosen]
        assert len(went.context["messages"]) == len(left)
    assert [(one["at"], one["told_by"]) for one in went.context["messages"]] == [("", "")]
    assert "Message “paid” arrives at “Waits (refunded)”" in went.text
    assert press("message:0", plan_of(went)).context["stands"].status == "completed"


def test_what_a_message_says_is_kept_where_it_cannot_be_read(press):
    begun = press("begin")
    refused = press("message:0", plan_of(begun), **{"payload-0": "amount = much"})
    assert refused.status_code == 422
    assert "Line 1" in refused.context["errors"]["payload-0"]
    assert "amount = much" in refused.text


def test_what_is_too_long_is_said_to_be_and_is_not_cut_off(page):
    assert "maxlength" not in page("begin").text.partition('name="set"')[2].partition(">")[0]
    refused = page("begin", start=f'x = "{"a" * 100_000}"')
    assert refused.status_code == 422
    assert refused.context["errors"]["start"] == (
        "Expected at most 20,000 characters, but there are 100,006. A shorter value does as well here."
    )


def test_a_run_is_saved_as_a_case_and_retired_with_a_reason(page, client):
    begun = page("begin")
    looked = page("complete:look", plan_of(begun))
    assert page("save", plan_of(looked), name=" ").status_code == 422
    assert page("save", plan_of(looked), name="Looked at").status_code == 302
    case = AcceptanceCase.objects.get()
    assert "Looked at" in client.get(PAGE).content.decode()
    address = f"{PAGE}cases/{case.pk}/retire/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Another way now."}).status_code == 302
    assert client.get(PAGE).context["cases"] == []
    assert client.post(address, {"reason": "Again."}).status_code == 404


def test_a_drafts_page_names_the_cases_that_were_retired_for_it(page, client, firm, now):
    looked = page("complete:look", plan_of(page("begin")))
    page("save", plan_of(looked), name="Looked at")
    client.post(f"{PAGE}cases/{AcceptanceCase.objects.get().pk}/retire/", {"reason": "Another way now."})
    made = actions.draft_version("main", xml=MAIN, forms={}, actor=Actor.of(firm.alan), now=now)
    shown = client.get(f"/staff/processes/main/{made.number}/").content.decode()
    assert "1 acceptance case was retired for this version" in shown
    assert "Another way now." in shown
    assert "retired for this version" not in client.get("/staff/processes/main/1/").content.decode()


def test_who_may_not_edit_sees_it_and_saves_nothing(page, client, firm):
    plan = plan_of(page("complete:look", plan_of(page("begin"))))
    client.force_login(firm.max)
    assert "Save the case" not in client.get(PAGE).content.decode()
    assert page("save", plan, name="Mine").status_code == 403
    assert not AcceptanceCase.objects.exists()


def test_the_page_costs_the_same_whatever_is_stored(page, client, django_assert_num_queries):
    client.get(PAGE)
    with django_assert_num_queries(10):
        client.get(PAGE)


@pytest.mark.parametrize(
    "changed",
    [
        {"now": "0001-01-01T00:00:00+00:00"},
        {"now": "9999-12-31T23:00:00+00:00"},
        {"variables": {"x": "\ud800"}},
        {"now": 5},
    ],
)
def test_a_plan_that_no_page_of_ours_sent_is_refused(page, changed):
    plan = json.dumps({**json.loads(plan_of(page("begin"))), **changed})
    assert page("complete:look", plan).status_code == 422


@pytest.mark.parametrize("value", ['"\\ud800"', "1e999", '"\\u0000"', "[" * 700 + "]" * 700])
def test_a_value_that_cannot_be_kept_is_refused_at_its_field(page, value):
    refused = page("complete:look", plan_of(page("begin")), **{"variables-look": f"x = {value}"})
    assert refused.status_code == 422
    assert "Line 1" in refused.text
