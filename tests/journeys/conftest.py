"""A browser, a house a file, and people who enter it; what a browser complains about fails the story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.load import PASSWORD
from tests.browser import chromium_program
from tests.firm import NAMES
from tests.journeys.house import House, build_template

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Enter = Callable[..., Any]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for the stories of one file; its event loop must not outlive them, or Django refuses its database."""
    from playwright.sync_api import sync_playwright

    program = chromium_program()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The firm's file and what stands in it, built once."""
    folder = tmp_path_factory.mktemp("firm")
    return folder, build_template(folder)


@pytest.fixture(scope="module")
def house(
    chromium: Any, template: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house for the stories of one file."""
    folder, scene = template
    built = House.of(folder, tmp_path_factory.mktemp("house"), scene)
    try:
        built.open()
        yield built
    finally:
        built.close()


@pytest.fixture
def look_in(chromium: Any, house: House) -> Iterator[Enter]:
    """Somebody comes in with a browser of their own; at the end nothing was complained about. Options are those of a
    browser context: viewport, color_scheme, java_script_enabled, storage_state of who is logged in already.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def come_in(who: str, **options: Any) -> Any:
        context = chromium.new_context(base_url=house.url, **{"locale": "en-US", "timezone_id": "UTC", **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        listen(page, house.url, complaints)
        if who != "anonymous" and "storage_state" not in options:
            log_in(page, who)
        return page

    yield come_in
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def enter(look_in: Enter, house: House) -> Iterator[Enter]:
    """Somebody comes in to do something: at the end all that must always hold holds."""
    yield look_in
    assert house.violations() == []


def log_in(page: Any, who: str) -> None:
    """Through the page, as a person of the cast (or a user name)."""
    page.goto("/account/login/")
    page.fill("[name=login]", NAMES.get(who, who))
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/account/login" not in url)


def listen(page: Any, home: str, complaints: list[str]) -> None:
    """Note errors, refused policies and every request that leaves the house."""
    expected = ("status of 403", "status of 404", "status of 409", "status of 422")  # a refusal is an answer
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            complaints.append(f"{page.url}: {said.text}")
            if said.type == "error" and not any(answer in said.text for answer in expected)
            else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            complaints.append(f"{page.url} asks {asked.url}") if not asked.url.startswith((home, "data:")) else None
        ),
    )
    page.on("response", lambda got: complaints.append(f"{got.url}: {got.status}") if got.status >= 500 else None)
