"""With real processes: sending, answering, writing, papers and taking an order back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from accounts.models import User
from audit.actors import Actor
from audit.refusals import NotAllowed
from catalog.models import Product, Slot
from catalog.queries import open_slots
from orders.models import ClientRequest, Document, Message, Order
from orders.refusals import WrongMoment
from tests.firm import ADDRESS, Cast, address_change, open_item
from tests.orders.test_appointments import asked_for_a_new_time
from tests.portal_customer import rows
from work import actions as work

KEY = "0198c1de00007000800000000000bbbb"
PDF = b"%PDF-1.7 a small paper"


@pytest.fixture
def ana(firm: Cast, client: Browser, settings, tmp_path) -> Browser:
    settings.MEDIA_ROOT = str(tmp_path)
    client.force_login(firm.ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def order(firm: Cast, now) -> Order:
    return address_change(firm, now)


@pytest.fixture
def asked(order: Order) -> ClientRequest:
    """A request that belongs to no task: enough for everything but the last step."""
    form = {
        "type": "object",
        "properties": {
            "proof": {"type": "string", "x-tl": {"widget": "document", "title": {"en": "Paper", "zh-Hans": "材料"}}},
            "client_remark": {"type": "string", "maxLength": 20, "title": "Remark"},
        },
        "required": ["proof"],
        "additionalProperties": False,
    }
    words = {"en": "Send a paper", "zh-Hans": "请补交材料"}
    return ClientRequest.objects.create(
        order=order, task=99, node="ask", title=words, text=words, form=form, opened_at=order.submitted_at
    )


def send_draft(ana: Browser) -> str:
    ana.post("/new/address_change/", {"key": KEY, "then": "check", **ADDRESS})
    return f"/drafts/{Order.objects.get(idempotency_key=KEY).public_id}/submit/"


def test_sending_gives_a_number_and_the_steps(ana: Browser) -> None:
    response = ana.post(send_draft(ana), follow=True)
    order = Order.objects.get(idempotency_key=KEY)
    assert order.number
    assert response.redirect_chain[-1][0] == f"/orders/{order.number}/"
    assert f"Its number is {order.number}." in response.text
    assert 'class="miles"' in response.text


def test_sending_twice_makes_one_order(ana: Browser) -> None:
    submit = send_draft(ana)
    first, second = ana.post(submit), ana.post(submit)
    assert first["Location"] == second["Location"]
    assert Order.objects.filter(idempotency_key=KEY).count() == 1


def test_the_promised_day_is_shown_before_sending(ana: Browser) -> None:
    send_draft(ana)
    page = ana.get(f"/drafts/{Order.objects.get(idempotency_key=KEY).public_id}/check/").text
    assert "If you send it now, we promise it by" in page


def test_a_message_is_sent_once_however_often_it_is_pressed(ana: Browser, order: Order) -> None:
    page = f"/orders/{order.number}/messages/"
    for _ in range(2):
        assert ana.post(page, {"body": "Hello there", "key": "m-1"})["Location"].endswith("#messages")
    assert Message.objects.filter(order=order).count() == 1
    assert "Hello there" in ana.get(f"/orders/{order.number}/").text


@pytest.mark.parametrize(("body", "words"), [("   ", "Write a few words first."), ("x" * 4001, "at most 4000")])
def test_a_wrong_message_is_said_at_its_field_and_kept(ana: Browser, order: Order, body: str, words: str) -> None:
    response = ana.post(f"/orders/{order.number}/messages/", {"body": body, "key": "m-2"})
    assert response.status_code == 422
    assert words in response.text
    assert body.strip() in response.text
    assert not Message.objects.filter(order=order).exists()


def test_markup_in_a_message_is_shown_as_typed(ana: Browser, order: Order) -> None:
    ana.post(f"/orders/{order.number}/messages/", {"body": "<script>alert(1)</script>", "key": "m-3"})
    assert "&lt;script&gt;alert(1)" in ana.get(f"/orders/{order.number}/").text


def test_answering_what_we_ask_lets_the_order_go_on(ana: Browser, firm: Cast, order: Order, now) -> None:
    item = open_item(order, "verify_address")
    staff = {"actor": Actor.of(firm.dee), "now": now}
    work.claim(item.public_id, **staff)
    work.complete(item.public_id, answers={"address_check": "proof_needed", "checked_against": "login"}, **staff)
    request = order.requests.get()
    order.refresh_from_db()
    assert order.state == "waiting_on_client"
    assert "One thing needs you" in ana.get("/home/").text
    paper = SimpleUploadedFile("bill.pdf", PDF)
    page = f"/orders/{order.number}/requests/{request.public_id}/"
    response = ana.post(page, {"proof_of_address": paper}, follow=True)
    assert "Thank you. We have it" in response.text
    assert "bill.pdf" in response.text
    assert "Your turn" not in response.text
    order.refresh_from_db()
    assert order.state == "in_progress"


def test_a_missing_paper_is_asked_for_at_its_field(ana: Browser, order: Order, asked: ClientRequest) -> None:
    page = f"/orders/{order.number}/requests/{asked.public_id}/"
    response = ana.post(page, {"client_remark": "I come tomorrow"})
    assert response.status_code == 422
    assert "Please fill this in." in response.text
    assert "I come tomorrow" in response.text


def test_a_paper_stays_when_another_answer_is_wrong(ana: Browser, order: Order, asked: ClientRequest) -> None:
    page = f"/orders/{order.number}/requests/{asked.public_id}/"
    response = ana.post(page, {"client_remark": "x" * 30, "proof": SimpleUploadedFile("bill.pdf", PDF)})
    assert response.status_code == 422
    assert "We have bill.pdf" in response.text
    assert str(Document.objects.get(order=order).public_id) in response.text


def test_a_request_that_is_closed_says_so(ana: Browser, order: Order, asked: ClientRequest) -> None:
    ClientRequest.objects.filter(pk=asked.pk).update(closed_at=order.submitted_at)
    response = ana.post(f"/orders/{order.number}/requests/{asked.public_id}/", {}, follow=True)
    assert "Nothing more is needed." in response.text


def test_taking_an_order_back_needs_a_reason(ana: Browser, order: Order) -> None:
    page = f"/orders/{order.number}/cancel/"
    assert ana.get(page).status_code == 200
    assert ana.post(page, {"reason": " "}).status_code == 422
    response = ana.post(page, {"reason": "We stay where we are"}, follow=True)
    assert "Your order is cancelled." in response.text
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert "We stay where we are" not in response.text


def test_a_paper_comes_back_as_an_attachment(ana: Browser, order: Order, asked: ClientRequest) -> None:
    page = f"/orders/{order.number}/requests/{asked.public_id}/"
    ana.post(page, {"client_remark": "x" * 30, "proof": SimpleUploadedFile("bill.pdf", PDF, "text/html")})
    response = ana.get(f"/documents/{Document.objects.get(order=order).public_id}/")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="bill.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_paper_of_a_stranger_is_missing(ana: Browser, firm: Cast, order: Order, asked: ClientRequest) -> None:
    page = f"/orders/{order.number}/requests/{asked.public_id}/"
    ana.post(page, {"client_remark": "x" * 30, "proof": SimpleUploadedFile("bill.pdf", PDF)})
    document = Document.objects.get(order=order)
    ana.force_login(firm.bo, backend="django.contrib.auth.backends.ModelBackend")
    assert ana.get(f"/documents/{document.public_id}/").status_code == 404


def test_the_language_is_kept_with_the_reader(ana: Browser, firm: Cast) -> None:
    response = ana.post("/preferences/", {"language": "zh-hans"})
    assert response.cookies["django_language"].value == "zh-hans"
    firm.ana.refresh_from_db()
    assert firm.ana.language == "zh-hans"


def test_an_unknown_language_is_refused(ana: Browser, firm: Cast) -> None:
    assert ana.post("/preferences/", {"language": "xx"}).status_code == 422
    firm.ana.refresh_from_db()
    assert firm.ana.language == "en"


def in_english(client: Browser, user: User) -> Browser:
    """Somebody logged in who chose English in this browser."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


COMPANY = {
    "company_name": "Nanjing Xinhe Precision Instruments Co., Ltd.",
    "credit_code": "91320100MA1XXXXX0A",
    "legal_representative": "Tang Rui",
    "account_kind": "basic",
    "business_scope": "Instruments",
    "contact_name": "Tang Rui",
    "contact_phone": "+86 25 8000 0000",
}


def test_a_visit_is_chosen_from_the_free_times_and_shown_at_the_branchs_time(firm: Cast, client: Browser) -> None:
    xin = in_english(client, firm.xin)
    page = "/new/corporate_account_opening/"
    slot = open_slots(Product.objects.get(code="corporate_account_opening"), firm.company.branch, rows.NOW).first()
    assert slot is not None
    assert f'<option value="{slot.starts_at.isoformat()}"' in xin.get(page).text
    xin.post(page, {"key": KEY, "then": "check", **COMPANY, "appointment": slot.starts_at.isoformat()})
    sent = xin.post(f"/drafts/{Order.objects.get(idempotency_key=KEY).public_id}/submit/", follow=True)
    assert "Your visit" in sent.text
    assert slot.starts_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M") in sent.text


def test_a_time_taken_in_the_meantime_is_said_at_its_field(firm: Cast, client: Browser) -> None:
    xin = in_english(client, firm.xin)
    slot = open_slots(Product.objects.get(code="corporate_account_opening"), firm.company.branch, rows.NOW).first()
    answers = {"key": KEY, "then": "check", **COMPANY, "appointment": slot.starts_at.isoformat()}
    xin.post("/new/corporate_account_opening/", answers)
    type(slot).objects.filter(pk=slot.pk).update(taken=slot.capacity)
    response = xin.post(f"/drafts/{Order.objects.get(idempotency_key=KEY).public_id}/submit/")
    assert response.status_code == 422
    assert "This time has just been taken. Choose another one." in response.text
    assert "Nanjing Xinhe Precision" in response.text


def test_a_new_visit_is_chosen_from_the_free_times_too(firm: Cast, client: Browser, now) -> None:
    first, *_others = Slot.objects.filter(offering__product__code="corporate_account_opening").order_by("starts_at")
    order, asked = asked_for_a_new_time(firm, now, first)
    free = open_slots(order.product, order.branch, rows.NOW).first()
    xin, page = in_english(client, firm.xin), f"/orders/{order.number}/"
    assert f'<option value="{free.starts_at.isoformat()}"' in xin.get(page).text
    xin.post(f"{page}requests/{asked.public_id}/", {"appointment": free.starts_at.isoformat()})
    order.refresh_from_db()
    assert order.slot == free


def test_what_was_typed_in_an_answer_is_there_again_when_the_next_step_failed(
    ana, firm, order, now, monkeypatch
) -> None:
    item = open_item(order, "verify_address")
    staff = {"actor": Actor.of(firm.dee), "now": now}
    work.claim(item.public_id, **staff)
    work.complete(item.public_id, answers={"address_check": "proof_needed", "checked_against": "login"}, **staff)
    page = f"/orders/{order.number}/requests/{order.requests.get().public_id}/"
    typed = {"proof_of_address": SimpleUploadedFile("bill.pdf", PDF), "client_remark": "The lease follows"}
    monkeypatch.setattr("work.handlers.open_item", lambda task: 1 / 0)
    failed = ana.post(page, typed)
    assert failed.status_code == 422
    for again in (failed, ana.get(f"/orders/{order.number}/")):
        assert "The lease follows" in again.text
        assert "We have bill.pdf" in again.text
    assert failed["HX-Push-Url"] == f"/orders/{order.number}/"


def test_what_was_typed_for_a_request_that_somebody_else_answered_stays_readable(ana, order, asked) -> None:
    ClientRequest.objects.filter(pk=asked.pk).update(answered_at=order.submitted_at)
    response = ana.post(f"/orders/{order.number}/requests/{asked.public_id}/", {"client_remark": "My long remark"})
    assert response.status_code == 409
    assert "Nothing more is needed." in response.text
    assert "My long remark" in response.text


def test_the_page_names_who_answered(ana, firm, order, asked) -> None:
    ClientRequest.objects.filter(pk=asked.pk).update(answered_at=order.submitted_at, answered_by=firm.ana)
    page = ana.get(f"/orders/{order.number}/").text.split('id="answered"')[1].split("</section>")[0]
    assert "You answered" in page
    ClientRequest.objects.filter(pk=asked.pk).update(answered_by=firm.adam)
    page = ana.get(f"/orders/{order.number}/").text.split('id="answered"')[1].split("</section>")[0]
    assert f"{firm.adam.given_name} answered" in page


def test_htmx_gets_the_thread_alone_so_that_a_half_filled_form_stays(ana, order) -> None:
    url, htmx = f"/orders/{order.number}/messages/", {"HX-Request": "true"}
    wrong = ana.post(url, {"body": "x" * 4001, "key": "m-5"}, headers=htmx)
    assert wrong.status_code == 422
    assert wrong.text.lstrip().startswith('<section class="card" id="messages"')
    assert "x" * 4001 in wrong.text
    right = ana.post(url, {"body": "Hello there", "key": "m-5"}, headers=htmx)
    assert right.status_code == 200
    assert '<div class="bubble">Hello there</div>' in right.text
    assert "Hello there</textarea>" not in right.text


def test_a_message_that_may_not_be_written_comes_back(ana, order, monkeypatch) -> None:
    def refuse(*_args, **_about):
        raise NotAllowed("Expected somebody who works on this order, but you may only read it.")

    monkeypatch.setattr("portal_customer.views.messages.send_message", refuse)
    response = ana.post(f"/orders/{order.number}/messages/", {"body": "Hello", "key": "m-6"})
    assert response.status_code == 403
    assert "Hello</textarea>" in response.text
    assert response["HX-Push-Url"] == f"/orders/{order.number}/"


def test_a_reason_for_taking_back_what_ended_meanwhile_comes_back(ana, order, monkeypatch) -> None:
    def refuse(*_args, **_about):
        raise WrongMoment("completed", "cancelled")

    monkeypatch.setattr("portal_customer.views.orders.cancel_order", refuse)
    response = ana.post(f"/orders/{order.number}/cancel/", {"reason": "We stay"})
    assert response.status_code == 409
    assert "We stay</textarea>" in response.text


def test_a_visit_is_said_on_the_branchs_clocks_and_names_them_for_a_reader_elsewhere(
    firm, client: Browser, now
) -> None:
    first, *_others = Slot.objects.filter(offering__product__code="corporate_account_opening").order_by("starts_at")
    order, _asked = asked_for_a_new_time(firm, now, first)
    firm.xin.timezone = "America/New_York"
    firm.xin.save()
    page = in_english(client, firm.xin).get(f"/orders/{order.number}/").text
    details = page.split("Order details")[1]
    local = first.starts_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{local:%H:%M} CST</time>" in details
    asked = page.split('name="appointment"')[1]
    assert " CST</option>" in asked
    firm.xin.timezone = "Asia/Shanghai"
    firm.xin.save()
    at_home = in_english(client, firm.xin).get(f"/orders/{order.number}/").text
    assert "CST</time>" not in at_home
    assert "CST</option>" not in at_home
