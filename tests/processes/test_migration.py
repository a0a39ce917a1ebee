"""Instances move to another version one by one: what has a counterpart moves, everything else stays as it is."""

import json
from datetime import timedelta

import pytest

from audit.models import Entry
from orders.models import Order
from processes import actions, migration
from processes.actions import walking
from processes.actions.migrating import migrate_instance
from processes.engine import Started, TaskCompleted, advance, compile_graph, parse
from processes.evaluate import evaluate
from processes.models import Instance, ProcessVersion, Subscription, Timer
from processes.outside import outside
from processes.refusals import NotATarget, NotMovable, StepFailed
from processes.replaying import state_from_ledger
from processes.state_invariants import rows_agree_with_states
from processes.tasks import fire_timers
from tests.conftest import MONDAY
from tests.processes.drawings import (
    SYSTEM,
    complete,
    drawn,
    instance_of,
    message,
    named,
    open_nodes,
    order_of,
    put_in_force,
    work_at,
)
from tests.processes.engine.bpmn import element, end, path, start, timer, user

PAID = named("message", "paid") + named("message", "settled")


def remind(host: str, at: str, id: str = "remind") -> str:
    return (
        element("boundaryEvent", id, timer("timeDuration", at), attachedToRef=host)
        + end(f"{id}_end")
        + path(f"{id} -> {id}_end")
    )


def graph_of(*parts, around=""):
    return compile_graph(parse(drawn(*parts, around=around)))


PLAIN = (start(), user("a"), user("b"), end(), path("start -> a -> b -> end"))
AND = (
    start(), element("parallelGateway", "split"), user("a"), user("b"), element("parallelGateway", "join"), user("c"),
    end(), path("start -> split -> a -> join -> c -> end"), path("split -> b -> join"),
)  # fmt: skip
INNER = start("s1") + user("a") + path("s1 -> a")
TABLE = [
    ("the same", PLAIN, PLAIN, {}, ["a"], []),
    ("more behind", PLAIN, (start(), user("a"), user("n"), user("b"), end(), path("start -> a -> n -> b -> end")), {},
     ["a"], []),
    ("gone", PLAIN, (start(), user("b"), end(), path("start -> b -> end")), {}, [], ["a"]),
    ("another kind", PLAIN, (start(), element("manualTask", "a"), end(), path("start -> a -> end")), {}, [], ["a"]),
    ("another place", PLAIN, (
        start(), element("subProcess", "s", user("a")), end(), path("start -> s -> end")), {}, [], ["a"]),
    ("renamed", PLAIN, (start(), user("x"), end(), path("start -> x -> end")), {"a": "x"}, ["x"], []),
    ("in a part that is called otherwise", (
        start(), element("subProcess", "s", INNER), end(), path("start -> s -> end")),
     (start(), element("subProcess", "r", INNER), end(), path("start -> r -> end")),
     {"s": "r"}, ["a"], []),
    ("two side by side", AND, AND, {}, ["a", "b"], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "before", "after", "given", "active", "hindered"), TABLE, ids=[row[0] for row in TABLE]
)
def test_what_moves_and_what_cannot(what, before, after, given, active, hindered):
    old, new = graph_of(*before), graph_of(*after)
    state, _ = advance(old, {}, Started(), MONDAY, evaluate)
    nodes = migration.mapping(old, new, given)
    assert [problem.node for problem in migration.problems(old, new, state, nodes)] == hindered
    if not hindered:
        state, effects = migration.moved(old, new, state, nodes, MONDAY, outside(MONDAY))
        assert (sorted(new.open_tasks(state).values()), effects) == (active, [])


def test_a_token_that_waits_at_a_join_moves_with_its_flow():
    old = graph_of(*AND)
    state, _ = advance(old, {}, Started(), MONDAY, evaluate)
    state, _ = advance(old, state, TaskCompleted(min(old.open_tasks(state))), MONDAY, evaluate)
    renamed = [part.replace('id="a-join"', 'id="other"') for part in AND]
    new = graph_of(*renamed)
    nodes = migration.mapping(old, new)
    assert migration.problems(old, new, state, nodes) == []
    state, _ = migration.moved(old, new, state, nodes, MONDAY, outside(MONDAY))
    state, _ = advance(new, state, TaskCompleted(min(new.open_tasks(state))), MONDAY, evaluate)
    assert list(new.open_tasks(state).values()) == ["c"]


@pytest.mark.parametrize(("given", "said"), [({"q": "a"}, '"q"'), ({"a": "q"}, '"q"'), ({"a": "end"}, "same kind")])
def test_a_mapping_that_does_not_fit_is_refused(given, said):
    graph = graph_of(*PLAIN)
    with pytest.raises(migration.BadMap, match=said):
        migration.mapping(graph, graph, given)


@pytest.fixture
def versions(firm, now):
    """An order on the first version, and the second one, in which the reminder is gone and others have come."""
    first = drawn(
        start(), work_at("look"), remind("look", "PT5H"), message("paid", "intermediateCatchEvent", "paid"),
        work_at("book"), end(), path("start -> look -> paid -> book -> end"), around=PAID,
    )  # fmt: skip
    second = drawn(
        start(), work_at("look"), remind("look", "PT2H", "chase"), message("paid", "intermediateCatchEvent", "settled"),
        work_at("file"), end(), path("start -> look -> paid -> file -> end"), around=PAID,
    )  # fmt: skip
    put_in_force(firm, "main", first, now)
    order, _other = order_of(firm, "main", now), order_of(firm, "main", now, sent_as="key-2")
    return order, put_in_force(firm, "main", second, now)


def test_events_of_the_new_version_are_set_and_those_of_the_old_one_ended(firm, now, versions):
    order, newer = versions
    migrate_instance(order.process_id, to=newer, given={}, actor=SYSTEM, now=now + timedelta(hours=1))
    old, new = Timer.objects.filter(instance=order.process_id).order_by("pk")
    assert (old.node, old.ended_at, old.fired) == ("remind", now + timedelta(hours=1), False)
    assert (new.node, new.due_at, new.ended_at) == ("chase", now + timedelta(hours=3), None)
    entry = Entry.objects.get(fact="processes.instance.migrated")
    assert (entry.before, entry.after) == ({"version": newer.number - 1}, {"version": newer.number})
    instance = instance_of(order)
    assert (instance.version, state_from_ledger(instance)) == (newer, instance.state)
    complete(order, "look", firm.dee, now + timedelta(hours=1))
    assert Subscription.objects.get(instance=order.process_id, ended_at=None).name == "settled"


def test_a_message_that_is_called_otherwise_is_waited_for_by_its_new_name(firm, now, versions):
    order, newer = versions
    complete(order, "look", firm.dee, now)
    migrate_instance(order.process_id, to=newer, given={}, actor=SYSTEM, now=now)
    assert Subscription.objects.get(instance=order.process_id, ended_at=None).name == "settled"
    actions.deliver_message("settled", keys={}, payload={}, dedupe_key="m", actor=SYSTEM, now=now)
    assert open_nodes(order) == ["file"]


def test_one_that_cannot_move_stays_untouched(firm, now, versions):
    order, newer = versions
    complete(order, "look", firm.dee, now)
    actions.deliver_message("paid", keys={}, payload={}, dedupe_key="m", actor=SYSTEM, now=now)
    before = instance_of(order)
    with pytest.raises(NotMovable, match="book"):
        migrate_instance(order.process_id, to=newer, given={}, actor=SYSTEM, now=now)
    assert (instance_of(order).version, instance_of(order).state) == (before.version, before.state)


def test_the_command_says_who_would_move_then_moves_them(firm, now, versions, command, tmp_path):
    order, newer = versions
    words = ("--key", "main", "--from", str(newer.number - 1), "--to", str(newer.number))
    status, out, _ = command("migrate", *words, "--dry-run", "--json")
    assert (status, json.loads(out)["moved"], Entry.objects.filter(fact="processes.instance.migrated").count()) == (
        0,
        2,
        0,
    )
    assert "book" in json.loads(out)["unmapped"]
    status, out, _ = command("migrate", *words, "--json")
    assert (status, json.loads(out)["moved"]) == (0, 2)
    assert set(Instance.objects.values_list("version", flat=True)) == {newer.pk}


def test_the_command_says_of_one_that_failed_that_it_stays(firm, now, versions, command, monkeypatch):
    order, newer = versions
    words = ("--key", "main", "--from", str(newer.number - 1), "--to", str(newer.number))
    with monkeypatch.context() as broken:
        broken.setattr("processes.actions.walking.keep_waiting", lambda *step: 1 / 0)
        with pytest.raises(StepFailed):
            complete(order, "look", firm.dee, now)
    for more in (("--dry-run", "--json"), ("--json",)):
        status, out, _ = command("migrate", *words, *more)
        [row] = [row for row in json.loads(out)["instances"] if row["instance"] == order.process_id]
        assert (status, row["moves"], json.loads(out)["left"]) == (1, False, 1)
        assert "failed" in row["problems"][0]
    assert instance_of(order).version_id != newer.pk


def test_the_command_leaves_who_cannot_move_and_maps_by_a_file(firm, now, versions, command, tmp_path):
    order, newer = versions
    complete(order, "look", firm.dee, now)
    actions.deliver_message("paid", keys={}, payload={}, dedupe_key="m", actor=SYSTEM, now=now)
    words = ("--key", "main", "--from", str(newer.number - 1), "--to", str(newer.number))
    status, out, _ = command("migrate", *words)
    assert status == 1
    assert "book has no counterpart" in out
    (tmp_path / "map.json").write_text('{"book": "file"}')
    assert command("migrate", *words, "--map", "map.json")[0] == 0
    complete(order, "book", firm.dee, now)
    assert instance_of(order).status == "completed"
    (tmp_path / "map.json").write_text('{"nothing": "file"}')
    status, out, err = command("migrate", *words, "--map", "map.json")
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert command("migrate", "--key", "main", "--from", "77", "--to", "78")[0] == 2


def agree(order):
    """The ledger gives the instance's state again, and its rows agree with it."""
    instance = instance_of(order)
    assert state_from_ledger(instance) == instance.state
    assert rows_agree_with_states().violations == ()
    return instance


def move(firm, now, before, after, *done, given=None, around=""):
    """An order of a version in which these tasks are done, moved to the next one."""
    put_in_force(firm, "main", drawn(*before, around=around), now)
    order = order_of(firm, "main", now)
    for node in done:
        complete(order, node, firm.dee, now)
    newer = put_in_force(firm, "main", drawn(*after, around=around), now)
    migrate_instance(order.process_id, to=newer, given=given or {}, actor=SYSTEM, now=now + timedelta(hours=1))
    agree(order)
    return order


def forked(*parts: str) -> tuple[str, ...]:
    gateways = (element("parallelGateway", "split"), element("parallelGateway", "join"))
    return (start(), *gateways, *map(work_at, "abz"), end(), path("start -> split -> a -> join -> z -> end"), *parts)


BOTH, APART = forked(path("split -> b -> join")), forked(end("apart"), path("split -> b -> apart"))


def test_a_join_that_has_all_its_tokens_in_the_new_version_lets_them_go_on_at_once(firm, now):
    order = move(firm, now, BOTH, APART, "a")
    assert open_nodes(order) == ["b", "z"]
    moved, step = Entry.objects.filter(subject=instance_of(order).ledger_subject).order_by("-id")[:2][::-1]
    assert (moved.fact, step.data["event"], step.data["entered"]) == (
        "processes.instance.migrated", "Moved", ["join", "z"],
    )  # fmt: skip
    for node in ("b", "z"):
        complete(order, node, firm.dee, now)
    assert agree(order).status == "completed"


def condition(id: str, host: str, text: str, **attributes: str) -> str:
    inner = element("conditionalEventDefinition", f"{id}_definition", f"<bpmn:condition>{text}</bpmn:condition>")
    return element("boundaryEvent", id, inner, attachedToRef=host, **attributes) + path(f"{id} -> z")


ONE = (start(), work_at("a"), work_at("z"), end(), path("start -> a -> z -> end"))


@pytest.mark.parametrize(
    ("attributes", "expected"), [({}, ["z"]), ({"cancelActivity": "false"}, ["a", "z"])], ids=["instead", "beside"]
)
def test_a_condition_that_holds_already_happens_at_once(firm, now, attributes, expected):
    order = move(firm, now, ONE, (*ONE, condition("b", "a", "1 = 1", **attributes)))
    assert open_nodes(order) == expected


def test_the_order_ends_where_the_new_version_leaves_nothing_to_do(firm, now):
    order = move(firm, now, ONE, (*ONE, condition("b", "a", "1 = 1").replace('targetRef="z"', 'targetRef="end"')))
    assert (instance_of(order).status, Order.objects.get(pk=order.pk).state) == ("completed", "completed")
    assert not open_nodes(order)


def test_a_condition_that_does_not_hold_is_waited_for_without_a_step(firm, now):
    order = move(firm, now, ONE, (*ONE, condition("b", "a", "late = true")))
    assert open_nodes(order) == ["a"]
    assert not Entry.objects.filter(data__event="Moved").exists()


def catch(id: str, at: str) -> str:
    return element("intermediateCatchEvent", id, timer("timeDuration", at)) + path(f"g -> {id} -> end")


def test_events_behind_a_gateway_are_those_of_the_new_version(firm, now):
    gateway = (start(), element("eventBasedGateway", "g"), end(), path("start -> g"))
    before = (*gateway, catch("kept", "PT5H"), catch("gone", "PT6H"))
    order = move(firm, now, before, (*gateway, catch("kept", "PT7H"), catch("new", "PT1H")))
    rows = Timer.objects.filter(instance=order.process_id, ended_at=None).order_by("due_at")
    assert list(rows.values_list("node", "due_at")) == [
        ("new", now + timedelta(hours=2)), ("kept", now + timedelta(hours=5)),
    ]  # fmt: skip
    fire_timers(now + timedelta(hours=2))
    assert agree(order).status == "completed"


def test_an_event_that_watches_another_activity_there_waits_with_that_one(firm, now):
    order = move(firm, now, (*BOTH, remind("a", "PT5H")), (*BOTH, remind("b", "PT5H")))
    row = Timer.objects.get(instance=order.process_id, ended_at=None)
    assert row.due_at == now + timedelta(hours=6)
    fire_timers(row.due_at)
    assert open_nodes(order) == ["a"]
    agree(order)


def test_a_reminder_that_came_already_does_not_come_again(firm, now):
    beside = element("boundaryEvent", "r", timer("timeDuration", "PT1H"), attachedToRef="a", cancelActivity="false")
    watched = (*ONE, beside, end("told"), path("r -> told"))
    put_in_force(firm, "main", drawn(*watched), now)
    order = order_of(firm, "main", now)
    fire_timers(now + timedelta(hours=1))
    newer = put_in_force(firm, "main", drawn(*watched), now + timedelta(hours=1))
    migrate_instance(order.process_id, to=newer, given={}, actor=SYSTEM, now=now + timedelta(hours=2))
    assert not Timer.objects.filter(instance=order.process_id, ended_at=None).exists()
    agree(order)


def test_a_message_that_came_before_the_event_for_it_is_taken_with_the_move(firm, now):
    arrived = (message("b", "boundaryEvent", "paid", attachedToRef="a"), path("b -> z"))
    actions.deliver_message("paid", keys={}, payload={}, dedupe_key="m", actor=SYSTEM, now=now)
    order = move(firm, now, ONE, (*ONE, *arrived), around=PAID)
    assert open_nodes(order) == ["z"]


def test_a_replay_of_a_move_asks_for_no_rule_that_may_have_changed_since(firm, now, monkeypatch):
    order = move(firm, now, waits_for("town=city"), waits_for("town=city", "where=region"), around=PAID)
    complete(order, "a", firm.dee, now + timedelta(hours=1))
    for rule in ("mapping", "moved"):
        monkeypatch.setattr(migration, rule, lambda *given: 1 / 0)
    agree(order)
    instance = instance_of(order)
    entry = Entry.objects.get(fact="processes.instance.migrated")
    assert "moved_state" not in str(entry.data)  # variables stand there under the client's key
    assert state_from_ledger(instance) == instance.state


def test_an_older_entry_of_a_move_is_replayed_by_the_rules_of_today(firm, now, monkeypatch):
    monkeypatch.setattr("processes.actions.migrating.MOVED_STATE", "not kept yet")
    order = move(firm, now, waits_for("town=city"), waits_for("town=city", "where=region"), around=PAID)
    instance = instance_of(order)
    assert state_from_ledger(instance) == instance.state


def waits_for(*keys):
    return (
        start(), element("parallelGateway", "split"), work_at("a"), end(), path("start -> split -> a -> end"),
        message("paid", "intermediateCatchEvent", "paid", *keys), path("split -> paid -> end"),
    )  # fmt: skip


def test_a_message_whose_keys_are_said_otherwise_is_waited_for_by_the_new_ones(firm, now):
    order = move(firm, now, waits_for("town=city"), waits_for("town=city", "where=region"), around=PAID)
    one = Subscription.objects.get(instance=order.process_id, ended_at=None)
    assert one.keys == {"town": order.answers["city"], "where": order.answers["region"]}
    assert Subscription.objects.filter(instance=order.process_id).count() == 2
    asked = {"town": order.answers["city"]}
    deliver = {"payload": {}, "actor": SYSTEM, "now": now}
    assert actions.deliver_message("paid", keys=asked, dedupe_key="1", **deliver).delivered_at is None
    both = actions.deliver_message("paid", keys={**asked, "where": order.answers["region"]}, dedupe_key="2", **deliver)
    assert both.delivered_to_id == order.process_id


def test_keys_that_are_said_alike_stay_what_they_were(firm, now):
    order = move(firm, now, waits_for("town=city"), (*waits_for("town=city"), remind("a", "PT5H")), around=PAID)
    assert Subscription.objects.filter(instance=order.process_id).count() == 1


def test_a_key_that_cannot_be_had_keeps_the_instance_where_it_is(firm, now):
    hindered = (start(), user("a"), end(), path("start -> a -> end"), message("p", "boundaryEvent", "paid", "n=1",
                attachedToRef="a"), path("p -> end"))  # fmt: skip
    old = graph_of(*hindered, around=PAID)
    new = graph_of(*(part.replace('"1"', '"no such function(1)"') for part in hindered), around=PAID)
    state, _ = advance(old, {}, Started(), MONDAY, evaluate)
    found = migration.hindrances(old, new, state, migration.mapping(old, new), MONDAY, outside(MONDAY))
    assert [problem.node for problem in found] == ["p"]


def test_a_row_keeps_its_name_apart_from_a_new_one_that_takes_its_old_name(firm, now):
    old, new = (*ONE, remind("a", "PT5H")), (*ONE, remind("a", "PT5H", "chase"), remind("a", "PT9H"))
    order = move(firm, now, old, new, given={"remind": "chase"})
    rows = Timer.objects.filter(instance=order.process_id, ended_at=None).order_by("due_at")
    assert list(rows.values_list("node", flat=True)) == ["chase", "remind"]


def test_what_fails_after_the_move_leaves_the_instance_as_it_was(firm, now, command, monkeypatch):
    put_in_force(firm, "main", drawn(*ONE), now)
    order = order_of(firm, "main", now)
    before = instance_of(order)
    newer = put_in_force(firm, "main", drawn(*ONE, condition("b", "a", "1 = 1")), now)

    def fails(*_given):
        raise RuntimeError("No queue.")

    monkeypatch.setattr(walking, "_handler", fails)
    with pytest.raises(NotMovable, match=r"No queue\."):
        migrate_instance(order.process_id, to=newer, given={}, actor=SYSTEM, now=now)
    assert (instance_of(order).version, instance_of(order).state) == (before.version, before.state)
    status, out, _ = command("migrate", "--key", "main", "--from", "1", "--to", "2")
    assert (status, "0 of 1" in out) == (1, True)
    agree(order)


@pytest.mark.parametrize("state", ["draft", "proposed", "approved", "rejected", "withdrawn"])
def test_work_moves_only_to_what_is_or_was_in_force(firm, now, command, state):
    put_in_force(firm, "main", drawn(*ONE), now)
    order = order_of(firm, "main", now)
    target = actions.draft_version("main", xml=drawn(*ONE), forms={}, actor=SYSTEM, now=now, file="main.bpmn")
    ProcessVersion.objects.filter(pk=target.pk).update(state=state)
    target = ProcessVersion.objects.get(pk=target.pk)
    with pytest.raises(NotATarget):
        migrate_instance(order.process_id, to=target, given={}, actor=SYSTEM, now=now)
    status, _out, err = command("migrate", "--key", "main", "--from", "1", "--to", "2", "--dry-run")
    assert (status, len(err.splitlines())) == (2, 1)
    assert instance_of(order).version.number == 1


def test_work_moves_back_to_what_was_in_force_and_never_to_its_own_or_to_another_process(firm, now):
    first = put_in_force(firm, "main", drawn(*ONE), now)
    put_in_force(firm, "main", drawn(*ONE), now)
    other = put_in_force(firm, "other", drawn(*ONE, key="other"), now)
    order = order_of(firm, "main", now)
    for target in (instance_of(order).version, other):
        with pytest.raises(NotATarget):
            migrate_instance(order.process_id, to=target, given={}, actor=SYSTEM, now=now)
    first.refresh_from_db()
    migrate_instance(order.process_id, to=first, given={}, actor=SYSTEM, now=now)
    assert instance_of(order).version == first
