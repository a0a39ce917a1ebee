"""The verbs of work: the only code that writes queues and work items."""

from work.actions.advising import answer, ask
from work.actions.assigning import assign, hand_over, move_up, release, set_priority
from work.actions.claiming import claim, take_next
from work.actions.completing import complete, keep_draft
from work.actions.pausing import pend, resume, start
from work.actions.queues import open_queue
from work.actions.taking_back import take_back
from work.actions.timing import follow_order, keep_times

__all__ = [
    "answer",
    "ask",
    "assign",
    "claim",
    "complete",
    "follow_order",
    "hand_over",
    "keep_draft",
    "keep_times",
    "move_up",
    "open_queue",
    "pend",
    "release",
    "resume",
    "set_priority",
    "start",
    "take_back",
    "take_next",
]
