"""From a draft to a version in force: two people, errors at the cell, differences marked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from rulebook.models import TableVersion


@pytest.fixture
def draft(firm, as_user) -> TableVersion:
    as_user(firm.alan).post(reverse("staff:draft_version", args=["transfers"]))
    return TableVersion.objects.get(table__key="transfers", state="draft", maker=firm.alan)


def url(name: str, version: TableVersion) -> str:
    return reverse(f"staff:{name}", args=[version.table.key, version.number])


def cells(page) -> dict[str, str]:
    """The form as a browser would send it back."""
    rows = page.context["rows"]
    sent = {"rows": str(page.context["count"]), "revision": str(page.context["revision"])}
    for row in rows:
        sent |= {cell.name: cell.text for cell in [*row.cells, *row.notes]}
        if not row.is_default:
            sent[f"r{row.place}-id"] = row.rule
    return sent


def test_a_draft_is_edited_proposed_and_approved_by_another(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    assert as_user(firm.alan).post(url("edit_version", draft), {**sent, "do": "save"}).status_code == 302
    posted = {"justification": "Yearly review", "effective_at": "2030-01-01T09:00"}
    as_user(firm.alan).post(url("propose_version", draft), posted)
    assert as_user(firm.alan).post(url("approve_version", draft)).status_code == 403
    as_user(firm.rob).post(url("approve_version", draft))
    assert TableVersion.objects.get(pk=draft.pk).state == "approved"


def test_a_bad_cell_is_told_at_the_cell_and_nothing_is_saved(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    name = next(name for name in sent if name.endswith("-when-amount"))
    page = as_user(firm.alan).post(url("edit_version", draft), {**sent, name: "< < 5", "do": "save"})
    assert page.status_code == 422
    assert f'id="{name}-error"' in page.text
    assert "&lt; &lt; 5" in page.text
    assert TableVersion.objects.get(pk=draft.pk).revision == draft.revision


def test_a_changed_cell_is_marked_against_the_version_in_force(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    name = next(name for name, text in sent.items() if name.endswith("-when-amount") and text not in ("", "-"))
    as_user(firm.alan).post(url("edit_version", draft), {**sent, name: "> 777", "do": "save"})
    page = as_user(firm.alan).get(url("version", draft)).text
    marked = page.split('class="changed"')[1].split("</td>")[0]
    assert "777" in marked.split("<ins")[1]


def test_somebody_elses_save_is_not_overwritten(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    as_user(firm.nadia).post(url("edit_version", draft), {**sent, "do": "save"})
    page = as_user(firm.alan).post(url("edit_version", draft), {**sent, "do": "save"})
    assert page.status_code == 409
    assert firm.nadia.display_name in page.text


def test_rows_are_added_and_removed_in_the_form_only(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    count = int(sent["rows"])
    added = as_user(firm.alan).post(url("edit_version", draft), {**sent, "do": "add"})
    assert added.context["count"] == count + 1
    removed = as_user(firm.alan).post(url("edit_version", draft), {**sent, "do": "remove-0"})
    assert removed.context["count"] == count - 1
    assert TableVersion.objects.get(pk=draft.pk).revision == draft.revision


@pytest.mark.parametrize("typed", ["soon", "", "0001-01-01T00:00", "2020-01-01T09:00", "9999-12-31T09:00"])
def test_proposing_needs_a_date_that_is_to_come_and_says_so_at_the_field(typed: str, firm, draft, as_user) -> None:
    page = as_user(firm.alan).post(url("propose_version", draft), {"justification": "My reason", "effective_at": typed})
    assert page.status_code == 422
    assert 'id="from-error"' in page.text
    assert 'href="#from"' in page.text
    assert "My reason</textarea>" in page.text
    assert TableVersion.objects.get(pk=draft.pk).state == "draft"


def test_the_browser_knows_between_which_times_a_version_may_take_effect(firm, draft, as_user) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 15, 0, 30, tzinfo=UTC), tick=False):
        page = as_user(firm.alan).get(url("version", draft)).text
    assert 'min="2026-11-20T10:00"' in page
    assert 'max="2031-11-20T10:00"' in page


def test_what_is_wrong_with_a_proposal_is_said_at_each_field(firm, draft, as_user) -> None:
    page = as_user(firm.alan).post(url("propose_version", draft), {"justification": " ", "effective_at": "soon"}).text
    assert 'id="why-error"' in page
    assert 'id="from-error"' in page


def test_a_rejection_without_a_reason_is_told_at_the_field(firm, draft, as_user) -> None:
    posted = {"justification": "Yearly review", "effective_at": "2030-01-01T09:00"}
    as_user(firm.alan).post(url("propose_version", draft), posted)
    page = as_user(firm.rob).post(url("reject_version", draft), {"reason": "x" * 2001})
    assert page.status_code == 422
    assert 'id="reason-error"' in page.text
    assert "x" * 2001 in page.text


def test_what_was_typed_stays_readable_when_the_version_moved_on_meanwhile(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    name = next(name for name in sent if name.endswith("-when-amount"))
    as_user(firm.nadia).post(url("withdraw_version", draft))
    edited = as_user(firm.alan).post(url("edit_version", draft), {**sent, name: "> 4711", "do": "save"})
    assert edited.status_code == 409
    assert "&gt; 4711" in edited.text
    posted = {"justification": "A long thought", "effective_at": "2030-01-01T09:00"}
    proposed = as_user(firm.alan).post(url("propose_version", draft), posted)
    assert proposed.status_code == 409
    assert "A long thought" in proposed.text
    rejected = as_user(firm.rob).post(url("reject_version", draft), {"reason": "Not like this"})
    assert rejected.status_code == 409
    assert "Not like this" in rejected.text


def test_an_overseer_reads_but_does_not_change(firm, draft, as_user) -> None:
    assert as_user(firm.max).get(url("version", draft)).status_code == 200
    assert as_user(firm.max).post(url("withdraw_version", draft)).status_code == 403
