"""A form whose answers could be of any size is not kept: each field says how long, how much and how far."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import gettext, override

from audit.actors import Actor
from catalog import actions as catalog
from catalog.refusals import FormUnfit
from demo import files
from orders.form_checks import why_unfit
from processes import actions as processes
from processes.refusals import NotPublishable
from rulebook.said import in_words

TEXT = {"type": "string", "maxLength": 40}
DATE = {**TEXT, "format": "date", "x-tl": {"widget": "date", "not_before": "1900-01-01", "not_after": "today"}}
MONEY = {**TEXT, "maxLength": 16, "pattern": "^[0-9]{1,12}\\.[0-9]{2}$", "x-tl": {"widget": "money", "currency": "USD"}}
NUMBER = {"type": "integer", "minimum": 0, "maximum": 100}
LIST = {"type": "array", "maxItems": 3, "items": {"enum": ["a", "b", "c"]}}


def without(field: dict, *names: str) -> dict:
    return {name: value for name, value in field.items() if name not in names}


def problems(field: dict[str, Any]) -> list[str]:
    return why_unfit({"properties": {"it": field}})


@pytest.mark.parametrize(
    "field",
    [TEXT, DATE, MONEY, NUMBER, LIST, {"type": "boolean"}, {"const": "x"}, {"type": "string", "enum": ["a"]}],
)
def test_a_bounded_field_is_fit(field: dict) -> None:
    assert problems(field) == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (without(TEXT, "maxLength"), 'Expected a maxLength of the text "it", but it has none.'),
        ({}, 'Expected a maxLength of the text "it", but it has none.'),
        ({**TEXT, "maxLength": 20_001}, 'Expected a maxLength of at most 20000 for "it", but it is 20001.'),
        (without(NUMBER, "maximum"), 'Expected a minimum and a maximum of the number "it", but one is missing.'),
        ({**NUMBER, "maximum": 10**15}, 'Expected numbers of at most 15 digits for "it", but its bounds allow more.'),
        (without(LIST, "maxItems"), 'Expected maxItems of the list "it", but it has none.'),
        ({**LIST, "items": {"type": "string"}}, 'Expected a maxLength of the text "it[]", but it has none.'),
        (without(DATE, "x-tl"), 'Expected not_before and not_after in x-tl of the date "it", but one is missing.'),
        (
            {**DATE, "x-tl": {"not_before": "soon", "not_after": "today"}},
            'Expected the bounds of the date "it" as a day, "today" or a distance such as "+1y", but "soon" is none.',
        ),
        (
            {**DATE, "x-tl": {"not_before": "+1y", "not_after": "today"}},
            'Expected not_before of "it" to be no later than its not_after, but it is.',
        ),
        (
            {**MONEY, "maxLength": 17},
            'Expected a maxLength of at most 16 for the amount "it" (15 digits and a point), but it is 17.',
        ),
    ],
)
def test_an_unbounded_field_is_named_with_what_it_lacks(field: dict, said: str) -> None:
    assert problems(field) == [said]
    with override("zh-hans"):
        assert "Expected" not in in_words(problems(field)[0], gettext, "zh-hans")


def test_a_free_time_is_bounded_by_what_is_offered() -> None:
    assert problems({"type": "string", "format": "date-time", "maxLength": 35, "x-tl": {"widget": "slot"}}) == []


def test_a_product_whose_form_has_no_bounds_is_refused(firm, now) -> None:
    texts = {"en": "A", "zh-Hans": "甲"}
    form = {"type": "object", "properties": {"remarks": {"type": "string"}}}
    about = {"name": texts, "summary": texts, "family": "maintenance", "icon": "file", "audience": "any"}
    with pytest.raises(FormUnfit) as refused:
        catalog.add_product(
            code="odd", form=form, process_key="odd", parameters={}, **about, actor=Actor.system("test"), now=now
        )
    assert 'Expected a maxLength of the text "remarks", but it has none.' in refused.value.sentence


def test_a_drawing_whose_form_has_no_bounds_is_refused(firm, now) -> None:
    folder = next(path for path in files.product_folders() if path.name == "address_change")
    xml, forms = files.process_of(folder)
    forms["send_letters"]["properties"]["sent_on"]["x-tl"].pop("not_after")
    with pytest.raises(NotPublishable) as refused:
        processes.draft_version(
            "address_change", xml=xml, forms=forms, actor=Actor.of(firm.alan), now=now, file="a.bpmn"
        )
    assert "a.bpmn:" in str(refused.value)
    assert 'send_letters: Expected not_before and not_after in x-tl of the date "sent_on"' in str(refused.value)
