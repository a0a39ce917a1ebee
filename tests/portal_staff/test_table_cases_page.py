"""Facts tried on a version of a table, and acceptance cases kept of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import Entry
from rulebook.models import AcceptanceCase, TableVersion

FACTS = {"f-transfer": "full_acat", "f-destination": "own", "f-client_age": "40", "f-amount": "500,000.00"}
KEPT = {
    **FACTS,
    "name": "At 500,000",
    "rules-matter": "1",
    "rules": "T2",
    "o-roles": '["operations_analyst", "team_lead"]',
    "o-adds_at_most": '"4h"',
    "o-evidence": "null",
    "o-log": "null",
}
PAGE = "/staff/tables/transfers/1/cases/"


@pytest.fixture
def draft(firm, as_user) -> TableVersion:
    as_user(firm.alan).post(reverse("staff:draft_version", args=["transfers"]))
    return TableVersion.objects.get(table__key="transfers", state="draft", maker=firm.alan)


def test_facts_show_what_the_draft_decides_and_what_the_version_in_force_does(firm, draft, as_user) -> None:
    draft.body["rules"][0]["when"]["amount"], draft.body["rules"][1]["when"]["amount"] = "<= 500000", "> 500000"
    TableVersion.objects.filter(pk=draft.pk).update(body=draft.body)
    shown = as_user(firm.alan).get(f"/staff/tables/transfers/{draft.number}/cases/", FACTS).context
    assert [(each["version"].number, each["rows"][0][0]) for each in shown["answers"]] == [(2, "T1"), (1, "T2")]
    assert shown["rules"] == "T1"


def test_where_the_draft_has_no_answer_the_one_in_force_fills_in_what_is_expected(firm, draft, as_user) -> None:
    draft.body["rules"], draft.body["default"] = draft.body["rules"][2:], None
    TableVersion.objects.filter(pk=draft.pk).update(body=draft.body)
    page = as_user(firm.alan).get(f"/staff/tables/transfers/{draft.number}/cases/", FACTS)
    assert page.context["answers"][0]["problem"] == "No rule covers it."
    assert (page.context["rules"], page.context["outputs"][1].text) == ("T2", '"4h"')


def test_a_case_is_kept_and_holds(firm, as_user) -> None:
    sent = as_user(firm.alan).post(PAGE, KEPT)
    assert sent.status_code == 302
    case = AcceptanceCase.objects.get()
    assert (case.facts["amount"], case.expected["rules"]) == ("500000", ["T2"])
    page = as_user(firm.alan).get(PAGE)
    assert [row["broken"] for row in page.context["cases"]] == [""]
    again = as_user(firm.alan).get(page.context["cases"][0]["again"].partition("#")[0])
    assert again.context["answers"][0]["rows"][0][0] == "T2"


def test_a_case_that_names_no_rules_and_several_answers(firm, as_user) -> None:
    several = {**KEPT, "f-destination": "third_party", "o-roles": '["a"]\n["b"]', "o-adds_at_most": '"4h"'}
    several.pop("rules-matter")
    as_user(firm.alan).post(PAGE, several)
    expected = AcceptanceCase.objects.get().expected
    assert expected == {"rules": None, "outputs": [{"roles": '["a"]', "adds_at_most": '"4h"'}, {"roles": '["b"]'}]}
    page = as_user(firm.alan).get(PAGE)
    assert "Does not hold" in page.text


@pytest.mark.parametrize(
    ("typed", "place"),
    [({"f-amount": "EUR 5"}, "f-amount"), ({"o-roles": "((("}, "o-roles"), ({"name": ""}, "case-name")],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(firm, as_user, typed, place) -> None:
    page = as_user(firm.alan).post(PAGE, {**KEPT, **typed})
    assert page.status_code == 422
    assert f'id="{place}-error"' in page.text
    assert f'href="#{place}"' in page.text
    assert not AcceptanceCase.objects.exists()


def test_a_case_is_retired_with_a_reason(firm, as_user) -> None:
    as_user(firm.alan).post(PAGE, KEPT)
    case = AcceptanceCase.objects.get()
    away = reverse("staff:retire_table_case", args=["transfers", 1, case.pk])
    refused = as_user(firm.alan).post(away, {"reason": " "})
    assert refused.status_code == 422
    assert f'id="reason-{case.pk}-error"' in refused.text
    assert as_user(firm.alan).post(away, {"reason": "Moved."}).status_code == 302
    assert as_user(firm.alan).get(PAGE).context["cases"] == []
    other = reverse("staff:retire_table_case", args=["firm", 1, case.pk])
    assert as_user(firm.alan).post(other, {"reason": "Moved."}).status_code == 404


def test_whoever_approves_sees_which_cases_were_retired_for_it(firm, draft, as_user) -> None:
    browser, here = as_user(firm.alan), reverse("staff:version", args=["transfers", draft.number])
    assert "retired for this version" not in browser.get(here).text
    browser.post(PAGE, KEPT)
    away = reverse("staff:retire_table_case", args=["transfers", 1, AcceptanceCase.objects.get().pk])
    browser.post(away, {"reason": "The edge moves."})
    propose = reverse("staff:propose_version", args=["transfers", draft.number])
    assert browser.post(propose, {"justification": "Why not", "effective_at": "2030-01-01T09:00"}).status_code == 302
    page = as_user(firm.rob).get(here)
    assert f"Approve version {draft.number}" in page.text
    assert "1 acceptance case was retired for this version" in page.text
    for part in ("At 500,000", "The edge moves.", firm.alan.display_name):
        assert part in page.text
    governing = as_user(firm.rob).get(reverse("staff:version", args=["transfers", 1]))
    assert "retired for this version" not in governing.text


def test_what_was_retired_before_the_version_in_force_was_approved_is_told_no_more(firm, draft, as_user) -> None:
    browser = as_user(firm.alan)
    browser.post(PAGE, KEPT)
    away = reverse("staff:retire_table_case", args=["transfers", 1, AcceptanceCase.objects.get().pk])
    browser.post(away, {"reason": "The edge moves."})
    later = Entry.objects.get(fact="rulebook.case.retired").happened_at + timedelta(seconds=1)
    TableVersion.objects.filter(table__key="transfers", state="in_force").update(approved_at=later)
    page = browser.get(reverse("staff:version", args=["transfers", draft.number]))
    assert "retired for this version" not in page.text


def test_an_overseer_tries_facts_but_keeps_nothing(firm, as_user) -> None:
    page = as_user(firm.max).get(PAGE, FACTS)
    assert page.status_code == 200
    assert "Save the case" not in page.text
    assert as_user(firm.max).post(PAGE, KEPT).status_code == 403
    assert not AcceptanceCase.objects.exists()


def test_a_failing_case_is_named_on_the_versions_page(firm, draft, as_user) -> None:
    as_user(firm.alan).post(PAGE, {**KEPT, "rules": "T1"})
    page = as_user(firm.alan).get(reverse("staff:version", args=["transfers", draft.number]))
    assert [case.name for case, _why in page.context["failing"]] == ["At 500,000"]
    sent = {"justification": "Why not", "effective_at": "2030-01-01T09:00"}
    refused = as_user(firm.alan).post(reverse("staff:propose_version", args=["transfers", draft.number]), sent)
    assert refused.status_code == 409
    assert "At 500,000" in refused.text
    assert "Why not" in refused.text


def test_the_page_costs_the_same_however_many_cases_there_are(firm, as_user, django_assert_num_queries) -> None:
    for number in range(4):
        as_user(firm.alan).post(PAGE, {**KEPT, "name": f"Case {number}"})
    browser = as_user(firm.alan)
    browser.get(PAGE, FACTS)
    with django_assert_num_queries(11):
        browser.get(PAGE, FACTS)
