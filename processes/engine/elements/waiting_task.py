"""User, manual and service task: the token waits until the task is completed."""

from __future__ import annotations

from processes.engine.elements import activity
from processes.engine.elements.behaviour import Behaviour
from processes.engine.waiting import open_task

BEHAVIOUR = Behaviour(activity.enter, open_task)
