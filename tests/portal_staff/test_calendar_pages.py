"""A calendar of the firm's own: opened, agreed on by two people, in force on its date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Branch
from audit.actors import Actor
from audit.models import Entry
from audit.refusals import NotAllowed
from calendars import actions, shipped, tasks
from calendars.checking import written
from calendars.invariants import versions_follow_from_entries
from calendars.models import CalendarRow, CalendarVersion
from calendars.queries import calendar, is_known
from calendars.rules import is_working

TEXT = written(shipped.document("US-OFFICE")["calendar"])
CLOSED = TEXT.replace('"holidays": {', '"holidays": {\n  "2027-03-03": "Founders\' day",', 1)
NAME = {"en": "Our office", "zh-Hans": "本公司"}


def opened(firm, now, text: str = TEXT) -> CalendarVersion:
    return actions.open_calendar(code="OURS", name=NAME, text=text, actor=Actor.of(firm.alan), now=now)


def put_in_force(firm, version, now) -> None:
    actions.propose_version(version.pk, justification="It fits.", effective_at=now, actor=Actor.of(firm.alan), now=now)
    actions.approve_version(version.pk, actor=Actor.of(firm.nadia), now=now)
    tasks.put_in_force(now)


def url(name: str, version: CalendarVersion) -> str:
    return reverse(f"staff:{name}", args=["OURS", version.number])


def test_a_calendar_is_opened_on_its_page_and_governs_after_a_second_person(firm, now, as_user) -> None:
    page = reverse("staff:new_calendar")
    shown = as_user(firm.alan).get(page, {"begin": "NL-OFFICE"})
    assert "Europe/Amsterdam" in shown.context["text"]
    sent = {"code": "OURS", "name_en": "Our office", "name_zh": "本公司", "text": TEXT}
    assert as_user(firm.alan).post(page, sent).status_code == 302
    version = CalendarVersion.objects.get()
    assert not is_known("OURS")
    proposal = {"justification": "Our hours", "effective_at": "2030-01-01T09:00"}
    assert as_user(firm.alan).post(url("propose_calendar", version), proposal).status_code == 302
    assert as_user(firm.alan).post(url("approve_calendar", version)).status_code == 403
    assert as_user(firm.nadia).post(url("approve_calendar", version)).status_code == 302
    assert tasks.put_in_force(now) == 0
    assert tasks.put_in_force(now + timedelta(days=1500)) == 1
    assert calendar("OURS") == shipped.load("US-OFFICE")
    assert not versions_follow_from_entries().violations


def test_a_change_is_marked_line_by_line_and_takes_over_on_its_date(firm, now, as_user) -> None:
    put_in_force(firm, opened(firm, now), now)
    assert as_user(firm.alan).post(reverse("staff:draft_calendar", args=["OURS"])).status_code == 302
    draft = CalendarVersion.objects.get(state="draft")
    saved = as_user(firm.alan).post(url("edit_calendar", draft), {"text": CLOSED, "revision": "1"})
    assert saved.status_code == 302
    page = as_user(firm.alan).get(url("calendar_version", draft))
    assert [line for sign, line in page.context["lines"] if sign == "+"] == ['  "2027-03-03": "Founders\' day",']
    put_in_force(firm, draft, now)
    assert not is_working(calendar("OURS"), date(2027, 3, 3))
    assert set(CalendarVersion.objects.values_list("state", flat=True)) == {"superseded", "in_force"}
    assert "Founders" in as_user(firm.max).get(reverse("staff:calendar", args=["OURS"])).text
    assert "Our office" in as_user(firm.max).get(reverse("staff:calendars")).text


def test_back_to_the_calendar_that_governed_before(firm, now, as_user) -> None:
    first = opened(firm, now)
    put_in_force(firm, first, now)
    assert as_user(firm.alan).post(url("roll_back_calendar", first)).status_code == 409  # it governs
    as_user(firm.alan).post(reverse("staff:draft_calendar", args=["OURS"]))
    draft = CalendarVersion.objects.get(state="draft")
    as_user(firm.alan).post(url("edit_calendar", draft), {"text": CLOSED, "revision": "1"})
    put_in_force(firm, draft, now)
    assert url("roll_back_calendar", first) in as_user(firm.alan).get(url("calendar_version", first)).text
    assert as_user(firm.max).post(url("roll_back_calendar", first)).status_code == 403
    assert as_user(firm.alan).post(url("roll_back_calendar", first)).status_code == 302
    made = CalendarVersion.objects.get(state="draft")
    assert (made.body, made.justification) == (CalendarVersion.objects.get(pk=first.pk).body, "Back to version 1.")
    assert not versions_follow_from_entries().violations


def test_what_is_wrong_stands_by_line_and_what_was_typed_is_kept(firm, now, as_user) -> None:
    draft = opened(firm, now)
    bad = TEXT.replace("America/New_York", "America/Old_York")
    page = as_user(firm.alan).post(url("edit_calendar", draft), {"text": bad, "revision": "1"})
    assert page.status_code == 422
    assert [each.line for each in page.context["wrong"]] == [2]
    assert "Old_York" in page.text
    assert CalendarVersion.objects.get().body == draft.body


def test_somebody_elses_save_is_not_overwritten(firm, now, as_user) -> None:
    draft = opened(firm, now)
    actions.edit_version(draft.pk, text=CLOSED, revision=1, actor=Actor.of(firm.nadia), now=now)
    page = as_user(firm.alan).post(url("edit_calendar", draft), {"text": TEXT, "revision": "1"})
    assert page.status_code == 409
    assert firm.nadia.display_name in page.text
    assert [line for sign, line in page.context["theirs"] if sign == "+"] == ['  "2027-03-03": "Founders\' day",']
    assert page.context["text"] == TEXT  # what was typed is kept, and may be put on top now that both were seen
    again = {"text": TEXT, "revision": page.context["revision"]}
    assert as_user(firm.alan).post(url("edit_calendar", draft), again).status_code == 302


def test_a_draft_says_what_came_into_force_since_it_was_begun(firm, now, as_user) -> None:
    put_in_force(firm, opened(firm, now), now)
    later = now + timedelta(hours=1)
    mine = actions.draft_version("OURS", text=TEXT, actor=Actor.of(firm.nadia), now=later)
    page = as_user(firm.nadia).get(url("calendar_version", mine))
    assert page.context["moved"] is None
    theirs = actions.draft_version("OURS", text=CLOSED, actor=Actor.of(firm.alan), now=later)
    put_in_force(firm, theirs, later + timedelta(hours=1))
    page = as_user(firm.nadia).get(url("calendar_version", mine))
    assert (page.context["moved"], page.context["begun_from"].number) == (theirs, 1)
    assert [line for sign, line in page.context["since"] if sign == "+"] == ['  "2027-03-03": "Founders\' day",']
    assert "came into force since this one was begun from version 1" in page.text
    assert "What version 3 changed" in page.text
    assert as_user(firm.nadia).get(url("calendar_version", theirs)).context["moved"] is None


def test_nobody_approves_a_calendar_that_they_compared_with_another(firm, now, as_user) -> None:
    put_in_force(firm, opened(firm, now), now)
    mine = actions.draft_version("OURS", text=TEXT, actor=Actor.of(firm.alan), now=now)
    about = {"justification": "It fits.", "effective_at": now, "actor": Actor.of(firm.alan), "now": now}
    actions.propose_version(mine.pk, **about)
    put_in_force(firm, actions.draft_version("OURS", text=CLOSED, actor=Actor.of(firm.alan), now=now), now)
    refused = as_user(firm.nadia).post(url("approve_calendar", mine), {"governing": "1"})
    assert refused.status_code == 409
    assert "version 3 has come into force" in refused.text
    assert as_user(firm.nadia).post(url("approve_calendar", mine), {"governing": "3"}).status_code == 302


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"code": "NYSE"}, "id_code"),
        ({"code": "a b"}, "id_code"),
        ({"name_zh": ""}, "id_name_zh"),
        ({"text": "{"}, "text"),
    ],
)
def test_what_speaks_against_a_new_calendar_is_said_at_its_field(firm, as_user, given, place) -> None:
    sent = {"code": "OURS", "name_en": "Our office", "name_zh": "本公司", "text": TEXT, **given}
    page = as_user(firm.alan).post(reverse("staff:new_calendar"), sent)
    assert page.status_code == 422
    assert f'href="#{place}"' in page.text
    assert not CalendarRow.objects.exists()


def test_a_rejection_and_a_withdrawal_are_told_with_their_forms(firm, now, as_user) -> None:
    draft = opened(firm, now)
    page = as_user(firm.alan).post(url("propose_calendar", draft), {"justification": " ", "effective_at": "soon"})
    assert page.status_code == 422
    assert 'id="why-error"' in page.text
    as_user(firm.alan).post(url("propose_calendar", draft), {"justification": "A", "effective_at": "2030-01-01T09:00"})
    assert as_user(firm.nadia).post(url("reject_calendar", draft), {"reason": "Not so."}).status_code == 302
    other = actions.draft_version("OURS", text=TEXT, actor=Actor.of(firm.alan), now=now)
    assert as_user(firm.alan).post(url("withdraw_calendar", other)).status_code == 302
    assert list(CalendarVersion.objects.order_by("number").values_list("state", flat=True)) == ["rejected", "withdrawn"]


def test_only_who_administers_the_branches_of_a_calendar_changes_it(firm, now) -> None:
    draft = opened(firm, now)
    for who in (firm.max, firm.dee, firm.rob):
        with pytest.raises(NotAllowed):
            actions.withdraw_version(draft.pk, actor=Actor.of(who), now=now)
    Branch.objects.filter(code="new_york").update(calendar="OURS")
    assert actions.may_change(firm.alan, "OURS")
    assert not actions.may_change(firm.max, "OURS")


def test_each_step_is_one_entry_with_its_calendar(firm, now) -> None:
    put_in_force(firm, opened(firm, now), now)
    entries = Entry.objects.filter(subject__startswith="calendars.version:").order_by("pk")
    assert [entry.fact.rpartition(".")[2] for entry in entries] == ["drafted", "proposed", "approved", "in_force"]
    assert {entry.data["calendar"] for entry in entries} == {"OURS"}


def test_the_calendar_in_force_costs_one_statement(firm, now, django_assert_num_queries) -> None:
    put_in_force(firm, opened(firm, now), now)
    with django_assert_num_queries(1):
        calendar("OURS")


def test_only_the_lines_near_a_change_are_shown_beside_the_whole(firm, now, as_user) -> None:
    put_in_force(firm, opened(firm, now), now)
    draft = actions.draft_version("OURS", text=CLOSED, actor=Actor.of(firm.alan), now=now)
    page = as_user(firm.alan).get(url("calendar_version", draft)).context
    lines = [line for _sign, line in page["lines"]]
    assert (lines[0], lines[-1], page["differs"], len(lines)) == ("…", "…", 1, 7)
    same = actions.draft_version("OURS", text=TEXT, actor=Actor.of(firm.alan), now=now)
    assert as_user(firm.alan).get(url("calendar_version", same)).context["lines"] == []
