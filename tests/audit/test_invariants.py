"""Each invariant finds what was planted against it, by SQL and behind the back of every action."""

import hashlib
import json
import os
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from approvals import actions as approvals
from audit import triggers
from audit.actors import Actor
from audit.due import run_due
from audit.invariants import check_all, select
from audit.seals import seal_new_entries
from integrations import actions as integrations
from notifications.tasks import send_mail
from tests.firm import address_change, open_item
from tests.integrations.calls import checked_transfer, waiting_call
from tests.sla.played import finish
from work import actions as work


@pytest.fixture
def story(firm, now, settings, tmp_path):
    """An item at work, an approved transfer, an order done, an answered call, mails that were sent, a seal."""
    settings.MEDIA_ROOT = str(tmp_path)
    User.objects.filter(pk=firm.ana.pk).update(email="ana@example.com")
    order = address_change(firm, now, key="key-a")
    work.claim(open_item(order).public_id, actor=Actor.of(firm.dee), now=now)
    call = waiting_call(firm, now, key="key-c")
    integrations.mark_sent(call.pk, actor=call.connector.as_actor(), now=now)
    payload = {"outcome": "acknowledged", "reference": "MC-1", "code": ""}
    about = {"message_id": "m-1", "call_id": str(call.public_id), "payload": payload}
    integrations.receive(call.connector, **about, actor=call.connector.as_actor(), now=now)
    large = checked_transfer(firm, now, key="key-b", amount="600000.00")
    lead = open_item(large)
    about = {"choice": "approve", "reason": "Right.", "attested": ["T2"]}
    approvals.decide(lead.public_id, **about, actor=Actor.of(firm.eve), now=now)
    finish(address_change(firm, now, key="key-d"), firm.dov, now)
    run_due(now)
    send_mail(now)
    seal_new_entries(now)
    return order


def sql(statement, *params):
    with triggers.lifted(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def one(query, *params):
    return next(select(query, *params))[0]


def found():
    return {violation.id for result in check_all() for violation in result.violations}


def test_an_ordinary_story_violates_nothing_and_every_id_is_checked(story):
    results = check_all()
    assert [violation for result in results for violation in result.violations] == []
    assert {result.id for result in results} == {f"I{number}" for number in range(1, 14)}
    counted = {result.id for result in results if result.count}
    assert counted >= {"I1", "I2", "I3", "I4", "I5", "I6", "I8", "I9", "I11", "I12"}


SUBMITTED = "SELECT MIN(id) FROM orders_order WHERE state = 'in_progress'"
PLANTED = {
    "I1 an acknowledged number is another": (
        "I1",
        f"UPDATE orders_order SET number = 'TL-00000000-0' WHERE id = ({SUBMITTED})",
    ),
    "I2 an order's state jumped": (
        "I2",
        f"UPDATE orders_order SET state = 'waiting_on_client' WHERE id = ({SUBMITTED})",
    ),
    "I2 an order's counter jumped": (
        "I2",
        f"UPDATE orders_order SET ledger_seq = ledger_seq + 1 WHERE id = ({SUBMITTED})",
    ),
    "I2 an entry is missing": ("I2", "DELETE FROM audit_entry WHERE fact = 'orders.order.started'"),
    "I2 a step is not legal": (
        "I2",
        "UPDATE audit_entry SET before = '{\"state\": \"completed\"}' WHERE fact = 'orders.order.started'",
    ),
    "I2 an item's state jumped": ("I2", "UPDATE work_workitem SET state = 'pending' WHERE state = 'in_progress'"),
    "I2 an item changed hands": (
        "I2",
        "UPDATE work_workitem SET holder_id = (SELECT MAX(id) FROM accounts_user) WHERE state = 'in_progress'",
    ),
    "I2 a clock stands still in silence": (
        "I2",
        "UPDATE sla_clock SET state = 'paused' WHERE id = (SELECT MIN(id) FROM sla_clock)",
    ),
    "I2 a clock's due time moved in silence": ("I2", "UPDATE sla_clock SET due_at = yellow_at"),
    "I2 a clock is in another band": ("I2", "UPDATE sla_clock SET band = 'red'"),
    "I2 a clock began twice": ("I2", "UPDATE audit_entry SET fact = 'sla.clock.started' WHERE fact = 'sla.clock.met'"),
    "I2 a clock began in silence": ("I2", "DELETE FROM audit_entry WHERE fact = 'sla.clock.started'"),
    "I2 an approval ended otherwise": ("I2", "UPDATE approvals_request SET state = 'void'"),
    "I2 an approval began in silence": ("I2", "DELETE FROM audit_entry WHERE fact = 'approvals.request.opened'"),
    "I2 a decision is not on record": ("I2", "DELETE FROM audit_entry WHERE fact = 'approvals.tier.approved'"),
    "I2 a decision was lost": ("I2", "DELETE FROM approvals_decision"),
    "I2 a tier was decided before it was opened": (
        "I2",
        "UPDATE audit_entry SET fact = 'approvals.tier.rejected' WHERE fact = 'approvals.tier.opened'",
    ),
    "I2 a table governs that nobody approved": (
        "I2",
        "DELETE FROM audit_entry WHERE fact = 'rulebook.version.approved'",
    ),
    "I2 a table's version went back": (
        "I2",
        "UPDATE rulebook_tableversion SET state = 'superseded' WHERE id = (SELECT MIN(id) FROM rulebook_tableversion)",
    ),
    "I2 a process is in force in silence": ("I2", "DELETE FROM audit_entry WHERE fact = 'processes.version.in_force'"),
    "I2 an instance ended in silence": ("I2", "UPDATE processes_instance SET status = 'cancelled'"),
    "I2 an instance ended on record and runs": (
        "I2",
        "UPDATE processes_instance SET status = 'running' WHERE status = 'completed'",
    ),
    "I2 an instance began in silence": ("I2", "DELETE FROM audit_entry WHERE fact = 'processes.instance.started'"),
    "I3 an entry was removed": ("I3", "DELETE FROM audit_entry WHERE id = (SELECT MIN(id) + 1 FROM audit_entry)"),
    "I3 an entry was recorded at another time": (
        "I3",
        "UPDATE audit_entry SET recorded_at = happened_at WHERE id = (SELECT MIN(id) FROM audit_entry)",
    ),
    "I3 a seal was signed by somebody else": ("I3", f"UPDATE audit_seal SET signature = '{'00' * 64}'"),
    "I3 a seal was rewritten": ("I3", f"UPDATE audit_seal SET head = '{'00' * 32}'"),
    "I3 a seal counts other entries": ("I3", "UPDATE audit_seal SET entries = entries + 1"),
    "I3 an entry was changed": (
        "I3",
        "UPDATE audit_entry SET reason = 'other' WHERE id = (SELECT MIN(id) FROM audit_entry)",
    ),
    "I3 a seal was removed and another put first": ("I3", "UPDATE audit_seal SET number = number + 1"),
    "I4 an item was completed twice": (
        "I4",
        "UPDATE audit_entry SET fact = 'work.item.completed' WHERE fact = 'work.item.claimed'",
    ),
    "I4 an item was taken from its holder": (
        "I4",
        'UPDATE audit_entry SET before = \'{"state": "queued", "holder_id": 7}\' WHERE fact = \'work.item.claimed\'',
    ),
    "I5 a place is counted that nobody holds": (
        "I5",
        "UPDATE catalog_slot SET taken = taken + 1 WHERE id = (SELECT MIN(id) FROM catalog_slot)",
    ),
    "I6 a mail went out twice": ("I6", "UPDATE notifications_notice SET attempts = 2 WHERE channel = 'email'"),
    "I6 a mail went out unclaimed": ("I6", "UPDATE notifications_notice SET attempts = 0 WHERE channel = 'email'"),
    "I7 a breach without its clock": (
        "I7",
        "UPDATE sla_clock SET state = 'breached' WHERE id = (SELECT MIN(id) FROM sla_clock)",
    ),
    "I8 a call was sent in silence": ("I8", "DELETE FROM audit_entry WHERE fact = 'integrations.call.sent'"),
    "I8 a delivery was never attempted": ("I8", "UPDATE audit_delivery SET attempts = 0"),
    "I9 a message acted and is called late": ("I9", "UPDATE integrations_inboxmessage SET outcome = 'late'"),
    "I9 a call is answered by nobody": ("I9", "DELETE FROM integrations_inboxmessage"),
    "I9 an acknowledgement has no reference": (
        "I9",
        'UPDATE integrations_inboxmessage SET payload = \'{"outcome": "acknowledged"}\'',
    ),
    "I12 work that nobody has": ("I12", "UPDATE work_workitem SET task = 99 WHERE state = 'in_progress'"),
    "I13 a timer that nobody waits for": (
        "I13",
        "INSERT INTO processes_timer (instance_id, number, node, due_at, fired) "
        "SELECT MIN(id), 99, 'x', MIN(started_at), false FROM processes_instance WHERE status = 'running'",
    ),
    "I12 an order ended and its process runs": (
        "I12",
        "UPDATE orders_order SET state = 'completed', ended_at = submitted_at WHERE state = 'in_progress'",
    ),
    "I12 a process stands still without an incident": (
        "I12",
        "UPDATE processes_instance SET status = 'error' WHERE status = 'running'",
    ),
    "I11 the maker decided": (
        "I11",
        "UPDATE approvals_request SET maker_id = (SELECT by_id FROM approvals_decision)",
    ),
    "I11 a tier never signed": ("I11", "UPDATE approvals_decision SET choice = 'reject'"),
    "I11 somebody decided for the maker": (
        "I11",
        "UPDATE audit_entry SET on_behalf_of = actor WHERE fact = 'approvals.tier.approved'",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_found(story, name):
    expected, statement = PLANTED[name]
    sql(statement)
    assert expected in found()


def test_an_escalation_without_its_entry_is_found(story, now):
    clock = one("SELECT MIN(id) FROM sla_clock")
    sql(
        "INSERT INTO sla_escalation (clock_id, tier, role, to_id, happened_at) VALUES (%s, 1, 'team_lead', NULL, %s)",
        clock,
        now,
    )
    assert "I7" in found()


def test_a_notice_about_nothing_is_found(story):
    notice = one("SELECT MIN(id) FROM notifications_notice WHERE channel = 'email'")
    sql("UPDATE notifications_notice SET dedupe_key = %s WHERE id = %s", f"order_received:{uuid4()}", notice)
    assert "I8" in found()


def test_a_slot_that_was_oversold_for_a_while_is_found(story, now):
    slot, capacity = next(select("SELECT id, capacity FROM catalog_slot ORDER BY id"))
    for place in range(capacity + 1):
        sql(
            "INSERT INTO catalog_hold (slot_id, order_ref, taken_at, released_at) VALUES (%s, %s, %s, %s)",
            slot, f"ref-{place}", now, now.replace(hour=20),
        )  # fmt: skip
    assert "I5" in found()


@pytest.mark.parametrize("wrong", ["missing", "shorter", "orphan"])
def test_a_file_that_is_not_what_its_row_says_is_found(story, now, tmp_path, wrong):
    content = b"%PDF-1.7 papers"
    (tmp_path / "a.pdf").write_bytes(content[:-1] if wrong == "shorter" else content)
    if wrong == "orphan":
        os.utime(tmp_path / "a.pdf", (0, 0))
    else:
        sql(
            "INSERT INTO orders_document (public_id, order_id, field, name, content_type, size, sha256, stored_as, "
            "uploaded_by_id, uploaded_at) VALUES (%s, %s, '', 'a.pdf', 'application/pdf', %s, %s, 'a.pdf', %s, %s)",
            uuid4().hex, story.pk, len(content), hashlib.sha256(content).hexdigest(), story.placed_by_id, now,
        )  # fmt: skip
        assert ("I10" in found()) == (wrong == "shorter")
    if wrong == "missing":
        (tmp_path / "a.pdf").unlink()
    assert "I10" in found()


def test_the_command_reports_and_exits_with_one_on_a_violation(story, capsys):
    call_command("invariants", "--json")
    assert json.loads(capsys.readouterr().out)["ok"] is True
    sql("UPDATE audit_delivery SET attempts = 0")
    with pytest.raises(SystemExit) as ended:
        call_command("invariants", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (ended.value.code, report["ok"]) == (1, False)
    assert [violation["id"] for violation in report["violations"]] == ["I8"]
    assert report["violations"][0]["rows"]
