"""From JSON Schema to sections of questions."""

from __future__ import annotations

import pytest

from portal_customer.order_form import ShownWhen, fields, sections
from tests.portal_customer.rows import FORM, both


def one(field: dict, **schema) -> object:
    return fields({"properties": {"it": field}, **schema})[0]


def test_sections_come_in_their_order_and_constants_are_not_asked() -> None:
    found = [(section.title["en"], [field.name for field in section.fields]) for section in sections(FORM)]
    assert found == [
        ("What to change", ["account_number", "scope", "which", "fee", "from_day"]),
        ("Proof", ["paperless", "proof", "remarks"]),
    ]


def test_a_form_without_sections_is_one_section_without_a_title() -> None:
    (section,) = sections({"properties": {"a": {"type": "string"}, "b": {"type": "string"}}})
    assert section.title == {}
    assert [field.name for field in section.fields] == ["a", "b"]


def test_a_question_without_a_known_section_stands_in_the_last() -> None:
    schema = {
        "x-tl": {"sections": [{"key": "one", "title": both("One")}, {"key": "two", "title": both("Two")}]},
        "properties": {"a": {"type": "string", "x-tl": {"section": "one"}}, "b": {"type": "string"}},
    }
    assert [[field.name for field in section.fields] for section in sections(schema)] == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("field", "widget"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "maxLength": 500}, "textarea"),
        ({"type": "string", "format": "date"}, "date"),
        ({"type": "boolean"}, "checkbox"),
        ({"type": "integer"}, "number"),
        ({"type": "string", "enum": ["a", "b"]}, "radio"),
        ({"type": "string", "enum": ["a", "b", "c", "d", "e"]}, "select"),
        ({"type": "string", "x-tl": {"widget": "slot"}}, "slot"),
    ],
)
def test_the_widget_follows_from_the_type_unless_it_is_named(field: dict, widget: str) -> None:
    assert one(field).widget == widget


def test_a_question_is_required_always_or_once_it_appears() -> None:
    required = {field.name for field in fields(FORM) if field.is_required}
    assert required == {"account_number", "scope", "which"}


@pytest.mark.parametrize(
    ("condition", "driver", "expected"),
    [
        ('way = "wire"', {"enum": ["wire", "mail"]}, ShownWhen("way", ("wire",))),
        ('way in ("wire", "cash")', {"enum": ["wire", "mail", "cash"]}, ShownWhen("way", ("wire", "cash"))),
        ('way != "mail"', {"enum": ["wire", "mail"]}, ShownWhen("way", ("wire",))),
        ("way", {"type": "boolean"}, ShownWhen("way", ("on",))),
        ("way = false", {"type": "boolean"}, ShownWhen("way", ("",))),
        ('way = "wire"', {"type": "string"}, None),
        ('way = "wire" and other = "x"', {"enum": ["wire"]}, None),
        ("this is no expression (", {"enum": ["wire"]}, None),
        ("", {"enum": ["wire"]}, None),
    ],
)
def test_a_condition_on_one_question_becomes_its_answers(condition: str, driver: dict, expected) -> None:
    schema = {"properties": {"way": driver, "bank": {"type": "string", "x-tl": {"show_if": condition}}}}
    assert {field.name: field for field in fields(schema)}["bank"].shown_when == expected


def test_choices_carry_their_labels_in_both_languages() -> None:
    scope = {field.name: field for field in fields(FORM)}["scope"]
    assert scope.choices[0] == ("all", {"en": "All of them", "zh-Hans": "全部"})


def test_money_says_its_currency() -> None:
    assert {field.name: field.currency for field in fields(FORM)}["fee"] == "USD"
