"""Every state of an order against every verb: what is allowed changes it, everything else is refused."""

import pytest
from django_fsm import TransitionNotAllowed

from orders.models import Order, State

WORKING = ("submitted", "in_progress", "waiting_on_client")
TABLE = {  # verb → state before → state after
    "submit": {"draft": "submitted"},
    "proceed": {"submitted": "in_progress", "waiting_on_client": "in_progress"},
    "wait_for_client": {"in_progress": "waiting_on_client"},
    "complete": dict.fromkeys(WORKING, "completed"),
    "reject": dict.fromkeys(WORKING, "rejected"),
    "cancel": dict.fromkeys(("draft", *WORKING, "exception"), "cancelled"),
    "fail": dict.fromkeys(WORKING, "exception"),
    "repair": {"exception": "in_progress"},
}


@pytest.mark.parametrize("verb", TABLE)
@pytest.mark.parametrize("before", State.values)
def test_every_state_and_verb(before, verb):
    order = Order(state=before)
    if before in TABLE[verb]:
        getattr(order, verb)()
        assert order.state == TABLE[verb][before]
    else:
        with pytest.raises(TransitionNotAllowed):
            getattr(order, verb)()
        assert order.state == before


@pytest.mark.parametrize("remembered", WORKING)
def test_a_repaired_order_returns_to_where_it_was(remembered):
    order = Order(state="exception", resume_state=remembered)
    order.repair()
    assert order.state == remembered


def test_the_table_names_every_verb_of_the_state_machine():
    verbs = {transition.name for transition in Order().get_all_state_transitions()}
    assert verbs == set(TABLE)


def test_the_state_cannot_be_assigned():
    with pytest.raises(AttributeError):
        Order().state = "completed"
