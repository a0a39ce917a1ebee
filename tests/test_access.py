"""Who may open what: every address of the project as every role. An address that is not in the table fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse

from tests.access_table import PARTS, ROLES, ROWS, Row, data_of, kwargs_of
from tests.conftest import MONDAY
from tests.firm import cast
from tests.journeys.scene import Scene, build_scene

DAY = MONDAY + timedelta(days=22)  # a Tuesday morning: the firm is old enough for a breach
LOGIN = "/account/login/"
READ_BY_MORE = {  # the form is for fewer than the page
    "staff:decision",  # the review package
    "staff:table_cases",  # facts are tried by whoever may see the table
    "staff:model_cases",  # and by whoever may see the model
}


@pytest.fixture(scope="module")
def day() -> Iterator[datetime]:
    """All pages are opened at the same instant."""
    with time_machine.travel(DAY, tick=False):
        yield DAY


@pytest.fixture(scope="module")
def stage(
    day: datetime, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Scene, dict[str, Browser]]]:
    """The scene and a logged-in browser of everybody, made once and taken back in the end."""
    papers = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("papers"), DEBUG=False)
    with papers, django_db_blocker.unblock(), transaction.atomic():
        people = cast()
        assert people is not None
        scene, browsers = build_scene(people, day), {"anonymous": Browser()}
        for role in ROLES[1:]:
            browsers[role] = Browser()
            browsers[role].force_login(getattr(people, role), backend="django.contrib.auth.backends.ModelBackend")
        yield scene, browsers
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_what_the_table_says(stage: tuple[Scene, dict[str, Browser]], row: Row) -> None:
    scene, browsers = stage
    address = reverse(row.name, kwargs=kwargs_of(row, scene))
    given = data_of(row, scene)
    got = {role: answer(browser, row, address, given) for role, browser in browsers.items()}
    assert got == row.expected


def test_the_table_lists_every_address() -> None:
    assert set(PARTS) == {row.name for row in ROWS}


def test_what_only_takes_a_post_is_in_the_table_with_it() -> None:
    only_posted = {row.name for row in ROWS if row.verb == "GET" and set(row.expected.values()) == {"405"}}
    assert only_posted <= {row.name for row in ROWS if row.verb == "POST"}


def test_a_form_is_shown_to_nobody_whose_answer_would_be_refused() -> None:
    posted = {(row.name, row.thing): row.expected for row in ROWS if row.verb == "POST"}
    for row in ROWS:
        answers = posted.get((row.name, row.thing), {})
        if row.verb == "GET" and row.name.startswith("staff:") and row.name not in READ_BY_MORE:
            refused = {role: status for role, status in answers.items() if status in ("403", "404", "409")}
            assert {role: row.expected[role] for role in refused if row.expected[role] != "405"} in (refused, {}), row


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["customer:order", "staff:order"])
@pytest.mark.parametrize("number", ["TL-00000000-0", "TL-XXXXXXXX-X", "1", "x" * 300])
def test_a_foreign_number_answers_as_a_wrong_one(
    stage: tuple[Scene, dict[str, Browser]], page: str, number: str
) -> None:
    scene, browsers = stage
    browser = browsers["bo" if page == "customer:order" else "cora"]
    foreign, wrong = browser.get(reverse(page, args=[scene.order])), browser.get(reverse(page, args=[number]))
    assert (foreign.status_code, wrong.status_code) == (404, 404)
    assert without_tokens(foreign) == without_tokens(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["bo", "cora", "alan"])
def test_no_page_names_an_order_that_its_reader_may_not_see(stage: tuple[Scene, dict[str, Browser]], who: str) -> None:
    scene, browsers = stage
    for name in (name for name, parts in PARTS.items() if not parts):
        page = browsers[who].get(reverse(name), follow=True)
        assert scene.order not in page.text, name


def answer(browser: Browser, row: Row, address: str, given: dict[str, Any]) -> str:
    """What comes back, in the table's words; whatever it changed is taken back, the log-out too."""
    kept = browser.cookies.copy()
    with transaction.atomic():
        response = browser.get(address) if row.verb == "GET" else browser.post(address, given)
        transaction.set_rollback(True)
    browser.cookies = kept
    target = response.headers.get("Location", "")
    return "in" if target.startswith(LOGIN) and row.name != "account_logout" else str(response.status_code)


def without_tokens(response: HttpResponse) -> str:
    """A page without what differs between any two requests."""
    text = response.content.decode()
    return re.sub(r'(name="(csrfmiddlewaretoken|next)" value|name="csrf-token" content)="[^"]*"', "", text)
