"""Acceptance cases of a table: kept with what must be decided, and held by every version before it is approved."""

import copy

import pytest

from audit.actors import Actor
from audit.models import Entry
from audit.refusals import Invalid, NotAllowed, NotFound
from demo import files
from rulebook import actions
from rulebook.acceptance import answer_of, broken
from rulebook.models import AcceptanceCase, Table, TableVersion
from rulebook.queries import judged
from rulebook.refusals import CasesFail
from rulebook.tables import load_table
from tests.rulebook.tables import body, said

FACTS = {"transfer": "full_acat", "destination": "own", "client_age": "40", "amount": "500000"}
ONE = {"roles": '["operations_analyst","team_lead"]', "adds_at_most": '"4h"'}
SMALL = {"low": ({"amount": "< 10"}, said("a")), "high": ({"amount": ">= 10"}, said("b"))}


@pytest.fixture
def matrix(firm):
    return TableVersion.objects.select_related("table").get(table__key="transfers", state="in_force")


def saved(firm, version, now, *, who=None, **about):
    about = {"name": "At 500,000", "facts": FACTS, "rules": ["T2"], "outputs": [ONE], **about}
    return actions.save_case(version.pk, **about, actor=Actor.of(who or firm.alan), now=now)


def with_edge_moved(version):
    moved = copy.deepcopy(version.body)
    moved["rules"][0]["when"]["amount"], moved["rules"][1]["when"]["amount"] = "<= 500000", "(500000..2000000]"
    return moved


def test_a_case_is_kept_with_who_saved_it_and_its_cells_as_the_language_writes_them(firm, matrix, now):
    case = saved(firm, matrix, now)
    assert case.expected == {
        "rules": ["T2"],
        "outputs": [{"roles": '["operations_analyst", "team_lead"]', "adds_at_most": '"4h"'}],
    }
    assert (case.saved_by, case.facts, judged(matrix)) == (firm.alan, FACTS, [(case, "")])
    entry = Entry.objects.get(fact="rulebook.case.saved")
    assert (entry.subject, entry.data) == (f"rulebook.table:{matrix.table_id}", {"table": "transfers", "case": case.pk})


def test_a_version_that_decides_a_case_otherwise_is_neither_proposed_nor_approved(firm, matrix, now):
    about = {"justification": "Why not.", "effective_at": now}
    draft = actions.draft_version(matrix.table, body=with_edge_moved(matrix), actor=Actor.of(firm.alan), now=now)
    proposed = actions.propose_version(draft.pk, **about, actor=Actor.of(firm.alan), now=now)
    saved(firm, matrix, now)
    with pytest.raises(CasesFail) as refused:
        actions.approve_version(proposed.pk, actor=Actor.of(firm.rob), now=now)
    assert refused.value.facts["cases"] == ["At 500,000"]
    assert "At 500,000 (Expected T2, but decided by T1: roles = [" in refused.value.sentence
    other = actions.draft_version(matrix.table, body=with_edge_moved(matrix), actor=Actor.of(firm.alan), now=now)
    with pytest.raises(CasesFail):
        actions.propose_version(other.pk, **about, actor=Actor.of(firm.alan), now=now)


def test_a_retired_case_holds_nobody_up_and_its_name_is_free(firm, matrix, now):
    draft = actions.draft_version(matrix.table, body=with_edge_moved(matrix), actor=Actor.of(firm.alan), now=now)
    case = saved(firm, matrix, now)
    with pytest.raises(Invalid) as refused:
        actions.retire_case(case.pk, reason=" ", actor=Actor.of(firm.alan), now=now)
    assert "reason" in refused.value.fields
    actions.retire_case(case.pk, reason="The edge moves.", actor=Actor.of(firm.alan), now=now)
    assert Entry.objects.get(fact="rulebook.case.retired").reason == "The edge moves."
    actions.propose_version(draft.pk, justification="Why not.", effective_at=now, actor=Actor.of(firm.alan), now=now)
    assert saved(firm, matrix, now).pk != case.pk
    with pytest.raises(NotFound):
        actions.retire_case(case.pk, reason="Again.", actor=Actor.of(firm.alan), now=now)


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"facts": {**FACTS, "amount": "a lot"}}, "fact.amount"),
        ({"facts": {**FACTS, "transfer": "by_pigeon"}}, "fact.transfer"),
        ({"outputs": []}, "outputs"),
        ({"outputs": [{"roles": "((("}]}, "output.roles"),
        ({"outputs": [{"roles": '"team_lead"'}]}, "output.roles"),
    ],
)
def test_what_is_wrong_with_a_case_is_named_and_nothing_is_kept(firm, matrix, now, about, field):
    with pytest.raises(Invalid) as refused:
        saved(firm, matrix, now, **about)
    assert list(refused.value.fields) == [field]
    assert not AcceptanceCase.objects.exists()


def test_a_name_is_used_once(firm, matrix, now):
    saved(firm, matrix, now)
    with pytest.raises(Invalid) as refused:
        saved(firm, matrix, now)
    assert "name" in refused.value.fields


def test_who_may_not_edit_the_table_keeps_and_retires_no_case(firm, matrix, now):
    with pytest.raises(NotAllowed):
        saved(firm, matrix, now, who=firm.dee)
    case = saved(firm, matrix, now)
    with pytest.raises(NotAllowed):
        actions.retire_case(case.pk, reason="No.", actor=Actor.of(firm.max), now=now)


def test_a_machine_answers_for_no_case(firm, matrix, now):
    with pytest.raises(NotAllowed):
        actions.save_case(
            matrix.pk, name="A", facts=FACTS, rules=None, outputs=[ONE], actor=Actor.system("sweep"), now=now
        )


def test_the_answers_of_a_collecting_table_have_no_order_and_those_of_a_ranking_one_have():
    rules = {"b": ({"amount": "> 1"}, said("x")), "a": ({"amount": "> 2"}, said("y"))}
    expected = {"rules": ["a", "b"], "outputs": [said("y"), said("x")]}
    assert broken(load_table(body(rules, hit_policy="collect")), {"amount": "5"}, expected) == ""
    assert broken(load_table(body(rules, hit_policy="rule_order")), {"amount": "5"}, expected)


def test_a_case_that_names_no_rules_only_looks_at_the_outputs():
    table = load_table(body(SMALL))
    assert broken(table, {"amount": "10"}, {"rules": None, "outputs": [said("b")]}) == ""
    told = broken(table, {"amount": "10"}, {"rules": None, "outputs": [said("a")]})
    assert told == 'Expected out = "a", but decided was out = "b"'


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"amount": "10.5"}, ""),
        ({}, "Rule low asks for “amount”, and the case does not say it."),
        ({"amount": "much"}, "“amount” has a value that this version does not take."),
    ],
)
def test_a_case_is_told_why_it_cannot_be_decided(facts, problem):
    assert answer_of(load_table(body(SMALL)), facts).problem == problem


def test_a_gap_and_an_overlap_are_told():
    gap = load_table(body({"low": ({"amount": "< 10"}, said("a"))}))
    assert answer_of(gap, {"amount": "10"}).problem == "No rule covers it."
    both = load_table(body({"low": ({"amount": "< 10"}, said("a")), "all": ({}, said("b"))}))
    told = answer_of(both, {"amount": "1"}).problem
    assert told == "The rules low, all all match, and the table allows only one answer."


@pytest.mark.parametrize("key", ["transfers", "firm"])
def test_the_demos_cases_are_answered_by_the_rules_that_they_name(key):
    table = load_table(next(each for each in files.tables() if each["key"] == key))
    for case in files.read_yaml("cases.yaml")[key]:
        assert (case["name"], list(answer_of(table, case["facts"]).rules)) == (case["name"], case["rules"])


def test_the_demos_draft_with_a_gap_fails_the_case_at_the_gap():
    table = load_table(next(each for each in files.table_drafts() if each["key"] == "firm"))
    cases = files.read_yaml("cases.yaml")["firm"]
    assert [case["name"] for case in cases if answer_of(table, case["facts"]).problem] == ["Fee waiver of exactly 500"]


def test_approving_costs_one_statement_for_all_cases(firm, matrix, now, django_assert_num_queries):
    for number in range(5):
        saved(firm, matrix, now, name=f"Case {number}")
    version = TableVersion.objects.select_related("table").get(pk=matrix.pk)
    judged(version)
    with django_assert_num_queries(1):
        assert len(judged(version)) == 5


def test_tables_have_cases_of_their_own(firm, matrix, now):
    saved(firm, matrix, now)
    assert not judged(TableVersion.objects.get(table=Table.objects.get(key="firm"), state="in_force"))
