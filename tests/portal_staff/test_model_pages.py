"""Decision models on their pages: sent, shown, tried, agreed on by two people, and sent back out as they came."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from demo import files
from rulebook import tasks
from rulebook.models import ModelCase, ModelVersion
from tests.rulebook.dmn_files import decision, model, needs

XML = files.model("kyc_risk")
STRICTER = XML.replace(b"<text>40</text>", b"<text>60</text>")
EXPOSED = {"f-0": "other", "f-1": "true", "f-2": "0"}


def url(name: str, *more: int) -> str:
    return reverse(f"staff:{name}", args=["kyc_risk", *more])


def sent(browser, xml: bytes = STRICTER, **more):
    return browser.post(url("upload_model"), {"file": SimpleUploadedFile("risk.dmn", xml), **more})


def test_a_file_goes_its_way_from_a_draft_into_force(firm, as_user) -> None:
    assert sent(as_user(firm.alan)).status_code == 302
    page = as_user(firm.alan).get(url("model_version", 2))
    assert [(line.name, line.parts) for line in page.context["changes"]] == [
        ("Points of identity", [("Row 3, Points", "40", "60")])
    ]
    proposal = {"justification": "Weighs more", "effective_at": f"{timezone.now():%Y-%m-%dT%H:%M}+00:00"}
    assert as_user(firm.alan).post(url("propose_model", 2), proposal).status_code == 302
    assert as_user(firm.alan).post(url("approve_model", 2)).status_code == 403
    assert as_user(firm.rob).post(url("approve_model", 2), {"governing": "7"}).status_code == 409
    assert as_user(firm.rob).post(url("approve_model", 2), {"governing": "1"}).status_code == 302
    tasks.put_in_force(timezone.now())
    assert "Version 2 is in force since" in as_user(firm.max).get(url("model")).text
    assert "Points of client risk" in as_user(firm.judith).get(reverse("staff:models")).text
    assert as_user(firm.alan).post(url("roll_back_model", 1)).status_code == 302
    assert ModelVersion.objects.get(number=3).justification == "Back to version 1."
    assert "Row 3, Points" in as_user(firm.max).get(url("model_change", 1, 2)).text


def test_the_file_comes_back_as_it_was_sent(firm, as_user) -> None:
    shown = as_user(firm.max).get(url("model_file", 1))
    assert (shown.content, shown["Content-Disposition"]) == (XML, 'attachment; filename="kyc_risk-1.dmn"')


def test_the_graph_is_a_picture_and_words(firm, as_user) -> None:
    page = as_user(firm.max).get(url("model_version", 1))
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="diagram"' in page.text
    first = page.context["elements"][0]
    assert (first.name, first.requires.split(", ")[0]) == ("Risk score", "Points of identity")
    points = page.context["elements"][3]
    assert points.columns == ["Tax residence", "Public office", "Points"]
    assert points.rows[2] == ["-", "true", "40"]


def test_all_that_is_wrong_with_a_file_is_told_by_element_and_nothing_is_kept(firm, as_user) -> None:
    page = sent(as_user(firm.alan), model(decision("A", "1 +"), decision("B", needs("nobody"), "2")))
    assert page.status_code == 422
    assert [each.line for each in page.context["wrong"]] == [2, 3]
    assert "requiredInput" in page.text
    assert as_user(firm.alan).post(url("upload_model"), {}).context["errors"]["file"]
    assert ModelVersion.objects.count() == 1


def test_facts_are_tried_on_a_version_and_on_the_one_in_force(firm, as_user) -> None:
    sent(as_user(firm.alan))
    page = as_user(firm.max).get(url("model_cases", 2), EXPOSED)
    assert [answer["rows"][0][:2] for answer in page.context["answers"]] == [("Risk score", "90"), ("Risk score", "70")]
    wrong = as_user(firm.max).get(url("model_cases", 2), {"f-2": "many"})
    assert wrong.status_code == 422
    assert "such as 42.5" in wrong.context["fields"][2].error


def test_a_case_is_kept_and_holds_versions_up_that_decide_otherwise(firm, as_user) -> None:
    kept = {**EXPOSED, "name": "Public office", "o-3": "70"}
    assert as_user(firm.max).post(url("model_cases", 1), kept).status_code == 403
    assert as_user(firm.alan).post(url("model_cases", 1), {**kept, "name": ""}).status_code == 422
    assert as_user(firm.alan).post(url("model_cases", 1), kept).status_code == 302
    case = ModelCase.objects.get()
    assert (case.expected, "70" in as_user(firm.max).get(url("model_cases", 1)).text) == ({"Risk score": "70"}, True)
    sent(as_user(firm.alan))
    assert "expected 70, but decided was 90" in as_user(firm.max).get(url("model_version", 2)).text
    proposal = {"justification": "Weighs more", "effective_at": f"{timezone.now():%Y-%m-%dT%H:%M}+00:00"}
    assert as_user(firm.alan).post(url("propose_model", 2), proposal).status_code == 409
    retire = reverse("staff:retire_model_case", args=["kyc_risk", 1, case.pk])
    assert as_user(firm.alan).post(retire, {"reason": " "}).status_code == 422
    assert as_user(firm.alan).post(retire, {"reason": "It weighs more."}).status_code == 302
    assert as_user(firm.alan).post(url("propose_model", 2), proposal).status_code == 302
    page = as_user(firm.max).get(url("model_version", 2)).text
    assert "1 acceptance case was retired for this version" in page
    assert "It weighs more." in page


def test_a_model_is_opened_by_who_may_edit_every_table(firm, as_user) -> None:
    page = reverse("staff:new_model")
    assert as_user(firm.max).get(page).status_code == 403
    names = {"name_en": "Own", "name_zh": "自有"}
    assert as_user(firm.alan).post(page, {"key": "routing", **names}).status_code == 422
    assert as_user(firm.alan).post(page, {"key": "own", **names}).status_code == 302
    assert as_user(firm.alan).get(reverse("staff:upload_model", args=["own"])).status_code == 200


@pytest.mark.parametrize("place", ["model", "model_version", "model_cases"])
def test_in_chinese_the_elements_have_their_chinese_names(firm, client, place) -> None:
    client.force_login(firm.max, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "zh-hans"
    page = client.get(url(place) if place == "model" else url(place, 1)).text
    assert "公职人员" in page


def test_what_the_check_finds_in_tables_is_shown_by_decision_and_row(firm, as_user) -> None:
    clean = as_user(firm.alan).get(url("model_version", 1)).text
    assert "every case meets a rule or the default" in clean
    gap = XML.replace(b"<defaultOutputEntry><text>0</text></defaultOutputEntry>", b"", 1)
    overlap = gap.replace(b'hitPolicy="COLLECT" aggregation="SUM"', b'hitPolicy="UNIQUE"', 1)
    assert sent(as_user(firm.alan), overlap).status_code == 302
    page = as_user(firm.alan).get(url("model_version", 2))
    assert [each.owner for each in page.context["checked"] if not each.holds] == ["Points of identity"]
    assert "No rule covers this case." in page.text
    assert "Rules 1 and 3 both match." in page.text
    proposal = {"justification": "Weighs more", "effective_at": f"{timezone.now():%Y-%m-%dT%H:%M}+00:00"}
    refused = as_user(firm.alan).post(url("propose_model", 2), proposal)
    assert (refused.status_code, "findings in “Points of identity”" in refused.text) == (422, True)
