"""`process waiting` names everything that waits; `process publish` proposes a drawing and says what is next."""

import json
from datetime import timedelta

import pytest

from audit.actors import Actor
from audit.models import Entry
from processes import actions, queries
from processes.engine import parse
from processes.models import Instance, ProcessModel, ProcessVersion, Start
from processes.publishing import findings
from processes.refusals import NotPublishable, StepFailed
from processes.tasks import deliver_messages, fire_timers
from processes.tasks import put_in_force as come_into_force
from processes.waiting import everything
from tests.processes.drawings import (
    call,
    complete,
    drawn,
    message,
    named,
    order_of,
    put_in_force,
    signal,
    work_at,
)
from tests.processes.engine.bpmn import element, end, extensions, flow, path, start, timer

AROUND = named("message", "paid") + named("signal", "closed")
BUSY = drawn(
    start(), element("parallelGateway", "all"), work_at("look"), call("identify", "kyc"), end(),
    message("paid", "intermediateCatchEvent", "paid"), signal("closed", "intermediateCatchEvent", "closed"),
    element("intermediateCatchEvent", "pause", timer("timeDuration", "P1D")),
    path("start -> all -> look -> end"), path("all -> identify -> end"), path("all -> paid -> end"),
    path("all -> closed -> end"), path("all -> pause -> end"), around=AROUND,
)  # fmt: skip
CALLED = drawn(start(), work_at("check"), end(), path("start -> check -> end"), key="kyc")


@pytest.fixture
def order(firm, now):
    put_in_force(firm, "kyc", CALLED, now)
    put_in_force(firm, "main", BUSY, now)
    return order_of(firm, "main", now)


def test_everything_that_waits_is_named(firm, now, order):
    found = {(one.what, one.node) for one in everything("main")}
    expected = {("task", "look"), ("call", "identify"), ("message", "paid"), ("signal", "closed"), ("timer", "pause")}
    assert found == expected
    assert next(one.due for one in everything("main") if one.what == "timer") == now + timedelta(days=1)
    assert [(one.what, one.node) for one in everything("kyc")] == [("task", "check")]


def test_a_token_that_waits_for_another_way_is_named_with_its_gateway(firm, now):
    dead = drawn(
        start(), work_at("look"), element("exclusiveGateway", "either", default="either-join"), end(),
        element("parallelGateway", "join"), work_at("other"), path("start -> look -> either -> join -> end"),
        flow("either -> other", "1 = 2"), path("other -> join"),
    )  # fmt: skip
    put_in_force(firm, "main", dead, now)
    stuck = order_of(firm, "main", now)
    complete(stuck, "look", firm.dee, now)
    assert [(one.what, one.node) for one in everything("main")] == [("join", "join")]


def test_its_cost_does_not_grow_with_what_waits(firm, now, order, django_assert_num_queries):
    with django_assert_num_queries(6):
        list(everything("main"))
    for number in range(3):
        order_of(firm, "main", now, sent_as=f"more-{number}")
    with django_assert_num_queries(6):
        list(everything("main"))


def test_an_incident_and_a_message_for_nobody_are_named_by_the_command(firm, now, order, command, monkeypatch):
    actions.deliver_message("late", keys={}, payload={}, dedupe_key="x", actor=Actor.system("test"), now=now)
    assert command("waiting", "--json")[0] == 0
    monkeypatch.setattr("orders.handlers.settle_state", lambda step: 1 / 0)
    with pytest.raises(StepFailed):
        complete(order, "look", firm.dee, now)
    status, out, _ = command("waiting", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 1
    assert "ZeroDivisionError" in next(line["detail"] for line in lines if line["what"] == "incident")
    assert next(line["detail"] for line in lines if line["what"] == "nobody") == "late"
    assert len(command("waiting")[1].splitlines()) == len(lines)


TICK = element("startEvent", "tick", timer("timeCycle", "R/PT1H"))
BEHIND = [
    (TICK, work_at("look"), path("tick -> look -> end")),
    (start(), TICK, work_at("look"), element("task", "t"), path("start -> t -> end"), path("tick -> look -> end")),
    (TICK, element("subProcess", "s", start("i") + work_at("look") + end("j") + path("i -> look -> j")),
     path("tick -> s -> end")),
    (message("asked", "startEvent", "paid"), element("task", "t"), work_at("look"),
     element("boundaryEvent", "late", timer("timeDuration", "PT1H"), attachedToRef="t"), path("asked -> t -> end"),
     path("late -> look -> end")),
    (signal("asked", "startEvent", "closed"), element("task", "t"), path("asked -> t -> end"),
     element("subProcess", "s", message("more", "startEvent", "paid") + work_at("look") + end("j")
             + path("more -> look -> j"), triggeredByEvent="true")),
]  # fmt: skip


@pytest.mark.parametrize("parts", BEHIND, ids=range(len(BEHIND)))
def test_work_behind_an_event_that_begins_a_process_for_no_order_is_refused(firm, now, command, tmp_path, parts):
    xml = drawn(*parts, end(), around=AROUND)
    with pytest.raises(NotPublishable, match="whose order begins it"):
        put_in_force(firm, "main", xml, now)
    (tmp_path / "main.bpmn").write_bytes(xml)
    status, out, _errors = command("check", "main.bpmn", "--json")
    told = [one for one in json.loads(out)["warnings"] if "whose order begins it" in one["message"]]
    line = xml.decode()[: xml.decode().index('id="look"')].count("\n") + 1
    assert (status, [(one["element"], one["line"]) for one in told]) == (0, [("look", line)])


def test_a_call_of_such_work_behind_an_event_is_a_doubt_as_what_is_in_force_may_change(firm, now):
    put_in_force(firm, "kyc", CALLED, now)
    xml = drawn(TICK, call("identify", "kyc"), end(), path("tick -> identify -> end"))
    doubts = [one for one in findings(parse(xml), {}).warnings if "could not be opened" in one.message]
    assert [one.element for one in doubts] == ["identify"]
    put_in_force(firm, "main", xml, now)
    fire_timers(now + timedelta(hours=1))
    assert "no_order" not in Start.objects.get(version__model__key="main").last_error
    assert "Expected an order for the work at check" in Start.objects.get(version__model__key="main").last_error


def test_work_in_an_event_sub_process_of_what_an_order_begins_is_right(firm, now):
    beside = element("subProcess", "s", message("more", "startEvent", "paid") + work_at("look") + end("j")
                     + path("more -> look -> j"), triggeredByEvent="true")  # fmt: skip
    put_in_force(firm, "main", drawn(start(), element("task", "t"), beside, end(), path("start -> t -> end"),
                                     around=AROUND), now)  # fmt: skip


def test_publishing_proposes_and_somebody_else_approves(firm, now, command, tmp_path):
    (tmp_path / "kyc.bpmn").write_bytes(CALLED)
    status, out, err = command("publish", "kyc.bpmn", "--key", "kyc", "--justification", "New.", "--json")
    said = json.loads(out)
    assert (status, err, said["version"], said["state"]) == (0, "", 1, "proposed")
    assert "approves" in said["next"]
    version = ProcessVersion.objects.get(model__key="kyc")
    actions.approve_version(version.pk, actor=Actor.of(firm.nadia), now=version.proposed_at)
    assert come_into_force(version.proposed_at) == 1


def test_a_drawing_with_errors_is_refused_in_one_line_all_are_the_answer_and_nothing_is_kept(
    firm, now, command, tmp_path
):
    wrong = CALLED.replace(b'queue="maintenance"', b'queue="attic"').replace(b'targetRef="end"', b'targetRef="nobody"')
    (tmp_path / "kyc.bpmn").write_bytes(wrong)
    status, out, err = command("publish", "kyc.bpmn", "--key", "kyc", "--justification", "New.")
    lines = out.splitlines()
    assert (status, len(err.splitlines()), len(lines) > 1) == (2, 1, True)
    assert all("kyc.bpmn:" in line for line in lines)
    assert "attic" in out
    assert "nobody" in out
    assert err.strip() == f"{lines[0]} ({len(lines) - 1} more on standard output)"
    _status, told, _err = command("publish", "kyc.bpmn", "--key", "kyc", "--justification", "New.", "--json")
    assert [f":{one['line']}: {one['message']}" for one in json.loads(told)["errors"]] == [
        line[line.index("kyc.bpmn") + len("kyc.bpmn") :] for line in lines
    ]
    assert not ProcessModel.objects.filter(key="kyc").exists()


@pytest.mark.parametrize("key", ["instances", "waiting"])
def test_a_key_that_is_the_address_of_a_page_is_refused(key, firm, now, command, tmp_path):
    (tmp_path / "kyc.bpmn").write_bytes(CALLED)
    status, out, err = command("publish", "kyc.bpmn", "--key", key, "--justification", "New.")
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert f"“{key}” is the address of a page" in err
    assert not ProcessModel.objects.filter(key=key).exists()


def test_a_justification_is_asked_for(firm, now, command, tmp_path):
    (tmp_path / "kyc.bpmn").write_bytes(CALLED)
    status, out, err = command("publish", "kyc.bpmn", "--key", "kyc", "--justification", " ")
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert not ProcessVersion.objects.filter(model__key="kyc").exists()


def test_the_picture_of_an_instance_shows_where_it_stands(firm, now, order, command, tmp_path):
    (tmp_path / "main.bpmn").write_bytes(BUSY)
    assert command("svg", "main.bpmn", "-o", "out.svg", "--state", str(order.process_id))[0] == 0
    plain = (tmp_path / "out.svg").read_text()
    assert "now" in plain
    assert command("svg", "main.bpmn", "-o", "out.svg", "--state", "0")[0] == 2


def test_the_picture_of_an_instance_is_not_made_of_another_drawing(firm, now, order, command, tmp_path):
    lines = {
        "other.bpmn": CALLED,  # published for another process
        "unknown.bpmn": CALLED.replace(b"check", b"looks"),
        "lacking.bpmn": drawn(start(), work_at("look"), end(), path("start -> look -> end")),
    }
    for name, xml in lines.items():
        (tmp_path / name).write_bytes(xml)
        status, out, err = command("svg", name, "-o", "out.svg", "--state", str(order.process_id))
        assert (status, out, len(err.splitlines()), (tmp_path / "out.svg").exists()) == (2, "", 1, False)
        assert f'{name}:1: Expected the drawing of instance {order.process_id}, which is one of "main"' in err
    (tmp_path / "resaved.bpmn").write_bytes(BUSY + b"\n")
    assert command("svg", "resaved.bpmn", "-o", "out.svg", "--state", str(order.process_id))[0] == 0


def test_a_timer_start_that_fails_is_kept_with_its_cause_shown_and_tried_again_later(firm, now):
    broken = element("businessRuleTask", "score", extensions('<tl:decision table="nothing" result="risk"/>'))
    begins = element("startEvent", "daily", timer("timeCycle", "R/PT1H"))
    put_in_force(firm, "main", drawn(begins, broken, end(), path("daily -> score -> end")), now)
    due = now + timedelta(hours=1)
    fire_timers(due)
    [waits] = everything("main")
    assert (waits.what, waits.node, waits.due) == ("incident", "daily", due + timedelta(minutes=1))
    assert "nothing" in waits.detail
    assert "(attempts: 1)" in waits.detail
    assert not Instance.objects.exists()
    fire_timers(due + timedelta(seconds=30))
    assert Start.objects.get().attempts == 1
    fire_timers(due + timedelta(minutes=2))
    assert Start.objects.get().attempts == 2
    assert Entry.objects.filter(fact="processes.start.failed").count() == 2


def test_a_start_that_works_again_is_no_more_among_what_waits(firm, now):
    begins = element("startEvent", "daily", timer("timeCycle", "R/PT1H"))
    put_in_force(firm, "main", drawn(begins, end(), path("daily -> end")), now)
    Start.objects.update(attempts=3, last_error="It failed.")
    assert [waits.what for waits in everything("main")] == ["incident"]
    fire_timers(now + timedelta(hours=1))
    assert list(everything("main")) == []


def two_pools() -> bytes:
    """ "seller" tells "buyer", which begins by that message."""
    seller = drawn(start(), work_at("look"), message("tell", "intermediateThrowEvent", "paid"), end(),
                   path("start -> look -> tell -> end"), key="seller", around=AROUND)  # fmt: skip
    inner = message("told", "startEvent", "paid") + element("task", "t") + end("e2") + path("told -> t -> e2")
    buyer = element("process", "buyer", inner, isExecutable="true")
    return seller.replace(b"</bpmn:definitions>", f"{buyer}</bpmn:definitions>".encode())


def test_a_file_with_two_pools_that_run_is_refused_under_the_key_of_neither_with_what_to_do(firm, now):
    with pytest.raises(NotPublishable, match=r"under its id as the key \(seller, buyer\)"):
        put_in_force(firm, "main", two_pools(), now)


def test_each_of_two_pools_is_published_under_its_own_key_and_one_tells_the_other(firm, now):
    put_in_force(firm, "seller", two_pools(), now)
    put_in_force(firm, "buyer", two_pools(), now)
    order = order_of(firm, "seller", now)
    complete(order, "look", firm.dee, now)
    deliver_messages(now)
    ended = Instance.objects.order_by("pk").values_list("version__model__key", "status")
    assert list(ended) == [("seller", "completed"), ("buyer", "completed")]


def test_the_command_publishes_the_pool_of_the_key(firm, now, command, tmp_path):
    (tmp_path / "both.bpmn").write_bytes(two_pools())
    for key, first in (("seller", "start"), ("buyer", "")):
        status, _out, err = command("publish", "both.bpmn", "--key", key, "--justification", "New.")
        assert (status, err) == (0, "")
        graph = queries.graph(ProcessVersion.objects.get(model__key=key).pk)
        assert (graph.process, graph.start) == (key, first or "told")


def test_a_version_that_cannot_run_holds_up_no_other(firm, now):
    bad = put_in_force(firm, "bad", drawn(start(), end(), path("start -> end")), now)
    good = put_in_force(firm, "good", drawn(start(), end(), path("start -> end")), now)
    ProcessVersion.objects.filter(pk__in=(bad.pk, good.pk)).update(state="approved")
    ProcessVersion.objects.filter(pk=bad.pk).update(xml=b"<no/>")
    queries.forget()
    come_into_force(now)
    states = dict(ProcessVersion.objects.values_list("model__key", "state").filter(pk__in=(bad.pk, good.pk)))
    assert states == {"bad": "approved", "good": "in_force"}


def test_a_table_that_nothing_governs_is_a_doubt(firm, django_assert_num_queries):
    def drawing(table):
        rule = element("businessRuleTask", "score", extensions(f'<tl:decision table="{table}" result="risk"/>'))
        return parse(drawn(start(), rule, end(), path("start -> score -> end")))

    with django_assert_num_queries(1):
        report = findings(drawing("nothing"), {})
    assert [finding.element for finding in report.warnings if '"nothing" is none' in finding.message] == ["score"]
    assert not [finding for finding in findings(drawing("transfers"), {}).warnings if "is none" in finding.message]
