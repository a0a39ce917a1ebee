"""The two pictures of the README, from the running product; `UPDATE_SCREENSHOTS=1` puts them into `docs/images`."""

import os
from pathlib import Path

import pytest

from tests.journeys.house import ROOT

pytestmark = pytest.mark.browser
SHOTS = {
    "customer": ("ana", "/orders/{asked}/"),
    "staff": ("eve", "/staff/items/{approval}/decide/"),
}


@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_of_each_portal(enter, house, tmp_path, name):
    who, address = SHOTS[name]
    folder = ROOT / "docs" / "images" if os.environ.get("UPDATE_SCREENSHOTS") == "1" else tmp_path
    page = enter(who, viewport={"width": 1440, "height": 960}, color_scheme="light")
    page.goto(address.format(**vars(house.scene)))
    page.evaluate("document.fonts.ready")
    target = Path(folder) / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target)
    assert target.stat().st_size > 20_000
