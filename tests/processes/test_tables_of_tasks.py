"""What a business-rule task gets from a table in force, and how the items of a repeated task are told apart."""

from __future__ import annotations

from datetime import datetime

from audit.models import Entry
from processes.engine import parse
from processes.outside import outside
from processes.publishing import findings
from tests.firm import Cast
from tests.processes.drawings import drawn, order_of, put_in_force
from tests.processes.engine.bpmn import element, end, extensions, path, start
from work.models import WorkItem

EACH = (
    '<bpmn:multiInstanceLoopCharacteristics id="each"><bpmn:loopCardinality>%s</bpmn:loopCardinality>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)
FACTS = {"tax_residence": "other", "source_of_funds": "salary", "politically_exposed": True, "watch_list_hits": 1}


def test_a_model_in_force_answers_and_says_which_rows_counted(firm: Cast, now: datetime) -> None:
    decide = outside(now).decide
    assert decide is not None
    answer = decide("kyc_risk", FACTS)
    assert (answer.single, [dict(row) for row in answer.rows]) == (True, [{"Risk score": 90}])
    assert answer.reasons == {
        "model": "kyc_risk",
        "version": 1,
        "rows": {
            "Points of identity": [2, 3],
            "Points of the watch list": [1],
            "Points of the money that is invested": [],
        },
    }


def test_the_entry_of_the_step_keeps_what_decided_and_why(firm: Cast, now: datetime) -> None:
    score = element(
        "businessRuleTask", "score", extensions('<tl:decision table="kyc_risk" result="points"/>'), name="s"
    )
    put_in_force(firm, "main", drawn(start(), score, end(), path("start -> score -> end"), key="main"), now)
    order_of(firm, "main", now)
    entry = Entry.objects.get(fact="processes.instance.advanced")
    (decided,) = entry.data["decided"]
    assert (decided["node"], decided["model"], decided["version"]) == ("score", "kyc_risk", 1)
    assert decided["rows"]["Points of the watch list"] == []


def test_of_a_table_the_ids_of_its_rules_are_kept(firm: Cast, now: datetime) -> None:
    decide = outside(now).decide
    assert decide is not None
    assert decide("routing", {"queue": "maintenance"}).reasons == {"table": "routing", "version": 1, "rules": ["R1"]}


def test_a_key_that_neither_a_table_nor_a_model_has_is_told_before_it_is_drawn(firm: Cast, now: datetime) -> None:
    named = [
        element("businessRuleTask", key, extensions(f'<tl:decision table="{key}" result="x"/>'), name=key)
        for key in ("kyc_risk", "nothing")
    ]
    drawing = drawn(start(), *named, end(), path("start -> kyc_risk -> nothing -> end"), key="main")
    told = [each.element for each in findings(parse(drawing), {}).warnings if "it would fail there" in each.message]
    assert told == ["nothing"]


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
