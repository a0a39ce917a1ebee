"""Calls go out by REST and by file, each under its key, and are tried again when the other side fails."""

import json
from datetime import timedelta

import pytest

from audit.models import Entry
from integrations import actions, signing
from integrations.connectors import file_drop, rest
from integrations.models import Connector, OutboxCall
from integrations.tasks import send_calls
from tests.integrations.calls import waiting_call


@pytest.fixture
def call(firm, now):
    return waiting_call(firm, now)


def facts(call):
    entries = Entry.objects.filter(subject=f"integrations.call:{call.public_id}").order_by("pk")
    return list(entries.values_list("fact", flat=True))


def test_a_call_goes_out_once_signed_and_under_its_own_key(call, other_side, now):
    assert send_calls(now) == 1
    assert send_calls(now) == 0
    [(path, headers, body)] = other_side.got
    assert path == "/calls/"
    assert headers["idempotency-key"] == str(call.public_id)
    sent = headers["webhook-id"], int(headers["webhook-timestamp"]), body, headers["webhook-signature"]
    assert signing.is_signed(call.connector.secret, *sent)
    call.refresh_from_db()
    assert (call.state, call.sent_at, call.next_attempt_at) == ("sent", now, None)
    assert facts(call) == ["integrations.call.queued", "integrations.call.sent"]


def test_the_custodian_gets_only_what_it_needs(call, other_side, now):
    send_calls(now)
    content = json.loads(other_side.got[0][2])
    assert set(content) == {"call", "operation", "order", "account", "variables"}
    assert content["operation"] == "full_acat"


@pytest.mark.parametrize("status", [302, 400, 500, 503])
def test_anything_but_a_success_is_tried_again_later(call, other_side, now, status):
    other_side.status, other_side.location = status, f"{other_side.url}/elsewhere"
    assert send_calls(now) == 0
    call.refresh_from_db()
    assert (call.state, call.attempts) == ("queued", 1)
    assert str(status) in call.last_error
    assert call.next_attempt_at == now + timedelta(seconds=15)
    assert len(other_side.got) == 1  # a redirect is not followed
    other_side.status = 202
    assert send_calls(now + timedelta(seconds=14)) == 0
    assert send_calls(now + timedelta(seconds=15)) == 1


def test_a_server_that_drips_bytes_is_left_after_the_total_time(call, other_side, now, monkeypatch):
    other_side.drips = True
    monkeypatch.setattr(rest, "TOTAL_SECONDS", 0.3)
    assert send_calls(now) == 0
    call.refresh_from_db()
    assert "Timeout" in call.last_error


def test_after_six_failures_the_call_is_parked_and_a_person_can_send_it_again(call, now, settings, other_side):
    other_side.status = 500
    at = now
    for _attempt in range(6):
        send_calls(at)
        at += timedelta(hours=2)
    call.refresh_from_db()
    assert (call.state, call.attempts, call.next_attempt_at) == ("parked", 6, None)
    assert send_calls(at) == 0
    actions.retry_call(call.pk, reason="They are back.", actor=Connector.objects.first().as_actor(), now=at)
    other_side.status = 202
    assert send_calls(at) == 1


def test_a_call_whose_attempts_never_ended_is_parked_without_another_try(call, other_side, now):
    OutboxCall.objects.filter(pk=call.pk).update(attempts=6)
    assert send_calls(now) == 0
    call.refresh_from_db()
    assert call.state == "parked"
    assert other_side.got == []


def test_a_call_that_another_worker_has_begun_is_left_to_it(call, other_side, now):
    assert actions.begin_attempt(call.pk, now=now) is not None
    assert actions.begin_attempt(call.pk, now=now) is None
    assert send_calls(now) == 0
    assert other_side.got == []


def test_a_call_by_file_appears_whole_under_its_id_and_twice_is_the_same_file(firm, now, folders):
    call = waiting_call(firm, now, custodian="tidewater")
    assert send_calls(now) == 1
    file_drop.send(call)
    [path] = (folders / "tidewater" / "out").iterdir()
    assert path.name == f"{call.public_id}.json"
    message_id, body = file_drop.opened(call.connector.secret, path.read_bytes())
    assert message_id == str(call.public_id)
    assert json.loads(body)["operation"] == "full_acat"


def test_a_folder_that_cannot_be_written_is_a_failure_to_try_again(firm, now, settings, tmp_path):
    call = waiting_call(firm, now, custodian="tidewater")
    (tmp_path / "file").write_text("")
    settings.CUSTODIAN_FILES = str(tmp_path / "file")
    assert send_calls(now) == 0
    call.refresh_from_db()
    assert (call.state, call.attempts) == ("queued", 1)
