"""The door for answers: signed, recent, bounded, well-formed; taken in once."""

import json
import time

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from audit.due import run_due
from integrations import signing
from integrations.models import InboxMessage, OutboxCall
from orders.models import Order
from tests.integrations.calls import waiting_call

URL = "/in/meridian/"


@pytest.fixture
def call(firm, now):
    return waiting_call(firm, now)


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


def post(call, payload, *, message_id="m-1", late=0, secret=None, url=URL, signature=None, **extra):
    body = payload if isinstance(payload, bytes) else json.dumps({"call": str(call.public_id), **payload}).encode()
    timestamp = int(time.time()) - late
    headers = signing.headers(secret or call.connector.secret, message_id, timestamp, body)
    if signature is not None:
        headers["webhook-signature"] = signature
    browser = Browser(enforce_csrf_checks=True)
    return browser.post(url, data=body, content_type="application/json", headers={**headers, **extra})


ACKNOWLEDGED = {"outcome": "acknowledged", "reference": "MC-4F7K2Q9D"}


def test_the_address_is_the_one_that_custodians_are_given():
    assert reverse("integrations:answer", args=["meridian"]) == URL


def test_a_signed_answer_is_accepted_and_moves_the_order_a_moment_later(call, now):
    response = post(call, ACKNOWLEDGED)
    assert (response.status_code, response.json()) == (202, {"id": "m-1", "state": "received"})
    message = InboxMessage.objects.get()
    assert message.outcome == "waiting"
    run_due(message.received_at)
    call.refresh_from_db()
    assert call.state == "answered"
    order = Order.objects.get(pk=call.order_id)
    assert order.process.state["variables"]["custodian_reference"] == "MC-4F7K2Q9D"


def test_the_same_message_three_times_is_taken_once(call, now):
    assert [post(call, ACKNOWLEDGED).status_code for _ in range(3)] == [202, 202, 202]
    assert InboxMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({"secret": "not the key"}, 401),
        ({"signature": ""}, 401),
        ({"signature": "v1,????"}, 401),
        ({"signature": "v1,ü"}, 401),
        ({"late": 301}, 401),
        ({"late": -301}, 401),
        ({"url": "/in/nobody/"}, 404),
        ({"message_id": "x" * 81}, 422),
        ({"message_id": ""}, 422),
    ],
)
def test_who_is_not_known_now_is_refused_as_a_problem(call, about, status):
    response = post(call, ACKNOWLEDGED, **about)
    assert response.status_code == status
    assert response["content-type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert InboxMessage.objects.count() == 0


def test_one_right_signature_among_several_is_enough(call):
    body = json.dumps({"call": str(call.public_id), **ACKNOWLEDGED}).encode()
    timestamp = int(time.time())
    right = signing.sign(call.connector.secret, "m-1", timestamp, body)
    assert post(call, body, signature=f"v1,old {right}").status_code == 202


@pytest.mark.parametrize(
    "payload",
    [
        {"outcome": "acknowledged"},
        {"outcome": "acknowledged", "reference": ""},
        {"outcome": "acknowledged", "reference": 17},
        {"outcome": "acknowledged", "reference": "x" * 41},
        {"outcome": "acknowledged", "reference": "<b>"},
        {"outcome": "maybe"},
        {"outcome": ["rejected"]},
        {},
        {"call": "not an id", **ACKNOWLEDGED},
        {"call": None, **ACKNOWLEDGED},
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 60000,
    ],
)
def test_what_cannot_be_read_is_refused(call, payload):
    response = post(call, payload)
    assert response.status_code == 422
    assert InboxMessage.objects.count() == 0


def test_more_than_64_kilobytes_are_not_read(call):
    assert post(call, b" " * (64 * 1024 + 1)).status_code == 413
    assert post(call, b" " * (64 * 1024)).status_code == 422


def test_only_post_is_answered(call):
    assert Browser().get(URL).status_code == 405


def test_a_rejection_keeps_its_code(call, now):
    post(call, {"outcome": "rejected", "code": "M301", "more": {"deep": [1]}})
    assert InboxMessage.objects.get().payload == {"outcome": "rejected", "reference": "", "code": "M301"}
    assert OutboxCall.objects.get().state == "queued"  # until the message takes effect
