"""Every state of a work item against every verb."""

import pytest
from django_fsm import TransitionNotAllowed

from work.models import State, WorkItem

HELD = ("assigned", "in_progress", "pending")
OPEN = ("queued", *HELD)
TABLE = {  # verb → state before → state after
    "claim": {"queued": "in_progress"},
    "assign": dict.fromkeys(OPEN, "assigned"),
    "start": {"assigned": "in_progress"},
    "release": dict.fromkeys(HELD, "queued"),
    "pend": {"assigned": "pending", "in_progress": "pending"},
    "resume": {"pending": "in_progress"},
    "complete": dict.fromkeys(OPEN, "completed"),
    "cancel": dict.fromkeys(OPEN, "cancelled"),
}


@pytest.mark.parametrize("verb", TABLE)
@pytest.mark.parametrize("before", State.values)
def test_every_state_and_verb(before, verb):
    item = WorkItem(state=before)
    if before in TABLE[verb]:
        getattr(item, verb)()
        assert item.state == TABLE[verb][before]
    else:
        with pytest.raises(TransitionNotAllowed):
            getattr(item, verb)()
        assert item.state == before


def test_the_table_names_every_verb_of_the_state_machine():
    assert {transition.name for transition in WorkItem().get_all_state_transitions()} == set(TABLE)
