"""Decision models under change control: read before they are kept, checked by two people, held to their cases."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from audit.actors import Actor
from audit.models import Entry
from audit.refusals import Invalid, NotAllowed, NotFound
from demo import files
from processes.outside import outside
from rulebook import actions, tasks
from rulebook.invariants import models_follow_from_entries
from rulebook.model_queries import judged, model_in_force
from rulebook.models import DecisionModel, ModelCase, ModelVersion
from rulebook.queries import keys_in_force
from rulebook.refusals import CasesFail, ModelHasGaps, ModelWrong, OtherInForce, SameMakerAndChecker, WrongState
from rulebook.versions import base_moved_on, begun_from
from tests.rulebook.dmn_files import decision, given, model, needs

XML = files.model("kyc_risk")
STRICTER = XML.replace(b"<text>40</text>", b"<text>60</text>")
EXPOSED = '{"politically_exposed": true}'
BROKEN = model(decision("A", "1 +"), decision("B", needs("nobody"), "2"))


def drafted(firm, now, xml=STRICTER, **more) -> ModelVersion:
    return actions.draft_model("kyc_risk", xml=xml, actor=Actor.of(firm.alan), now=now, **more)


def proposed(firm, now, version, at=None) -> ModelVersion:
    about = {"justification": "Public office weighs more.", "effective_at": at or now}
    return actions.MODELS.propose(version.pk, **about, actor=Actor.of(firm.alan), now=now)


def agreed(firm, now, version, at=None) -> ModelVersion:
    proposed(firm, now, version, at)
    return actions.MODELS.approve(version.pk, actor=Actor.of(firm.rob), now=now)


def score(now) -> int:
    decide = outside(now).decide
    return decide("kyc_risk", {"politically_exposed": True}).rows[0]["Risk score"]


def saved(firm, now, expected="40") -> ModelCase:
    version = ModelVersion.objects.get(state="in_force")
    about = {"name": "Public office", "facts": EXPOSED, "expected": {"Risk score": expected}}
    return actions.save_model_case(version.pk, **about, actor=Actor.of(firm.alan), now=now)


def test_the_version_that_governed_at_a_moment_decides(firm, now) -> None:
    later = now + timedelta(days=2)
    version = agreed(firm, now, drafted(firm, now), later)
    assert (tasks.put_in_force(now), tasks.put_in_force(later)) == (0, 1)
    assert (score(now), score(later)) == (40, 60)
    assert model_in_force("kyc_risk", later) == version
    assert model_in_force("kyc_risk", now - timedelta(days=1)) is None
    assert keys_in_force(["kyc_risk", "routing", "nothing"]) == {"kyc_risk", "routing"}
    assert not models_follow_from_entries().violations


def test_the_file_is_kept_as_it_was_sent_with_every_step_on_record(firm, now) -> None:
    version = agreed(firm, now, drafted(firm, now, file="risk.dmn"))
    kept = ModelVersion.objects.get(pk=version.pk)
    assert (bytes(kept.xml), kept.file, kept.number) == (STRICTER, "risk.dmn", 2)
    entries = Entry.objects.filter(subject=f"rulebook.model_version:{version.pk}").order_by("id")
    assert [each.fact.rpartition(".")[2] for each in entries] == ["drafted", "proposed", "approved"]
    assert entries[0].data == {"model": "kyc_risk", "number": 2}


def test_everything_that_is_wrong_is_told_by_element_and_nothing_is_kept(firm, now) -> None:
    with pytest.raises(ModelWrong) as refused:
        drafted(firm, now, BROKEN)
    assert [each.element for each in refused.value.problems] == ["literalExpression", "requiredInput"]
    assert ModelVersion.objects.count() == 1


def test_one_decision_answers_for_the_model(firm, now) -> None:
    with pytest.raises(ModelWrong, match="Expected a decision model") as refused:
        drafted(firm, now, model(decision("A", "1"), decision("B", "2")))
    assert str(refused.value.problems[0]).endswith("but the file has: i_A, i_B.")
    asked = model(
        given("x", "number"), decision("A", needs("x"), "x"), decision("B", needs("A", by="requiredDecision"), "A")
    )
    assert drafted(firm, now, asked).number == 2  # the one that no other requires


def test_nobody_checks_what_they_proposed(firm, now) -> None:
    version = proposed(firm, now, drafted(firm, now))
    with pytest.raises(SameMakerAndChecker):
        actions.MODELS.approve(version.pk, actor=Actor.of(firm.alan), now=now)
    with pytest.raises(NotAllowed):
        actions.MODELS.approve(version.pk, actor=Actor.of(firm.max), now=now)
    with pytest.raises(NotFound):
        actions.MODELS.approve(0, actor=Actor.of(firm.rob), now=now)
    assert actions.MODELS.reject(version.pk, reason="Too much.", actor=Actor.of(firm.rob), now=now).state == "rejected"


def test_a_version_that_decides_a_case_otherwise_is_not_proposed(firm, now) -> None:
    case = saved(firm, now)
    version = drafted(firm, now)
    with pytest.raises(CasesFail, match="expected 40, but decided was 60"):
        proposed(firm, now, version)
    assert [why == "" for _case, why in judged(ModelVersion.objects.get(state="in_force"))] == [True]
    actions.retire_model_case(case.pk, reason="It weighs more now.", actor=Actor.of(firm.alan), now=now)
    assert proposed(firm, now, version).state == "proposed"


def test_nor_approved_when_the_case_came_later(firm, now) -> None:
    version = proposed(firm, now, drafted(firm, now))
    saved(firm, now)
    with pytest.raises(CasesFail):
        actions.MODELS.approve(version.pk, actor=Actor.of(firm.rob), now=now)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"facts": "[]"}, "facts"),
        ({"facts": '{"watch_list_hits": "many"}'}, "facts"),
        ({"expected": {}}, "expected"),
        ({"expected": {"Risk score": "4 0"}}, "expected.Risk score"),
        ({"expected": {"Nothing": "40"}}, "expected.Nothing"),
    ],
)
def test_a_case_that_cannot_be_decided_is_refused_at_its_field(firm, now, given, field) -> None:
    version = ModelVersion.objects.get(state="in_force")
    about = {"name": "Public office", "facts": EXPOSED, "expected": {"Risk score": "40"}} | given
    with pytest.raises(Invalid) as refused:
        actions.save_model_case(version.pk, **about, actor=Actor.of(firm.alan), now=now)
    assert list(refused.value.fields) == [field]


def test_a_draft_knows_when_its_base_moved_on_and_what_was_compared_is_what_governs(firm, now) -> None:
    mine, theirs = drafted(firm, now), drafted(firm, now, XML.replace(b"<text>20</text>", b"<text>25</text>"))
    assert base_moved_on(mine) is None
    agreed(firm, now, theirs)
    proposed(firm, now, mine)
    tasks.put_in_force(now)
    assert (base_moved_on(mine), begun_from(mine).number) == (theirs, 1)
    with pytest.raises(OtherInForce):
        actions.MODELS.approve(mine.pk, governing=1, actor=Actor.of(firm.rob), now=now)
    assert actions.MODELS.approve(mine.pk, governing=3, actor=Actor.of(firm.rob), now=now).state == "approved"


def test_back_to_the_model_that_governed_before(firm, now) -> None:
    first = ModelVersion.objects.get()
    with pytest.raises(WrongState):
        actions.MODELS.roll_back(first.pk, justification="", actor=Actor.of(firm.alan), now=now)
    agreed(firm, now, drafted(firm, now))
    tasks.put_in_force(now)
    made = actions.MODELS.roll_back(first.pk, justification="Back.", actor=Actor.of(firm.alan), now=now)
    assert (made.number, bytes(made.xml), made.state, made.base.number) == (3, XML, "draft", 2)


def test_keys_are_shared_with_tables(firm, now) -> None:
    name, by = {"en": "A", "zh-Hans": "甲"}, {"actor": Actor.of(firm.alan), "now": now}
    with pytest.raises(Invalid):
        actions.open_model(key="routing", name=name, **by)
    with pytest.raises(ValidationError):
        actions.add_table(key="kyc_risk", kind="other", name=name, **by)
    with pytest.raises(NotAllowed):
        actions.open_model(key="own", name=name, actor=Actor.of(firm.max), now=now)
    opened = actions.open_model(key="own", name=name, **by)
    by["actor"] = Actor.of(User.objects.get(pk=firm.alan.pk))
    made = actions.draft_model("own", xml=model(decision("own", "1")), **by)
    assert made.model == opened == DecisionModel.objects.get(key="own")
    about = {"justification": "New.", "effective_at": now}
    actions.MODELS.propose(made.pk, **about, **by)
    assert actions.MODELS.approve(made.pk, actor=Actor.of(User.objects.get(pk=firm.rob.pk)), now=now).state


def test_a_version_whose_tables_have_gaps_is_not_proposed(firm, now) -> None:
    gap = XML.replace(b"<defaultOutputEntry><text>0</text></defaultOutputEntry>", b"", 1)
    version = drafted(firm, now, gap)
    with pytest.raises(ModelHasGaps, match="findings in “Points of identity”") as refused:
        proposed(firm, now, version)
    assert [gap.example for each in refused.value.checked for gap in each.report.gaps][0]["tax_residence"]
    assert "send the file again" in refused.value.next_step


def test_nor_approved_where_the_check_came_later(firm, now) -> None:
    version = proposed(firm, now, drafted(firm, now))
    gap = XML.replace(b"<defaultOutputEntry><text>0</text></defaultOutputEntry>", b"", 1)
    ModelVersion.objects.filter(pk=version.pk).update(xml=gap, digest="another")
    with pytest.raises(ModelHasGaps) as refused:
        actions.MODELS.approve(version.pk, actor=Actor.of(firm.rob), now=now)
    assert "new draft" in refused.value.next_step
