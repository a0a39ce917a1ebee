"""A condition on one question becomes that question's answers, so that a page can follow it."""

from __future__ import annotations

from datetime import date

import pytest

from orders.conditions import shown_when
from orders.schemas import asked


@pytest.mark.parametrize(
    ("condition", "driver", "values"),
    [
        ('way = "wire"', {"enum": ["wire", "mail"]}, ["wire"]),
        ('way in ("wire", "cash")', {"enum": ["wire", "mail", "cash"]}, ["wire", "cash"]),
        ('way != "mail"', {"enum": ["wire", "mail"]}, ["wire"]),
        ("way", {"type": "boolean"}, ["on"]),
        ("way = false", {"type": "boolean"}, [""]),
    ],
)
def test_a_condition_on_one_question_becomes_its_answers(condition: str, driver: dict, values: list) -> None:
    assert shown_when({"properties": {"way": driver}}, condition) == {"driver": "way", "values": values}


@pytest.mark.parametrize(
    ("condition", "driver"),
    [
        ('way = "wire"', {"type": "string"}),
        ('way = "wire" and other = "x"', {"enum": ["wire"]}),
        ("this is no expression (", {"enum": ["wire"]}),
        ("", {"enum": ["wire"]}),
    ],
)
def test_a_page_cannot_follow_any_other_condition(condition: str, driver: dict) -> None:
    assert shown_when({"properties": {"way": driver}}, condition) is None


def test_a_form_is_asked_with_its_conditions_worked_out_and_stays_as_it_was() -> None:
    form = {"properties": {"way": {"enum": ["wire"]}, "bank": {"x-tl": {"show_if": 'way = "wire"', "title": {}}}}}
    hints = asked(form, date(2026, 11, 22))["properties"]["bank"]["x-tl"]
    assert hints["shown_when"] == {"driver": "way", "values": ["wire"]}
    assert "title" in hints
    assert "shown_when" not in form["properties"]["bank"]["x-tl"]
