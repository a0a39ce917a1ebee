"""A reader whose clocks go differently from the order's branch is told in which zone times are."""

import pytest
from django.urls import reverse

from portal_staff.access import zone_of
from ui.zones import is_named, reading_in, shows


@pytest.fixture
def in_zone(firm, as_user):
    def enter(zone):
        type(firm.max).objects.filter(pk=firm.max.pk).update(timezone=zone)
        return as_user(type(firm.max).objects.get(pk=firm.max.pk))

    return enter


@pytest.mark.parametrize(("zone", "named"), [("Asia/Shanghai", True), ("America/New_York", False)])
@pytest.mark.parametrize("name", ["staff:item", "staff:item_part", "staff:order", "staff:trail", "staff:queue"])
def test_pages_of_an_order_name_the_zone_where_it_differs(desk, in_zone, zone, named, name) -> None:
    thing = {"staff:order": desk.order.number, "staff:trail": desk.order.number, "staff:queue": "maintenance"}
    page = in_zone(zone).get(reverse(name, args=[thing.get(name, desk.item.public_id)]))
    assert page.status_code == 200
    assert (" CST</time>" in page.text, " EST</time>" in page.text) == (named, False)


def test_one_page_leaves_nothing_to_the_next(firm, now) -> None:
    zone = zone_of(firm.max)
    with reading_in(zone):
        shows("Asia/Shanghai")
        assert is_named(now)
        with reading_in(zone):
            assert not is_named(now)
            shows("America/Toronto")  # another name, the same clocks
            assert not is_named(now)
    assert not is_named(now)
