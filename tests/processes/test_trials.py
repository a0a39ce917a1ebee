"""A version played by hand in virtual time, and acceptance cases, which a version must be able to repeat."""

from datetime import timedelta

import pytest
from django.utils.translation import gettext, override

from audit.actors import Actor
from audit.models import Entry
from audit.refusals import Invalid, NotAllowed
from orders.models import Order
from processes import actions, tasks, trial
from processes.models import AcceptanceCase, Instance, ProcessModel, ProcessVersion
from processes.refusals import BadTrial, CasesFail
from processes.waiting import everything
from rulebook.said import in_words
from tests.processes.drawings import SYSTEM, call, drawn, put_in_force, work_at
from tests.processes.engine.bpmn import element, end, path, start, timer

WAIT = element("intermediateCatchEvent", "pause", timer("timeDuration", "PT2H"))
KYC = drawn(start(), work_at("identify"), end(), path("start -> identify -> end"), key="kyc")
MAIN = drawn(
    start(), work_at("look"), WAIT, call("know", "kyc"), end(), path("start -> look -> pause -> know -> end")
)  # fmt: skip
SHORT = drawn(start(), work_at("look"), end(), path("start -> look -> end"))
STEPS = [{"complete": "look", "variables": {"fine": True}}, {"advance_time": "PT2H"}, {"complete": "identify"}]


@pytest.fixture
def version(firm, now) -> ProcessVersion:
    kyc = put_in_force(firm, "kyc", KYC, now)
    actions.grant_as_elsewhere(kyc.model, actor=SYSTEM, now=now)
    version = put_in_force(firm, "main", MAIN, now)
    actions.grant_as_elsewhere(version.model, actor=SYSTEM, now=now)
    return version


def planned(version, now, *steps):
    return trial.new_plan(version, now, {}) | {"steps": list(steps)}


def save(version, actor, now, name="All goes well"):
    return actions.save_case(version.pk, name=name, plan=planned(version, now, *STEPS), actor=actor, now=now)


def test_a_trial_shows_what_waits_after_each_step(version, now):
    begun = trial.play(version, planned(version, now), now)
    assert [task.node for task in begun.tasks] == ["look"]
    waiting = trial.play(version, planned(version, now, STEPS[0]), now)
    assert (waiting.tasks, waiting.next_due) == ((), now + timedelta(hours=2))
    called = trial.play(version, planned(version, now, *STEPS[:2]), now)
    assert [(task.node, task.process, task.place) for task in called.tasks] == [("identify", "kyc", 1)]
    done = trial.play(version, planned(version, now, *STEPS), now)
    assert (done.status, done.instances[0].variables) == ("completed", {"fine": True})
    assert done.instances[0].visited >= {"look", "pause", "know"}


def test_a_trial_writes_nothing(version, now):
    trial.play(version, planned(version, now, *STEPS), now)
    assert not Instance.objects.exists()
    assert not Order.objects.exists()


def test_a_step_that_cannot_be_taken_is_said(version, now):
    stuck = trial.play(version, planned(version, now, {"complete": "identify"}), now)
    assert stuck.failed is not None
    assert 'Expected an open task "identify"' in stuck.failed.message


@pytest.mark.parametrize("step", [{"complete": "nothing"}, {"dance": True}, {"advance_time": "soon"}])
def test_a_step_that_makes_no_sense_is_refused(version, now, step):
    with pytest.raises(BadTrial):
        trial.play(version, planned(version, now, step), now)


@pytest.mark.parametrize("steps", [[1], 5, {"complete": "look"}, ["look"]])
def test_steps_that_are_none_are_refused_and_make_no_case(firm, version, now, steps):
    plan = planned(version, now) | {"steps": steps}
    with pytest.raises(BadTrial):
        trial.play(version, plan, now)
    with pytest.raises(BadTrial):
        actions.save_case(version.pk, name="Odd", plan=plan, actor=Actor.of(firm.alan), now=now)


def test_a_trial_has_a_bounded_length(version, now):
    with pytest.raises(BadTrial, match="at most 300 steps"):
        trial.play(version, planned(version, now, *[{"advance_time": "PT1S"}] * 301), now)


def test_what_was_seen_is_what_a_case_expects(firm, version, now):
    case = save(version, Actor.of(firm.alan), now)
    verbs = [next(iter(step)) for step in case.plan["steps"]]
    assert verbs[:3] == ["complete", "expect_active", "expect_status"]
    assert verbs[-2:] == ["expect_waiting", "expect_variables"]
    assert trial.broken(version, case.plan, now) == ""


@pytest.mark.parametrize(("name", "words"), [(" ", "it is empty"), ("x" * 121, "at most 120 characters")])
def test_a_case_has_a_name_of_bounded_length(firm, version, now, name, words):
    with pytest.raises(Invalid, match=words):
        save(version, Actor.of(firm.alan), now, name)


@pytest.mark.parametrize(("reason", "words"), [(" ", "it is empty"), ("x" * 2001, "at most 2,000 characters")])
def test_a_case_is_retired_with_a_reason_of_bounded_length(firm, version, now, reason, words):
    case = save(version, Actor.of(firm.alan), now)
    with pytest.raises(Invalid, match=words):
        actions.retire_case(case.pk, reason=reason, actor=Actor.of(firm.alan), now=now)


def test_a_version_that_cannot_repeat_a_case_is_not_proposed(firm, version, now):
    save(version, Actor.of(firm.alan), now)
    draft = actions.draft_version("main", xml=SHORT, forms={}, actor=SYSTEM, now=now)
    given = {"justification": "Shorter.", "effective_at": now, "actor": SYSTEM, "now": now}
    with pytest.raises(CasesFail, match="All goes well"):
        actions.propose_version(draft.pk, **given)
    draft.refresh_from_db()
    assert draft.state == "draft"
    actions.retire_case(AcceptanceCase.objects.get().pk, reason="Shorter now.", actor=Actor.of(firm.alan), now=now)
    assert actions.propose_version(draft.pk, **given).state == "proposed"


def test_nor_approved_when_the_case_came_later(firm, version, now):
    draft = actions.draft_version("main", xml=SHORT, forms={}, actor=SYSTEM, now=now)
    actions.propose_version(draft.pk, justification="Shorter.", effective_at=now, actor=SYSTEM, now=now)
    save(version, Actor.of(firm.alan), now)
    with pytest.raises(CasesFail):
        actions.approve_version(draft.pk, actor=Actor.of(firm.nadia), now=now)


def test_a_called_process_is_held_to_the_cases_of_who_calls_it(firm, version, now):
    save(version, Actor.of(firm.alan), now)
    other = drawn(start(), work_at("recognise"), end(), path("start -> recognise -> end"), key="kyc")
    draft = actions.draft_version("kyc", xml=other, forms={}, actor=SYSTEM, now=now)
    given = {"justification": "Other.", "effective_at": now, "actor": SYSTEM, "now": now}
    with pytest.raises(CasesFail, match="main: All goes well"):
        actions.propose_version(draft.pk, **given)
    same = actions.draft_version("kyc", xml=KYC, forms={}, actor=SYSTEM, now=now)
    assert actions.propose_version(same.pk, **given).state == "proposed"


def test_only_who_may_edit_the_process_saves_and_retires(firm, version, now):
    with pytest.raises(NotAllowed):
        save(version, Actor.of(firm.dee), now)
    case = save(version, Actor.of(firm.alan), now)
    with pytest.raises(NotAllowed):
        actions.retire_case(case.pk, reason="No.", actor=Actor.of(firm.dee), now=now)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "All goes well"])
def test_a_case_needs_a_name_of_its_own(firm, version, now, name):
    save(version, Actor.of(firm.alan), now)
    with pytest.raises(Invalid):
        save(version, Actor.of(firm.alan), now, name=name)
    assert ProcessModel.objects.get(key="main").cases.count() == 1


def test_a_trial_that_failed_is_no_case(firm, version, now):
    plan = planned(version, now, {"complete": "identify"})
    with pytest.raises(BadTrial, match="step 1"):
        actions.save_case(version.pk, name="Odd", plan=plan, actor=Actor.of(firm.alan), now=now)


def approved(firm, now, key, xml, effective_at):
    """A version that two people agreed on for a later moment."""
    draft = actions.draft_version(key, xml=xml, forms={}, actor=SYSTEM, now=now)
    actions.propose_version(draft.pk, justification="Shorter.", effective_at=effective_at, actor=SYSTEM, now=now)
    ProcessVersion.objects.filter(pk=draft.pk).update(state="approved", checker=firm.nadia, approved_at=now)
    return draft


def test_a_version_that_a_later_case_breaks_stays_approved_says_why_once_and_holds_no_other_up(firm, version, now):
    later = now + timedelta(days=1)
    stuck = approved(firm, now, "main", SHORT, later)
    other = approved(firm, now, "kyc", KYC + b"\n", later + timedelta(minutes=1))
    case = save(version, Actor.of(firm.alan), now)
    put = [tasks.put_in_force(later + timedelta(minutes=minute)) for minute in (0, 1, 2)]
    assert put == [0, 1, 0]
    stuck.refresh_from_db()
    other.refresh_from_db()
    assert (stuck.state, list(stuck.withheld), other.state) == ("approved", ["All goes well"], "in_force")
    told = Entry.objects.filter(fact="processes.version.withheld")
    assert [entry.subject for entry in told] == [f"processes.version:{stuck.pk}"]
    assert [(one.version, one.what) for one in everything("main")] == [(stuck.number, "incident")]
    actions.retire_case(case.pk, reason="Shorter now.", actor=Actor.of(firm.alan), now=later)
    assert tasks.put_in_force(later + timedelta(minutes=3)) == 1
    stuck.refresh_from_db()
    assert (stuck.state, stuck.withheld) == ("in_force", {})
    assert list(everything("main")) == []


def test_an_older_version_does_not_take_over_from_one_of_a_later_date(firm, version, now):
    later = now + timedelta(days=1)
    stuck = approved(firm, now, "main", SHORT, later)
    case = save(version, Actor.of(firm.alan), now)
    newer = approved(firm, now, "main", MAIN + b"\n", later + timedelta(hours=1))
    assert [tasks.put_in_force(at) for at in (later, later + timedelta(hours=1))] == [0, 1]
    actions.retire_case(case.pk, reason="Shorter now.", actor=Actor.of(firm.alan), now=later)
    assert tasks.put_in_force(later + timedelta(hours=2)) == 0
    stuck.refresh_from_db()
    newer.refresh_from_db()
    assert (newer.state, stuck.state, list(stuck.withheld)) == ("in_force", "approved", [""])


def test_why_a_version_is_withheld_stands_on_its_page_and_among_what_waits(firm, version, now, client):
    stuck = approved(firm, now, "main", SHORT, now)
    save(version, Actor.of(firm.alan), now)
    tasks.put_in_force(now)
    client.force_login(firm.alan)
    for page in (f"/staff/processes/main/{stuck.number}/", "/staff/processes/waiting/"):
        assert "“All goes well” does not hold" in client.get(page).text


def test_why_a_case_does_not_hold_is_said_in_the_readers_language(firm, version, now):
    case = save(version, Actor.of(firm.alan), now)
    hurried = drawn(start(), work_at("look"), call("know", "kyc"), end(), path("start -> look -> know -> end"))
    draft = actions.draft_version("main", xml=hurried, forms={}, actor=SYSTEM, now=now)
    why = trial.broken(draft, case.plan, now)
    assert why == "step 2: Expected these to be active: none; but active are: identify."
    with override("zh-hans"):
        assert in_words(why, gettext, "zh-hans") == "第 2 步：应处于活动状态的为：无，但实际为：identify。"
