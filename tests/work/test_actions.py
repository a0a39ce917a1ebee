"""The verbs of work: claiming, giving, giving back, parking, drafts, and who may do what."""

import pytest

from audit.actors import Actor
from audit.invariants import check_all
from audit.models import Entry
from audit.refusals import Invalid
from orders.refusals import AnswersWrong
from tests.firm import address_change, open_item
from work import actions as work
from work.models import WorkItem
from work.refusals import (
    AlreadyClaimed,
    AlreadyClosed,
    ChangedMeanwhile,
    NoSuchItem,
    NothingToTake,
    NotYours,
    ReasonMissing,
    RightMissing,
    SkillMissing,
    WrongStep,
)

ANSWERS = {"address_check": "confirmed", "checked_against": "login"}


@pytest.fixture
def item(firm, now):
    return open_item(address_change(firm, now))


def by(user, now):
    return {"actor": Actor.of(user), "now": now}


def fresh(item):
    return WorkItem.objects.get(pk=item.pk)


def facts(item):
    return [entry.fact.rsplit(".")[-1] for entry in Entry.objects.filter(subject=item.subject).order_by("pk")]


def test_one_wins_and_the_other_is_told_by_whom(firm, now, item):
    held = work.claim(item.public_id, **by(firm.dee, now))
    assert (held.state, held.holder, held.claimed_at, held.started_at) == ("in_progress", firm.dee, now, now)
    with pytest.raises(AlreadyClaimed, match="Dana Whitfield") as refused:
        work.claim(item.public_id, **by(firm.dov, now))
    assert refused.value.facts == {"by": "Dana Whitfield"}
    assert fresh(item).holder == firm.dee


def test_claiming_again_what_one_holds_changes_nothing(firm, now, item):
    first = work.claim(item.public_id, **by(firm.dee, now))
    again = work.claim(item.public_id, **by(firm.dee, now))
    work.pend(item.public_id, reason="Calling.", **by(firm.dee, now))
    parked = work.claim(item.public_id, **by(firm.dee, now))
    assert (again.version, parked.state, facts(item)) == (first.version, "pending", ["opened", "claimed", "pended"])


def test_who_does_not_see_the_queue_finds_nothing(firm, now, item):
    for who in (firm.tia, firm.cora, firm.ana, firm.adam, firm.fay):
        with pytest.raises(NoSuchItem):
            work.claim(item.public_id, **by(who, now))


def test_who_only_looks_on_does_not_claim(firm, now, item):
    for who in (firm.judith, firm.hal):
        with pytest.raises(RightMissing):
            work.claim(item.public_id, **by(who, now))


def test_a_missing_skill_is_named(firm, now, item):
    WorkItem.objects.filter(pk=item.pk).update(skill="diving")
    with pytest.raises(SkillMissing, match="diving"):
        work.claim(item.public_id, **by(firm.dee, now))


def test_the_next_one_is_what_is_due_first_and_fits(firm, now, item):
    later = open_item(address_change(firm, now, key="key-2"))
    WorkItem.objects.filter(pk=item.pk).update(due_at=now.replace(hour=20))
    WorkItem.objects.filter(pk=later.pk).update(due_at=now.replace(hour=16))
    assert work.take_next("maintenance", **by(firm.dee, now)).pk == later.pk
    WorkItem.objects.filter(pk=item.pk).update(skill="diving")
    with pytest.raises(NothingToTake):
        work.take_next("maintenance", **by(firm.dee, now))
    with pytest.raises(RightMissing):
        work.take_next("maintenance", **by(firm.tia, now))


def test_giving_back_needs_a_reason_and_keeps_the_draft(firm, now, item):
    held = work.claim(item.public_id, **by(firm.dee, now))
    work.keep_draft(item.public_id, answers={"note": "half"}, version=held.version, **by(firm.dee, now))
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(ReasonMissing):
            work.release(item.public_id, reason=reason, **by(firm.dee, now))
    row = work.release(item.public_id, reason="Lunch.", **by(firm.dee, now))
    assert (row.state, row.holder, row.draft) == ("queued", None, {"note": "half"})
    with pytest.raises(WrongStep):
        work.release(item.public_id, reason="Again.", **by(firm.dee, now))


def test_only_a_lead_takes_work_from_somebody(firm, now, item):
    work.claim(item.public_id, **by(firm.dee, now))
    with pytest.raises(RightMissing):
        work.release(item.public_id, reason="Mine!", **by(firm.dov, now))
    assert work.release(item.public_id, reason="Dana is ill.", **by(firm.eve, now)).holder is None


def test_a_lead_gives_work_and_the_person_begins_it(firm, now, item):
    with pytest.raises(RightMissing):
        work.assign(item.public_id, to=firm.dov, **by(firm.dee, now))
    with pytest.raises(RightMissing):  # somebody of another team
        work.assign(item.public_id, to=firm.cora, **by(firm.eve, now))
    row = work.assign(item.public_id, to=firm.dee, reason="Knows her.", **by(firm.eve, now))
    assert (row.state, row.holder, row.started_at) == ("assigned", firm.dee, None)
    with pytest.raises(NotYours):
        work.start(item.public_id, **by(firm.dov, now))
    assert work.start(item.public_id, **by(firm.dee, now)).started_at == now
    with pytest.raises(WrongStep):
        work.start(item.public_id, **by(firm.dee, now))
    assert work.assign(item.public_id, to=firm.dov, **by(firm.eve, now)).holder == firm.dov


def test_claiming_what_was_given_begins_it(firm, now, item):
    work.assign(item.public_id, to=firm.dee, **by(firm.eve, now))
    assert work.claim(item.public_id, **by(firm.dee, now)).state == "in_progress"


def test_parking_and_going_on(firm, now, item):
    work.claim(item.public_id, **by(firm.dee, now))
    with pytest.raises(ReasonMissing):
        work.pend(item.public_id, reason=" ", **by(firm.dee, now))
    with pytest.raises(NotYours):
        work.pend(item.public_id, reason="Waits.", **by(firm.dov, now))
    row = work.pend(item.public_id, reason="Waits for the bank.", **by(firm.dee, now))
    assert (row.state, row.pend_reason) == ("pending", "Waits for the bank.")
    with pytest.raises(WrongStep):
        work.complete(item.public_id, answers=ANSWERS, **by(firm.dee, now))
    row = work.resume(item.public_id, **by(firm.dee, now))
    assert (row.state, row.pend_reason) == ("in_progress", "")
    with pytest.raises(WrongStep):
        work.resume(item.public_id, **by(firm.dee, now))


def test_completing_needs_the_holder_and_right_answers(firm, now, item):
    with pytest.raises(NotYours, match="nobody"):
        work.complete(item.public_id, answers=ANSWERS, **by(firm.dee, now))
    work.claim(item.public_id, **by(firm.dee, now))
    with pytest.raises(NotYours, match="Dana Whitfield"):
        work.complete(item.public_id, answers=ANSWERS, **by(firm.dov, now))
    with pytest.raises(AnswersWrong) as refused:
        work.complete(item.public_id, answers={"address_check": "perhaps"}, **by(firm.dee, now))
    assert set(refused.value.fields) == {"address_check", "checked_against"}
    row = work.complete(item.public_id, answers=ANSWERS, **by(firm.dee, now))
    assert (row.state, row.holder, row.completed_by, row.result) == ("completed", None, firm.dee, ANSWERS)
    with pytest.raises(AlreadyClosed):
        work.complete(item.public_id, answers=ANSWERS, **by(firm.dee, now))


def test_a_page_that_is_older_than_the_item_is_told_who_changed_it(firm, now, item):
    shown = work.claim(item.public_id, **by(firm.dee, now)).version
    work.set_priority(item.public_id, priority=1, reason="Client called.", **by(firm.eve, now))
    with pytest.raises(ChangedMeanwhile, match="Evelyn Carter"):
        work.complete(item.public_id, answers=ANSWERS, version=shown, **by(firm.dee, now))
    with pytest.raises(ChangedMeanwhile):
        work.keep_draft(item.public_id, answers=ANSWERS, version=shown, **by(firm.dee, now))
    assert fresh(item).draft == {}


def test_of_two_leads_who_give_one_item_away_the_second_is_told_of_the_first(firm, now, item):
    shown = fresh(item).version
    work.assign(item.public_id, to=firm.dee, version=shown, **by(firm.eve, now))
    late = {"version": shown, **by(firm.max, now)}
    for again in (
        lambda: work.assign(item.public_id, to=firm.dov, **late),
        lambda: work.release(item.public_id, reason="Mistake.", **late),
        lambda: work.set_priority(item.public_id, priority=1, reason="Urgent.", **late),
    ):
        with pytest.raises(ChangedMeanwhile, match="Evelyn Carter") as refused:
            again()
    assert (fresh(item).holder, refused.value.facts["version"]) == (firm.dee, shown + 1)


def test_what_is_done_already_says_by_whom(firm, now, item):
    work.claim(item.public_id, **by(firm.dee, now))
    work.complete(item.public_id, answers=ANSWERS, **by(firm.dee, now))
    with pytest.raises(AlreadyClosed) as refused:
        work.claim(item.public_id, **by(firm.dov, now))
    assert refused.value.facts["by"] == "Dana Whitfield"
    assert "Dana Whitfield" in refused.value.next_step


def test_a_draft_is_the_holders_and_no_fact_of_the_order(firm, now, item):
    version = work.claim(item.public_id, **by(firm.dee, now)).version
    with pytest.raises(NotYours):
        work.keep_draft(item.public_id, answers={}, version=version, **by(firm.dov, now))
    work.keep_draft(item.public_id, answers={"a": 1}, version=version, **by(firm.dee, now))
    assert (fresh(item).draft, facts(item)) == ({"a": 1}, ["opened", "claimed"])


@pytest.mark.parametrize("priority", [0, 6, -1])
def test_priorities_go_from_one_to_five(firm, now, item, priority):
    with pytest.raises((Invalid, WrongStep)):
        work.set_priority(item.public_id, priority=priority, reason="Why.", **by(firm.eve, now))
    with pytest.raises(RightMissing):
        work.set_priority(item.public_id, priority=1, reason="Why.", **by(firm.dee, now))


def test_an_entry_says_what_changed(firm, now, item):
    work.claim(item.public_id, **by(firm.dee, now))
    entry = Entry.objects.get(subject=item.subject, fact="work.item.claimed")
    assert (entry.before, entry.after) == (
        {"state": "queued", "holder_id": None},
        {"state": "in_progress", "holder_id": firm.dee.pk},
    )


def test_entries_name_only_what_changed(firm, now, item):
    work.claim(item.public_id, **by(firm.dee, now))
    work.pend(item.public_id, reason="Waits for the bank.", **by(firm.dee, now))
    entry = Entry.objects.filter(subject=item.subject).latest("pk")
    assert (entry.before, entry.after) == ({"state": "in_progress"}, {"state": "pending"})
    work.resume(item.public_id, **by(firm.dee, now))
    for who in (firm.dov, firm.dee):
        work.assign(item.public_id, to=who, **by(firm.eve, now))
    entry = Entry.objects.filter(subject=item.subject).latest("pk")
    assert (entry.before, entry.after) == ({"holder_id": firm.dov.pk}, {"holder_id": firm.dee.pk})
    assert [violation for result in check_all() for violation in result.violations] == []
