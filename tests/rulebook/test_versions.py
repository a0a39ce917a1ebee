"""Tables under change control: two people, a proof, a date; orders in flight keep what was decided."""

import copy
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, transaction

from approvals.queries import matrix_begins
from audit.actors import Actor
from audit.models import Entry
from audit.refusals import Invalid, NotAllowed, NotFound
from demo import files
from rulebook import actions, tasks
from rulebook.bounds import MOST_RULES
from rulebook.findings import findings_here
from rulebook.models import Table, TableVersion
from rulebook.queries import differences, in_force, table_of
from rulebook.refusals import (
    ApprovedForLater,
    ComplianceMissing,
    HasFindings,
    HasGaps,
    NeedsAPerson,
    OtherInForce,
    SameMakerAndChecker,
    TableWrong,
    VersionChanged,
    WrongState,
)
from rulebook.tables import decide, read_facts
from rulebook.versions import base_moved_on, compared_with


@pytest.fixture
def routing(firm):
    return Table.objects.get(key="routing")


def body_of(key="routing"):
    return copy.deepcopy(in_force_body(key))


def in_force_body(key):
    return TableVersion.objects.get(table__key=key, state="in_force").body


def drafted(table, who, now, body=None, base=None):
    return actions.draft_version(table, body=body or body_of(table.key), base=base, actor=Actor.of(who), now=now)


def proposed(table, who, now, effective_at=None, body=None, base=None):
    version = drafted(table, who, now, body, base)
    return actions.propose_version(
        version.pk, justification="It fits better.", effective_at=effective_at or now, actor=Actor.of(who), now=now
    )


def approved(table, maker, checker, now, effective_at=None, body=None):
    version = proposed(table, maker, now, effective_at, body)
    return actions.approve_version(version.pk, actor=Actor.of(checker), now=now)


def state(version):
    return TableVersion.objects.get(pk=version.pk).state


def test_a_version_governs_from_its_date_and_takes_over_from_the_one_before(firm, routing, now):
    first, later = in_force("routing", now), now + timedelta(days=3)
    new = approved(routing, firm.alan, firm.nadia, now, effective_at=later)
    assert tasks.put_in_force(later - timedelta(seconds=1)) == 0
    assert (state(new), in_force("routing", later).pk) == ("approved", first.pk)
    assert tasks.put_in_force(later) == 1
    assert tasks.put_in_force(later) == 0
    assert (state(new), state(first)) == ("in_force", "superseded")
    assert in_force("routing", later).pk == new.pk
    assert in_force("routing", later - timedelta(seconds=1)).pk == first.pk


def test_nothing_governs_before_the_first_version(firm, now):
    with pytest.raises(TableVersion.DoesNotExist, match="routing"):
        in_force("routing", now - timedelta(days=1))


def test_two_approved_versions_take_effect_in_the_order_of_their_dates(firm, routing, now):
    early = approved(routing, firm.alan, firm.nadia, now, effective_at=now + timedelta(days=1))
    late = approved(routing, firm.alan, firm.nadia, now, effective_at=now + timedelta(days=2))
    assert tasks.put_in_force(now + timedelta(days=5)) == 2
    assert (state(early), state(late)) == ("superseded", "in_force")
    assert in_force("routing", now + timedelta(days=5)).pk == late.pk


def test_of_two_versions_for_the_same_moment_the_one_approved_last_takes_over(firm, routing, now):
    at = now + timedelta(days=1)
    first, second = (proposed(routing, firm.alan, now, effective_at=at) for _each in range(2))
    actions.approve_version(second.pk, actor=Actor.of(firm.nadia), now=now)
    assert compared_with(first) == second
    last = {"governing": second.number, "actor": Actor.of(firm.nadia), "now": now + timedelta(hours=1)}
    actions.approve_version(first.pk, **last)
    assert compared_with(TableVersion.objects.get(pk=second.pk)) == in_force("routing", now)
    assert compared_with(TableVersion.objects.get(pk=first.pk)) == second
    assert tasks.put_in_force(at) == 2
    assert (state(first), state(second)) == ("in_force", "superseded")
    assert in_force("routing", at).pk == first.pk


def test_a_proposal_is_shown_beside_what_is_approved_to_come_before_it(firm, routing, now):
    base = in_force("routing", now)
    coming = approved(routing, firm.alan, firm.nadia, now, effective_at=now + timedelta(days=1))
    mine = proposed(routing, firm.alan, now, effective_at=now + timedelta(days=2), base=base)
    assert (compared_with(mine), base_moved_on(mine)) == (coming, coming)
    with pytest.raises(OtherInForce):
        actions.approve_version(mine.pk, governing=base.number, actor=Actor.of(firm.nadia), now=now)
    assert actions.approve_version(mine.pk, governing=coming.number, actor=Actor.of(firm.nadia), now=now)
    before = proposed(routing, firm.alan, now, effective_at=now + timedelta(hours=1), base=base)
    assert (compared_with(before), base_moved_on(before)) == (base, None)


def test_nothing_is_approved_that_an_approved_one_would_take_back(firm, routing, now):
    late = approved(routing, firm.alan, firm.nadia, now, effective_at=now + timedelta(days=2))
    early = proposed(routing, firm.alan, now, effective_at=now + timedelta(days=1))
    with pytest.raises(ApprovedForLater, match=f"version {late.number}"):
        actions.approve_version(early.pk, actor=Actor.of(firm.nadia), now=now)
    actions.withdraw_version(late.pk, actor=Actor.of(firm.alan), now=now)
    assert actions.approve_version(early.pk, actor=Actor.of(firm.nadia), now=now).state == "approved"


def test_who_approved_it_does_not_take_it_back(firm, routing, now):
    version = approved(routing, firm.alan, firm.nadia, now, effective_at=now + timedelta(days=2))
    with pytest.raises(NotAllowed, match="Alan Pierce"):
        actions.withdraw_version(version.pk, actor=Actor.of(firm.nadia), now=now)
    assert state(version) == "approved"


def test_drafts_stand_side_by_side_and_know_when_their_base_moved_on(firm, routing, now):
    base = in_force("routing", now)
    mine, yours = drafted(routing, firm.alan, now, base=base), proposed(routing, firm.nadia, now, base=base)
    assert (mine.number, yours.number) == (base.number + 1, base.number + 2)
    assert base_moved_on(mine) is None
    actions.approve_version(yours.pk, actor=Actor.of(firm.alan), now=now)
    tasks.put_in_force(now)
    assert base_moved_on(mine) == TableVersion.objects.get(pk=yours.pk)
    assert base_moved_on(TableVersion.objects.get(pk=yours.pk)) is None


def test_the_maker_cannot_check(firm, routing, now):
    version = proposed(routing, firm.alan, now)
    for verb in (actions.approve_version, lambda pk, **who: actions.reject_version(pk, reason="No.", **who)):
        with pytest.raises(SameMakerAndChecker):
            verb(version.pk, actor=Actor.of(firm.alan), now=now)
    assert state(version) == "proposed"


def test_who_wrote_a_draft_cannot_check_it_when_somebody_else_proposes_it(firm, routing, now):
    version = drafted(routing, firm.alan, now)
    actions.propose_version(
        version.pk, justification="As Alan wrote it.", effective_at=now, actor=Actor.of(firm.nadia), now=now
    )
    with pytest.raises(SameMakerAndChecker):
        actions.approve_version(version.pk, actor=Actor.of(firm.alan), now=now)


def test_a_machine_cannot_check(firm, routing, now):
    version = proposed(routing, firm.alan, now)
    with pytest.raises(NeedsAPerson):
        actions.approve_version(version.pk, actor=Actor.system("sweep"), now=now)


def test_the_database_refuses_a_maker_who_checks(firm, routing, now):
    version = proposed(routing, firm.alan, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        TableVersion.objects.filter(pk=version.pk).update(checker=firm.alan)


def test_a_supervisory_table_needs_somebody_of_compliance(firm, now):
    matrix = Table.objects.get(key="firm")
    version = proposed(matrix, firm.alan, now)
    with pytest.raises(ComplianceMissing) as refused:
        actions.approve_version(version.pk, actor=Actor.of(firm.nadia), now=now)
    assert "compliance" in refused.value.next_step
    actions.approve_version(version.pk, actor=Actor.of(firm.rob), now=now)
    assert state(version) == "approved"


@pytest.mark.parametrize("key", ["firm", "transfers", "advisor"])
def test_compliance_as_the_maker_of_a_matrix_is_not_enough(firm, now, key):
    firm.nadia.groups.add(Group.objects.get(name="role:compliance"))
    version = proposed(Table.objects.get(key=key), firm.nadia, now)
    with pytest.raises(ComplianceMissing):
        actions.approve_version(version.pk, actor=Actor.of(firm.alan), now=now)
    assert actions.approve_version(version.pk, actor=Actor.of(firm.rob), now=now).state == "approved"


def test_other_tables_need_no_compliance(firm, routing, now):
    assert approved(routing, firm.alan, firm.nadia, now).state == "approved"


def test_a_matrix_with_a_gap_cannot_be_proposed(firm, now):
    flawed = next(body for body in files.table_drafts() if body["key"] == "firm")
    with pytest.raises(HasGaps) as refused:
        proposed(Table.objects.get(key="firm"), firm.alan, now, body=flawed)
    assert refused.value.report.gaps
    assert "in the draft" in refused.value.next_step
    assert TableVersion.objects.filter(table__key="firm").latest("pk").state == "draft"


def test_what_cannot_be_proven_cannot_be_proposed(firm, now):
    body = body_of("transfers")
    body["rules"][0]["when"]["amount"] = "< 500000 + 0 * client_age"
    with pytest.raises(HasGaps) as refused:
        proposed(Table.objects.get(key="transfers"), firm.alan, now, body=body)
    assert not refused.value.report.proven


def test_less_signatures_for_more_money_cannot_be_proposed(firm, now):
    body = body_of("firm")
    next(rule for rule in body["rules"] if rule["id"] == "F3")["then"]["roles"] = '["operations_analyst"]'
    with pytest.raises(HasFindings, match="1 for the smaller amount, 0 for the larger") as refused:
        proposed(Table.objects.get(key="firm"), firm.alan, now, body=body)
    assert [finding.code for finding in refused.value.findings] == ["not_monotone"]


def test_a_warning_holds_no_proposal(firm, now):
    """Nobody but the operations manager signs as such: that is shown, and no more."""
    version = proposed(Table.objects.get(key="firm"), firm.alan, now)
    found = findings_here("approval_matrix", table_of(version), now)
    assert "not_staffable_without" in {finding.code for finding in found}
    assert state(version) == "proposed"


def test_what_nobody_can_sign_any_more_cannot_be_approved(firm, now):
    version = proposed(Table.objects.get(key="firm"), firm.alan, now)
    firm.max.groups.remove(Group.objects.get(name="role:operations_manager"))
    with pytest.raises(HasFindings, match="Nobody holds the role Operations manager") as refused:
        actions.approve_version(version.pk, actor=Actor.of(firm.rob), now=now)
    assert "new draft" in refused.value.next_step
    assert state(version) == "proposed"


def test_an_edit_of_what_somebody_saved_meanwhile_is_refused_by_name(firm, routing, now):
    version = drafted(routing, firm.alan, now)
    actions.edit_version(version.pk, body=body_of(), revision=1, actor=Actor.of(firm.nadia), now=now)
    with pytest.raises(VersionChanged, match="Nadia Rahman") as refused:
        actions.edit_version(version.pk, body=body_of(), revision=1, actor=Actor.of(firm.alan), now=now)
    assert refused.value.facts["revision"] == 2


def test_a_cell_that_does_not_parse_is_named_and_nothing_is_saved(firm, routing, now):
    version, bad = drafted(routing, firm.alan, now), body_of()
    bad["rules"][0]["then"] = dict.fromkeys(bad["rules"][0]["then"], "(((")
    with pytest.raises(TableWrong) as refused:
        actions.edit_version(version.pk, body=bad, revision=1, actor=Actor.of(firm.alan), now=now)
    assert any(field.startswith(bad["rules"][0]["id"]) for field in refused.value.fields)
    assert TableVersion.objects.get(pk=version.pk).body == body_of()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "R" * 41}, "R" * 41 + ".id"),
        ({"id": "A", "when": {"product": "-" * 501}}, "A.product"),
        ({"id": "A", "note": {"en": "Why.", "zh-Hans": ""}}, "A.note-zh-Hans"),
        ({"id": "A", "note": {"en": "x" * 501, "zh-Hans": "因为"}}, "A.note-en"),
    ],
)
def test_a_rule_beyond_its_bounds_is_refused_by_name_and_nothing_is_saved(firm, routing, now, change, field):
    version, bad = drafted(routing, firm.alan, now), body_of()
    bad["rules"][0] |= change
    with pytest.raises(Invalid) as refused:
        actions.edit_version(version.pk, body=bad, revision=1, actor=Actor.of(firm.alan), now=now)
    assert list(refused.value.fields) == [field]
    assert TableVersion.objects.get(pk=version.pk).body == body_of()


def test_a_table_has_as_many_rules_as_its_editor_can_show(firm, routing, now):
    bad = body_of()
    bad["rules"] = [{**bad["rules"][0], "id": f"R{number}"} for number in range(MOST_RULES + 1)]
    with pytest.raises(Invalid, match="at most 300 rules"):
        drafted(routing, firm.alan, now, bad)


def test_without_a_justification_nothing_is_proposed(firm, routing, now):
    version = drafted(routing, firm.alan, now)
    with pytest.raises(Invalid) as refused:
        actions.propose_version(version.pk, justification=" ", effective_at=now, actor=Actor.of(firm.alan), now=now)
    assert "justification" in refused.value.fields


def test_who_does_not_hold_the_right_changes_nothing(firm, routing, now):
    with pytest.raises(NotAllowed):
        drafted(routing, firm.dee, now)
    version = proposed(routing, firm.alan, now)
    with pytest.raises(NotAllowed):
        actions.approve_version(version.pk, actor=Actor.of(firm.max), now=now)
    with pytest.raises(NotFound):
        actions.approve_version(0, actor=Actor.of(firm.nadia), now=now)


STATES = ["draft", "proposed", "approved", "in_force", "superseded", "rejected", "withdrawn"]
ALLOWED = {
    "edit": {"draft"},
    "propose": {"draft"},
    "approve": {"proposed"},
    "reject": {"proposed"},
    "withdraw": {"draft", "proposed", "approved"},
}


def verbs(version, who, now):
    actor = {"actor": Actor.of(who), "now": now}
    return {
        "edit": lambda: actions.edit_version(version.pk, body=version.body, revision=version.revision, **actor),
        "propose": lambda: actions.propose_version(version.pk, justification="Why.", effective_at=now, **actor),
        "approve": lambda: actions.approve_version(version.pk, **actor),
        "reject": lambda: actions.reject_version(version.pk, reason="No.", **actor),
        "withdraw": lambda: actions.withdraw_version(version.pk, **actor),
    }


@pytest.mark.parametrize("verb", ALLOWED)
@pytest.mark.parametrize("before", STATES)
def test_every_state_and_verb(firm, routing, now, before, verb):
    version = drafted(routing, firm.alan, now)
    if before == "in_force":
        TableVersion.objects.filter(table=routing, state="in_force").update(state="superseded")
    TableVersion.objects.filter(pk=version.pk).update(state=before, effective_at=now)
    run = verbs(version, firm.alan if verb == "withdraw" else firm.nadia, now)[verb]
    if before in ALLOWED[verb]:
        run()
        assert verb == "edit" or state(version) != before
    else:
        with pytest.raises(WrongState):
            run()
        assert state(version) == before


def test_each_step_is_one_entry_with_its_person(firm, routing, now):
    version = approved(routing, firm.alan, firm.nadia, now)
    tasks.put_in_force(now)
    entries = Entry.objects.filter(subject=f"rulebook.version:{version.pk}").order_by("pk")
    assert [(entry.fact.rsplit(".")[-1], entry.actor_name) for entry in entries] == [
        ("drafted", "alan"),
        ("proposed", "alan"),
        ("approved", "nadia"),
        ("in_force", "change control"),
    ]


def test_each_entry_names_its_table_and_the_number_of_the_version(firm, routing, now):
    version, other = approved(routing, firm.alan, firm.nadia, now), proposed(routing, firm.alan, now)
    actions.reject_version(other.pk, reason="No.", actor=Actor.of(firm.nadia), now=now)
    third = drafted(routing, firm.alan, now)
    actions.edit_version(third.pk, body=body_of(), revision=1, actor=Actor.of(firm.alan), now=now)
    actions.withdraw_version(third.pk, actor=Actor.of(firm.alan), now=now)
    tasks.put_in_force(now)
    for each in (version, other, third):
        entries = Entry.objects.filter(subject=f"rulebook.version:{each.pk}")
        assert {(entry.data["table"], entry.data["number"]) for entry in entries} == {("routing", each.number)}
    facts = Entry.objects.filter(subject__startswith="rulebook.version:").values_list("fact", flat=True)
    steps = ("drafted", "edited", "proposed", "approved", "rejected", "withdrawn", "in_force")
    assert set(facts) == {f"rulebook.version.{step}" for step in steps}


@pytest.mark.parametrize("before", ["draft", "proposed"])
def test_only_its_makers_take_a_version_back(firm, routing, now, before):
    version = (drafted if before == "draft" else proposed)(routing, firm.alan, now)
    with pytest.raises(NotAllowed, match="Alan Pierce"):
        actions.withdraw_version(version.pk, actor=Actor.of(firm.nadia), now=now)
    assert state(version) == before
    actions.withdraw_version(version.pk, actor=Actor.of(firm.alan), now=now)
    assert state(version) == "withdrawn"


def test_whoever_saved_the_draft_is_a_maker_too_and_may_take_it_back(firm, routing, now):
    version = drafted(routing, firm.alan, now)
    actions.edit_version(version.pk, body=body_of(), revision=1, actor=Actor.of(firm.nadia), now=now)
    actions.withdraw_version(version.pk, actor=Actor.of(firm.alan), now=now)
    assert state(version) == "withdrawn"


def test_two_versions_differ_row_by_row_and_cell_by_cell():
    old = {
        "rules": [{"id": "A", "when": {"x": "< 1"}, "then": {"o": "1"}}, {"id": "B", "when": {}, "then": {"o": "2"}}]
    }
    new = {
        "rules": [{"id": "A", "when": {"x": "< 2"}, "then": {"o": "1"}}, {"id": "C", "when": {}, "then": {"o": "3"}}]
    }
    found = [(change.kind, change.rule, change.cells) for change in differences(old, new)]
    assert found == [
        ("removed", "B", (("o", "2", "-"),)),
        ("changed", "A", (("x", "< 1", "< 2"),)),
        ("added", "C", (("o", "-", "3"),)),
    ]


def decided(*words):
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("rules", "decide", *words, stdout=out, stderr=err, no_color=True)
    except SystemExit as ended:
        status = ended.code
    return status, out.getvalue(), err.getvalue()


FACTS = '{"transfer": "full_acat", "destination": "own", "amount": "600000.00"}'


def test_decide_prints_the_matched_rows_of_the_table_in_force(firm, now):
    words = ["--table", "transfers", "--facts", FACTS, "--at", now.isoformat(), "--json"]
    status, out, err = decided(*words)
    answer = json.loads(out)
    assert (status, err, answer["rules"], answer["is_default"]) == (0, "", ["T2"], False)
    assert answer["outputs"][0]["roles"] == ["operations_analyst", "team_lead"]


def test_decide_reads_the_table_as_it_was_at_the_time(firm, now):
    matrix, body, later = Table.objects.get(key="transfers"), body_of("transfers"), now + timedelta(days=1)
    body["rules"][0]["when"]["amount"], body["rules"][1]["when"]["amount"] = "< 700000", "[700000..2000000]"
    version = proposed(matrix, firm.alan, now, effective_at=later, body=body)
    actions.approve_version(version.pk, actor=Actor.of(firm.rob), now=now)
    tasks.put_in_force(later)
    rules = {
        at: json.loads(decided("--table", "transfers", "--facts", FACTS, "--at", at.isoformat(), "--json")[1])["rules"]
        for at in (now, later)
    }
    assert rules == {now: ["T2"], later: ["T1"]}
    assert decide(table_of(version), read_facts(table_of(version), json.loads(FACTS))).rules == ("T1",)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--table", "nobody", "--facts", "{}"], 2),
        (["--table", "transfers", "--facts", "{"], 2),
        (["--table", "transfers", "--facts", '{"amount": true}'], 2),
        (["--table", "transfers", "--facts", FACTS, "--at", "tomorrow"], 2),
        (["--table", "transfers", "--facts", FACTS, "--at", "2026-13-01T00:00:00Z"], 2),
        (["--table", "firm", "--facts", '{"task": "cash_disbursement"}'], 2),
        (["--table", "transfers", "--facts", '{"trnsfer": "full_acat", "amount": 5000000, "destination": "own"}'], 2),
    ],
)
def test_decide_says_in_one_line_what_is_wrong(firm, words, status, capsys):
    found, out, err = decided(*words, *([] if "--at" in words else ["--at", "2026-11-20T00:00:00Z"]))
    assert found == status
    said = out + err + capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "effective_at",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 11, 16, 14, 59, tzinfo=UTC),
        datetime(2031, 11, 16, 15, 1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
)
def test_a_version_takes_effect_neither_in_the_past_nor_more_than_five_years_ahead(firm, routing, now, effective_at):
    version = drafted(routing, firm.alan, now)
    about = {"justification": "It fits better.", "actor": Actor.of(firm.alan), "now": now}
    with pytest.raises(Invalid) as refused:
        actions.propose_version(version.pk, effective_at=effective_at, **about)
    said = {"effective_at": "Choose a time from now on until Sun 16 Nov 2031, 15:00 UTC."}
    assert refused.value.fields == said
    assert state(version) == "draft"


@pytest.mark.parametrize(
    "effective_at", [datetime(2026, 11, 16, 15, 0, tzinfo=UTC), datetime(2031, 11, 16, 15, 0, tzinfo=UTC)]
)
def test_the_running_minute_and_five_years_ahead_are_good(firm, routing, now, effective_at):
    later = now.replace(second=40)
    version = drafted(routing, firm.alan, later)
    about = {"justification": "It fits better.", "actor": Actor.of(firm.alan), "now": later}
    actions.propose_version(version.pk, effective_at=effective_at, **about)
    assert state(version) == "proposed"


def test_everything_wrong_with_a_proposal_is_said_at_once(firm, routing, now):
    version = drafted(routing, firm.alan, now)
    past = {"justification": "x" * 2001, "effective_at": now - timedelta(days=1)}
    with pytest.raises(Invalid) as refused:
        actions.propose_version(version.pk, **past, actor=Actor.of(firm.alan), now=now)
    assert set(refused.value.fields) == {"justification", "effective_at"}
    assert refused.value.fields["justification"] == "Use at most 2000 characters."


def test_when_a_matrix_begins_is_told_for_the_time_before(firm, now):
    table = Table.objects.get(key="transfers")
    begun = in_force("transfers", now).in_force_at
    assert matrix_begins("transfers", begun - timedelta(days=1)) == begun
    assert matrix_begins("transfers", now) is None
    TableVersion.objects.filter(table=table).update(state="approved", in_force_at=None, effective_at=now)
    assert matrix_begins("transfers", now - timedelta(days=1)) == now
    assert matrix_begins("nothing", begun) is None
