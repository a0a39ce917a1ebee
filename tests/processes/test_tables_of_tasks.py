"""What a business-rule task gets from a table in force, and how the items of a repeated task are told apart."""

from __future__ import annotations

from datetime import datetime

from processes.outside import outside
from rulebook.models import Table
from tests.firm import Cast
from tests.processes.drawings import drawn, order_of, put_in_force
from tests.processes.engine.bpmn import element, end, extensions, path, start
from work.models import WorkItem

EACH = (
    '<bpmn:multiInstanceLoopCharacteristics id="each"><bpmn:loopCardinality>%s</bpmn:loopCardinality>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)
FACTS = {"tax_residence": "other", "source_of_funds": "salary", "politically_exposed": True, "watch_list_hits": 1}


def test_a_sum_is_one_answer_and_not_a_list_of_one(firm: Cast, now: datetime) -> None:
    assert Table.objects.filter(key="kyc_risk").exists()
    decide = outside(now).decide
    assert decide is not None
    answer = decide("kyc_risk", FACTS)
    assert (answer.single, [row["points"] for row in answer.rows]) == (True, [90])


def looked_at(firm: Cast, now: datetime, number: str, times: int) -> list[str]:
    given = extensions(
        f'<tl:name zh-Hans="看"/><tl:work queue="maintenance" effort="5" priority="3" number="{number}"/>'
    )
    task = element("userTask", "look", given + EACH % times, name="look")
    put_in_force(firm, "main", drawn(start(), task, end(), path("start -> look -> end"), key="main"), now)
    items = WorkItem.objects.filter(order=order_of(firm, "main", now)).order_by("pk")
    return [item.name["zh-Hans"] for item in items]


def test_items_of_a_repeated_task_are_numbered_where_the_drawing_says_so(firm: Cast, now: datetime) -> None:
    assert looked_at(firm, now, "loopCounter", 2) == ["看 (1)", "看 (2)"]


def test_an_item_without_a_count_has_no_number(firm: Cast, now: datetime) -> None:
    assert looked_at(firm, now, "null", 1) == ["看"]
