"""The pages of hand-over, advice, added signers, taking back, voiding and showing: what they offer, refuse and keep."""

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.models import Decision, Request, Tier
from audit.actors import Actor
from audit.due import run_due
from notifications.models import Notice
from orders.models import Copy, Order
from tests.approvals.transfers import decide, governed, items_of, request_of, validated
from tests.firm import open_item
from work import actions as work
from work.models import Advice, WorkItem

LARGE = {"amount": "2000000.01"}
HOSTILE = "<script>alert(1)</script>"


def page(name, *args):
    return reverse(f"staff:{name}", args=args)


def held(firm, now, **about):
    return work.claim(open_item(validated(firm, now, **about)).public_id, actor=Actor.of(firm.eve), now=now)


def links(text):
    names = ("hand-over", "ask-colleague", "take-back", "signers", "void")
    return [name for name in names if f"/{name}/" in text]


def test_a_decision_offers_only_what_its_reader_may_do(firm, now, as_user):
    item = held(firm, now)
    address = page("decision", item.public_id)
    assert links(as_user(firm.eve).get(address).text) == ["hand-over", "ask-colleague", "signers"]
    assert links(as_user(firm.max).get(address).text) == ["void"]
    assert links(as_user(firm.omar).get(address).text) == []
    assert links(as_user(firm.judith).get(address).text) == []


def test_rows_and_ways_back_stand_in_the_form_and_what_was_ticked_stays(firm, now, as_user):
    item = held(firm, now, **LARGE)
    browser, address = as_user(firm.eve), page("decision", item.public_id)
    shown = browser.get(address).text
    assert 'name="attested" value="T3"' in shown
    assert '<option value="validate_transfer"' in shown
    refused = browser.post(address, {"decision": "approve", "reason": "Fine."})
    assert (refused.status_code, 'id="attested-error"' in refused.text) == (422, True)
    again = browser.post(address, {"decision": "approve", "reason": "", "attested": "T3"})
    assert 'name="attested" value="T3" checked' in again.text
    wrong = browser.post(address, {"decision": "reject", "reason": "No.", "to": "confirm_arrival"})
    assert (wrong.status_code, 'id="to-error"' in wrong.text) == (422, True)
    assert not Decision.objects.exists()


def test_a_rejection_leads_back_from_the_page(firm, now, as_user):
    item = held(firm, now)
    given = {"decision": "reject", "reason": "Sign it.", "to": "validate_transfer"}
    assert as_user(firm.eve).post(page("decision", item.public_id), given).status_code == 302
    assert open_item(item.order).node == "validate_transfer"


def test_handing_over_names_a_person_and_a_reason(firm, now, as_user):
    item, browser = held(firm, now), as_user(firm.eve)
    address = page("hand_over", item.public_id)
    refused = browser.post(address, {"reason": "Off."})
    assert (refused.status_code, "Choose a person." in refused.text, ">Off.<" in refused.text) == (422, True, True)
    assert browser.post(address, {"people": str(firm.omar.public_id), "reason": ""}).status_code == 422
    done = browser.post(address, {"people": str(firm.omar.public_id), "reason": "Off."})
    assert done["Location"] == page("decision", item.public_id)
    item.refresh_from_db()
    assert item.holder == firm.omar


def test_a_question_waits_in_my_work_and_its_answer_stands_with_the_decision(firm, now, as_user):
    item = held(firm, now)
    given = {"people": str(firm.max.public_id), "question": f"Usual? {HOSTILE}"}
    assert as_user(firm.eve).post(page("ask_colleague", item.public_id), given).status_code == 302
    made = Advice.objects.get()
    asked = as_user(firm.max)
    address = page("advice", made.public_id)
    assert address in asked.get(page("my_work")).text
    shown = asked.get(address).text
    assert HOSTILE not in shown
    assert "Usual?" in shown
    assert asked.post(address, {"answer": "  "}).status_code == 422
    assert asked.post(address, {"answer": f"Yes. {HOSTILE}"}).status_code == 302
    assert address not in asked.get(page("my_work")).text
    text = as_user(firm.eve).get(page("decision", item.public_id)).text
    assert "Yes. " in text
    assert HOSTILE not in text
    for stranger in (firm.omar, firm.eve):
        assert as_user(stranger).get(address).status_code == 404


def test_signers_are_added_and_taken_out(firm, now, as_user):
    item, browser = held(firm, now), as_user(firm.eve)
    address = page("add_signers", item.public_id)
    assert str(firm.fay.public_id) in browser.get(address).text
    refused = browser.post(address, {"people": str(firm.fay.public_id), "reason": "Look."})
    assert (refused.status_code, "Choose one of the two." in refused.text) == (422, True)
    assert browser.post(address, {"way": "all", "reason": "Look."}).status_code == 422
    assert (
        browser.post(address, {"people": str(firm.fay.public_id), "way": "all", "reason": "Look."}).status_code == 302
    )
    tier = Tier.objects.exclude(added_by=None).get()
    out = page("remove_signer", request_of(item.order).public_id, tier.number, tier.seat)
    assert out in browser.get(page("decision", item.public_id)).text
    assert browser.get(out).status_code == 200
    assert browser.post(out, {"reason": "Away."}).status_code == 302
    tier.refresh_from_db()
    assert tier.removed_at is not None


def test_somebody_else_is_asked_instead_and_only_the_one_who_is_asked_decides(firm, now, as_user):
    item, browser = held(firm, now), as_user(firm.eve)
    given = {"people": str(firm.fay.public_id), "way": "all", "reason": "Look."}
    assert browser.post(page("add_signers", item.public_id), given).status_code == 302
    tier = Tier.objects.exclude(added_by=None).get()
    fays = page("decision", tier.work_item.public_id)
    assert "hand-over" not in links(as_user(firm.fay).get(fays).text)
    out = page("remove_signer", request_of(item.order).public_id, tier.number, tier.seat)
    shown = as_user(firm.eve).get(out).text
    assert "Nobody instead" in shown
    assert str(firm.fay.public_id) not in shown
    assert browser.post(out, {"people": str(firm.tia.public_id), "reason": "Away."}).status_code == 422
    done = browser.post(out, {"people": str(firm.omar.public_id), "reason": "Away."}, follow=True)
    assert "Omar Haddad is asked instead." in done.text
    new = Tier.objects.exclude(added_by=None).get(removed_at=None)
    said = browser.get(page("decision", new.work_item.public_id)).text
    assert "Omar Haddad was asked by name to sign this, so nobody else signs in their place." in said
    assert "Four eyes." not in said


def test_a_decision_is_taken_back_from_its_page(firm, now, as_user):
    item = held(firm, now, **LARGE)
    decide(item, firm.eve, now)
    browser = as_user(firm.eve)
    assert links(browser.get(page("decision", item.public_id)).text) == ["take-back"]
    assert browser.post(page("take_back", item.public_id), {"reason": "Wrong button."}).status_code == 302
    assert [one.role for one in items_of(item.order)] == ["team_lead"]
    assert "(taken back)" in browser.get(page("order", item.order_number)).text


def test_a_step_is_taken_back_from_its_page(firm, now, as_user):
    order = validated(firm, now)
    step, browser = order.work_items.get(node="validate_transfer"), as_user(firm.tia)
    assert links(browser.get(page("item", step.public_id)).text) == ["take-back"]
    assert browser.post(page("take_back", step.public_id), {"reason": "A paper."}).status_code == 302
    assert open_item(order).holder == firm.tia


def test_an_approval_is_voided_with_a_reason(firm, now, as_user):
    item, browser = held(firm, now), as_user(firm.max)
    address = page("void", item.public_id)
    assert browser.post(address, {"reason": " "}).status_code == 422
    assert browser.post(address, {"reason": "Wrongly asked."}).status_code == 302
    assert sorted(Request.objects.values_list("state", flat=True)) == ["open", "void"]
    assert browser.get(address).status_code == 409


def test_an_order_is_shown_only_to_who_may_see_it(firm, now, as_user):
    order = validated(firm, now)
    browser, address = as_user(firm.tia), page("copy_order", order.number)
    offered = browser.get(address).text
    assert str(firm.max.public_id) in offered
    for stranger in (firm.cora, firm.ana):
        assert str(stranger.public_id) not in offered
        assert browser.post(address, {"people": str(stranger.public_id), "reason": "Look."}).status_code == 422
    for _again in range(2):
        assert browser.post(address, {"people": str(firm.max.public_id), "reason": "A large one."}).status_code == 302
    assert Copy.objects.get().to == firm.max
    assert order.number in as_user(firm.max).get(page("my_work")).text
    run_due(timezone.now())
    assert Notice.objects.filter(recipient=firm.max, template="order_copied").exists()


def test_a_copy_of_an_order_that_is_out_of_sight_is_not_listed(firm, now, as_user):
    order = validated(firm, now)
    Copy.objects.create(order=order, to=firm.cora, by=firm.tia, reason="Look.", sent_at=now)
    assert order.number not in as_user(firm.cora).get(page("my_work")).text


def test_the_order_shows_stages_seats_and_what_was_attested(firm, now, as_user):
    roles = '["operations_analyst", "team_lead", "team_lead", "compliance"]'
    governed(firm, now, roles=roles, together='["team_lead", "compliance"]')
    order = validated(firm, now, **LARGE)
    decide(items_of(order)[0], firm.eve, now)
    text = as_user(firm.max).get(page("order", order.number)).text
    assert "1/2" in text
    assert "attested T3" in text
    assert Order.objects.get(pk=order.pk).state == "in_progress"
    assert WorkItem.objects.open().filter(order=order).count() == 2


@pytest.mark.parametrize("name", ["hand_over", "ask_colleague", "add_signers", "void"])
def test_pages_of_a_decision_are_not_there_for_who_does_not_see_it(firm, now, as_user, name):
    item = held(firm, now)
    for stranger in (firm.cora, firm.fay, firm.dee):
        assert as_user(stranger).get(page(name, item.public_id)).status_code in (403, 404)
