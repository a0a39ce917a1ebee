"""A second opinion: SpiffWorkflow plays what it supports too. After every step the same tasks wait on both engines, and
both end at the same step with the same variables.

Whatever SpiffWorkflow 3.2 cannot play is not among AGREED: compensation, conditions as events, receive tasks, links,
several flows out of a task, what begins other processes, collections and counters of a repetition in our notation,
mappings, incidents, steps that throw an error or escalate. It reads these otherwise than the standard says, so they
are not among them either:

- parallel_gateway/in_a_loop, excess_token_stays: in a second round one token opens the join, and excess tokens vanish
  (§13.4.1: a token on each flow; those in excess stay).
- inclusive_gateway/path_to_a_flow_with_a_token, token_comes_by_a_link: it waits for what could as well come by a flow
  that holds a token, and does not follow links (§13.4.3).
- event_sub_process/interrupting_* and most others: what an interrupting one begins runs beside the rest of the scope,
  and within a sub-process none begins (§13.5.4: it ends what runs in its scope).
- timer_boundary_event/two_timers_due_at_once, cycle_that_interrupts_happens_once: both events happen, and the activity
  goes on (§13.5.3: an interrupting event ends it).
- timer_boundary_event/endless_cycle_ends_with_its_activity, timer_catch_event/one_after_the_other: timers are looked at
  only where the clock stops, not in the order of time.
- error_boundary_event/path_beside_is_outside, signal_event/end_event_interrupts_its_own_sub_process: an error on the
  path of a boundary event comes out of the activity that the event is on; a signal end event does not reach its own
  sub-process (§10.5.1, 13.5.3).
- activity/without_a_flow_out: nothing ends (§10.5.3: the token ends where nothing leads out).
- the data of repeated and called activities: variables travel with tokens and are merged where these meet
  (§10.4: they belong to their scope).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.commands.run import deployed
from processes.engine import Graph, Outside, compile_graph, parse
from processes.engine.steps import DEFAULT_NOW, StepResult, played, prepared
from processes.engine.timers import as_moment
from processes.evaluate import evaluate
from tests.conformance.spiffworkflow import Peer
from tests.processes.engine.random_models import blocks, model

HERE = Path(__file__).parent
AGREED = {
    "call_activity": (
        "all_variables_of_camunda calls_a_call ends_with_its_last_token error_ends_what_runs_beside "
        "error_reaches_the_caller escalation_interrupts_the_call escalation_reaches_the_caller event_beside_a_call "
        "interrupted_by_a_boundary_timer interrupted_call_in_a_call terminate_in_the_called_process "
        "terminated_with_its_caller"
    ),
    "data": "written_outwards",
    "error_boundary_event": (
        "another_code_goes_outwards ends_what_runs_beside escapes_two_levels nearest_before_named "
        "through_a_call_and_a_sub_process"
    ),
    "escalation_boundary_event": "interrupting non_interrupting",
    "escalation_event": (
        "caught_once end_event_goes_on end_event_of_a_called_process interrupts_two_levels out_of_two_levels "
        "uncaught_goes_on"
    ),
    "event_based_gateway": (
        "first_event_wins in_a_loop interrupted_with_its_scope message_of_one_and_timer_of_both timer_wins two_tokens"
    ),
    "event_sub_process": "escalation_beside several_at_once waiting_does_not_hold_the_scope",
    "exclusive_gateway": "default_where_none_holds first_condition_that_holds merge_passes_each_token",
    "expressions": "null_is_not_true",
    "inclusive_gateway": (
        "boundary_path_counts branch_that_ends_elsewhere called_sub_process_upstream "
        "default_not_taken_beside_another default_path_alone error_leads_away event_that_leads_away "
        "in_an_event_sub_process join_inside_a_loop loop_back_after_the_join nested non_interrupting_path_counts "
        "one_join_behind_another released_by_an_interrupting_event repeated_activity_upstream terminated_branch "
        "two_tokens_on_one_flow waits_for_chosen_paths"
    ),
    "intermediate_event": "none_passes",
    "lane": "does_not_change_what_runs",
    "manual_task": "waits_for_its_person",
    "message_boundary_event": "interrupting",
    "message_catch_event": "before_its_subscription",
    "multi_instance": (
        "boundary_event_beside_all boundary_event_on_all each_token_all_instances error_in_one_caught_inside "
        "sequential zero_times_in_sequence"
    ),
    "parallel_gateway": "forgotten_with_an_interrupted_scope fork_without_join join_and_fork_in_one",
    "plain_task": "passes",
    "script_task": "assigns each_line_sees_those_before",
    "signal_boundary_event": "interrupting_beats_what_is_inside several_on_one_activity",
    "signal_event": "not_kept reaches_called_processes throw_reaches_all_in_the_process thrown_in_an_event_sub_process",
    "standard_loop": (
        "boundary_event_ends_the_loop called_process condition_sees_what_was_written maximum sub_process tested_before "
        "tested_before_with_maximum until_the_condition_fails"
    ),
    "start_event": "called_by_its_plain_start message signal timer_date",
    "sub_process": "each_token_an_instance waits_for_all_inside",
    "terminate_end_event": (
        "in_a_looped_sub_process in_an_event_sub_process inside_a_sub_process no_boundary_event_happens "
        "waiting_messages_end whole_process"
    ),
    "timer_boundary_event": (
        "beside_then_interrupting cycle_repeats ends_a_sub_process_however_deep not_due_after_completion "
        "two_beside_due_at_once"
    ),
    "timer_catch_event": "date_and_expression two_due_at_once",
    "transaction": "cancel_ends_a_call completed",
}
CASES = [HERE / folder / name for folder, names in AGREED.items() for name in names.split()]
BLOCKS = blocks(("task", "userTask", "serviceTask", "wait", "loop", "guarded", "choice"))
NOTHING = {"expect_variables": {}}
MOST_STEPS = 200


class Both:
    """One instance on each engine, played step by step."""

    def __init__(self, models: Sequence[bytes], graphs: Sequence[Graph], plan: Mapping[str, Any]) -> None:
        variables = plan.get("variables") or {}
        now = as_moment(plan["now"]) if plan.get("now") else DEFAULT_NOW
        self.stage, _ = prepared(graphs[0], plan, Outside(evaluate), graphs[1:])
        self.peer = Peer(models, graphs[0].process, variables, now)
        self.apart = {f"done_{name}" for graph in graphs for name in graph.nodes if is_repeated(graph, name)}

    def play(self, step: Mapping[str, Any]) -> StepResult:
        """One step; it holds here, and both stand where they should stand."""
        result = next(played(self.stage, [step]))
        self.peer.play(step)
        assert (result.message, result.status) in (("", "running"), ("", "completed"))
        assert (step, result.active, result.status == "completed") == (step, self.peer.active, self.peer.completed)
        if self.peer.completed:
            known = {name: value for name, value in self.peer.variables.items() if name not in self.apart}
            assert result.variables == known
        return result


def is_repeated(graph: Graph, name: str) -> bool:
    """Whether what is written at a node belongs to one instance of a repeated activity; the peer hands it out."""
    while name in graph.nodes:
        node = graph.nodes[name]
        if node.loop is not None and node.loop.many:
            return True
        name = node.scope
    return False


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_case_runs_alike(case: Path) -> None:
    model, steps = case.with_suffix(".bpmn"), case.with_suffix(".steps.json")
    plan = json.loads(steps.read_text(encoding="utf-8"))
    files = [model, *(case.parent / name for name in plan.get("also_deploy") or ())]
    both = Both([file.read_bytes() for file in files], deployed(str(model), str(steps), plan), plan)
    for step in (NOTHING, *plan["steps"]):
        both.play(step)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(block=BLOCKS, picks=st.lists(st.integers(0, 7), min_size=1, max_size=12))
def test_a_random_model_runs_alike(block, picks):
    data = model(block)
    plan = {"variables": {"choice": picks[0], "two": 2}}
    both = Both([data], [compile_graph(parse(data))], plan)
    result = both.play(NOTHING)
    for number in range(MOST_STEPS):
        if result.status == "completed":
            return
        choices = list(possible(result))
        result = both.play(choices[picks[number % len(picks)] % len(choices)])
    raise AssertionError("Expected an end, but the instances go on.")


def possible(result: StepResult) -> Iterator[Mapping[str, Any]]:
    """What can be done next: any waiting task, or an hour passes. What a task writes does not depend on when."""
    for name in result.active:
        yield {"complete": name, "variables": {f"done_{name}": True}}
    if result.waiting:
        yield {"advance_time": "PT1H"}
