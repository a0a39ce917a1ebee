"""What people do on the pages, so that a story reads as one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

NUMBER = re.compile(r"TL-[0-9A-HJKMNP-TV-Z]{8}-[0-9A-Z*~$=]")
ADDRESS = {"street": "18 Orchard Lane", "city": "Albany", "region": "New York", "postal_code": "12207"}
COMPANY = {
    "company_name": "Nanjing Xinhe",
    "credit_code": "91320100MA1M7K8X5Q",
    "legal_representative": "Tang Rui",
    "business_scope": "Precision instruments",
    "contact_name": "Tang Rui",
    "contact_phone": "+86 25 5555 0101",
}


def fill_address(page: Any) -> None:
    """A whole new address."""
    page.check("[name=applies_to][value=all]")
    for name, text in ADDRESS.items():
        page.fill(f"[name={name}]", text)
    page.select_option("[name=country]", "US")
    page.fill("[name=valid_from]", (datetime.now(tz=UTC).date() + timedelta(days=60)).isoformat())


def fill_company(page: Any, place: str) -> None:
    """A company that wants an account and comes at that time."""
    for name, text in COMPANY.items():
        page.fill(f"[name={name}]", text)
    page.check("[name=account_kind][value=basic]")
    page.select_option("[name=appointment]", place)


def check_answers(page: Any) -> None:
    """On to the page on which all answers stand once more."""
    page.click("button[name=then][value=check]")
    page.wait_for_url("**/check/")


def send(page: Any) -> None:
    """Press the button that sends the order."""
    page.click("form[action$='/submit/'] button")


def number_of(page: Any) -> str:
    """The number of the order whose page this is."""
    page.wait_for_url(re.compile(r"/orders/TL-"))
    found = NUMBER.search(page.url.replace("%24", "$").replace("%7E", "~"))
    assert found, page.url
    return found.group()


def cursor_to(page: Any, item: str) -> Any:
    """Move the queue's cursor to an item's row with the keyboard; the row."""
    row = page.locator(f"#item-{item}")
    row.wait_for()
    for _ in range(page.locator("[data-row]").count() + 1):
        page.keyboard.press("j")
        if "cur" in (row.get_attribute("class") or ""):
            return row
    raise AssertionError(f"the cursor did not reach {item}")


def say_why(page: Any, dialog: str, reason: str) -> None:
    """Give the reason in a dialog that is open."""
    page.fill(f"#{dialog} [name=reason]", reason)
    page.click(f"#{dialog} .btn.primary")


def decide(page: Any, choice: str, reason: str) -> None:
    """Make the decision whose page this is."""
    page.check(f"[name=decision][value={choice}]")
    for tick in page.locator("[name=attested]").all():
        tick.check()
    page.fill("#reason", reason)
    page.click("form.decision .btn.primary")
