"""What a form asks stands in the order in which it was drawn, on every database."""

from __future__ import annotations

import pytest

from catalog.models import Product
from orders.models import Order
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
