"""Who may open what: the client's pages, foreign orders, and staff who look."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from audit.models import Entry
from orders.models import ClientRequest, Order
from tests.portal_customer import rows

MISSING = "TL-00000000-0"


def address(name: str, *args: object) -> str:
    return reverse(f"customer:{name}", args=args)


def same_for_all(response) -> str:
    """A page without what differs from one request to the next: tokens, and the address to come back to."""
    return re.sub(r'(name="(csrfmiddlewaretoken|next)" value|name="csrf-token" content)="[^"]*"', "", response.text)


@pytest.fixture
def every_page(shop) -> dict[str, str]:
    draft = rows.make_order(shop.ana_client, shop.product, shop.ana, state="draft")
    asked, paper = rows.ask(shop.order), rows.attach(shop.order, shop.ana)
    number = shop.order.number
    default_storage.save(paper.stored_as, ContentFile(b"%PDF-1.4"))
    return {
        "home": address("home"),
        "orders": address("orders"),
        "order": address("order", number),
        "cancel": address("cancel", number),
        "message": address("message", number),
        "answer": address("answer", number, asked.public_id),
        "new_order": address("new_order", shop.product.code),
        "draft": address("draft", draft.public_id),
        "check": address("check", draft.public_id),
        "submit": address("submit", draft.public_id),
        "discard": address("discard", draft.public_id),
        "document": address("document", paper.public_id),
        "preferences": address("preferences"),
    }


READ = ["home", "orders", "order", "cancel", "new_order", "draft", "check", "discard", "document", "preferences"]
WRITE = ["message", "answer", "submit"]
OF_ONE_CLIENT = ["order", "cancel", "draft", "check", "discard", "document", *WRITE]


@pytest.mark.parametrize("name", READ + WRITE)
def test_nobody_gets_in_without_logging_in(client, every_page, name: str) -> None:
    response = client.post(every_page[name]) if name in WRITE else client.get(every_page[name])
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_htmx_is_led_to_the_log_in_but_what_was_typed_stays(client, every_page) -> None:
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/orders/"}
    asked = client.get(every_page["order"], headers=htmx)
    assert asked["HX-Redirect"] == f"{reverse('account_login')}?next=/orders/"
    sent = client.post(every_page["message"], {"body": "Hello"}, headers=htmx)
    assert sent.status_code == 401
    assert "HX-Redirect" not in sent


@pytest.mark.parametrize("name", READ)
def test_the_client_may_open_their_pages(as_user, shop, every_page, name: str) -> None:
    assert as_user(shop.ana).get(every_page[name]).status_code == 200


@pytest.mark.parametrize("name", OF_ONE_CLIENT)
def test_a_stranger_gets_the_same_as_for_nothing(as_user, shop, every_page, name: str) -> None:
    browser = as_user(shop.cy)
    response = browser.post(every_page[name]) if name in WRITE else browser.get(every_page[name])
    assert response.status_code == 404
    missing = browser.get(address("order", MISSING))
    assert missing.status_code == 404
    assert same_for_all(response) == same_for_all(missing)


@pytest.mark.parametrize("name", [*READ, *WRITE])
def test_staff_are_sent_to_their_own_portal(as_user, shop, every_page, name: str) -> None:
    browser = as_user(shop.dee)
    response = browser.post(every_page[name]) if name in WRITE else browser.get(every_page[name])
    assert response.status_code == (200 if name == "document" else 403)


@pytest.mark.parametrize("name", [*WRITE])
def test_what_writes_is_not_read(as_user, shop, every_page, name: str) -> None:
    assert as_user(shop.ana).get(every_page[name]).status_code == 405


@pytest.mark.parametrize("typed", ["tl-{}", "TL{}", "  tl {} "])
def test_a_number_typed_otherwise_leads_to_the_one_form(as_user, shop, typed: str) -> None:
    number = shop.order.number.removeprefix("TL-").lower()
    response = as_user(shop.ana).get(address("order", typed.format(number)))
    assert response.status_code == 302
    assert response["Location"] == address("order", shop.order.number)


@pytest.mark.parametrize("number", [MISSING, "1", "TL-XXXXXXXX-X", "x" * 500])
def test_a_wrong_number_is_missing(as_user, shop, number: str) -> None:
    assert as_user(shop.ana).get(address("order", number)).status_code == 404


def test_an_advisor_sees_orders_of_their_clients_only(as_user, shop) -> None:
    browser = as_user(shop.gus)
    assert browser.get(address("order", shop.order.number)).status_code == 200
    assert browser.get(address("order", shop.foreign.number)).status_code == 404


def test_a_draft_is_its_authors_alone(as_user, shop, every_page) -> None:
    assert as_user(shop.gus).get(every_page["draft"]).status_code == 404


def test_ordering_for_a_foreign_client_is_missing(as_user, shop) -> None:
    page = address("new_order", shop.product.code)
    assert as_user(shop.ana).get(page, {"client": shop.cy_client.ref}).status_code == 404
    assert as_user(shop.ana).get(address("home"), {"client": shop.cy_client.ref}).status_code == 404


def test_a_product_that_is_not_on_the_shelf_is_missing(as_user, shop) -> None:
    shop.product.listings.all().delete()
    assert as_user(shop.ana).get(address("new_order", shop.product.code)).status_code == 404


def test_staff_look_as_the_client_and_the_look_is_on_record(as_user, shop) -> None:
    rows.ask(shop.order, "Proof of address")
    response = as_user(shop.dee).get(address("preview", shop.order.number))
    page = response.content.decode()
    assert response.status_code == 200
    assert "<form" not in page.split("<main")[1]
    assert "Your turn: Proof of address" in page
    looks = Entry.objects.filter(fact="orders.order.viewed_as_client", order_ref=shop.order.ledger_ref)
    assert looks.count() == 1
    assert looks.get().actor == f"user:{shop.dee.pk}"


def test_a_head_request_shows_nothing_and_is_no_look(as_user, shop) -> None:
    browser = as_user(shop.dee)
    before = Entry.objects.count()
    assert browser.head(address("preview", shop.order.number)).status_code == 200
    assert Entry.objects.count() == before


def test_staff_who_do_not_see_the_order_cannot_look(as_user, shop) -> None:
    other = rows.make_user("eli-p", "Eli Stone", "operations_analyst", client_side=False)
    assert as_user(other).get(address("preview", shop.order.number)).status_code == 404
    assert not Entry.objects.filter(fact="orders.order.viewed_as_client", actor=f"user:{other.pk}").exists()


def test_a_client_is_led_from_the_preview_to_their_own_page(as_user, shop) -> None:
    response = as_user(shop.ana).get(address("preview", shop.order.number))
    assert response["Location"] == address("order", shop.order.number)


def test_a_request_of_another_order_is_missing_like_one_that_never_was(as_user, shop) -> None:
    elsewhere = rows.make_order(shop.ana_client, shop.product, shop.ana)
    browser = as_user(shop.ana)
    for task in (rows.ask(shop.foreign).public_id, rows.ask(elsewhere).public_id, uuid4()):
        response = browser.post(address("answer", shop.order.number, task), {"remarks": "Here it is"})
        assert response.status_code == 404
        assert "We have this already" not in browser.get(address("order", shop.order.number)).text
    assert not ClientRequest.objects.exclude(answered_at=None).exists()


def test_a_page_of_somebody_elses_order_changes_nothing(as_user, shop) -> None:
    as_user(shop.cy).post(address("cancel", shop.order.number), {"reason": "mine now"})
    assert Order.objects.get(pk=shop.order.pk).state == "in_progress"


CONTROLS = ["\0", "\x07", "\x1b", "\x7f", "\x85"]
MARKS = ["\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\u061c", "\u200b", "\u2060", "\ufeff"]


@pytest.mark.parametrize("strange", CONTROLS)
def test_a_control_character_in_an_address_is_refused_in_words(as_user, shop, strange) -> None:
    response = as_user(shop.ana).get(address("orders"), {"client": f"C{strange}"})
    assert response.status_code == 422
    assert "an invisible character" in response.text
    assert "Type it again" in response.text


@pytest.mark.parametrize("strange", CONTROLS)
def test_a_control_character_in_a_form_is_refused_at_its_field_and_the_text_stays(as_user, shop, strange) -> None:
    browser, before = as_user(shop.ana), Order.objects.count()
    sent = {"key": "k", "remarks": f"before{strange}after", "account_number": "HL-123456"}
    response = browser.post(address("new_order", shop.product.code), sent)
    assert response.status_code == 422
    assert 'id="field-remarks-error"' in response.text
    assert "This contains an invisible character." in response.text
    assert "HL-123456" in response.text
    assert Order.objects.count() == before


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["without a script", "with htmx"])
def test_a_message_with_a_control_character_is_refused_in_place(as_user, shop, headers) -> None:
    url = address("message", shop.order.number)
    response = as_user(shop.ana).post(url, {"body": "My long\x07 question"}, headers=headers)
    assert response.status_code == 422
    for words in ('id="messages"', "This contains an invisible character.", "question"):
        assert words in response.text
    assert ("<html" in response.text) is (not headers)
    assert not shop.order.messages.exists()


def test_what_no_field_says_is_said_with_what_was_typed_and_takes_the_place_of_nothing(as_user, shop) -> None:
    browser = as_user(shop.ana)
    url = address("cancel", shop.order.number)
    assert "no longer needed" in browser.post(url, {"reason": "It is no longer\x07 needed"}).text
    part = browser.post(url, {"reason": "No longer\x07 needed"}, headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Retarget"]) == (422, "#alerts")
    browser.cookies["django_language"] = "zh-hans"
    assert "不可见" in browser.post(url, {"reason": "abc\x07def"}).text
    assert Order.objects.get(pk=shop.order.pk).state == "in_progress"


@pytest.mark.parametrize("mark", MARKS)
def test_marks_that_pasting_brings_along_are_dropped(as_user, shop, mark) -> None:
    browser = as_user(shop.ana)
    browser.post(address("message", shop.order.number), {"body": f"{mark}Good{mark} morning"})
    assert shop.order.messages.get().body == "Good morning"
    sent = {"key": "k", "account_number": f"{mark}HL-123456", "scope": "all", "remarks": mark, "then": "later"}
    browser.post(address("new_order", shop.product.code), sent)
    answers = Order.objects.get(idempotency_key="k").answers
    assert (answers["account_number"], "remarks" in answers) == ("HL-123456", False)
    assert browser.get(address("orders"), {"client": f"{mark}P-ana"}).status_code == 200


@pytest.mark.parametrize("mark", MARKS)
def test_a_text_of_nothing_but_marks_is_empty(as_user, shop, mark) -> None:
    response = as_user(shop.ana).post(address("message", shop.order.number), {"body": mark})
    assert response.status_code == 422
    assert "Write a few words first." in response.text


def test_lines_tabs_and_joined_signs_are_text(as_user, shop) -> None:
    body = "First line\r\n\tsecond: 👩\u200d💻 می\u200cخواهم"
    assert as_user(shop.ana).post(address("message", shop.order.number), {"body": body}).status_code == 302
    assert shop.order.messages.get().body == body
