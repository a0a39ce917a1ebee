"""A JSON Schema becomes sections of fields with answers, errors and words in the reader's language."""

from __future__ import annotations

import pytest

from ui.schema_form import schema_form, widget_of

SCHEMA = {
    "x-tl": {
        "sections": [{"key": "a", "title": {"en": "First", "zh-Hans": "第一"}}, {"key": "b", "title": {"en": "Last"}}]
    },
    "properties": {
        "check": {
            "type": "string",
            "enum": ["yes", "no"],
            "x-tl": {
                "section": "a",
                "title": {"en": "Checked", "zh-Hans": "已核对"},
                "labels": {"yes": {"en": "Yes", "zh-Hans": "是"}},
            },
        },
        "amount": {
            "type": "string",
            "title": "Amount",
            "x-tl": {"widget": "money", "currency": "HKD", "section": "nowhere"},
        },
        "kind": {"const": "fixed"},
        "secret": {"type": "string", "x-tl": {"widget": "hidden"}},
    },
    "required": ["check"],
}


def fields(**about):
    return {field.name: field for section in schema_form(SCHEMA, {}, **about) for field in section.fields}


def test_sections_keep_their_order_and_an_unknown_section_is_the_last() -> None:
    shown = schema_form(SCHEMA, {})
    assert [(section.title, [field.name for field in section.fields]) for section in shown] == [
        ("First", ["check"]),
        ("Last", ["amount"]),
    ]


def test_what_is_fixed_or_hidden_is_not_asked() -> None:
    assert set(fields()) == {"check", "amount"}


def test_words_are_in_the_readers_language() -> None:
    field = fields(language="zh-hans")["check"]
    assert (field.label, field.options[0].label, field.options[1].label) == ("已核对", "是", "no")


def test_answers_and_errors_stand_at_their_field() -> None:
    shown = schema_form(SCHEMA, {"check": "yes", "amount": "12.00"}, errors={"amount": "Too small."})
    check, amount = shown[0].fields[0], shown[1].fields[0]
    assert [option.is_chosen for option in check.options] == [True, False]
    assert (amount.value, amount.error, amount.label) == ("12.00", "Too small.", "Amount (HKD)")
    assert amount.described_by == "field-amount-error"
    assert (check.is_required, amount.is_required) == (True, False)


@pytest.mark.parametrize(
    ("about", "widget"),
    [
        ({"type": "boolean"}, "checkbox"), ({"type": "integer"}, "number"), ({"type": "array"}, "checkboxes"),
        ({"enum": ["a", "b"]}, "radio"), ({"enum": list("abcde")}, "select"), ({"format": "date"}, "date"),
        ({"maxLength": 500}, "textarea"), ({"maxLength": 50}, "text"), ({"x-tl": {"widget": "money"}}, "money"),
    ],
)  # fmt: skip
def test_the_control_follows_the_type(about: dict, widget: str) -> None:
    assert widget_of(about) == widget


def test_no_form_is_no_section() -> None:
    assert schema_form({}, {}) == []
