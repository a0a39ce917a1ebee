"""Heat on the drawing, the same as a table, and the orders behind a number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.tasks import seal
from processes.tasks import read_passages
from tests.processes.drawings import complete, drawn, order_of, put_in_force, work_at
from tests.processes.engine.bpmn import end, path, start

ONE = drawn(start(), work_at("look"), end(), path("start -> look -> end"))
PAGE = "/staff/processes/main/heat/"


@pytest.fixture
def orders(firm, now, time_machine):
    time_machine.move_to(now + timedelta(days=1), tick=False)
    put_in_force(firm, "main", ONE, now)
    made = [order_of(firm, "main", now, sent_as=f"key-{number}") for number in range(3)]
    for hours, order in enumerate(made[:2], 1):
        complete(order, "look", firm.dee, now + timedelta(hours=hours))
    seal(timezone.now())
    read_passages()
    return made


def test_the_drawing_and_the_table_say_the_same(client, firm, orders, django_assert_num_queries):
    client.force_login(firm.max)
    page = client.get(PAGE)
    assert "2 · 1 h 30 min" in page.content.decode()
    lines = {line["name"]: line for line in page.context["lines"]}
    assert (lines["look"]["figures"].stays, lines["look"]["median"], lines["look"]["figures"].standing) == (
        2,
        "1 h 30 min",
        1,
    )
    with django_assert_num_queries(13):
        client.get(PAGE)


def test_behind_a_number_stand_its_orders(client, firm, orders):
    client.force_login(firm.max)
    page = client.get(f"{PAGE}look/?period=week").content.decode()
    assert all(order.number in page for order in orders)
    assert "Stands here" in page


def test_an_administrator_sees_the_figures_but_no_orders(client, firm, orders):
    from processes.actions import grant_as_elsewhere
    from processes.models import ProcessModel
    from tests.processes.drawings import SYSTEM

    grant_as_elsewhere(ProcessModel.objects.get(key="main"), actor=SYSTEM, now=timezone.now())
    client.force_login(firm.alan)
    assert client.get(PAGE).context["lines"]
    assert client.get(f"{PAGE}look/").context["stays"] == []


@pytest.mark.parametrize(
    ("address", "status"),
    [(f"{PAGE}none/", 404), *((f"{PAGE}look/?before={before}", 200) for before in ("x", "9" * 40, "9" * 5000))],
)
def test_odd_addresses_are_answered(client, firm, orders, address, status):
    client.force_login(firm.max)
    assert client.get(address).status_code == status
