"""Drawings under change control: every finding at once, two people, a date; what runs stays on its version."""

import re
from datetime import timedelta

import pytest

from audit.actors import Actor
from audit.models import Entry
from audit.refusals import NotAllowed, NotFound
from demo import files
from orders.models import Order
from processes import actions, tasks
from processes.models import ProcessVersion
from processes.refusals import NotPublishable
from rulebook.refusals import SameMakerAndChecker, WrongState
from tests.approvals.transfers import done
from tests.firm import address_change, open_item

KEY = "address_change"


@pytest.fixture
def drawing():
    folder = next(path for path in files.product_folders() if path.name == KEY)
    return files.process_of(folder)


def drafted(who, now, drawing, **changes):
    xml, forms = drawing
    text = xml.decode()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return actions.draft_version(KEY, xml=text.encode(), forms=forms, actor=Actor.of(who), now=now, file="a.bpmn")


def proposed(who, now, drawing, effective_at=None, **changes):
    version = drafted(who, now, drawing, **changes)
    return actions.propose_version(
        version.pk, justification="Clearer.", effective_at=effective_at or now, actor=Actor.of(who), now=now
    )


def publish(firm, now, drawing, **changes):
    version = proposed(firm.alan, now, drawing, **changes)
    actions.approve_version(version.pk, actor=Actor.of(firm.nadia), now=now)
    tasks.put_in_force(now)
    return ProcessVersion.objects.get(pk=version.pk)


def test_what_runs_stays_on_its_version_and_new_orders_take_the_new_one(firm, now, drawing):
    old = address_change(firm, now)
    renamed = {"send_letters": "write_letters", 'form="write_letters"': 'form="send_letters"'}
    version = publish(firm, now, drawing, **renamed)
    new = address_change(firm, now, key="key-2")
    assert (old.process.version_id, new.process.version_id) == (old.process.version_id, version.pk)
    for order, last in ((old, "send_letters"), (new, "write_letters")):
        done(open_item(order), firm.dee, now, address_check="confirmed", checked_against="login")
        done(open_item(order), firm.dee, now, record_reference="REC-1")
        assert open_item(order).node == last
    assert Order.objects.get(pk=old.pk).process.version.state == "superseded"


def test_a_version_waits_for_its_date(firm, now, drawing):
    later = now + timedelta(days=1)
    version = proposed(firm.alan, now, drawing, effective_at=later)
    actions.approve_version(version.pk, actor=Actor.of(firm.nadia), now=now)
    assert [tasks.put_in_force(at) for at in (now, later, later)] == [0, 1, 0]
    governing = ProcessVersion.objects.get(model__key=KEY, state="in_force")
    assert (governing.pk, governing.in_force_at) == (version.pk, later)


def test_the_maker_does_not_publish(firm, now, drawing):
    version = proposed(firm.alan, now, drawing)
    with pytest.raises(SameMakerAndChecker):
        actions.approve_version(version.pk, actor=Actor.of(firm.alan), now=now)
    with pytest.raises(NotAllowed):
        actions.approve_version(version.pk, actor=Actor.of(firm.max), now=now)


def test_a_rejected_version_is_over(firm, now, drawing):
    version = proposed(firm.alan, now, drawing)
    actions.reject_version(version.pk, reason="Too long.", actor=Actor.of(firm.nadia), now=now)
    with pytest.raises(WrongState):
        actions.approve_version(version.pk, actor=Actor.of(firm.nadia), now=now)
    with pytest.raises(WrongState):
        actions.withdraw_version(version.pk, actor=Actor.of(firm.alan), now=now)


def test_an_unknown_process_or_version_is_not_found(firm, now, drawing):
    with pytest.raises(NotFound):
        actions.draft_version("nothing", xml=drawing[0], forms={}, actor=Actor.of(firm.alan), now=now)
    with pytest.raises(NotFound):
        actions.approve_version(0, actor=Actor.of(firm.nadia), now=now)


def test_every_finding_is_listed_at_once_with_file_and_line(firm, now, drawing):
    work = re.search(r'<tl:work [^>]*form="verify_address"[^>]*/>', drawing[0].decode())
    wrong = {
        work[0]: '<tl:work queue="attic" effort="10" form="nowhere" priority="3"/>',
        'address_check = "confirmed"': "address_check = (",
        'tl:kind="client"': 'tl:kind="oracle"',
    }
    with pytest.raises(NotPublishable) as refused:
        drafted(firm.alan, now, drawing, **wrong)
    lines = str(refused.value).splitlines()
    for said in ("attic", "nowhere", "oracle", "FEEL expression"):
        assert any(said in line for line in lines), (said, lines)
    assert all(line.startswith("a.bpmn:") for line in lines)
    assert [int(line.split(":")[1]) for line in lines] == sorted(int(line.split(":")[1]) for line in lines)
    assert not ProcessVersion.objects.filter(model__key=KEY, state="draft").exists()


@pytest.mark.parametrize("xml", [b"", b"<html/>", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'])
def test_what_is_no_drawing_is_refused(firm, now, xml):
    with pytest.raises(NotPublishable):
        actions.draft_version(KEY, xml=xml, forms={}, actor=Actor.of(firm.alan), now=now)


def test_each_entry_names_its_process_and_the_number_of_the_version(firm, now, drawing):
    version = publish(firm, now, drawing)
    entries = Entry.objects.filter(subject=f"processes.version:{version.pk}").order_by("pk")
    assert [entry.fact.rsplit(".")[-1] for entry in entries] == ["drafted", "proposed", "approved", "in_force"]
    assert {(entry.data["process"], entry.data["number"]) for entry in entries} == {(KEY, version.number)}


def test_only_the_maker_takes_a_version_back(firm, now, drawing):
    version = proposed(firm.alan, now, drawing)
    with pytest.raises(NotAllowed, match=firm.alan.display_name):
        actions.withdraw_version(version.pk, actor=Actor.of(firm.nadia), now=now)
    actions.withdraw_version(version.pk, actor=Actor.of(firm.alan), now=now)
    assert ProcessVersion.objects.get(pk=version.pk).state == "withdrawn"
