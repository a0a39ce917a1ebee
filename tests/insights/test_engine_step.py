"""The engine's benchmark: its models run, its peers do the same or are left out, its figures have their shape."""

import json
import subprocess
import sys

import pytest
from django.test import override_settings

from audit.context import replaying
from insights.bench import engine_step, peers
from insights.bench.results import PeerFigure, Result
from insights.bench.ten_nodes import TASKS, chain, ten_nodes
from processes import queries
from processes.engine import check, compile_graph, parse
from rulebook.feel import compile_expression
from work.models import WorkItem


def test_the_models_are_what_they_say():
    document = parse(ten_nodes(queue="maintenance").encode())
    assert len(document.elements) == 10
    assert check(document, compile_expression, publishable=True).errors == ()
    assert len(compile_graph(parse(chain(50).encode())).nodes) == 50


def test_an_instance_in_memory_completes_three_tasks(now):
    times: list[float] = []
    size = engine_step._play(compile_graph(parse(ten_nodes().encode())), now, times)
    assert len(times) == TASKS
    assert size < 2048


def test_stored_tasks_are_taken_and_completed(firm, now, monkeypatch):
    monkeypatch.setattr(engine_step, "STORED", 2)
    engine_step._draw_ten_nodes()
    try:
        with replaying(), engine_step._alone():
            assert engine_step._rate("test", now) > 0
            without, with_history = engine_step._statements(now)
    finally:
        queries.forget()
    assert 1 < without <= 7 < with_history <= 8
    assert set(WorkItem.objects.values_list("state", flat=True)) == {"completed"}


def test_without_its_environment_a_peer_is_left_out(tmp_path):
    with override_settings(VAR_DIR=tmp_path), peers.peer("spiffworkflow_peer") as other:
        assert other is None


@pytest.fixture
def talking(tmp_path):
    """talking(script) is a peer that runs the script in this environment."""

    def begin(script: str) -> peers.Peer:
        path = tmp_path / "script.py"
        path.write_text(script)
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, str(path)], stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        started.append(process)
        return peers.Peer(process)

    started: list[subprocess.Popen] = []
    yield begin
    for process in started:
        process.communicate(timeout=10)


def test_a_peer_answers_line_by_line(talking):
    other = talking("import sys\nfor line in sys.stdin:\n    print(line, end='', flush=True)\n")
    assert other.ask(do="measure", instances=2) == {"do": "measure", "instances": 2}


def test_a_peer_that_breaks_says_why(talking):
    other = talking("raise SystemExit('no such model')")
    with pytest.raises(RuntimeError, match="no such model"):
        other.ask(do="model")


def test_a_result_with_a_peer_says_how_many_times_as_fast():
    result = Result("engine-step", 200, "ms", 0.02, [], peer=PeerFigure("SpiffWorkflow", "3.2.0", 1.0))
    assert json.loads(json.dumps(result.as_json())) == {
        "name": "engine-step",
        "size": 200,
        "ours": {"median": 0.02, "unit": "ms"},
        "peer": {"name": "SpiffWorkflow", "version": "3.2.0", "median": 1.0},
        "ratio": 50.0,
        "limit": None,
        "runs": [],
    }
