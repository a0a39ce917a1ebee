"""The page of a running process: where it stands, how it came there, and its repair by one or two people."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.actors import Actor
from audit.models import Entry
from orders.invariants import states_follow_from_entries
from orders.models import Order
from processes import actions
from processes.models import Incident, Instance, Skip, Timer
from processes.refusals import StepFailed
from tests.firm import open_item
from tests.processes.drawings import (
    SYSTEM,
    call,
    complete,
    drawn,
    instance_of,
    message,
    named,
    open_nodes,
    order_of,
    put_in_force,
    signal,
    work_at,
)
from tests.processes.engine.bpmn import element, end, extensions, flow, path, start, timer
from work import actions as work

SCORE = element("businessRuleTask", "score", extensions('<tl:decision table="nothing" result="risk"/>'))
FAILING = drawn(
    start(), work_at("look"), SCORE, work_at("judge"), end(), path("start -> look -> score -> judge -> end")
)
AROUND = named("message", "paid") + named("signal", "closed")
BUSY = drawn(
    start(), element("parallelGateway", "all"), work_at("look"), call("identify", "kyc"), end(),
    message("paid", "intermediateCatchEvent", "paid", "city=city"),
    signal("closed", "intermediateCatchEvent", "closed"),
    element("intermediateCatchEvent", "pause", timer("timeDuration", "P1D")),
    path("start -> all -> look -> end"), path("all -> identify -> end"), path("all -> paid -> end"),
    path("all -> closed -> end"), path("all -> pause -> end"), around=AROUND,
)  # fmt: skip
CALLED = drawn(start(), work_at("check"), end(), path("start -> check -> end"), key="kyc")
RUN = drawn(
    message("begin", "startEvent", "begun"), SCORE.replace('id="score"', 'id="weigh"'), end(),
    element("intermediateCatchEvent", "pause", timer("timeDuration", "P1D")),
    path("begin -> pause -> weigh -> end"), around=named("message", "begun"),
)  # fmt: skip


def page_of(order: Order, serial: int = 0) -> str:
    if serial:
        return reverse("staff:called_instance", args=[order.number, serial])
    return reverse("staff:instance", args=[order.number])


def verb(name: str, order: Order) -> str:
    return reverse(f"staff:{name}", args=[order.number])


@pytest.fixture
def busy(firm, now) -> Order:
    put_in_force(firm, "kyc", CALLED, now)
    put_in_force(firm, "main", BUSY, now)
    return order_of(firm, "main", now)


@pytest.fixture
def failed(firm, now) -> Order:
    """dee's step failed since the rule table after it is not there."""
    put_in_force(firm, "main", FAILING, now)
    order = order_of(firm, "main", now)
    with pytest.raises(StepFailed):
        complete(order, "look", firm.dee, now)
    return order


@pytest.fixture
def run(firm, now) -> Instance:
    """A process that a message began, for no order."""
    version = put_in_force(firm, "main", RUN, now)
    actions.grant_as_elsewhere(version.model, actor=SYSTEM, now=now)
    actions.deliver_message("begun", keys={}, payload={"note": "n" * 300}, dedupe_key="r", actor=SYSTEM, now=now)
    return Instance.objects.get(subject__startswith="processes.run:")


def test_it_shows_tokens_variables_timers_messages_and_calls(firm, busy, as_user) -> None:
    text = as_user(firm.dee).get(page_of(busy)).text
    for said in ("Running", "18 Orchard Lane", "Message", "paid", "city = Albany", "closed", "Waits", "identify"):
        assert said in text
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="diagram"' in text
    assert page_of(busy, 1) in text
    assert page_of(busy) in as_user(firm.dee).get(reverse("staff:order", args=[busy.number])).text


def test_a_called_process_has_its_own_page_with_the_way_back(firm, busy, as_user) -> None:
    text = as_user(firm.dee).get(page_of(busy, 1)).text
    assert page_of(busy) in text
    assert "Called by" in text
    assert as_user(firm.dee).get(page_of(busy, 2)).status_code == 404


def test_what_has_no_name_is_called_by_what_it_is_and_its_id(firm, as_user, busy):
    page = as_user(firm.dee).get(page_of(busy))
    assert {"look", "Another process (identify)", "Waits (pause)"} <= set(page.context["now_at"])
    assert "Another process (identify)" in page.context["told"].now
    User.objects.filter(pk=firm.dee.pk).update(language="zh-hans")
    page = as_user(firm.dee).get(page_of(busy))
    assert "另一流程（identify）" in page.context["told"].now
    assert '<th scope="col">名称</th>' in page.text
    assert "姓名" not in page.text


def test_events_that_were_passed_are_told_as_they_are_marked(firm, as_user, busy):
    told = as_user(firm.dee).get(page_of(busy)).context["told"]
    assert "Start (start)" in told.done
    assert "End (end)" in told.later


def test_the_way_so_far_names_what_was_left_and_entered(firm, now, busy, as_user) -> None:
    complete(busy, "look", firm.dee, now)
    Timer.objects.filter(node="pause").update(ended_at=now, fired=True)
    response = as_user(firm.dee).get(page_of(busy))
    newest, oldest = response.context["steps"][0], response.context["steps"][-1]
    assert (newest["left"][0], newest["text"]) == ("look", "completed a step")
    assert oldest["text"] == "started the process"
    assert "Came" in response.text


def test_who_may_not_see_the_order_finds_no_process(firm, busy, as_user) -> None:
    assert as_user(firm.cora).get(page_of(busy)).status_code == 404
    for who in (firm.ana, firm.adam):
        assert as_user(who).get(page_of(busy)).status_code == 403
    assert as_user(firm.alan).get(page_of(busy)).status_code == 404  # keeps the process, sees no order
    for wrong in ("TL-00000000-0", "nothing", "0199f000-0000-7000-8000-000000000000"):
        assert as_user(firm.dee).get(reverse("staff:instance", args=[wrong])).status_code == 404


def test_the_failure_stands_with_its_cause_and_what_can_be_done(firm, failed, as_user) -> None:
    text = as_user(firm.eve).get(page_of(failed)).text
    for said in ("Stands still", "score", "Next attempt", "waits for a person", "Propose to skip it", "Try it again"):
        assert said in text
    assert Incident.objects.get().cause.partition(":")[0] in text
    seen = as_user(firm.judith).get(page_of(failed)).text
    assert "Propose to skip it" not in seen
    assert "can let it run again" in seen


def test_a_line_without_a_name_that_failed_is_called_by_its_ends(firm, now, as_user) -> None:
    choice = element("exclusiveGateway", "choice", default="choice-judge", name="Which way")
    ways = flow("choice -> judge") + flow("choice -> end", '"maybe"')
    xml = drawn(start(), work_at("look"), choice, work_at("judge"), end(), path("start -> look -> choice"), ways,
                path("judge -> end"))  # fmt: skip
    put_in_force(firm, "main", xml, now)
    order = order_of(firm, "main", now)
    with pytest.raises(StepFailed):
        complete(order, "look", firm.dee, now)
    browser = as_user(firm.eve)
    page = browser.get(page_of(order))
    assert page.context["failed"] == "Line from “Which way” to “End (end)”"
    assert "Line from “Which way” to “End (end)”" in browser.get(reverse("staff:waiting")).text


def test_the_lead_lets_it_run_again(firm, failed, as_user) -> None:
    page = as_user(firm.eve).post(verb("retry_instance", failed), {"reason": "The table is there."}, follow=True)
    assert "It runs again." in page.text
    assert Order.objects.get(pk=failed.pk).state == "in_progress"
    assert not states_follow_from_entries().violations
    again = as_user(firm.eve).post(verb("retry_instance", failed), {"reason": "Once more."})
    assert again.status_code == 409


def test_a_reason_is_asked_for_and_what_was_typed_stays(firm, failed, as_user) -> None:
    page = as_user(firm.eve).post(verb("retry_instance", failed), {"reason": " "})
    assert page.status_code == 422
    assert 'id="retry-reason-error"' in page.text
    page = as_user(firm.eve).post(verb("propose_skip", failed), {"reason": "Not needed.", "variables": "risk low"})
    assert page.status_code == 422
    assert "risk low" in page.text
    assert "Line 1" in page.text
    page = as_user(firm.eve).post(verb("propose_skip", failed), {"reason": "x" * 2001})
    assert page.status_code == 422
    assert "Use at most 2,000 characters." in page.text
    deep = f"x = {'[' * 700}{']' * 700}"
    page = as_user(firm.eve).post(verb("propose_skip", failed), {"reason": "Not needed.", "variables": deep})
    assert page.status_code == 422
    assert 'id="skip-variables-error"' in page.text
    assert not Skip.objects.exists()


def test_two_people_skip_it_and_who_worked_sends_again(firm, now, failed, as_user) -> None:
    given = {"reason": "Not needed.", "variables": "risk = low\nlimit = 5\nsure = true"}
    as_user(firm.eve).post(verb("propose_skip", failed), given)
    skip = Skip.objects.get()
    assert skip.variables == {"risk": "low", "limit": 5, "sure": True}
    mine = as_user(firm.eve).get(page_of(failed)).text
    assert "You proposed it" in mine
    own = as_user(firm.eve).post(verb("approve_skip", failed), {"skip": skip.pk})
    assert (own.status_code, Incident.objects.get().resolved_at) == (403, None)
    theirs = as_user(firm.max).get(page_of(failed)).text
    assert "Agree, skip it" in theirs
    assert "limit" in theirs
    as_user(firm.max).post(verb("approve_skip", failed), {"skip": skip.pk})
    work.complete(open_item(failed, "look").public_id, answers={}, actor=Actor.of(firm.dee), now=now)
    assert open_nodes(failed) == ["judge"]
    assert instance_of(failed).state["variables"]["limit"] == 5


def test_a_proposal_is_refused_with_why(firm, now, failed, as_user) -> None:
    as_user(firm.eve).post(verb("propose_skip", failed), {"reason": "Not needed."})
    skip = Skip.objects.get()
    assert as_user(firm.max).post(verb("reject_skip", failed), {"skip": skip.pk}).status_code == 422
    as_user(firm.max).post(verb("reject_skip", failed), {"skip": skip.pk, "reason": "It is needed."})
    assert Entry.objects.get(fact="processes.skip.rejected").reason == "It is needed."
    assert as_user(firm.max).post(verb("approve_skip", failed), {"skip": skip.pk}).status_code == 404


def test_who_only_reads_repairs_nothing(firm, failed, as_user) -> None:
    for name in ("retry_instance", "propose_skip", "cancel_instance"):
        page = as_user(firm.judith).post(verb(name, failed), {"reason": "Mine."})
        assert page.status_code == 403
        assert "Expected somebody" in page.text
    assert as_user(firm.cora).post(verb("retry_instance", failed), {"reason": "Mine."}).status_code == 404
    assert Incident.objects.get().resolved_at is None


def test_a_proposal_of_another_process_is_not_decided_here(firm, now, failed, as_user) -> None:
    as_user(firm.eve).post(verb("propose_skip", failed), {"reason": "Not needed."})
    other = order_of(firm, "main", now, sent_as="other")
    page = as_user(firm.max).post(verb("approve_skip", other), {"skip": Skip.objects.get().pk})
    assert (page.status_code, Incident.objects.get().resolved_at) == (404, None)


def test_cancelling_ends_the_order_with_its_process(firm, failed, as_user) -> None:
    as_user(firm.eve).post(verb("cancel_instance", failed), {"reason": "Asked by phone."})
    assert (Order.objects.get(pk=failed.pk).state, instance_of(failed).status) == ("cancelled", "cancelled")
    assert as_user(firm.eve).post(verb("cancel_instance", failed), {"reason": "Again."}).status_code == 409


def test_a_process_without_an_order_is_for_who_keeps_it(firm, now, run, as_user) -> None:
    ref = run.subject.removeprefix("processes.run:")
    address = reverse("staff:instance", args=[ref])
    assert as_user(firm.dee).get(address).status_code == 404
    page = as_user(firm.alan).get(address)
    assert "It runs for no order" in page.text
    assert "<details" in page.text  # the long note is folded
    gone = reverse("staff:cancel_instance", args=[ref])
    assert as_user(firm.judith).post(gone, {"reason": "Mine."}).status_code == 403
    assert as_user(firm.alan).post(gone, {"reason": " "}).status_code == 422
    as_user(firm.alan).post(gone, {"reason": "Begun by mistake."})
    assert Instance.objects.get(pk=run.pk).status == "cancelled"


def test_it_costs_a_fixed_number_of_statements(firm, now, busy, failed_too, as_user) -> None:
    browser = as_user(firm.eve)
    for order, statements in ((busy, 17), (failed_too, 19)):
        browser.get(page_of(order))
        with CaptureQueriesContext(connection) as captured:
            browser.get(page_of(order))
        assert len(captured) == statements


@pytest.fixture
def failed_too(firm, now, busy) -> Order:
    put_in_force(firm, "other", FAILING.replace(b'id="main"', b'id="other"'), now)
    order = order_of(firm, "other", now, sent_as="failed")
    with pytest.raises(StepFailed):
        complete(order, "look", firm.dee, now)
    return order
