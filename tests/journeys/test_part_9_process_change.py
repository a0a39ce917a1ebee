"""A drawing is changed by two people: what is wrong is seen on it, what differs is read, and it takes effect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
KEY = "address_change"
MODEL = f"/staff/processes/{KEY}/"
DRAWN = (Path(__file__).parents[2] / "demo" / "products" / KEY / "process.bpmn").read_text(encoding="utf-8")
CHANGED = DRAWN.replace("Send letters to both addresses", "Call the client").replace('effort="12"', 'effort="20"')
BROKEN = CHANGED.replace('sourceRef="send_letters" targetRef="done"', 'sourceRef="send_letters" targetRef="dnoe"')


def test_a_change_of_a_drawing_takes_effect_when_a_second_person_approves(enter: Any, house: Any) -> None:
    maker = enter("alan")
    maker.goto(MODEL)
    maker.click("a[href$='/upload/']")
    send(maker, "new way.bpmn", BROKEN)
    expect(maker.locator("#findings")).to_contain_text("dnoe")
    expect(maker.locator(".diagram .node.wrong").first).to_be_visible()
    assert versions(house) == [(1, "in_force")]

    send(maker, "new way.bpmn", CHANGED)
    maker.wait_for_url(f"**{MODEL}2/")
    assert versions(house) == [(1, "in_force"), (2, "draft")]
    maker.click("a[href*='/difference/']")
    maker.wait_for_url(f"**{MODEL}difference/1/2/")
    for drawing in maker.locator(".diagram").all():
        expect(drawing.locator("[data-node=verify_address] .node.changed")).to_have_count(1)
        expect(drawing.locator("[data-node=send_letters] .node.changed")).to_have_count(1)
    for words in ("Planned minutes", "Name in English", "Send letters to both addresses", "Call the client"):
        expect(maker.locator("table")).to_contain_text(words)

    maker.click("nav.crumbs a[href$='/2/']")
    maker.fill("[name=justification]", "A call is quicker than two letters.")
    maker.click("form[action$='/propose/'] button")
    expect(maker.locator("#main")).to_contain_text("You proposed this version")
    expect(maker.locator("form[action$='/approve/']")).to_have_count(0)

    checker = enter("nadia")
    checker.goto(f"{MODEL}2/")
    expect(checker.locator("#main")).to_contain_text("A call is quicker than two letters.")
    checker.click("form[action$='/approve/'] button")
    expect(checker.locator("#main")).to_contain_text("Approved")
    house.meanwhile("put_in_force")
    assert versions(house) == [(1, "in_force"), (2, "approved")]

    house.open(days_later=2)  # it was proposed for tomorrow
    house.meanwhile("put_in_force")
    assert versions(house) == [(1, "superseded"), (2, "in_force")]
    reader = enter("judith")
    reader.goto(MODEL)
    expect(reader.locator("#main .diagram")).to_contain_text("Call the client")
    expect(reader.locator("#main")).to_contain_text("still has")
    assert house.violations() == []


def send(page: Any, name: str, drawing: str) -> None:
    """Choose a file and press the button."""
    page.set_input_files("#file", {"name": name, "mimeType": "application/xml", "buffer": drawing.encode()})
    page.click("form[action$='/upload/'] .btn.primary")


def versions(house: Any) -> list[tuple[int, str]]:
    """Number and state of every version of the process."""
    named = "select id from processes_processmodel where key = ?"
    return house.rows(f"select number, state from processes_processversion where model_id = ({named}) order by 1", KEY)
