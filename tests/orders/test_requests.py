"""The client's turn: who answered is kept, and what was typed outlives a step that fails."""

from __future__ import annotations

import pytest

from audit.actors import Actor
from orders import actions as orders
from orders.models import ClientRequest
from orders.projection import ClientAnswer, client_view
from processes.refusals import NotRunning, StepFailed
from tests.firm import address_change
from tests.processes.test_instances import PROOF, done, fresh, open_item, proof


@pytest.fixture
def order(firm, now):
    """An address change that waits for a proof of address."""
    order = address_change(firm, now)
    done(open_item(order), firm.dee, now, PROOF)
    return fresh(order)


@pytest.fixture
def typed(firm, now, order):
    """A paper, and a remark."""
    return {**proof(order, firm, now), "client_remark": "The lease follows on Friday"}


def asked(order) -> ClientRequest:
    return ClientRequest.objects.get(order=order)


def answer(order, who, answers, now):
    return orders.answer_request(asked(order).public_id, answers=answers, actor=Actor.of(who), now=now)


def test_who_answered_is_kept_with_the_request(firm, now, order, typed):
    answer(order, firm.adam, typed, now)
    request = asked(order)
    assert (request.answered_at, request.answered_by, request.draft) == (now, firm.adam, {})


def test_what_was_typed_stays_as_a_draft_when_the_next_step_fails(firm, now, order, typed, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.open_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            answer(order, firm.ana, typed, now)
    assert (asked(order).answered_at, asked(order).draft) == (None, typed)
    with pytest.raises(NotRunning):
        answer(order, firm.ana, {**typed, "client_remark": "Still here"}, now)
    assert asked(order).draft["client_remark"] == "Still here"
    orders.repair_order(order.public_id, reason="Fixed.", actor=Actor.of(firm.eve), now=now)
    answer(order, firm.ana, asked(order).draft, now)
    assert (asked(order).answered_by, asked(order).draft) == (firm.ana, {})


def test_a_draft_does_not_outlive_its_request(firm, now, order, typed):
    ClientRequest.objects.filter(order=order).update(draft=typed)
    orders.cancel_order(order.public_id, reason="Moved again", actor=Actor.of(firm.ana), now=now)
    assert (asked(order).closed_at, asked(order).draft) == (now, {})


def test_the_client_sees_what_was_answered_and_by_whom(firm, now, order, typed):
    answer(order, firm.ana, typed, now)
    seen = {who: client_view(fresh(order), getattr(firm, who), now).answered for who in ("ana", "adam")}
    title = asked(order).title
    assert seen == {"ana": (ClientAnswer(title, "", True, now),), "adam": (ClientAnswer(title, "Ana", False, now),)}


def test_a_draft_is_part_of_what_is_asked(firm, now, order, typed):
    ClientRequest.objects.filter(order=order).update(draft=typed)
    (task,) = client_view(fresh(order), firm.ana, now).tasks
    assert task.draft == typed
