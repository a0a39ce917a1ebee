"""`run_due` runs the wiring's due tasks in their order until nothing is due, and nothing that leaves the house."""

from types import SimpleNamespace

import pytest

from audit import due
from config import wiring
from integrations.models import OutboxCall
from tests.integrations.calls import waiting_call

CALLS: list[tuple[str, object]] = []
LEFT = {"first": 0}


def first(now):
    """Has something to do as often as LEFT says."""
    CALLS.append(("first", now))
    LEFT["first"] -= 1
    return 1 if LEFT["first"] >= 0 else 0


def second(now):
    """Never has anything to do."""
    CALLS.append(("second", now))


@pytest.fixture
def tasks(monkeypatch):
    CALLS.clear()
    names = [f"{__name__}.first", f"{__name__}.second"]
    monkeypatch.setattr(due, "wiring", lambda: SimpleNamespace(DUE=names))


def test_tasks_run_in_order_until_nothing_is_due(tasks, now):
    LEFT["first"] = 2
    assert due.run_due(now) == 2
    assert [("first", now), ("second", now)] * 3 == CALLS


def test_what_never_comes_to_rest_is_an_error(tasks, now):
    LEFT["first"] = 10**6
    with pytest.raises(RuntimeError, match="come to rest"):
        due.run_due(now)


def test_custodians_are_not_called_and_mails_not_sent_when_time_is_moved(firm, now, settings):
    settings.CUSTODIAN_URL = "http://127.0.0.1:1"
    call = waiting_call(firm, now)
    due.run_due(now)
    assert OutboxCall.objects.get(pk=call.pk).attempts == 0
    assert not {"integrations.tasks.send_calls", "notifications.tasks.send_mail"} & set(wiring.DUE)
