"""Messages find the one that waits for them, once; they wait when they come early, and expire when nobody comes."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.actors import Actor
from audit.models import Entry
from orders import actions as orders
from orders.models import Order
from processes import actions
from processes.correlation import key_of
from processes.models import Incident, Instance, Message, Start, Subscription
from processes.queries import seen_by, seen_by_subscription
from processes.refusals import NotPublishable, StepFailed
from processes.tasks import deliver_messages, fire_timers, retry_incidents
from tests.processes.drawings import (
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
from tests.processes.engine.bpmn import element, end, path, start, timer

MESSAGES = named("message", "paid") + named("message", "asked")
CUSTODIAN = Actor(id="custodian:meridian", name="meridian", via="custodian")
WAITING = drawn(
    start(), work_at("prepare"), message("paid", "intermediateCatchEvent", "paid", "city=city"), work_at("book"), end(),
    path("start -> prepare -> paid -> book -> end"), around=MESSAGES,
)  # fmt: skip


@pytest.fixture
def order(firm, now):
    put_in_force(firm, "main", WAITING, now)
    return order_of(firm, "main", now)


def deliver(now, dedupe_key="one", name="paid", city="Albany", **payload):
    return actions.deliver_message(
        name, keys={"city": city}, payload=payload, dedupe_key=dedupe_key, actor=CUSTODIAN, now=now
    )


def test_a_message_reaches_the_one_that_waits_for_it_with_its_keys(firm, now, order):
    other = order_of(firm, "main", now, sent_as="key-2", city="Troy")
    for one in (order, other):
        complete(one, "prepare", firm.dee, now)
    deliver(now, city="Troy", reference="R-1")
    assert (open_nodes(order), open_nodes(other)) == ([], ["book"])
    assert instance_of(other).state["variables"]["reference"] == "R-1"
    assert not Subscription.objects.filter(instance=other.process_id, ended_at=None).exists()


def test_a_message_may_say_more_than_is_asked_for_as_far_as_the_receiver_knows_it(firm, now):
    asks = drawn(
        start(), work_at("prepare"), message("paid", "intermediateCatchEvent", "paid", "city=city", "region=region"),
        work_at("book"), end(), path("start -> prepare -> paid -> book -> end"), around=MESSAGES,
    )  # fmt: skip
    put_in_force(firm, "main", asks, now)
    order = order_of(firm, "main", now)
    complete(order, "prepare", firm.dee, now)
    said = {name: order.answers[name] for name in ("city", "region")} | {"product": order.product.code}
    for number, keys in enumerate(
        ({**said, "product": "another"}, {**said, "reference": "R-1"}, {"city": said["city"]})
    ):
        give = {"keys": keys, "payload": {}, "dedupe_key": f"other-{number}", "actor": CUSTODIAN, "now": now}
        assert actions.deliver_message("paid", **give).delivered_at is None
    taken = actions.deliver_message("paid", keys=said, payload={}, dedupe_key="this", actor=CUSTODIAN, now=now)
    assert (taken.delivered_at, open_nodes(order)) == (now, ["book"])


def test_one_that_came_early_is_found_among_however_many(firm, now, order):
    for number in range(230):
        keys = {"city": f"City {number}", "branch": "new_york"}
        actions.receive_message("paid", keys=keys, payload={}, dedupe_key=f"n{number}", actor=CUSTODIAN, now=now)
    keys = {"city": "Albany", "product": order.product.code}
    actions.receive_message("paid", keys=keys, payload={}, dedupe_key="last", actor=CUSTODIAN, now=now)
    complete(order, "prepare", firm.dee, now)
    assert open_nodes(order) == ["book"]


def test_who_asks_for_more_comes_first_however_many_wait_for_less(firm, now, monkeypatch):
    monkeypatch.setattr("processes.actions.messages.LOOKED_AT", 2)
    anything = drawn(
        start(), message("paid", "intermediateCatchEvent", "paid"), work_at("book"), end(),
        path("start -> paid -> book -> end"), around=MESSAGES,
    )  # fmt: skip
    put_in_force(firm, "main", anything, now)
    general = [order_of(firm, "main", now, sent_as=f"key-{number}") for number in range(3)]
    put_in_force(firm, "main", WAITING, now + timedelta(minutes=1))
    exact = order_of(firm, "main", now + timedelta(minutes=2), sent_as="exact")
    complete(exact, "prepare", firm.dee, now)
    deliver(now)
    assert open_nodes(exact) == ["book"]
    assert [open_nodes(order) for order in general] == [[], [], []]


def test_a_number_that_readers_of_json_would_round_is_a_key_by_its_digits():
    assert key_of({"id": 2**60}) == key_of({"id": str(2**60)}) != key_of({"id": 2**60 + 1})


def test_a_signal_is_not_for_who_comes_to_wait_after_it_was_thrown(firm, now):
    twice = drawn(
        start(), work_at("a"), signal("first", "intermediateCatchEvent", "closed"), work_at("b"),
        signal("second", "intermediateCatchEvent", "closed"), work_at("c"), end(),
        path("start -> a -> first -> b -> second -> c -> end"), around=named("signal", "closed"),
    )  # fmt: skip
    put_in_force(firm, "main", twice, now)
    order = order_of(firm, "main", now)
    complete(order, "a", firm.dee, now)
    for _time in range(2):
        actions.throw_signal("closed", variables={}, actor=CUSTODIAN, now=now)
    actions.apply_message(Message.objects.earliest("pk").pk, actor=CUSTODIAN, now=now)
    complete(order, "b", firm.dee, now)
    deliver_messages(now + timedelta(minutes=1))
    assert open_nodes(order) == []
    assert Message.objects.latest("pk").expired_at == now + timedelta(minutes=1)
    actions.throw_signal("closed", variables={}, actor=CUSTODIAN, now=now)
    deliver_messages(now + timedelta(minutes=2))
    assert open_nodes(order) == ["c"]


def test_the_same_message_acts_once(firm, now, order):
    complete(order, "prepare", firm.dee, now)
    assert deliver(now).pk == deliver(now).pk
    assert Message.objects.count() == 1
    assert open_nodes(order) == ["book"]


def test_one_that_comes_early_waits_for_its_subscription(firm, now, order):
    early = deliver(now)
    assert early.delivered_at is None
    complete(order, "prepare", firm.dee, now)
    assert open_nodes(order) == ["book"]
    early.refresh_from_db()
    assert (early.delivered_at, early.delivered_to_id) == (now, order.process_id)


def test_one_for_somebody_else_stays_where_it_is(firm, now, order):
    complete(order, "prepare", firm.dee, now)
    assert deliver(now, city="Nowhere").delivered_at is None
    assert deliver_messages(now + timedelta(hours=1)) == 0
    assert open_nodes(order) == []


def test_after_its_time_it_is_given_up_on_record(firm, now, order):
    early = deliver(now)
    late = now + timedelta(days=7)
    assert [deliver_messages(late), deliver_messages(late)] == [1, 0]
    assert Entry.objects.filter(fact="processes.message.expired", subject=f"processes.message:{early.pk}").count() == 1
    complete(order, "prepare", firm.dee, late)
    assert open_nodes(order) == []


def test_a_receiver_that_fails_keeps_the_message_for_its_repair(firm, now, order, monkeypatch):
    complete(order, "prepare", firm.dee, now)
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.open_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            deliver(now)
    assert (Incident.objects.get().element, Message.objects.get().delivered_at) == ("book", None)
    orders.repair_order(order.public_id, reason="Mended.", actor=Actor.of(firm.eve), now=now)
    assert open_nodes(order) == ["book"]
    assert Message.objects.get().delivered_to_id == order.process_id


def test_a_message_that_another_took_meanwhile_takes_no_effect_at_a_repair(firm, now, order, monkeypatch):
    other = order_of(firm, "main", now, sent_as="key-2")
    for one in (order, other):
        complete(one, "prepare", firm.dee, now)
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.open_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            deliver(now)
    assert deliver_messages(now + timedelta(minutes=5)) == 1
    assert (open_nodes(order), open_nodes(other)) == ([], ["book"])
    orders.repair_order(order.public_id, reason="Mended.", actor=Actor.of(firm.eve), now=now)
    assert open_nodes(order) == []
    assert Subscription.objects.filter(instance=order.process_id, ended_at=None).exists()
    deliver(now, dedupe_key="two")
    assert open_nodes(order) == ["book"]


def test_what_a_machine_began_is_tried_again_by_itself(firm, now, order, monkeypatch):
    complete(order, "prepare", firm.dee, now)
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.open_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            deliver(now)
        assert retry_incidents(now) == 0
        retry_incidents(now + timedelta(minutes=1))
    assert Order.objects.get(pk=order.pk).state == "exception"
    assert retry_incidents(now + timedelta(minutes=1)) == 0
    assert retry_incidents(now + timedelta(minutes=6)) == 1
    assert (open_nodes(order), Order.objects.get(pk=order.pk).state) == (["book"], "in_progress")
    assert Incident.objects.get().attempts == 2


def test_after_the_last_attempt_a_person_is_needed(firm, now, order, monkeypatch):
    complete(order, "prepare", firm.dee, now)
    monkeypatch.setattr("work.handlers.open_item", lambda task: 1 / 0)
    with pytest.raises(StepFailed):
        deliver(now)
    for days in range(1, 6):
        retry_incidents(now + timedelta(days=days))
    assert (Incident.objects.get().attempts, Incident.objects.get().next_retry_at) == (3, None)


def test_a_process_throws_a_message_to_another(firm, now, order):
    complete(order, "prepare", firm.dee, now)
    thrower = drawn(
        start(), message("tell", "endEvent", "paid", "city=city"), path("start -> tell"), key="thrower", around=MESSAGES
    )
    put_in_force(firm, "thrower", thrower, now)
    order_of(firm, "thrower", now, sent_as="key-2")
    assert open_nodes(order) == []
    assert deliver_messages(now) == 1
    assert open_nodes(order) == ["book"]


def test_what_an_instance_throws_before_its_own_event_waits_for_it(firm, now):
    xml = drawn(
        start(), message("tell", "intermediateThrowEvent", "paid", "city=city"), work_at("prepare"),
        message("paid", "intermediateCatchEvent", "paid", "city=city"), work_at("book"), end(),
        path("start -> tell -> prepare -> paid -> book -> end"), around=MESSAGES,
    )  # fmt: skip
    put_in_force(firm, "main", xml, now)
    order = order_of(firm, "main", now)
    assert (deliver_messages(now), open_nodes(order)) == (0, ["prepare"])
    complete(order, "prepare", firm.dee, now)
    assert open_nodes(order) == ["book"]


def test_what_one_repetition_sees_says_which_of_them_is_meant(firm, now):
    many = element("multiInstanceLoopCharacteristics", "many", tl_collection="[1, 2]", tl_elementVariable="number")
    receive = element("receiveTask", "paid", many, messageRef="m_paid")
    xml = drawn(start(), work_at("prepare"), receive, end(), path("start -> prepare -> paid -> end"), around=MESSAGES)
    put_in_force(firm, "main", xml, now)
    order = order_of(firm, "main", now)
    two, three = (
        actions.deliver_message("paid", keys={"number": number}, payload={}, dedupe_key=str(number), actor=CUSTODIAN,
                                now=now)
        for number in (2, 3)
    )  # fmt: skip
    complete(order, "prepare", firm.dee, now)
    (left,) = Subscription.objects.filter(ended_at=None)
    assert seen_by_subscription(left)["number"] == 1
    two.refresh_from_db()
    three.refresh_from_db()
    assert (two.delivered_at, three.delivered_at) == (now, None)


def test_what_a_message_brings_to_one_repetition_no_other_sees(firm, now):
    many = element("multiInstanceLoopCharacteristics", "many", tl_collection="[1, 2]", tl_elementVariable="number")
    inside = start("s1") + message("paid", "intermediateCatchEvent", "paid", "number=number") + work_at("book")
    inside += end("e2") + path("s1 -> paid -> book -> e2")
    xml = drawn(start(), element("subProcess", "each", many + inside), end(), path("start -> each -> end"),
                around=MESSAGES)  # fmt: skip
    put_in_force(firm, "main", xml, now)
    order = order_of(firm, "main", now)
    for number, reference in ((2, "R-2"), (1, "R-1")):
        actions.deliver_message(
            "paid", keys={"number": number}, payload={"ref": reference}, dedupe_key=reference, actor=CUSTODIAN, now=now
        )
    instance = instance_of(order)
    seen = [seen_by(instance, int(task)) for task in instance.state["tasks"]]
    assert sorted((one["number"], one["ref"]) for one in seen) == [(1, "R-1"), (2, "R-2")]
    assert "ref" not in instance.state["variables"]


def test_a_signal_reaches_everybody_and_one_that_fails_holds_up_no_other(firm, now, monkeypatch):
    xml = drawn(
        start(), signal("closed", "intermediateCatchEvent", "closed"), work_at("book"), end(),
        path("start -> closed -> book -> end"), around=named("signal", "closed"),
    )  # fmt: skip
    put_in_force(firm, "main", xml, now)
    sent = [order_of(firm, "main", now, sent_as=f"key-{number}") for number in range(3)]
    assert actions.throw_signal("closed", variables={}, actor=CUSTODIAN, now=now) == 3
    from work.handlers import open_item

    def fail_once(task):
        return 1 / 0 if task.order.pk == sent[1].pk else open_item(task)

    monkeypatch.setattr("work.handlers.open_item", fail_once)
    assert deliver_messages(now) == 2
    assert [open_nodes(order) for order in sent] == [["book"], [], ["book"]]
    assert Incident.objects.get().instance_id == sent[1].process_id


def test_a_message_begins_an_instance_that_runs_for_no_order(firm, now):
    receive = element("receiveTask", "paid", messageRef="m_paid")
    asked = message("asked", "startEvent", "asked")
    xml = drawn(asked, receive, end(), path("asked -> paid -> end"), key="files", around=MESSAGES)
    put_in_force(firm, "files", xml, now)
    deliver(now, name="asked", file="positions.csv")
    instance = Instance.objects.get(version__model__key="files")
    assert (instance.status, instance.state["variables"]) == ("running", {"city": "Albany", "file": "positions.csv"})
    deliver(now, "two", "paid")
    instance.refresh_from_db()
    assert (instance.status, instance.outcome) == ("completed", "completed")


def test_what_a_message_begins_does_not_take_it_a_second_time(firm, now):
    asked = message("asked", "startEvent", "asked")
    again = message("again", "intermediateCatchEvent", "asked")
    xml = drawn(asked, again, end(), path("asked -> again -> end"), key="files", around=MESSAGES)
    put_in_force(firm, "files", xml, now)
    deliver(now, name="asked")
    instance = Instance.objects.get(version__model__key="files")
    assert (instance.status, Entry.objects.filter(fact="processes.message.delivered").count()) == ("running", 1)
    assert Message.objects.get().delivered_to == instance
    deliver(now, "two", "asked")
    instance.refresh_from_db()
    assert instance.status == "completed"


def test_a_message_for_one_that_waits_for_its_repair_begins_nothing_else(firm, now, order, monkeypatch):
    begun = drawn(message("came", "startEvent", "paid"), end(), path("came -> end"), key="files", around=MESSAGES)
    put_in_force(firm, "files", begun, now)
    complete(order, "prepare", firm.dee, now)
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.open_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            deliver(now)
    deliver(now, dedupe_key="two")
    deliver_messages(now + timedelta(minutes=3))
    assert not Instance.objects.filter(version__model__key="files").exists()
    orders.repair_order(order.public_id, reason="Mended.", actor=Actor.of(firm.eve), now=now + timedelta(minutes=4))
    assert open_nodes(order) == ["book"]
    deliver_messages(now + timedelta(minutes=4))
    assert Instance.objects.filter(version__model__key="files").count() == 1


def test_a_timer_start_event_begins_instances_at_its_times(firm, now):
    xml = drawn(
        element("startEvent", "daily", timer("timeCycle", "R2/PT24H")), work_wait(), end(),
        path("daily -> wait -> end"), key="files", around=MESSAGES,
    )  # fmt: skip
    put_in_force(firm, "files", xml, now)
    day = timedelta(days=1)
    counts = []
    for at in (now, now + day, now + day, now + 2 * day, now + 9 * day):
        fire_timers(at)
        counts.append(Instance.objects.filter(version__model__key="files").count())
    assert counts == [0, 1, 1, 2, 2]
    assert Start.objects.get(version__model__key="files").ended_at == now + 2 * day


def test_a_timer_start_event_that_missed_many_times_begins_once_and_goes_on_from_now(firm, now):
    xml = drawn(
        element("startEvent", "often", timer("timeCycle", "R/PT1S")), work_wait(), end(),
        path("often -> wait -> end"), key="files", around=MESSAGES,
    )  # fmt: skip
    put_in_force(firm, "files", xml, now)
    later = now + timedelta(days=36_500)  # a second each would take an hour to count
    assert fire_timers(later) == 1
    assert Instance.objects.filter(version__model__key="files").count() == 1
    assert Start.objects.get(version__model__key="files").due_at == later + timedelta(seconds=1)


def dated(date, *through):
    """A process that begins at a fixed moment."""
    steps = [element("task", name) for name in through]
    event = element("startEvent", "once", timer("timeDate", date.isoformat()))
    way = path(" -> ".join(["once", *through, "end"]))
    return drawn(event, *steps, end(), way, key="files")


def begun():
    return Instance.objects.filter(version__model__key="files").count()


def test_a_date_begins_a_process_once_and_not_again_with_each_version(firm, now):
    day = timedelta(days=1)
    put_in_force(firm, "files", dated(now - day), now)  # put in force late: it begins late rather than never
    assert [fire_timers(now), fire_timers(now + day), begun()] == [1, 0, 1]
    put_in_force(firm, "files", dated(now - day, "more"), now + day)
    put_in_force(firm, "files", dated(now - 2 * day), now + day)  # a correction of what is past
    put_in_force(firm, "files", dated(now - day), now + 2 * day)  # and back
    assert [fire_timers(now + 2 * day), begun()] == [0, 1]


def test_a_date_to_come_begins_the_version_that_governs_then(firm, now):
    day = timedelta(days=1)
    put_in_force(firm, "files", dated(now + 3 * day), now)
    newer = put_in_force(firm, "files", dated(now + 3 * day, "more"), now + day)
    assert [fire_timers(now + 2 * day), fire_timers(now + 3 * day), fire_timers(now + 4 * day)] == [0, 1, 0]
    assert Instance.objects.get(version__model__key="files").version == newer


def test_a_date_that_came_while_nobody_looked_is_not_lost_to_a_newer_version(firm, now):
    day = timedelta(days=1)
    put_in_force(firm, "files", dated(now + day), now)
    put_in_force(firm, "files", dated(now + day, "more"), now + 2 * day)
    assert [fire_timers(now + 2 * day), begun()] == [1, 1]
    put_in_force(firm, "files", dated(now + day), now + 3 * day)
    assert [fire_timers(now + 3 * day), begun()] == [0, 1]


def test_a_cycle_whose_times_are_all_past_does_not_begin_again_with_a_version(firm, now):
    day = timedelta(days=1)
    event = element("startEvent", "twice", timer("timeCycle", f"R2/{now.isoformat()}/P1D"))
    xml = drawn(event, end(), path("twice -> end"), key="files")
    put_in_force(firm, "files", xml, now)
    assert [fire_timers(now), fire_timers(now + day), begun()] == [1, 1, 2]
    newer = xml.replace(b'"twice"', b'"second"').replace(b"twice-end", b"second-end")
    put_in_force(firm, "files", newer, now + 2 * day)
    assert [fire_timers(now + 2 * day), begun()] == [0, 2]


def daily_at_seven(calendar="US-OFFICE"):
    cycle = timer("timeCycle", "R/T07:00/1bd").replace("<bpmn:timeCycle>", f'<bpmn:timeCycle tl:calendar="{calendar}">')
    return drawn(
        element("startEvent", "daily", cycle), work_wait(), end(), path("daily -> wait -> end"), key="files",
        around=MESSAGES,
    )  # fmt: skip


def test_a_timer_start_event_begins_an_instance_on_each_working_day_at_its_hour(firm):
    wednesday = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)  # 07:30 in New York; Thursday is Thanksgiving
    put_in_force(firm, "files", daily_at_seven(), wednesday)
    start, due = Start.objects.get(version__model__key="files"), []
    for _ in range(3):
        start.refresh_from_db()
        due.append(start.due_at)
        assert (fire_timers(start.due_at - timedelta(seconds=1)), fire_timers(start.due_at)) == (0, 1)
    assert due == [datetime(2026, 11, day, 12, 0, tzinfo=UTC) for day in (27, 30)] + [
        datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    ]
    fire_timers(datetime(2026, 12, 7, 15, 0, tzinfo=UTC))  # nobody looked for days: one instance, then the next morning
    assert Instance.objects.filter(version__model__key="files").count() == 4
    start.refresh_from_db()
    assert start.due_at == datetime(2026, 12, 8, 12, 0, tzinfo=UTC)


def test_a_drawing_that_names_no_calendar_of_ours_is_refused(firm, now):
    with pytest.raises(NotPublishable, match='none called "MOON"'):
        put_in_force(firm, "files", daily_at_seven("MOON"), now)


def work_wait():
    return message("wait", "intermediateCatchEvent", "paid")


def test_a_newer_version_takes_over_the_start_events(firm, now):
    xml = drawn(
        message("asked", "startEvent", "asked"),
        work_wait(),
        end(),
        path("asked -> wait -> end"),
        key="files",
        around=MESSAGES,
    )
    put_in_force(firm, "files", xml, now)
    newer = put_in_force(firm, "files", xml.replace(b'"wait"', b'"await"').replace(b"asked-wait", b"asked-await"), now)
    assert Start.objects.get(ended_at=None).version == newer


def started_when(condition):
    definition = element("conditionalEventDefinition", "so", f"<bpmn:condition>{condition}</bpmn:condition>")
    return drawn(
        element("startEvent", "many", definition), work_wait(), end(), path("many -> wait -> end"), key="files",
        around=MESSAGES,
    )  # fmt: skip


def told(now, **variables):
    actions.tell(variables, actor=CUSTODIAN, now=now)
    deliver_messages(now)
    return Instance.objects.filter(version__model__key="files").count()


def test_a_condition_begins_an_instance_each_time_that_it_turns_true(firm, now):
    put_in_force(firm, "files", started_when("breaks &gt; 3"), now)
    assert [told(now, breaks=count) for count in (3, 4, 5, 2, 9)] == [0, 1, 1, 1, 2]
    newest = Instance.objects.filter(version__model__key="files").latest("pk")
    assert (newest.state["variables"], newest.status) == ({"breaks": 9}, "running")


def test_a_condition_that_what_is_told_does_not_answer_is_not_met(firm, now):
    put_in_force(firm, "files", started_when("breaks &gt; 3"), now)
    assert [told(now, weather="fine"), told(now, breaks="many"), told(now, breaks=4)] == [0, 0, 1]


def test_an_older_version_s_condition_is_not_looked_at(firm, now):
    put_in_force(firm, "files", started_when("breaks &gt; 3"), now)
    put_in_force(firm, "files", started_when("breaks &gt; 7"), now)
    assert [told(now, breaks=4), told(now, breaks=8)] == [0, 1]
