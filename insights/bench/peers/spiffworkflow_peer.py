"""SpiffWorkflow in memory: each step restores the instance from text, completes one task and stores it as text again.

The model itself is kept in memory and left out of the stored text, as its users do who keep models in a table of their
own: the peer's faster way.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from io import BytesIO
from time import perf_counter
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

SERIALIZER = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())


class Steps:
    """One model, any number of instances."""

    def __init__(self, model: str, process: str) -> None:
        parser = BpmnParser()
        began = perf_counter()
        parser.add_bpmn_io(BytesIO(model.encode()))
        self.spec = parser.get_spec(process)
        self.compiled = (perf_counter() - began) * 1000

    def started(self, variables: dict[str, Any]) -> str:
        """The text of a new instance that waits at its first task."""
        workflow = BpmnWorkflow(self.spec)
        workflow.data.update(variables)
        workflow.task_tree.data.update(variables)
        workflow.do_engine_steps()
        return self.dump(workflow)

    def dump(self, workflow: BpmnWorkflow) -> str:
        """The instance as text, without its model."""
        workflow.spec = None
        state = SERIALIZER.to_dict(workflow)
        workflow.spec = self.spec
        return json.dumps(state)

    def step(self, text: str) -> tuple[str, bool]:
        """One task done: the new text, and whether the instance is over."""
        state = json.loads(text)
        state["spec"] = self.spec
        workflow = SERIALIZER.from_dict(state)
        workflow.get_tasks(state=TaskState.READY, manual=True)[0].run()
        workflow.do_engine_steps()
        return self.dump(workflow), workflow.completed


def measure(steps: Steps, warm: float, instances: int, variables: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds of every completed task, and the largest text of an instance. warm: seconds played before."""
    began = perf_counter()
    while perf_counter() - began < warm:
        play(steps, variables, [])
    times: list[float] = []
    largest = max(play(steps, variables, times) for _ in range(instances))
    return {"milliseconds": times, "bytes": largest}


def play(steps: Steps, variables: dict[str, Any], times: list[float]) -> int:
    """One instance to its end, its steps' milliseconds added to the times; the size of its largest text."""
    text, over, largest = steps.started(variables), False, 0
    while not over:
        largest = max(largest, len(text.encode()))
        began = perf_counter()
        text, over = steps.step(text)
        times.append((perf_counter() - began) * 1000)
    return largest


def main() -> None:
    """Answer until nobody asks any more."""
    steps: Steps | None = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "model":
            steps = Steps(request["model"], request["process"])
            answer: dict[str, Any] = {"version": version("spiffworkflow"), "compiled": steps.compiled}
        elif steps is not None:
            answer = measure(steps, request["warm"], request["instances"], request["variables"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
