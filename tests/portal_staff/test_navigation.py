"""Where the rail says that one is."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(
    ("query", "place"), [("", "Queues"), ("?view=my-work", "My work"), ("?view=mine", "Queues"), ("?view=x", "Queues")]
)
def test_an_item_stands_under_the_list_from_which_it_was_opened(firm, desk, as_user, query, place) -> None:
    page = as_user(firm.dee).get(reverse("staff:item", args=[desk.taken.public_id]) + query)
    items = [item for group in page.context["shell"]["nav"] for item in group["items"]]
    assert [str(item["label"]) for item in items if item["current"]] == [place]


def test_nothing_writes_a_style_into_a_page(firm, as_user) -> None:
    """A text box that somebody drew larger has a style of its own, which htmx must not copy: the policy forbids it."""
    page = as_user(firm.dee).get(reverse("staff:my_work")).text
    assert '"attributesToSettle":["class","width","height"]' in page
    assert '"includeIndicatorStyles":false' in page
