"""None intermediate throw event: a milestone that the token passes."""

from __future__ import annotations

from processes.engine.elements.behaviour import Behaviour
from processes.engine.elements.start_event import enter

BEHAVIOUR = Behaviour(enter)
