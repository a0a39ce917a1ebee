"""Several workers at once: a timer fires once, a message acts once, whoever sees it."""

from datetime import timedelta

from audit.actors import Actor
from audit.models import Entry
from processes import actions
from processes.models import Instance, Message, Timer
from processes.tasks import deliver_messages, fire_timers
from tests.processes.drawings import complete, drawn, message, named, open_nodes, order_of, put_in_force, work_at
from tests.processes.engine.bpmn import element, end, path, start, timer
from tests.races import at_once, in_processes, needs_row_locks

pytestmark = needs_row_locks
WORKERS = 4
PAID = named("message", "paid")
WAITING = drawn(
    start(), message("paid", "intermediateCatchEvent", "paid", "city=city"), work_at("book"), end(),
    path("start -> paid -> book -> end"), around=PAID,
)  # fmt: skip


def send(now, key="one"):
    return actions.deliver_message(
        "paid", keys={"city": "Albany"}, payload={}, dedupe_key=key, actor=Actor.system("test"), now=now
    )


def test_many_due_timers_fire_once_each(firm, now):
    xml = drawn(
        element("startEvent", "hourly", timer("timeCycle", "R/PT1H")),
        element("intermediateCatchEvent", "pause", timer("timeDuration", "PT1M")), end(),
        path("hourly -> pause -> end"), key="house",
    )  # fmt: skip
    version = put_in_force(firm, "house", xml, now)
    for hour in range(1, 31):
        fire_start(version, now + timedelta(hours=hour))
    assert Timer.objects.filter(ended_at=None).count() == 30
    fired = at_once([lambda: fire_timers(now + timedelta(hours=30, minutes=10))] * WORKERS)
    assert sum(fired) == 30, fired
    assert Entry.objects.filter(fact="processes.instance.advanced", data__event="TimerDue").count() == 30
    assert not Instance.objects.filter(version=version, status="running").exists()


def test_a_thousand_timers_due_at_once_fire_once_each_in_several_processes(firm, now):
    pauses = [f"pause_{number}" for number in range(10)]
    xml = drawn(
        element("startEvent", "hourly", timer("timeCycle", "R/PT1H")), element("parallelGateway", "fork"), end(),
        *(element("intermediateCatchEvent", pause, timer("timeDuration", "PT1M")) for pause in pauses),
        path("hourly -> fork"), *(path(f"fork -> {pause} -> end") for pause in pauses), key="house",
    )  # fmt: skip
    version = put_in_force(firm, "house", xml, now)
    for hour in range(1, 101):
        fire_start(version, now + timedelta(hours=hour))
    assert Timer.objects.filter(ended_at=None).count() == 1000
    fired = in_processes("processes.tasks.fire_timers", now + timedelta(hours=100, minutes=10), 3)
    assert sum(fired) == 1000, fired
    assert Entry.objects.filter(fact="processes.instance.advanced", data__event="TimerDue").count() == 1000
    assert not Timer.objects.filter(ended_at=None).exists()
    assert Instance.objects.filter(version=version, status="completed").count() == 100


def fire_start(version, at):
    actions.fire_start(version.starts.get().pk, actor=Actor.system("test"), now=at)


def test_one_message_from_many_doors_acts_once(firm, now):
    put_in_force(firm, "main", WAITING, now)
    order = order_of(firm, "main", now)
    results = at_once([lambda: send(now)] * WORKERS)
    assert {type(result) for result in results} == {Message}, results
    assert open_nodes(order) == ["book"]
    assert Entry.objects.filter(fact="processes.message.delivered").count() == 1


def test_many_workers_deliver_what_waits_once(firm, now):
    put_in_force(firm, "main", WAITING, now)
    orders = [order_of(firm, "main", now, sent_as=f"key-{number}") for number in range(6)]
    for number in range(6):
        actions.receive_message(
            "paid", keys={"city": "Albany"}, payload={}, dedupe_key=f"m-{number}", actor=Actor.system("test"), now=now
        )
    delivered = at_once([lambda: deliver_messages(now + timedelta(minutes=5))] * WORKERS)
    assert sum(delivered) == 6, delivered
    assert {tuple(open_nodes(order)) for order in orders} == {("book",)}


def test_a_message_and_its_subscription_at_the_same_moment_meet(firm, now):
    put_in_force(firm, "main", drawn(
        start(), work_at("prepare"), message("paid", "intermediateCatchEvent", "paid", "city=city"), work_at("book"),
        end(), path("start -> prepare -> paid -> book -> end"), around=PAID,
    ), now)  # fmt: skip
    orders = [order_of(firm, "main", now, sent_as=f"key-{number}") for number in range(5)]
    acts = [lambda order=order: complete(order, "prepare", firm.dee, now) for order in orders]
    at_once([*acts, *[lambda key=f"m-{number}": send(now, key) for number in range(5)]])
    for minute in (2, 5):
        deliver_messages(now + timedelta(minutes=minute))
    assert Message.objects.filter(delivered_at=None).count() == 0
    assert {tuple(open_nodes(order)) for order in orders} == {("book",)}
