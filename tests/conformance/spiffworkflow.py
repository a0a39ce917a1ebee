"""SpiffWorkflow plays the steps of a steps file, with our expression language: a second opinion, nothing more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import ScriptTaskParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import ManualTask, NoneTask, ScriptTask, UserTask
from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition, SignalEventDefinition
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task

from processes.engine.extensions import TL
from processes.engine.timers import after
from processes.evaluate import evaluate

ISO = re.compile(r"(R\d*/)?P[\dYMWDTHS.]+|\d{4}-\d\d-\d\dT\S+")
A_MOMENT = timedelta(milliseconds=1)  # a timer is due only after its time
NOT_A_VARIABLE = ("data_objects", "__builtins__")


class Feel(PythonScriptEngine):
    """Evaluates FEEL where SpiffWorkflow would evaluate Python; a time is the literal that it is."""

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        """The value of a condition, of a time or of a number of instances."""
        text = expression.strip()
        value = text if ISO.fullmatch(text) else evaluate(text, task.data, datetime.now(UTC))
        return int(value) if isinstance(value, Decimal) and value == int(value) else value

    def execute(self, task: Task, script: str, external_context: Any = None) -> bool:
        """Lines of `name = expression`."""
        for line in script.strip().splitlines():
            name, _, text = line.partition(" = ")
            task.data[name.strip()] = self.evaluate(task, text)
        return True


class ScriptParser(ScriptTaskParser):
    """A script is ours, or lines of `name = expression`."""

    def get_script(self) -> str:
        """Lines of `name = expression`."""
        own = list(self.node.iter(f"{TL}script"))
        text = "" if all(one.get("expression") for one in own) else super().get_script()
        lines = [f"{one.get('result')} = {one.get('expression') or text}" for one in own]
        return "\n".join(lines) or super().get_script()


class Parser(BpmnParser):
    """Service tasks are plain ones: what they would call is not here."""

    OVERRIDE_PARSER_CLASSES = {
        full_tag("serviceTask"): (TaskParser, NoneTask),
        full_tag("scriptTask"): (ScriptParser, ScriptTask),
    }


class Peer:
    """One instance that runs from its start until everything waits, and after each step again."""

    def __init__(self, models: Sequence[bytes], process: str, variables: Mapping[str, Any], now: datetime) -> None:
        parser = Parser()
        for model in models:
            parser.add_bpmn_io(BytesIO(model))
        self.now = now
        self.workflow = BpmnWorkflow(
            parser.get_spec(process), parser.get_subprocess_specs(process), script_engine=Feel()
        )
        self.workflow.task_tree.data.update(variables)
        self.play({})

    @property
    def active(self) -> list[str]:
        """Sorted ids of the tasks that wait for a person."""
        return sorted(task.task_spec.bpmn_id for task in self._ready() if _is_work(task))

    @property
    def completed(self) -> bool:
        """Whether the instance has ended."""
        return bool(self.workflow.completed)

    @property
    def variables(self) -> dict[str, Any]:
        """What the instance has when it has ended."""
        return {name: value for name, value in self.workflow.data.items() if name not in NOT_A_VARIABLE}

    def play(self, step: Mapping[str, Any]) -> None:
        """One step that does something; an expectation does nothing."""
        if "advance_time" in step:
            self.now = after(self.now, step["advance_time"]) + A_MOMENT
        with time_machine.travel(self.now, tick=False):
            self._do(step)
            self._run()

    def _do(self, step: Mapping[str, Any]) -> None:
        payload = step.get("payload") or {}
        match next(iter(step), "expect"), step:
            case "complete", {"complete": node}:
                task = next(one for one in self._ready() if _is_work(one) and one.task_spec.bpmn_id == node)
                task.data.update(step.get("variables") or {})
                task.run()
            case "message", {"message": name}:
                self._send(BpmnEvent(MessageEventDefinition(name), payload), refused=step.get("expect_rejected", False))
            case "signal", {"signal": name}:
                self.workflow.catch(BpmnEvent(SignalEventDefinition(name), payload))
            case verb, _ if verb != "advance_time" and not verb.startswith("expect"):
                raise NotImplementedError(verb)

    def _send(self, event: BpmnEvent, *, refused: bool) -> None:
        if not refused:
            self.workflow.send_event(event)
            return
        with pytest.raises(WorkflowException):
            self.workflow.send_event(event)

    def _run(self) -> None:
        """Everything that needs no person, at the time that it is."""
        self.workflow.do_engine_steps()
        while plain := [task for task in self._ready() if not _is_work(task)]:
            for task in plain:
                task.run()
            self.workflow.do_engine_steps()

    def _ready(self) -> list[Task]:
        return self.workflow.get_tasks(state=TaskState.READY)


def _is_work(task: Task) -> bool:
    return isinstance(task.task_spec, (UserTask, ManualTask))
