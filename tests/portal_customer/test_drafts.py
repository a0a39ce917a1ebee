"""Ordering: what is typed is kept, checked, shown once more and sent once."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orders.models import Document, Order
from tests.portal_customer import rows

FILLED = {"account_number": "HL-123456", "scope": "all", "fee": "1,250.5", "remarks": "Thank you"}
KEY = "0198c1de00007000800000000000aaaa"
PDF = b"%PDF-1.7 a small paper"


def page_of(shop) -> str:
    return f"/new/{shop.product.code}/"


def post(browser, shop, then: str = "check", **answers):
    return browser.post(page_of(shop), {"key": KEY, "client": shop.ana_client.ref, "then": then, **answers})


def the_draft() -> Order:
    return Order.objects.get(idempotency_key=KEY)


def test_the_form_asks_the_questions_of_the_product(as_user, shop) -> None:
    page = as_user(shop.ana).get(page_of(shop)).text
    for words in ("What to change", "Account number", "Which accounts", "Fee (USD)", 'type="date"', 'type="file"'):
        assert words in page
    assert 'name="kind"' not in page


def test_what_we_know_is_filled_in(as_user, shop) -> None:
    type(shop.ana_client).objects.filter(pk=shop.ana_client.pk).update(account="HL-777777")
    assert 'value="HL-777777"' in as_user(shop.ana).get(page_of(shop)).text


def test_a_conditional_question_names_its_condition(as_user, shop) -> None:
    page = as_user(shop.ana).get(page_of(shop)).text
    assert "Only if “Which accounts” is: One of them" in page
    assert 'data-driver="scope" data-values="one"' in page


def test_good_answers_lead_to_the_check_page(as_user, shop) -> None:
    browser = as_user(shop.ana)
    response = post(browser, shop, **FILLED)
    draft = the_draft()
    assert response["Location"] == f"/drafts/{draft.public_id}/check/"
    assert draft.answers["fee"] == "1250.50"
    page = browser.get(response["Location"]).text
    for words in ("Check your answers", "HL-123456", "All of them", "USD 1,250.50", "Thank you", "Send order"):
        assert words in page


def test_wrong_answers_are_said_on_top_and_at_the_field_and_everything_is_kept(as_user, shop) -> None:
    response = post(as_user(shop.ana), shop, account_number="nonsense", fee="a lot", remarks="My words")
    assert response.status_code == 422
    page = response.text
    assert "error-summary" in page
    assert 'href="#field-account_number"' in page
    assert 'id="field-account_number-error"' in page
    assert "Please fill this in." in page  # scope
    for typed in ("nonsense", "a lot", "My words"):
        assert typed in page
    assert the_draft().answers["remarks"] == "My words"


@pytest.mark.parametrize("strange", ["Savings\nLoan", "Savings\tLoan"])
def test_what_asks_for_one_line_takes_no_second(as_user, shop, strange: str) -> None:
    answers = FILLED | {"scope": "one", "which": strange, "remarks": "First\nSecond\tpart"}
    page = post(as_user(shop.ana), shop, **answers)
    assert page.status_code == 422
    assert page.text.count("Write this on one line.") == 2  # on top and at the field
    assert 'id="field-which-error"' in page.text


def test_every_link_of_the_error_summary_leads_to_something(as_user, shop) -> None:
    page = post(as_user(shop.ana), shop, scope="one").text
    for name in ("account_number", "which"):
        assert f'href="#field-{name}"' in page
        assert f'id="field-{name}"' in page
    page = post(as_user(shop.ana), shop).text
    assert 'href="#field-scope"' in page
    assert 'id="field-scope"' in page


def test_saving_for_later_asks_nothing_and_keeps_everything(as_user, shop) -> None:
    browser = as_user(shop.ana)
    response = post(browser, shop, "later", account_number="not yet")
    assert response["Location"] == "/home/"
    draft = the_draft()
    assert 'value="not yet"' in browser.get(f"/drafts/{draft.public_id}/").text


def test_saving_on_the_way_answers_with_the_time_and_makes_one_draft(as_user, shop) -> None:
    browser = as_user(shop.ana)
    for typed in ("HL-1", "HL-12", "HL-123"):
        response = post(browser, shop, "autosave", account_number=typed)
        assert "Saved at" in response.text
        assert "<html" not in response.text
    assert Order.objects.filter(product=shop.product, state="draft").count() == 1
    assert the_draft().answers["account_number"] == "HL-123"


def test_an_answer_to_a_question_that_is_not_asked_is_left_out(as_user, shop) -> None:
    post(as_user(shop.ana), shop, **FILLED, which="Savings")
    assert "which" not in the_draft().answers


def test_a_paper_is_kept_with_the_draft_even_when_other_answers_are_wrong(as_user, shop, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    browser = as_user(shop.ana)
    response = post(browser, shop, account_number="x", proof=SimpleUploadedFile("bill.pdf", PDF))
    document = Document.objects.get(order=the_draft())
    assert response.status_code == 422
    assert "We have bill.pdf" in response.text
    again = {"key": KEY, "then": "check", **FILLED, "proof": str(document.public_id)}
    browser.post(f"/drafts/{the_draft().public_id}/", again)
    assert the_draft().answers["proof"] == str(document.public_id)
    assert "bill.pdf" in browser.get(f"/drafts/{the_draft().public_id}/check/").text


def test_saving_on_the_way_does_not_lose_a_paper(as_user, shop, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    browser = as_user(shop.ana)
    post(browser, shop, "later", proof=SimpleUploadedFile("bill.pdf", PDF))
    kept = the_draft().answers["proof"]
    post(browser, shop, "autosave", proof=[kept, "[object File]"])
    assert the_draft().answers["proof"] == kept


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bill.pdf", b"<html>no pdf</html>", "Choose a PDF, JPG or PNG."),
        ("bill.png", b"MZ\x90\x00", "Choose a PDF, JPG or PNG."),
        ("bill.pdf", b"%PDF-" + b"x" * 2000, "Choose a file of at most 10 MB."),
    ],
)
def test_a_file_that_we_do_not_take_is_refused_at_its_field(
    as_user, shop, settings, tmp_path, name: str, content: bytes, words: str
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.DOCUMENT_MAX_BYTES = 1000
    response = post(as_user(shop.ana), shop, **FILLED, proof=SimpleUploadedFile(name, content))
    assert response.status_code == 422
    assert words in response.text
    assert not Document.objects.filter(order=the_draft()).exists()
    assert the_draft().answers["account_number"] == "HL-123456"


def test_the_paper_of_another_order_does_not_count(as_user, shop) -> None:
    foreign = rows.attach(shop.foreign, shop.cy)
    post(as_user(shop.ana), shop, **FILLED, proof=str(foreign.public_id))
    assert "proof" not in the_draft().answers


def test_the_check_page_of_an_unfinished_draft_is_its_form(as_user, shop) -> None:
    browser = as_user(shop.ana)
    post(browser, shop, "later", remarks="begun")
    response = browser.get(f"/drafts/{the_draft().public_id}/check/")
    assert response.status_code == 422
    assert "error-summary" in response.text


@pytest.fixture
def foreign_account(shop) -> None:
    """ana has an account of her own, and a draft names another one."""
    type(shop.ana_client).objects.filter(pk=shop.ana_client.pk).update(account="HL-777777")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This is not an account of this client. Check each digit."),
        ("zh-hans", "这不是该客户的账户。请逐位核对。"),
    ],
)
def test_another_account_stands_at_its_field_before_anything_is_sent(
    as_user, shop, foreign_account, language, words
) -> None:
    browser = as_user(shop.ana)
    browser.cookies["django_language"] = language
    asked = post(browser, shop, **FILLED)
    looked_at = browser.get(f"/drafts/{the_draft().public_id}/check/")
    for page in (asked, looked_at):
        assert page.status_code == 422
        assert page.text.count(words) == 2  # on top and at the field
        assert 'id="field-account_number-error"' in page.text
        assert f"/drafts/{the_draft().public_id}/submit/" not in page.text
    assert post(browser, shop, **FILLED | {"account_number": "HL-777777"}).status_code == 302


def test_all_that_is_wrong_is_said_at_once(as_user, shop, foreign_account) -> None:
    page = post(as_user(shop.ana), shop, **FILLED | {"fee": "a lot"}).text
    for name in ("account_number", "fee"):
        assert f'id="field-{name}-error"' in page


def test_a_paper_that_is_no_longer_there_is_asked_for_before_anything_is_sent(as_user, shop) -> None:
    browser = as_user(shop.ana)
    post(browser, shop, **FILLED)
    foreign = rows.attach(shop.foreign, shop.cy)
    answers = the_draft().answers | {"proof": str(foreign.public_id)}
    Order.objects.filter(pk=the_draft().pk).update(answers=answers)
    page = browser.get(f"/drafts/{the_draft().public_id}/check/")
    assert page.status_code == 422
    assert 'id="field-proof-error"' in page.text


def test_a_discarded_draft_is_gone(as_user, shop) -> None:
    browser = as_user(shop.ana)
    post(browser, shop, "later", remarks="begun")
    draft = the_draft()
    assert browser.post(f"/drafts/{draft.public_id}/discard/")["Location"] == "/home/"
    assert browser.get(f"/drafts/{draft.public_id}/").status_code == 404


def test_before_a_draft_is_discarded_a_page_says_what_is_lost(as_user, shop) -> None:
    browser = as_user(shop.ana)
    post(browser, shop, "later", remarks="begun")
    rows.attach(the_draft(), shop.ana, "lease.pdf")
    asks = f"/drafts/{the_draft().public_id}/discard/"
    page = browser.get(asks).text
    for words in ("Discard this draft?", "and the files that you added are deleted", "lease.pdf"):
        assert words in page
    assert f'method="post" action="{asks}"' in page
    assert f'href="/drafts/{the_draft().public_id}/"' in page  # or go on with it
    assert Order.objects.filter(idempotency_key=KEY).exists()


@pytest.mark.parametrize("path", ["/home/", "/orders/"])
def test_one_press_on_a_list_only_asks(as_user, shop, path: str) -> None:
    browser = as_user(shop.ana)
    post(browser, shop, "later", remarks="begun")
    asks, dialog = f"/drafts/{the_draft().public_id}/discard/", f"discard-{the_draft().public_id}"
    page = browser.get(path).text
    assert f'href="{asks}" data-dialog="{dialog}"' in page
    shown = page.split(f'<dialog class="dialog" id="{dialog}"')[1].split("</dialog>")[0]
    assert "and the files that you added are deleted" in shown
    assert page.count(f'action="{asks}"') == shown.count(f'action="{asks}"') == 1


def test_an_advisor_is_asked_for_which_client(as_user, shop) -> None:
    browser = as_user(shop.gus)
    page = browser.get(page_of(shop)).text
    assert "For which client?" in page
    assert "bea household" in page
    assert "cy household" not in page
    form = browser.get(page_of(shop), {"client": shop.bea_client.ref}).text
    assert f'name="client" value="{shop.bea_client.ref}"' in form


def test_a_draft_that_was_sent_leads_to_its_order(as_user, shop) -> None:
    browser = as_user(shop.ana)
    Order.objects.filter(pk=shop.order.pk).update(idempotency_key=KEY)
    address = f"/orders/{shop.order.number}/"
    assert post(browser, shop, **FILLED)["Location"] == address
    assert post(browser, shop, "autosave", **FILLED)["HX-Redirect"] == address
    for path in ("", "check/", "discard/"):
        assert browser.get(f"/drafts/{shop.order.public_id}/{path}")["Location"] == address
    for path in ("submit/", "discard/"):
        assert browser.post(f"/drafts/{shop.order.public_id}/{path}")["Location"] == address


HTMX = {"HX-Request": "true"}


def hidden(page, name: str) -> list[str]:
    return re.findall(rf'type="hidden" name="{name}"[^>]* value="([^"]*)"', page.text)


class Window:
    """A page of the draft, as one window shows it."""

    def __init__(self, browser, name: str) -> None:
        self.browser, self.address = browser, f"/drafts/{the_draft().public_id}/"
        self.page = browser.get(self.address + name)

    def sends(self, **more: str):
        return self.browser.post(self.address + "submit/", self.carries("version", "shown") | more)

    def saves(self, then: str, headers=None, **answers: str):
        sent = self.carries("version", "key") | {"then": then} | FILLED | answers
        return self.browser.post(self.address, sent, headers=headers)

    def carries(self, *names: str) -> dict[str, list[str]]:
        return {name: hidden(self.page, name) for name in names}


def test_what_was_not_checked_is_not_sent(as_user, shop) -> None:
    browser = as_user(shop.ana)
    post(browser, shop, **FILLED)
    checked, other = Window(browser, "check/"), Window(browser, "")
    other.saves("later", account_number="HL-654321", remarks="Changed")
    page = checked.sends()
    assert (page.status_code, the_draft().number) == (409, None)
    assert "these answers were changed in another window: Account number, Remarks. Check them once more." in page.text
    assert "HL-654321" in page.text
    assert page["HX-Push-Url"] == checked.address + "check/"
    assert hidden(page, "version") == [str(the_draft().version)]


def test_of_two_windows_the_last_does_not_win_silently(as_user, shop) -> None:
    browser = as_user(shop.ana)
    post(browser, shop, **FILLED)
    one, other = Window(browser, ""), Window(browser, "")
    one.saves("later", remarks="From the first window")
    page = other.saves("check", remarks="From the second window")
    assert (page.status_code, the_draft().answers["remarks"]) == (409, "From the first window")
    for words in ("From the second window", "Keep what is on this page", "Show what was saved last"):
        assert words in page.text
    [version] = re.findall(r'name="on_top" value="(\d+)"', page.text)
    assert other.saves("check", remarks="From the second window", on_top=version).status_code == 302
    assert the_draft().answers["remarks"] == "From the second window"


def test_the_same_answers_from_an_old_page_are_no_conflict(as_user, shop) -> None:
    browser = as_user(shop.ana)
    post(browser, shop, **FILLED)
    one, other = Window(browser, ""), Window(browser, "")
    one.saves("later", remarks="The same")
    assert other.saves("check", remarks="The same").status_code == 302


def test_saving_on_the_way_tells_the_page_its_new_version(as_user, shop) -> None:
    browser = as_user(shop.ana)
    post(browser, shop, **FILLED)
    window = Window(browser, "")
    for remarks in ("One", "Two", "Three"):
        saved = window.saves("autosave", HTMX, remarks=remarks)
        assert (saved.status_code, 'hx-swap-oob="true"' in saved.text) == (200, True)
        window.page = saved
        window.carries = lambda *names, page=saved: {"version": hidden(page, "version"), "key": KEY}
    other = Window(browser, "")
    other.saves("later", remarks="Four")
    stale = window.saves("autosave", HTMX, remarks="Five")
    assert (stale.status_code, stale["HX-Retarget"]) == (409, "#order-form [data-conflict]")
    assert "<html" not in stale.text
    assert 'name="then" value="here"' in stale.text
    assert the_draft().answers["remarks"] == "Four"


def test_a_paper_chosen_in_a_stale_window_is_not_lost(as_user, shop, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    browser = as_user(shop.ana)
    post(browser, shop, **FILLED)
    one, other = Window(browser, ""), Window(browser, "")
    one.saves("later", remarks="From the first window")
    page = other.saves("check", proof=SimpleUploadedFile("bill.pdf", PDF))
    assert page.status_code == 409
    assert "We have bill.pdf" in page.text
