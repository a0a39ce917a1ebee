"""The tokens' contrast: text 4.5:1, marks and control borders 3:1, in both themes."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text(encoding="utf-8")
DARK_BY_SYSTEM, DARK_BY_CHOICE = ':root:not([data-theme="light"])', ':root[data-theme="dark"]'
GROUNDS = ("bg", "surface", "surface-2", "surface-3")
SOFT = ("ok", "warn", "crit", "breach", "hold", "add", "del")
TEXT = [
    *[(text, ground) for text in ("text", "text-2", "text-3") for ground in GROUNDS],
    *[(text, ground) for text in ("accent-text", "ok", "warn", "crit", "hold") for ground in GROUNDS[:3]],
    *[(text, f"{text}-soft") for text in SOFT],
    *[("text", f"{soft}-soft") for soft in ("ok", "warn", "crit", "accent")],
    *[(text, "accent-soft") for text in ("accent-text", "text-2")],
    *[("on-accent", ground) for ground in ("accent", "accent-hover")],
    *[("axis", "surface"), ("text-inv", "ok-mark"), ("bg", "text")],
]
MARK_NAMES = ("ok-mark", "crit-mark", "breach-mark", "hold-mark", "line-control", "focus", "series-1", "series-2")
MARKS = [(mark, ground) for mark in MARK_NAMES for ground in ("bg", "surface")] + [("warn-mark", "surface")]


def declarations(selector: str) -> dict[str, str]:
    start = CSS.index("{", CSS.index(selector)) + 1
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", CSS[start : CSS.index("}", start)]))


LIGHT = declarations(":root {")
THEMES = {"light": LIGHT, "dark": LIGHT | declarations(DARK_BY_CHOICE)}


def luminance(colour: str) -> float:
    assert re.fullmatch(r"#[0-9a-f]{6}", colour), f"{colour} is not a plain six-digit colour"
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21_and_of_a_colour_on_itself_1():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#2b4a9b", "#2b4a9b") == pytest.approx(1)


def test_the_two_dark_blocks_are_identical():
    assert declarations(DARK_BY_SYSTEM) == declarations(DARK_BY_CHOICE)


def test_dark_changes_every_colour_of_light():
    coloured = {name for name, value in LIGHT.items() if value.startswith("#")}
    assert coloured <= set(declarations(DARK_BY_CHOICE))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(theme, text, ground):
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_can_be_seen(theme, mark, ground):
    assert contrast(THEMES[theme][mark], THEMES[theme][ground]) >= 3
