"""What a form asks stands in the order in which it was drawn, on every database; the quick JSON is the usual one."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audit.fields import text_of, value_of_text
from catalog.models import Product
from orders.models import Order
from tests.conftest import MONDAY
from tests.firm import address_change, open_item
from work.models import WorkItem

ASKED = {
    "properties": {"long_name": {}, "b": {}, "a": {"x-tl": {"title": {"en": "A", "zh-Hans": "甲"}}}},
    "n": [1.5, None],
}


@pytest.mark.parametrize("write", ["save", "update", "bulk"])
def test_keys_stay_in_their_order_however_they_are_written(firm, write):
    product = Product.objects.get(code="address_change")
    product.form = ASKED
    if write == "save":
        product.save()
    elif write == "update":
        Product.objects.filter(pk=product.pk).update(form=ASKED)
    else:
        Product.objects.bulk_update([product], ["form"])
    kept = Product.objects.get(pk=product.pk).form
    assert kept == ASKED
    assert list(kept["properties"]) == ["long_name", "b", "a"]


def test_what_belongs_to_an_order_is_read_with_its_form_in_order(firm, now):
    order = Order.objects.select_related("product").get(pk=address_change(firm, now).pk)
    drawn = list(Product.objects.get(pk=order.product_id).form["properties"])
    assert list(order.product.form["properties"]) == drawn
    item = open_item(order)
    assert list(WorkItem.objects.values_list("form", flat=True).get(pk=item.pk)) == list(item.form)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
@example(2**64)
@example({"long": [-(10**30), 1e22, 12345678901234567.5]})
@example("half a character \ud800")
@example({1: "a key that is no text"})
def test_the_quick_json_says_what_the_usual_one_says(value):
    usual = json.loads(json.dumps(value))
    for read in (value_of_text(text_of(value)), value_of_text(json.dumps(value))):
        assert json.dumps(read) == json.dumps(usual)


@pytest.mark.parametrize("value", [float("nan"), {"a": [float("inf")]}, date(2026, 11, 16), {"a": MONDAY}, object()])
def test_what_json_has_no_word_for_is_refused_as_ever(value):
    with pytest.raises((TypeError, ValueError)):
        text_of(value)


def test_a_text_that_is_no_json_is_refused():
    with pytest.raises(ValueError, match="unexpected"):
        value_of_text("{1")
