"""From a draft to a version in force: two people, errors at the cell, differences marked."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from audit.actors import Actor
from demo import files
from portal_staff.table_form import FIELDS_PER_RULE, Cell
from rulebook import actions
from rulebook.bounds import LONGEST_CELL, LONGEST_ID, MOST_RULES
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


@pytest.mark.parametrize(
    ("column", "typed"), [("roles", "[5]"), ("roles", "[team_lead]"), ("adds_at_most", '"5 days"')]
)
def test_an_answer_that_nobody_can_work_with_is_told_at_the_cell(firm, draft, as_user, column, typed) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    name = next(name for name in sent if name.endswith(f"-then-{column}"))
    page = as_user(firm.alan).post(url("edit_version", draft), {**sent, name: typed, "do": "save"})
    assert page.status_code == 422
    assert f'id="{name}-error"' in page.text
    added = as_user(firm.alan).post(url("edit_version", draft), {**sent, name: typed, "do": "add"})
    assert (added.status_code, added.context["count"]) == (200, int(sent["rows"]) + 1)


def test_a_cell_that_is_wrong_is_no_example_of_its_column(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    name = next(name for name in sent if name.endswith("-when-amount"))
    page = as_user(firm.alan).post(url("edit_version", draft), {**sent, name: "much", "do": "save"})
    assert "much" not in {head.example for head in page.context["heads"]}


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
    as_user(firm.alan).post(url("withdraw_version", draft))
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


def test_taking_a_version_back_is_for_its_makers_on_the_page_and_behind_it(firm, draft, as_user) -> None:
    away = url("withdraw_version", draft)
    assert away in as_user(firm.alan).get(url("version", draft)).text
    assert away not in as_user(firm.nadia).get(url("version", draft)).text
    refused = as_user(firm.nadia).post(away)
    assert refused.status_code == 403
    assert firm.alan.display_name in refused.text
    sent = cells(as_user(firm.nadia).get(url("edit_version", draft)))
    as_user(firm.nadia).post(url("edit_version", draft), {**sent, "do": "save"})
    assert away in as_user(firm.alan).get(url("version", draft)).text
    as_user(firm.alan).post(away)
    assert TableVersion.objects.get(pk=draft.pk).state == "withdrawn"


def test_who_wrote_a_part_of_a_proposal_is_not_offered_its_check(firm, draft, as_user) -> None:
    posted = {"justification": "Yearly review", "effective_at": "2030-01-01T09:00"}
    as_user(firm.nadia).post(url("propose_version", draft), posted)
    assert url("approve_version", draft) not in as_user(firm.alan).get(url("version", draft)).text
    assert url("approve_version", draft) in as_user(firm.rob).get(url("version", draft)).text


def test_an_overseer_reads_but_does_not_change(firm, draft, as_user) -> None:
    assert as_user(firm.max).get(url("version", draft)).status_code == 200
    assert as_user(firm.max).post(url("withdraw_version", draft)).status_code == 403


def test_a_cell_that_is_too_long_is_refused_at_the_cell_and_kept_whole(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    long = ",".join(f'"code_{number}"' for number in range(60))
    assert len(long) > LONGEST_CELL
    for name in (next(name for name in sent if name.endswith("-when-transfer")), "r0-id", "r0-note-en"):
        page = as_user(firm.alan).post(url("edit_version", draft), {**sent, name: long, "do": "save"})
        assert page.status_code == 422
        said = html.unescape(page.text)
        assert f'id="{name}-error"' in said
        assert f'href="#{name}"' in said
        assert f"Use at most {LONGEST_ID if name == 'r0-id' else LONGEST_CELL} characters." in said
        assert f'value="{long}"' in said or f">{long}</textarea>" in said
    assert TableVersion.objects.get(pk=draft.pk).revision == draft.revision


def test_a_cell_may_be_as_long_as_the_bound_says(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    longest = {"r0-note-en": "x" * LONGEST_CELL, "r0-note-zh-Hans": "字" * LONGEST_CELL, "r0-id": "T" * LONGEST_ID}
    assert as_user(firm.alan).post(url("edit_version", draft), {**sent, **longest}).status_code == 302
    rule = TableVersion.objects.get(pk=draft.pk).body["rules"][0]
    assert (rule["id"], rule["note"]["zh-Hans"]) == ("T" * LONGEST_ID, "字" * LONGEST_CELL)


@pytest.mark.parametrize(("kept", "missing"), [("en", "zh-Hans"), ("zh-Hans", "en")])
def test_a_note_in_one_language_is_refused_at_the_field_that_lacks(firm, draft, as_user, kept, missing) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    half = {f"r0-note-{kept}": "Only so much", f"r0-note-{missing}": " "}
    page = as_user(firm.alan).post(url("edit_version", draft), {**sent, **half, "do": "save"})
    assert page.status_code == 422
    assert f'id="r0-note-{missing}-error"' in page.text
    assert f'id="r0-note-{kept}-error"' not in page.text
    assert 'value="Only so much"' in page.text
    assert TableVersion.objects.get(pk=draft.pk).body == draft.body


def test_a_cell_is_shown_whole_with_its_words_and_kept_in_one_line(firm, draft, as_user) -> None:
    page = as_user(firm.alan).get(url("edit_version", draft))
    [cell] = [cell for cell in page.context["rows"][4].cells if cell.text == ">= 65"]
    field = rf'<textarea [^>]*name="{cell.name}"[^>]*aria-describedby="{cell.name}-said"[^>]*>&gt;= 65</textarea>'
    assert re.search(field, page.text)
    assert re.search(rf'id="{cell.name}-said"[^>]*>\s*<span class="under">65 or more<', page.text)
    sent = {**cells(page), cell.name: ">= \r\n 65\r\n"}
    as_user(firm.alan).post(url("edit_version", draft), {**sent, "do": "save"})
    assert TableVersion.objects.get(pk=draft.pk).body["rules"][4]["when"][cell.column] == ">= 65"


def test_the_input_of_a_long_cell_begins_with_room_for_it() -> None:
    assert [Cell("n", "c", {}, text).lines for text in ("", "x" * 24, '"due_diligence", "lending"')] == [1, 1, 2]


def test_units_are_in_the_readers_language(firm, draft, as_user) -> None:
    browser = as_user(firm.alan)
    browser.cookies["django_language"] = "zh-hans"
    for name in ("version", "edit_version"):
        assert '<span class="faint">岁</span>' in browser.get(url(name, draft)).text


def test_a_note_is_written_and_removed_in_the_editor(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    note = {"r0-note-en": "Known clients", "r0-note-zh-Hans": "已知客户"}
    as_user(firm.alan).post(url("edit_version", draft), {**sent, **note, "do": "save"})
    assert TableVersion.objects.get(pk=draft.pk).body["rules"][0]["note"] == {
        "en": "Known clients",
        "zh-Hans": "已知客户",
    }
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    assert sent["r0-note-en"] == "Known clients"
    as_user(firm.alan).post(url("edit_version", draft), {**sent, **dict.fromkeys(note, ""), "do": "save"})
    assert "note" not in TableVersion.objects.get(pk=draft.pk).body["rules"][0]


def long_table(body: dict) -> dict:
    """The body with as many rules as the editor takes, each with everything that a rule may have."""
    last = body["rules"][-1]
    more = [{**last, "id": f"X{number}"} for number in range(MOST_RULES - len(body["rules"]))]
    return {**body, "rules": [*body["rules"], *more]}


def test_a_table_of_as_many_rules_as_allowed_is_edited_and_saved(firm, draft, as_user) -> None:
    TableVersion.objects.filter(pk=draft.pk).update(body=long_table(draft.body))
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    assert sent["rows"] == str(MOST_RULES)
    last = f"r{MOST_RULES - 1}-id"
    saved = as_user(firm.alan).post(url("edit_version", draft), {**sent, last: "LAST", "do": "save"})
    assert saved.status_code == 302
    rules = TableVersion.objects.get(pk=draft.pk).body["rules"]
    assert (len(rules), rules[-1]["id"]) == (MOST_RULES, "LAST")


def test_a_rule_more_than_allowed_is_refused_in_words_and_what_was_typed_stays(firm, draft, as_user) -> None:
    TableVersion.objects.filter(pk=draft.pk).update(body=long_table(draft.body))
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    page = as_user(firm.alan).post(url("edit_version", draft), {**sent, "r0-note-en": "Just typed", "do": "add"})
    assert page.status_code == 422
    assert f"at most {MOST_RULES} rules" in page.text
    assert 'value="Just typed"' in page.text
    assert page.context["count"] == MOST_RULES
    assert as_user(firm.alan).post(url("edit_version", draft), {**sent, "do": "save"}).status_code == 302


def test_the_widest_table_of_the_firm_fits_one_form_with_all_its_rules() -> None:
    columns = [len(body["inputs"]) + len(body["outputs"]) for body in [*files.tables(), *files.table_drafts()]]
    room = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS // MOST_RULES - FIELDS_PER_RULE
    assert room >= 3 * max(columns)


def amount_of(version: TableVersion, rule: str) -> str:
    version.refresh_from_db()
    return next(each["when"]["amount"] for each in version.body["rules"] if each["id"] == rule)


def test_two_editors_of_one_draft_keep_each_others_cells_and_are_told(firm, draft, as_user) -> None:
    page = url("edit_version", draft)
    mine, theirs = (cells(as_user(who).get(page)) for who in (firm.alan, firm.nadia))
    as_user(firm.nadia).post(page, {**theirs, "r1-when-amount": "[500000..1900000]", "do": "save"})
    shown = as_user(firm.alan).post(page, {**mine, "r5-when-amount": "> 40000", "do": "save"})
    assert shown.status_code == 409
    assert "What Nadia Rahman changed" in shown.text
    assert "500,000 to 1,900,000" in shown.text
    assert "Both of you changed" not in shown.text
    as_user(firm.alan).post(page, {**cells(shown), "do": "save"})
    assert (amount_of(draft, "T2"), amount_of(draft, "T6")) == ("[500000..1900000]", "> 40000")


def test_a_cell_that_both_changed_is_told_with_both_texts(firm, draft, as_user) -> None:
    page = url("edit_version", draft)
    mine, theirs = (cells(as_user(who).get(page)) for who in (firm.alan, firm.nadia))
    as_user(firm.nadia).post(page, {**theirs, "r5-when-amount": "> 60000", "do": "save"})
    shown = as_user(firm.alan).post(page, {**mine, "r5-when-amount": "> 40000", "do": "save"})
    assert "Yours: over 40,000. Theirs: over 60,000. Yours stands in the form." in shown.text
    assert amount_of(draft, "T6") == "> 60000"


def in_force_meanwhile(firm, draft, now) -> TableVersion:
    """Another version of the table, approved and in force."""
    body = {**draft.body, "rules": [dict(rule) for rule in draft.body["rules"]]}
    body["rules"][5] = {**body["rules"][5], "when": {**body["rules"][5]["when"], "amount": "> 40000"}}
    other = actions.draft_version(draft.table, body=body, base=draft.base, actor=Actor.of(firm.nadia), now=now)
    actions.propose_version(other.pk, justification="Safer.", effective_at=now, actor=Actor.of(firm.nadia), now=now)
    actions.approve_version(other.pk, actor=Actor.of(firm.rob), now=now)
    actions.put_in_force(actor=Actor.system("test"), now=now)
    return other


def test_what_came_into_force_meanwhile_is_shown_as_taken_back(firm, draft, as_user, now) -> None:
    other = in_force_meanwhile(firm, draft, now)
    page = as_user(firm.rob).get(url("version", draft)).text
    assert f"Version {other.number} came into force since this one was begun from version 1." in page
    assert f"Changes are marked against version {other.number}." in page
    assert "over 40,000" in page


def test_nobody_approves_what_they_compared_with_another_version(firm, draft, as_user, now) -> None:
    posted = {"justification": "Yearly review", "effective_at": "2030-01-01T09:00"}
    as_user(firm.alan).post(url("propose_version", draft), posted)
    assert 'name="governing" value="1"' in as_user(firm.rob).get(url("version", draft)).text
    in_force_meanwhile(firm, draft, now)
    refused = as_user(firm.rob).post(url("approve_version", draft), {"governing": "1"})
    assert refused.status_code == 409
    assert "it takes over from version" in refused.text
    draft.refresh_from_db()
    assert draft.state == "proposed"


def test_a_rule_moves_up_and_down_in_the_form_only(firm, draft, as_user) -> None:
    sent = cells(as_user(firm.alan).get(url("edit_version", draft)))
    down = as_user(firm.alan).post(url("edit_version", draft), {**sent, "do": "down-0"})
    assert [row.rule for row in down.context["rows"]][:3] == ["T2", "T1", "T3"]
    assert 'id="r1-id" value="T1" aria-label="Rule 2" data-focus' in down.text
    up = as_user(firm.alan).post(url("edit_version", draft), {**cells(down), "do": "up-1"})
    assert [row.rule for row in up.context["rows"]][:3] == ["T1", "T2", "T3"]
    for still in ("up-0", "down-5", "down-99"):
        rows = as_user(firm.alan).post(url("edit_version", draft), {**sent, "do": still}).context["rows"]
        assert [row.rule for row in rows if not row.is_default] == ["T1", "T2", "T3", "T4", "T5", "T6"]
    assert TableVersion.objects.get(pk=draft.pk).revision == draft.revision


def test_each_column_says_what_it_takes_with_an_example(firm, draft, as_user) -> None:
    heads = as_user(firm.alan).get(url("edit_version", draft)).context["heads"]
    said = {head.label: (head.unit, head.kind, head.example) for head in heads}
    assert said["Amount"] == ("USD", "number", "< 500000")
    assert said["Kind of transfer"] == ("", "text", '"full_acat"')
    assert said["Prepared and approved by"] == ("", "list", '["operations_analyst"]')
    assert said["Adds at most"] == ("", "text", '"4h"')


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("r0-when-amount", "[500000..2000000)", "500,000 or more, under 2,000,000"),
        ("r7-when-amount", "not(5)", "anything but 5"),
        ("r0-when-amount", "< 500,000", "Write 500000"),
        ("r0-when-amount", "25000 - 100000", "Write [25000..100000]"),
        ("r0-when-amount", "< EUR 5", "never converted"),
        ("r0-when-amount", "< < 5", "A number column takes for example"),
        ("r0-when-transfer", "full_acat", 'Words stand in quotes: "full_acat".'),
        ("r0-when-transfer", '"by_pigeon"', "expected one of"),
        ("default-then-roles", '"team_lead"', "a list column takes for example"),
        ("r0-then-adds_at_most", '"4h"', "4 h"),
    ],
)
def test_a_cell_says_what_it_means_or_what_is_wrong_as_it_is_typed(firm, draft, as_user, name, typed, told) -> None:
    said = as_user(firm.alan).get(url("cell", draft), {name: typed})
    assert said.status_code == 200
    assert told in html.unescape(said.text)


@pytest.mark.parametrize("name", ["", "r0-id", "r0-when-nothing", "r0-then-amount"])
def test_what_is_no_cell_of_the_table_has_no_words(firm, draft, as_user, name: str) -> None:
    assert as_user(firm.alan).get(url("cell", draft), {name: "5"}).status_code == 404


def test_back_to_the_rules_of_a_version_that_governed_before(firm, draft, as_user) -> None:
    first = TableVersion.objects.get(table__key="transfers", number=1)
    TableVersion.objects.filter(pk=first.pk).update(state="superseded")
    draft.body["rules"][0]["when"]["amount"], draft.body["rules"][1]["when"]["amount"] = "< 4", "[4..2000000]"
    TableVersion.objects.filter(pk=draft.pk).update(state="in_force", body=draft.body)
    assert url("roll_back_version", first) in as_user(firm.alan).get(url("version", first)).text
    assert url("roll_back_version", draft) not in as_user(firm.alan).get(url("version", draft)).text
    assert as_user(firm.alan).post(url("roll_back_version", first)).status_code == 302
    made = TableVersion.objects.get(table__key="transfers", number=3)
    assert (made.body, made.base, made.state) == (first.body, draft, "draft")
    page = as_user(firm.alan).get(url("version", made))
    assert "Back to version 1.</textarea>" in page.text
    assert list(page.context["changed"]) == ["T1", "T2"]


def test_only_what_governed_before_is_gone_back_to_and_only_by_editors(firm, draft, as_user) -> None:
    assert as_user(firm.alan).post(url("roll_back_version", draft)).status_code == 409
    assert as_user(firm.max).post(url("roll_back_version", draft)).status_code == 403
    assert TableVersion.objects.filter(table__key="transfers").count() == 2
