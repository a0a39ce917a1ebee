"""The simulated custodians keep to their file's shares and times, and answer each call once."""

import json
import random
from collections import Counter
from datetime import timedelta
from statistics import median

import pytest
from django.utils.dateparse import parse_duration

from audit.due import run_due
from demo import files
from demo.custodian import answer_for
from demo.custodian_live import Desk, connected, pick_up
from integrations.messages import read_answer
from integrations.models import InboxMessage
from integrations.tasks import collect_answers, send_calls
from tests.integrations.calls import waiting_call

CUSTODIANS = {row["code"]: row for row in files.read_yaml("custodians.yaml")["custodians"]}
CASES = [(code, operation) for code, row in CUSTODIANS.items() for operation in row["operations"]]


@pytest.mark.parametrize(("code", "operation"), CASES)
def test_shares_and_times_are_those_of_the_file(code, operation):
    custodian, dice, calls = CUSTODIANS[code], random.Random(7), 4000
    habits = custodian["operations"][operation]
    replies = [answer_for(operation, dice, custodian) for _ in range(calls)]
    shares = Counter(reply.outcome for reply in replies)
    assert shares["silent"] / calls == pytest.approx(habits["silent"], abs=0.015)
    assert shares["rejected"] / calls == pytest.approx(habits["reject"], abs=0.02)
    assert {reply.code for reply in replies if reply.outcome == "rejected"} <= set(habits["codes"])
    delays = [reply.delay.total_seconds() / 3600 for reply in replies if reply.outcome == "acknowledged"]
    expected = parse_duration(habits["acknowledge"]["median"])
    assert median(delays) == pytest.approx(expected.total_seconds() / 3600, rel=0.1)


def test_the_same_seed_decides_alike():
    custodian = CUSTODIANS["meridian"]
    first, second = ([answer_for("full_acat", random.Random(3), custodian) for _ in range(5)] for _ in range(2))
    assert first == second


def test_every_answer_is_one_that_we_can_read():
    call = "018f3c1e-0000-7000-8000-000000000000"
    for custodian in CUSTODIANS.values():
        for seed in range(50):
            reply = answer_for("full_acat", random.Random(seed), custodian)
            if reply.outcome != "silent":
                body = json.dumps({"call": call, **reply.payload}).encode()
                assert read_answer(body).payload == reply.payload


def test_an_operation_that_they_do_not_know_is_rejected():
    assert answer_for("space_travel", random.Random(1), CUSTODIANS["meridian"]).outcome == "rejected"


def test_a_call_by_file_is_answered_once_in_its_time(firm, now, folders):
    waiting_call(firm, now, custodian="tidewater")
    send_calls(now)
    clock = [0.0]
    desk = Desk("http://127.0.0.1:1", speed=3600, clock=lambda: clock[0])
    desk.random = random.Random(1)  # acknowledges
    custodians = connected()
    pick_up(desk, custodians)
    assert list((folders / "tidewater" / "out").glob("*.json")) == []
    [due] = desk.due
    desk.take(due.custodian, json.dumps({**json.loads(due.body), "operation": "full_acat"}).encode())
    assert (len(desk.due), desk.give_out()) == (1, 0)
    clock[0] = due.at
    assert (desk.give_out(), desk.give_out()) == (1, 0)
    assert collect_answers(now + timedelta(hours=1)) == 1
    run_due(now + timedelta(hours=1))
    assert InboxMessage.objects.get().outcome == "applied"


def test_an_answer_that_is_not_taken_is_tried_again(firm):
    desk = Desk("http://127.0.0.1:1", speed=1e9, clock=lambda: 10.0**9)
    desk.random = random.Random(1)
    meridian = next(custodian for custodian in connected() if custodian.code == "meridian")
    desk.take(meridian, json.dumps({"call": "c-1", "operation": "full_acat"}).encode())
    desk.due[0].at = 0
    assert desk.give_out() == 0
    assert [due.tries for due in desk.due] == [1]
