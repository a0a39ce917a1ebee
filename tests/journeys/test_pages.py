"""Every page as somebody who uses it, on a desk and a phone, light and dark, in both languages: axe finds nothing,
nothing scrolls sideways, there is one heading and a title. `SCREENSHOTS=FOLDER` keeps a picture of each.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
DESK, PHONE, NARROW = (1440, 900), (390, 844), (320, 700)
LOOKS = {  # each page in each; widths, themes and languages all meet
    "desk-light-en": (DESK, "light", "en"),
    "desk-dark-zh": (DESK, "dark", "zh-hans"),
    "phone-light-zh": (PHONE, "light", "zh-hans"),
    "phone-dark-en": (PHONE, "dark", "en"),
}
PAGES = {
    "anonymous": {"login": "/account/login/", "password": "/account/password/reset/"},
    "ana": {
        "home": "/home/",
        "orders": "/orders/",
        "order": "/orders/{order}/",
        "asked": "/orders/{asked}/",
        "transfer": "/orders/{transfer}/",
        "cancel": "/orders/{order}/cancel/",
        "form": "/new/address_change/",
        "transfer-form": "/new/full_acat/",
        "draft": "/drafts/{draft}/",
        "check": "/drafts/{draft}/check/",
        "preferences": "/preferences/",
        "not-hers": "/orders/{late}/",
    },
    "adam": {"advisor-home": "/home/", "advisor-order": "/orders/{order}/", "choose-client": "/new/address_change/"},
    "dee": {
        "my-work": "/staff/my-work/",
        "queues": "/staff/queues/",
        "queue": "/staff/queues/maintenance/",
        "item": "/staff/items/{item}/",
        "held-item": "/staff/items/{held}/",
        "preview": "/staff/items/{item}/preview/",
        "pend": "/staff/items/{held}/pend/",
        "ask": "/staff/items/{held}/ask/",
        "staff-order": "/staff/orders/{asked}/",
        "as-client": "/orders/{order}/as-client/",
        "waiting": "/staff/processes/waiting/",
        "instance": "/staff/processes/instances/{asked}/",
        "search": "/staff/search/?q=whitmore",
        "notices": "/staff/notices/",
        "staff-preferences": "/staff/preferences/",
        "forbidden": "/staff/ledger/",
    },
    "eve": {
        "lead-queue": "/staff/queues/maintenance/",
        "lead-item": "/staff/items/{held}/",
        "assign": "/staff/items/{item}/assign/",
        "priority": "/staff/items/{item}/priority/",
        "approvals": "/staff/approvals/",
        "decision": "/staff/items/{approval}/decide/",
        "supervisory-log": "/staff/supervisory-log/",
        "absences": "/staff/absences/",
        "new-absence": "/staff/absences/new/",
        "call-off-absence": "/staff/absences/{absence}/call-off/",
        "delegations": "/staff/delegations/",
        "lend": "/staff/delegations/new/",
        "revoke-delegation": "/staff/delegations/{delegation}/revoke/",
    },
    "max": {
        "who-is-missed": "/staff/absences/ahead/?person={missed}&first_day={first_day}&ends_at={last_day}",
        "board": "/staff/service-levels/",
        "breaches": "/staff/breaches/",
        "breach": "/staff/breaches/{breach}/",
        "cancel-order": "/staff/orders/{order}/cancel/",
        "instance-to-cancel": "/staff/processes/instances/{transfer}/",
    },
    "alan": {
        "tables": "/staff/tables/",
        "table": "/staff/tables/firm/",
        "version": "/staff/tables/transfers/1/",
        "draft-version": "/staff/tables/transfers/{version}/",
        "edit-version": "/staff/tables/transfers/{version}/edit/",
        "what-if": "/staff/tables/transfers/{version}/what-if/",
        "new-table": "/staff/new-table/?kind=approval_matrix",
        "table-columns": "/staff/tables/transfers/{version}/columns/",
        "import-rules": "/staff/tables/transfers/{version}/import/",
        "table-cases": "/staff/tables/transfers/{version}/cases/?f-transfer=full_acat&f-amount=500000",
        "proposed": "/staff/tables/firm/{proposed}/",
        "models": "/staff/models/",
        "model": "/staff/models/kyc_risk/",
        "model-version": "/staff/models/kyc_risk/1/",
        "model-cases": "/staff/models/kyc_risk/1/cases/?f-0=other&f-1=true",
        "model-upload": "/staff/models/kyc_risk/upload/",
        "new-model": "/staff/new-model/",
        "calendars": "/staff/calendars/",
        "new-calendar": "/staff/new-calendar/",
        "processes": "/staff/processes/",
        "process": "/staff/processes/full_acat/",
        "process-version": "/staff/processes/full_acat/1/",
        "process-change": "/staff/processes/full_acat/difference/1/1/",
        "process-upload": "/staff/processes/full_acat/upload/",
        "process-heat": "/staff/processes/full_acat/heat/",
        "process-heat-orders": "/staff/processes/full_acat/heat/validate_transfer/",
        "dry-run": "/staff/processes/full_acat/1/dry-run/",
        "new-process": "/staff/new-process/",
    },
    "judith": {
        "ledger": "/staff/ledger/",
        "entry": "/staff/ledger/{entry}/",
        "trail": "/staff/orders/{transfer}/ledger/",
        "procedures": "/staff/procedures/?against=2020-01-01",
        "procedures-refused": "/staff/procedures/?on=2999-01-01",
    },
}


@pytest.fixture(scope="module")
def logged_in(house: Any) -> dict[str, Any]:
    """Who has logged in already, with their cookies."""
    return {}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", PAGES)
def test_pages_are_whole_for_everybody(
    look_in: Any, house: Any, logged_in: dict[str, Any], who: str, look: str
) -> None:
    (width, height), theme, language = LOOKS[look]
    window = {"viewport": {"width": width, "height": height}, "color_scheme": theme, "bypass_csp": True}
    page = look_in(who, **window, **logged_in.get(who, {}))
    logged_in.setdefault(who, {"storage_state": page.context.storage_state()})
    speak(page, house, language)
    wrong = []
    for name, address in PAGES[who].items():
        page.goto(address.format(**vars(house.scene)))
        wrong += [f"{name}: {what}" for what in [*flaws(page, language), *violations(page)]]
        if width == PHONE[0]:
            page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
            wrong += [f"{name} at 320: {what}" for what in sideways(page)]
            page.set_viewport_size({"width": width, "height": height})
        keep(page, f"{name}-{look}")
    assert not wrong, "\n".join(wrong)


def speak(page: Any, house: Any, language: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": house.url}])


def flaws(page: Any, language: str) -> list[str]:
    """What every page must have."""
    headings, title = page.locator("h1").all_inner_texts(), page.title().strip()
    shown = page.locator("html").get_attribute("lang") or ""
    return [
        *([f"headings: {headings}"] if len(headings) != 1 or not headings[0].strip() else []),
        *(["no title"] if not title or title == "Throughline" else []),
        *([f"language: {shown}"] if shown.lower() != {"en": "en", "zh-hans": "zh-hans"}[language] else []),
        *sideways(page),
    ]


def sideways(page: Any) -> list[str]:
    """What sticks out on the right of the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide <= 0:
        return []
    widest = page.evaluate(
        """() => {
          const scrolls = (one) => one && (/auto|scroll|hidden|clip/.test(getComputedStyle(one).overflowX)
            || scrolls(one.parentElement));
          return [...document.querySelectorAll("body *")]
            .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .filter((one) => !scrolls(one.parentElement))
            .slice(0, 4).map((one) => one.outerHTML.slice(0, 110));
        }"""
    )
    return [f"scrolls sideways by {wide}: {widest}"]


def violations(page: Any) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    found = Axe().run(page, options=STANDARD).response["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes'][:3]]}" for each in found]


def keep(page: Any, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
