"""What written procedures state: which versions governed when, and how many orders each rule was applied to."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest

from approvals.models import Request
from audit.actors import Actor
from audit.models import Entry
from audit.refusals import NotAllowed
from audit.tasks import seal
from insights.actions import take_procedures
from insights.procedures import elements_passed, may_read, processes_at, rules_applied, tables_at, tables_read_by
from processes.models import ProcessModel
from processes.tasks import read_passages
from rulebook import actions, tasks
from rulebook.models import Table
from tests.approvals.transfers import request_of, validated
from tests.firm import address_change

DAY = timedelta(days=1)


def versions(at) -> dict[str, int]:
    return {version.table.key: version.number for version in tables_at(Table.objects.all(), at)}


def applied(at, since, until) -> dict[str, dict[str, int]]:
    found = tables_at(Table.objects.all(), at)
    counted = rules_applied(found, since, until)
    return {version.table.key: counted[version.pk] for version in found if version.pk in counted}


def replaced(firm, key, now, body):
    """A new version of a table takes over at once."""
    table = Table.objects.get(key=key)
    base = table.versions.get(state="in_force")
    draft = actions.draft_version(table, body=body, base=base, actor=Actor.of(firm.alan), now=now)
    about = {"justification": "Higher limits.", "effective_at": now}
    actions.propose_version(draft.pk, **about, actor=Actor.of(firm.alan), now=now)
    actions.approve_version(draft.pk, actor=Actor.of(firm.rob), now=now)
    tasks.put_in_force(now)


def test_at_each_moment_the_version_that_governed_then_is_found(firm, now, django_assert_num_queries):
    body = deepcopy(Table.objects.get(key="transfers").versions.get(state="in_force").body)
    body["rules"][4]["when"]["amount"] = "> 90000"
    later = now + 3 * DAY
    replaced(firm, "transfers", later, body)
    assert (versions(later - timedelta(microseconds=1))["transfers"], versions(later)["transfers"]) == (1, 2)
    assert versions(now - 365 * DAY) == {}
    with django_assert_num_queries(1):
        tables_at(Table.objects.all(), later)
    found = processes_at(ProcessModel.objects.all(), now)
    assert {version.model.key for version in found} == set(ProcessModel.objects.values_list("key", flat=True))


def test_orders_are_counted_once_for_each_rule_that_decided_them(firm, now):
    validated(firm, now, amount="450000.00", key="a")
    wide = validated(firm, now, amount="600000.00", key="b", destination="third_party", **_third())
    validated(firm, now, "non_acat_transfer", amount="10.00", key="c")
    counts = applied(now, now - DAY, now + DAY)["transfers"]
    assert {"T2", "T4"} <= set(request_of(wide).rules)
    assert (counts["T1"], counts["T2"], counts["T4"], counts[""]) == (1, 1, 1, 1)
    expected: dict[str, set[int]] = {}
    for request in Request.objects.all():
        for rule in request.rules or [""]:
            expected.setdefault(rule, set()).add(request.order_id)
    assert counts == {rule: len(orders) for rule, orders in expected.items()}


def test_an_order_that_is_asked_about_twice_counts_once(firm, now):
    request = request_of(validated(firm, now, amount="450000.00"))
    Request.objects.create(
        order=request.order, task=request.task + 1000, node="again", table_version=request.table_version, facts={},
        rules=request.rules, maker=request.maker, opened_at=now,
    )  # fmt: skip
    assert applied(now, now - DAY, now + DAY)["transfers"] == {"T1": 1}


def test_only_the_period_is_counted(firm, now):
    validated(firm, now, amount="450000.00")
    assert applied(now, now, now + DAY)["transfers"] == {"T1": 1}
    assert applied(now, now - DAY, now)["transfers"] == {}


def test_targets_and_queues_are_counted_by_the_rows_that_decide_them(firm, now):
    for key in ("a", "b"):
        address_change(firm, now, key=key)
    validated(firm, now, amount="450000.00", key="c")
    counts = applied(now, now - DAY, now + DAY)
    assert counts["sla_targets"]["M1"] == 2
    assert counts["sla_targets"]["T1"] == counts["sla_targets"]["T2"] == 1
    assert (counts["routing"]["R1"], counts["routing"]["R2"]) == (2, 1)
    assert "sla_escalation" not in counts


def test_a_target_is_not_counted_before_its_version_governed(firm, now):
    address_change(firm, now, key="a")
    later = now + DAY
    body = deepcopy(Table.objects.get(key="sla_targets").versions.get(state="in_force").body)
    body["rules"][0]["then"]["target"] = '"2bd"'
    replaced(firm, "sla_targets", later, body)
    assert applied(later, now - DAY, later + DAY)["sla_targets"].get("M1", 0) == 0
    assert applied(now, now - DAY, later + DAY)["sla_targets"]["M1"] == 1


def test_the_statements_do_not_grow_with_rules_or_orders(firm, now, django_assert_num_queries):
    for key in ("a", "b"):
        validated(firm, now, amount="450000.00", key=key)
    found = tables_at(Table.objects.all(), now)
    rules_applied(found, now - DAY, now + DAY)
    with django_assert_num_queries(6):
        rules_applied(found, now - DAY, now + DAY)


def test_orders_that_passed_an_element_are_counted(firm, now, time_machine, django_assert_num_queries):
    time_machine.move_to(now + DAY, tick=False)
    validated(firm, now, amount="450000.00")
    seal(now + timedelta(hours=1))
    read_passages()
    found = {version.model.key: version for version in processes_at(ProcessModel.objects.all(), now)}
    with django_assert_num_queries(1):
        counted = elements_passed(found.values(), now - DAY, now + DAY)
    assert counted[found["full_acat"].pk]["validate_transfer"] == 1
    assert elements_passed(found.values(), now + DAY, now + 2 * DAY) == {}


def test_who_may_see_the_rulebook_and_compliance_may_read_all(firm):
    readers = {name for name in vars(firm) if may_read(getattr(firm, name))}
    assert readers == {"max", "fay", "rob", "hal", "alan", "nadia", "judith"}
    assert tables_read_by(firm.fay).count() == Table.objects.count()
    assert not tables_read_by(firm.dee).exists()


def test_who_takes_a_file_is_on_record_with_its_digest(firm, now):
    about = {"on": now.date(), "language": "en", "digest": "ab" * 32}
    take_procedures(**about, actor=Actor.of(firm.fay), now=now)
    entry = Entry.objects.get(fact="insights.procedures.taken")
    assert (entry.actor, entry.subject) == (f"user:{firm.fay.pk}", "insights.procedures:2026-11-16")
    assert entry.data == {"on": "2026-11-16", "language": "en", "sha256": "ab" * 32}
    for who in (Actor.of(firm.dee), Actor.system("night")):
        with pytest.raises(NotAllowed):
            take_procedures(**about, actor=who, now=now)


def _third() -> dict[str, str]:
    return {"recipient_name": "Jo Doe", "recipient_relationship": "family", "recipient_reason": "A gift."}
