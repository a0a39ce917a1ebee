"""What is sent is bounded before it is read, and a form that cannot be taken is refused in words."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from config.middleware import LARGEST_ANONYMOUS_BODY, LARGEST_BODY

LOG_IN = "/account/login/"


def test_nobody_fills_the_disk_without_logging_in(db, client, monkeypatch) -> None:
    monkeypatch.setattr("django.http.HttpRequest._load_post_and_files", lambda self: pytest.fail("the body was read"))
    answer = client.generic("POST", LOG_IN, b"x", CONTENT_LENGTH=str(LARGEST_ANONYMOUS_BODY + 1))
    assert answer.status_code == 413
    assert "at most 1 MB" in answer.content.decode()


def test_a_signed_in_person_sends_papers_but_not_everything(firm, client) -> None:
    client.force_login(firm.ana)
    answer = client.generic("POST", "/new/name_change/", b"x", CONTENT_LENGTH=str(LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert client.get("/", CONTENT_LENGTH="nonsense").status_code == 302


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(20_000))),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * (3 << 20)),
    ],
)
def test_what_cannot_be_read_as_a_form_is_refused_by_a_page_of_ours(firm, client, kind, body) -> None:
    client.force_login(firm.ana)
    answer = client.generic("POST", "/new/name_change/", body, content_type=kind)
    assert answer.status_code == 400
    assert "cannot be read as one" in answer.content.decode()


def test_a_page_from_before_the_log_in_is_refused_in_words_and_gives_back_what_was_typed(firm) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(firm.ana)
    typed = {"csrfmiddlewaretoken": "old", "text": "I moved to <Albany> last week.", "password": "very secret words"}
    answer = browser.post("/orders/TL-00000000-0/messages/", typed)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "since before you signed in" in page
    assert "I moved to &lt;Albany&gt; last week." in page
    assert "secret" not in page


def test_to_somebody_who_is_not_signed_in_nothing_is_given_back(db) -> None:
    answer = Browser(enforce_csrf_checks=True).post(LOG_IN, {"login": "ana", "note": "words of somebody"})
    assert answer.status_code == 403
    assert "words of somebody" not in answer.content.decode()


def test_a_part_of_a_page_is_told_the_same(firm) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(firm.ana)
    answer = browser.post("/orders/TL-00000000-0/messages/", {"text": "x"}, headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert "data-alert" in answer.content.decode()
