"""The simulated custodians send what they confirmed, with the slips of their file, once each working morning."""

import json
import random
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command

from demo import files
from demo.custodian import Confirmed, statement_of
from demo.custodian_live import Desk
from demo.mornings_live import Mornings
from integrations.messages import read_incoming
from integrations.tasks import collect_answers
from reconciliation.models import Statement
from tests.reconciliation.mornings import DAY, MONDAY_NOON, TUESDAY, breaks, confirmed, pass_time

CUSTODIANS = {row["code"]: row for row in files.read_yaml("custodians.yaml")["custodians"]}
MANY = [Confirmed(f"R-{n}", "full_acat", f"TL-{n}", "1000.00", "USD") for n in range(4000)]


@pytest.mark.parametrize("code", sorted(CUSTODIANS))
def test_slips_are_as_often_as_the_file_says(code):
    habits = CUSTODIANS[code]["statement"]
    said = statement_of(TUESDAY.date(), MANY, random.Random(5), habits)
    listed = Counter(line["reference"] for line in said["lines"])
    changed = {line["reference"] for line in said["lines"] if line["amount"] != "1000.00"}
    assert (len(MANY) - len(listed)) / len(MANY) == pytest.approx(habits["left_out"], abs=0.006)
    assert sum(times == 2 for times in listed.values()) / len(MANY) == pytest.approx(habits["doubled"], abs=0.006)
    assert len(changed) / len(MANY) == pytest.approx(habits["changed"], abs=0.008)
    assert said["count"] == len(said["lines"])


def test_what_they_send_is_a_statement_that_we_can_read():
    for seed in range(30):
        said = statement_of(TUESDAY.date(), MANY[:100], random.Random(seed), CUSTODIANS["tidewater"]["statement"])
        assert read_incoming(json.dumps(said).encode()).payload["day"] == "2026-11-17"


def test_a_statement_goes_out_once_each_working_morning(books, folders):
    confirmed(books, MONDAY_NOON, custodian="tidewater")
    clock = [0.0]
    desk = Desk("http://127.0.0.1:1", speed=600, clock=lambda: clock[0])
    mornings = Mornings(desk)
    seven = TUESDAY + timedelta(seconds=1)
    assert (mornings.look(TUESDAY - timedelta(hours=1)), mornings.look(seven), mornings.look(seven + DAY / 24)) == (
        0, 2, 0,
    )  # fmt: skip
    assert mornings.look(TUESDAY + 4 * DAY) == 0  # a Saturday
    desk.give_out()
    restarted = Mornings(desk)
    assert restarted.look(seven) == 2
    desk.give_out()
    assert collect_answers(seven) == 1  # one file, written twice under the same name
    pass_time(seven)
    statement = Statement.objects.get(connector__code="tidewater")
    assert (statement.lines.count(), statement.compared_at, breaks()) == (1, seven, [])


def test_the_steps_file_of_the_daily_reconciliation_holds(capsys):
    drawing = files.FOLDER / "processes" / "daily_reconciliation" / "process.bpmn"
    steps = files.FOLDER / "steps" / "daily_reconciliation.json"
    call_command("process", "run", str(drawing), "--steps", str(steps))
    assert "completed" in capsys.readouterr().out.splitlines()[-1]
