"""The demo's files: every product is whole, bilingual, drawn, and its process is clean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from lxml import etree

from processes.engine import check, parse
from rulebook.checks import check as check_table
from rulebook.feel import compile_expression
from rulebook.tables import load_table
from ui.icons import PATHS

DEMO = Path(__file__).resolve().parents[2] / "demo"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
TL = "{urn:throughline:bpmn:1}"
TASKS = ("userTask", "manualTask", "serviceTask", "businessRuleTask", "scriptTask", "callActivity")
NAMED = (*TASKS, "startEvent", "endEvent", "exclusiveGateway", "boundaryEvent", "lane", "process", "sequenceFlow")
FROM_ENGINE = frozenset(("approval", "custodian_outcome", "custodian_reference", "custodian_code", "outcome"))
STAFF_WORDS = re.compile(
    r"complian|\bhold\b|queue|\bnode\b|supervis|exception|\brule|合规|队列|节点|冻结|监督", re.IGNORECASE
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PRODUCTS = sorted(path.parent.name for path in DEMO.glob("products/*/order_form.json") if "loan" not in str(path))
MAINTENANCE = {"address_change", "name_change", "beneficiary_change", "account_reregistration"} | {
    "fee_schedule_adjustment",
    "account_closure",
}
TRANSFERS = {"full_acat", "partial_acat", "non_acat_transfer"}
PAYMENTS = {"cash_disbursement", "registration_journal"}
CALLED = sorted(path.parent.name for path in DEMO.glob("processes/*/process.yaml"))
BREAKS = ("critical_break", "reconciliation_break")  # the firm's own, which no client sees
CALLS = {  # the processes that a product's drawing calls
    "account_opening": [code for code in CALLED if code not in ("break_resolution", "daily_reconciliation")],
    **{code: ["break_resolution"] for code in BREAKS},
    "account_reregistration": ["kyc"],
    "periodic_review": ["kyc"],
}
FIRM = yaml.safe_load((DEMO / "firm.yaml").read_text(encoding="utf-8"))
CUSTODIANS = yaml.safe_load((DEMO / "custodians.yaml").read_text(encoding="utf-8"))["custodians"]
MADE = (("script", "result"), ("decision", "result"), ("out", "target"))
every_product = pytest.mark.parametrize("code", PRODUCTS)
every_product_of_clients = pytest.mark.parametrize("code", [code for code in PRODUCTS if code not in BREAKS])
every_drawing = pytest.mark.parametrize("code", [*PRODUCTS, *CALLED])


def about(code: str) -> dict[str, Any]:
    return yaml.safe_load((DEMO / "products" / code / "product.yaml").read_text(encoding="utf-8"))


def folder(code: str) -> Path:
    """Where a product, or a process that products call, is described."""
    return DEMO / ("processes" if code in CALLED else "products") / code


def forms(code: str) -> dict[str, dict[str, Any]]:
    """Forms by key; the order form of a product is "order"."""
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder(code).glob("forms/*.json")}
    order = folder(code) / "order_form.json"
    return {"order": json.loads(order.read_text(encoding="utf-8")), **found} if order.exists() else found


def with_called(code: str) -> list[str]:
    """A product and the processes that its drawing calls."""
    return [code, *CALLS.get(code, [])]


def model_bytes(code: str) -> bytes:
    return (folder(code) / "process.bpmn").read_bytes()


def model(code: str) -> etree._Element:
    return etree.fromstring(model_bytes(code))


def extensions(code: str, name: str) -> list[etree._Element]:
    return list(model(code).iter(f"{TL}{name}"))


def fields(code: str) -> set[str]:
    """What forms, scripts, decisions and called processes give to a drawing's variables."""
    asked = {name for form in forms(code).values() for name in form["properties"]}
    made = {e.get(at) for tag, at in MADE for e in extensions(code, tag)}
    loops = {value for loop in model(code).iter(f"{BPMN}multiInstanceLoopCharacteristics") for value in loop.values()}
    handed = (
        {"account_type", "order_number", "people", "loopCounter", "custodian_reference"} if code in CALLED else set()
    )
    return asked | made | loops | handed


def texts(value: Any) -> Iterator[dict[str, Any]]:
    """Every bilingual text in a tree of plain values."""
    if isinstance(value, dict):
        if "en" in value or "zh-Hans" in value:
            yield value
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def is_bilingual(text: dict[str, Any]) -> bool:
    chinese = text.get("zh-Hans", "")
    return bool(text.get("en")) and bool(CHINESE.search(chinese))


def codes(section: str) -> set[str]:
    return {row["code"] for row in FIRM[section]}


def test_the_firm_offers_the_products_of_the_sources() -> None:
    others = {"corporate_account_opening", "account_opening", "periodic_review"}
    assert set(PRODUCTS) == MAINTENANCE | TRANSFERS | PAYMENTS | others | set(BREAKS)


@pytest.mark.parametrize("code", BREAKS)
def test_breaks_are_the_firm_s_own(code: str) -> None:
    assert (about(code)["audience"], about(code)["channels"]) == ("house", ["staff"])


@every_drawing
def test_a_drawing_calls_processes_that_stand_beside_the_products(code: str) -> None:
    called = {call.get("calledElement") for call in model(code).iter(f"{BPMN}callActivity")}
    assert called == set(CALLS.get(code, []))


def test_opening_an_account_is_put_together_from_the_six_processes_of_the_sources() -> None:
    assert len(CALLS["account_opening"]) == 6


@every_product
def test_a_product_names_only_what_the_firm_has(code: str) -> None:
    product = about(code)
    assert (product["code"], product["process"]) == (code, model(code).find(f"{BPMN}process").get("id"))
    assert set(product["channels"]) <= codes("channels")
    assert set(product["branches"]) <= codes("branches")
    assert product["audience"] in {"person", "company", "any", "house"}
    assert product["icon"] in PATHS
    assert {element.get("matrix") for element in extensions(code, "approval")} == set(product["parameters"]["matrices"])
    operations = {element.get("operation") for each in with_called(code) for element in extensions(each, "call")}
    assert operations - {"account_prevalidation"} == {product["parameters"]["custodian_operation"]} - {None}
    assert all(operations <= set(custodian["operations"]) for custodian in CUSTODIANS)


@every_drawing
def test_every_form_of_a_product_is_used_and_every_used_form_exists(code: str) -> None:
    used = {element.get("form") for name in ("work", "request") for element in extensions(code, name)}
    assert used == set(forms(code)) - {"order"}


@every_drawing
def test_forms_are_valid_bounded_schemas_that_refuse_unknown_fields(code: str) -> None:
    for form in forms(code).values():
        Draft202012Validator.check_schema(form)
        assert form["additionalProperties"] is False
        assert set(form["required"]) <= set(form["properties"])
        for name, field in form["properties"].items():
            bounded = field.get("maxLength") or field.get("enum") or "const" in field or field["type"] == "boolean"
            assert bounded or {"minimum", "maximum"} <= set(field), name
            asked = field.get("pattern") and field["x-tl"].get("widget") not in ("money", "date")
            assert not asked or field["x-tl"].get("hint"), f"{name} says nowhere which form it expects"


@every_product
def test_forms_sections_labels_and_asked_papers_fit_together(code: str) -> None:
    papers = {document["key"] for document in about(code)["documents"]}
    for form in (form for each in with_called(code) for form in forms(each).values()):
        sections = {section["key"] for section in form["x-tl"].get("sections", [])}
        for field in form["properties"].values():
            extra = field["x-tl"]
            codes = [*field.get("enum", []), *([field["const"]] if "const" in field else [])]
            assert set(extra.get("labels", {})) == set(codes)
            assert extra.get("section") is None or extra["section"] in sections
            assert field["title"] == extra["title"]["en"]
            assert extra.get("document") is None or extra["document"] in papers


@every_drawing
def test_every_text_of_a_product_stands_in_both_languages(code: str) -> None:
    about_it = about(code) if code in PRODUCTS else yaml.safe_load((folder(code) / "process.yaml").read_text("utf-8"))
    assert all(is_bilingual(text) for text in texts(about_it))
    assert all(is_bilingual(text) for form in forms(code).values() for text in texts(form))
    assert all(is_bilingual(dict(e.attrib)) for name in ("milestone", "title", "text") for e in extensions(code, name))
    for element in model(code).iter(*(f"{BPMN}{tag}" for tag in NAMED)):
        named = element.find(f"{BPMN}extensionElements/{TL}name")
        chinese = "" if named is None else named.get("zh-Hans")
        assert not element.get("name") or CHINESE.search(chinese), element.get("id")
        assert element.get("name") or etree.QName(element).localname not in TASKS, element.get("id")


@pytest.mark.parametrize("path", ["firm.yaml", "custodians.yaml"])
def test_every_text_of_the_firm_stands_in_both_languages(path: str) -> None:
    found = list(texts(yaml.safe_load((DEMO / path).read_text(encoding="utf-8"))))
    assert found
    assert all(is_bilingual(text) for text in found)


@every_drawing
def test_a_process_is_executable_without_a_warning(code: str) -> None:
    report = check(parse(model_bytes(code), file=code))
    assert (report.errors, report.warnings, report.executable) == ((), (), True)


@every_drawing
def test_a_process_is_drawn_whole_with_ids_that_are_unique(code: str) -> None:
    root = model(code)
    ids = [element.get("id") for element in root.iter(etree.Element) if element.get("id")]
    drawn = {shape.get("bpmnElement") for shape in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")}
    flow = {"task", "subProcess", *NAMED, "intermediateThrowEvent", "intermediateCatchEvent", "parallelGateway"}
    needed = {e.get("id") for e in root.iter(*(f"{BPMN}{tag}" for tag in flow - {"process"}))}
    assert len(ids) == len(set(ids))
    assert needed <= drawn


@every_drawing
def test_flows_run_only_across_and_down(code: str) -> None:
    for edge in model(code).iter(f"{DI}BPMNEdge"):
        points = [(int(p.get("x")), int(p.get("y"))) for p in edge if etree.QName(p).localname == "waypoint"]
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in zip(points, points[1:])), edge.get("id")


@every_drawing
def test_conditions_read_only_what_some_form_or_the_engine_gives(code: str) -> None:
    tags = (f"{BPMN}conditionExpression", f"{BPMN}timeDate")
    for expression in model(code).iter(*tags):
        assert compile_expression(expression.text).names <= fields(code) | FROM_ENGINE, expression.text
    for form in forms(code).values():
        for field in form["properties"].values():
            assert compile_expression(field["x-tl"].get("show_if", "true")).names <= set(form["properties"])


@every_drawing
def test_work_goes_to_queues_and_skills_that_the_firm_has(code: str) -> None:
    for work in extensions(code, "work"):
        assert work.get("queue") in codes("queues")
        assert work.get("skill") is None or work.get("skill") in codes("skills")
        assert 0 < int(work.get("effort")) <= 60
        assert 1 <= int(work.get("priority")) <= 5


@every_product_of_clients
def test_clients_read_four_to_six_milestones_and_no_word_of_the_staff_side(code: str) -> None:
    drawn = with_called(code)
    milestones = [element.attrib for each in drawn for element in extensions(each, "milestone")]
    asked = [element.attrib for each in drawn for name in ("title", "text") for element in extensions(each, name)]
    requests = {element.get("form") for each in drawn for element in extensions(each, "request")} | {"order"}
    shown = [text for each in drawn for key, form in forms(each).items() if key in requests for text in texts(form)]
    assert 4 <= len({milestone["key"] for milestone in milestones}) <= 6
    shown += list(texts({key: about(code)[key] for key in ("name", "summary", "promise", "documents")}))
    words = [text[language] for text in (*milestones, *asked, *shown) for language in ("en", "zh-Hans")]
    assert [word for word in words if STAFF_WORDS.search(word)] == []


@every_product
def test_the_promised_time_is_the_target_of_the_whole_order(code: str) -> None:
    rows = json.loads((DEMO / "rules" / "sla_targets.json").read_text(encoding="utf-8"))["rules"]
    targets = [
        r["then"]["target"] for r in rows if f'"{code}"' in r["when"]["product"] and '"order"' in r["when"]["node"]
    ]
    assert targets == [json.dumps(about(code)["promise"]["target"])]


def test_targets_name_steps_of_the_product_that_they_are_for() -> None:
    rows = json.loads((DEMO / "rules" / "sla_targets.json").read_text(encoding="utf-8"))["rules"]
    for when in (row["when"] for row in rows):
        nodes = set(json.loads(f"[{when['node']}]")) - {"order"}
        for code in set(json.loads(f"[{when['product']}]")) & set(PRODUCTS):
            tags = [f"{BPMN}{tag}" for tag in TASKS]
            assert nodes <= {element.get("id") for each in with_called(code) for element in model(each).iter(*tags)}


def test_every_queue_has_one_way_of_routing() -> None:
    rows = json.loads((DEMO / "rules" / "routing.json").read_text(encoding="utf-8"))["rules"]
    routed = [queue for row in rows for queue in json.loads(f"[{row['when']['queue']}]")]
    assert sorted(routed) == sorted(codes("queues"))


@pytest.mark.parametrize("key", ["sla_targets", "sla_escalation", "routing", "advisor", "break_severity"])
def test_a_table_has_no_gap_without_a_default_no_overlap_and_no_dead_row(key: str) -> None:
    table = json.loads((DEMO / "rules" / f"{key}.json").read_text(encoding="utf-8"))
    report = check_table(load_table(table))
    assert [gap for gap in report.gaps if not gap.covered_by_default] == []
    assert (list(report.overlaps), list(report.unreachable), list(report.unknown_facts)) == ([], [], [])
    assert all(is_bilingual(text) for text in texts(table))


TO_MYSELF = {
    "account_number": "HL-104037",
    "custodian": "meridian",
    "transfer": "full_acat",
    "amount": "500000.00",
    "sell_fractions": False,
    "destination": "own",
    "receiving_firm": "Granite Peak Securities",
    "receiving_firm_number": "0226",
    "receiving_account": "55 1200 781",
}
RECIPIENT = {"recipient_name": "Rosa Delgado", "recipient_relationship": "family", "recipient_reason": "A gift."}


@pytest.mark.parametrize(
    ("answers", "is_valid"),
    [
        (TO_MYSELF, True),
        ({**TO_MYSELF, "destination": "third_party"}, False),
        ({**TO_MYSELF, "destination": "third_party", **RECIPIENT}, True),
        ({**TO_MYSELF, "amount": "500000"}, False),
        ({**TO_MYSELF, "amount": "-1.00"}, False),
        ({**TO_MYSELF, "transfer": "partial_acat"}, False),
        ({**TO_MYSELF, "approval": "approved"}, False),
    ],
)
def test_a_transfer_to_somebody_else_must_say_to_whom_and_why(answers: dict[str, Any], is_valid: bool) -> None:
    assert Draft202012Validator(forms("full_acat")["order"]).is_valid(answers) is is_valid
