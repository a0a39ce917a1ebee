"""Rules of a version as files, and a file's rules in a draft: all of them or none."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from audit.models import Entry
from rulebook.models import TableVersion


@pytest.fixture
def draft(firm, as_user) -> TableVersion:
    as_user(firm.alan).post(reverse("staff:draft_version", args=["transfers"]))
    return TableVersion.objects.get(table__key="transfers", state="draft", maker=firm.alan)


def exported(browser, kind: str, number: int = 1) -> bytes:
    answer = browser.get(reverse("staff:version_file", args=["transfers", number, kind]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="transfers-{number}.{kind}"'
    return answer.content


def bring(browser, draft: TableVersion, content: bytes, *, name: str = "mine.xlsx", revision: int | None = None):
    sent = {"revision": str(revision or draft.revision)}
    if content:
        sent["file"] = SimpleUploadedFile(name, content)
    return browser.post(reverse("staff:import_rules", args=["transfers", draft.number]), sent)


def changed(content: bytes, **cells: str) -> bytes:
    book = load_workbook(io.BytesIO(content))
    for place, text in cells.items():
        book["Rules"][place] = text
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def body(draft: TableVersion) -> dict:
    return TableVersion.objects.get(pk=draft.pk).body


def test_a_workbook_goes_out_is_changed_and_comes_in(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    answer = bring(alan, draft, changed(exported(alan, "xlsx"), E4="< 400000", E5="[400000..2000000]"))
    assert answer.status_code == 302
    assert [rule["when"]["amount"] for rule in body(draft)["rules"][:2]] == ["< 400000", "[400000..2000000]"]
    assert Entry.objects.get(fact="rulebook.version.edited").data["file"] == "mine.xlsx"


def test_a_dmn_file_comes_in_whatever_it_is_called(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    sent = exported(alan, "dmn").replace(b"&lt; 500000", b"&lt; 400000").replace(b"[500000..", b"[400000..")
    assert bring(alan, draft, sent, name="mine.txt").status_code == 302
    assert body(draft)["rules"][0]["when"]["amount"] == "< 400000"


def test_what_is_wrong_is_listed_by_place_and_nothing_comes_in(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    page = bring(alan, draft, changed(exported(alan, "xlsx"), E4="< EUR 5", F5='["nobody"]', A6=""))
    assert page.status_code == 422
    told = [(line["place"], line["rule"], line["column"]) for line in page.context["wrong"]]
    assert told == [("E4", "T1", "Amount"), ("F5", "T2", "Prepared and approved by"), ("A6", "", "")]
    page = bring(alan, draft, changed(exported(alan, "xlsx"), F5='["nobody"]'))
    told = [(line["place"], line["rule"], line["column"]) for line in page.context["wrong"]]
    assert told == [("F5", "T2", "Prepared and approved by")]
    page = bring(alan, draft, exported(alan, "dmn").replace(b"operations_manager", b"nobody"))
    assert [(line["rule"], line["column"]) for line in page.context["wrong"]] == [("T3", "Prepared and approved by")]
    assert page.context["wrong"][0]["place"].isdecimal()
    assert body(draft) == draft.body


def test_a_file_of_heads_alone_does_not_empty_the_draft(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    book = load_workbook(io.BytesIO(exported(alan, "xlsx")))
    book["Rules"].delete_rows(4, 50)
    made = io.BytesIO()
    book.save(made)
    page = bring(alan, draft, made.getvalue())
    assert page.status_code == 422
    assert "the file has none" in page.context["wrong"][0]["said"]
    assert body(draft) == draft.body


@pytest.mark.parametrize("content", [b"", b"PK nothing", b"<a/>", b"<a", b"0" * (5 * 1024 * 1024 + 1)])
def test_what_is_no_such_file_is_refused_with_its_reason(firm, draft, as_user, content: bytes) -> None:
    page = bring(as_user(firm.alan), draft, content)
    assert page.status_code == 422
    assert page.context["wrong"] or page.context["errors"]["file"]
    assert body(draft) == draft.body


def reshaped(content: bytes) -> bytes:
    """Another fact in the first column, and another hit policy."""
    book = load_workbook(io.BytesIO(content))
    rules = book["Rules"]
    rules["B1"], rules["B2"], rules["B3"] = "when urgent", "Urgent · 加急", "boolean"
    for line in range(4, 10):
        rules[f"B{line}"] = None
    book["About"]["B4"] = "rule_order"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_other_columns_of_a_file_are_told_before_they_are_taken(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    page = bring(alan, draft, reshaped(exported(alan, "xlsx")))
    assert page.status_code == 200
    assert "Condition added: “Urgent” (Yes or no)." in page.text
    assert "Condition removed: “Kind of transfer” (Text)." in page.text
    assert "The hit policy is “Rule order”; it was “Collect”." in page.text
    assert body(draft) == draft.body
    sent = {"revision": "1", "brought": page.context["notice"]["brought"]}
    address = reverse("staff:import_rules", args=["transfers", draft.number])
    assert alan.post(address, {**sent, "brought": sent["brought"] + "x"}).status_code == 422
    assert body(draft) == draft.body
    assert alan.post(address, sent).status_code == 302
    assert [column["name"] for column in body(draft)["inputs"]][0] == "urgent"
    entry = Entry.objects.get(fact="rulebook.version.edited")
    assert (entry.data["file"], entry.after["hit_policy"]) == ("mine.xlsx", "rule_order")


def test_a_file_without_what_the_code_reads_is_refused(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    sent = exported(alan, "dmn").replace(b'name="roles"', b'name="people"')
    page = bring(alan, draft, sent, name="mine.dmn")
    assert page.status_code == 422
    ((column, said),) = [(line["column"], line["said"]) for line in page.context["wrong"]]
    assert column == "Outputs"
    assert "It names who prepares and who signs." in said


def test_a_file_over_somebody_elses_save_is_refused(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    content = exported(alan, "xlsx")
    TableVersion.objects.filter(pk=draft.pk).update(revision=2, maker=firm.nadia)
    page = bring(alan, draft, content, revision=1)
    assert page.status_code == 409
    assert firm.nadia.display_name in page.text


def test_only_a_draft_takes_a_file_and_only_from_its_editors(firm, draft, as_user) -> None:
    address = reverse("staff:import_rules", args=["transfers", 1])
    assert as_user(firm.alan).get(address).status_code == 302
    content = exported(as_user(firm.max), "xlsx")
    assert bring(as_user(firm.max), draft, content).status_code == 403
    assert as_user(firm.alan).post(address, {"file": SimpleUploadedFile("a.xlsx", content)}).status_code == 409


def test_another_kind_of_file_is_not_there(firm, as_user) -> None:
    assert as_user(firm.alan).get(reverse("staff:version_file", args=["transfers", 1, "pdf"])).status_code == 404
