"""Instances move to another version one by one: what has a counterpart moves, everything else stays as it is."""

import json
from datetime import timedelta

import pytest

from audit.models import Entry
from processes import actions, migration
from processes.actions.migrating import migrate_instance
from processes.engine import Started, TaskCompleted, advance, compile_graph, parse
from processes.evaluate import evaluate
from processes.models import Instance, Subscription, Timer
from processes.outside import outside
from processes.refusals import NotMovable
from processes.replaying import state_from_ledger
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
TABLE = [
    ("the same", PLAIN, PLAIN, {}, ["a"], []),
    ("more behind", PLAIN, (start(), user("a"), user("n"), user("b"), end(), path("start -> a -> n -> b -> end")), {},
     ["a"], []),
    ("gone", PLAIN, (start(), user("b"), end(), path("start -> b -> end")), {}, [], ["a"]),
    ("another kind", PLAIN, (start(), element("manualTask", "a"), end(), path("start -> a -> end")), {}, [], ["a"]),
    ("another place", PLAIN, (
        start(), element("subProcess", "s", user("a")), end(), path("start -> s -> end")), {}, [], ["a"]),
    ("renamed", PLAIN, (start(), user("x"), end(), path("start -> x -> end")), {"a": "x"}, ["x"], []),
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
