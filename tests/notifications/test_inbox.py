"""The inbox: one's own, newest first, counted up to 99, read once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from audit.actors import Actor
from audit.refusals import NotFound
from notifications import actions, queries
from notifications.models import Notice
from notifications.sentences import SENTENCES, WITHOUT_ORDER


def tell(person, now, template="order_received", **about):
    about = {
        "context": {"number": "TL-7K3F9Q2M-C"},
        "url": "/orders/TL-7K3F9Q2M-C/",
        "dedupe_key": str(uuid4()),
        **about,
    }
    actions.tell(person, template, now=now, **about)


def test_the_newest_comes_first_in_words(firm, now):
    tell(firm.ana, now)
    tell(firm.ana, now + timedelta(minutes=1), "order_completed")
    tell(firm.bo, now)
    assert [told.title for told in queries.inbox(firm.ana)] == [
        "Order TL-7K3F9Q2M-C is done",
        "We received your order TL-7K3F9Q2M-C",
    ]


def test_reading_it_counts_once_and_only_for_oneself(firm, now):
    tell(firm.ana, now)
    notice = Notice.objects.get(recipient=firm.ana, channel="inbox")
    with pytest.raises(NotFound):
        actions.mark_read(notice.public_id, actor=Actor.of(firm.bo), now=now)
    assert queries.unread_count(firm.ana) == 1
    actions.mark_read(notice.public_id, actor=Actor.of(firm.ana), now=now)
    actions.mark_read(notice.public_id, actor=Actor.of(firm.ana), now=now + timedelta(days=1))
    notice.refresh_from_db()
    assert notice.read_at == now
    assert queries.unread_count(firm.ana) == 0


def test_marking_all_leaves_what_came_later(firm, now):
    tell(firm.ana, now)
    tell(firm.ana, now + timedelta(seconds=5))
    assert actions.mark_all_read(actor=Actor.of(firm.ana), now=now) == 1
    assert queries.unread_count(firm.ana) == 1


def test_the_count_stops_at_ninety_nine(firm, now):
    for _ in range(105):
        tell(firm.ana, now, by_mail=False)
    assert queries.unread_count(firm.ana) == 99


@pytest.mark.parametrize("ask", [queries.inbox, queries.unread_count])
def test_each_read_is_one_statement(firm, now, ask, django_assert_num_queries):
    tell(firm.ana, now)
    with django_assert_num_queries(1):
        ask(firm.ana)


def test_the_same_key_tells_once_per_channel(firm, now):
    for _ in range(3):
        tell(firm.ana, now, dedupe_key="k")
    assert Notice.objects.filter(recipient=firm.ana, channel="inbox").count() == 1


def test_an_unknown_template_is_a_bug(firm, now):
    with pytest.raises(LookupError, match="unheard_of"):
        tell(firm.ana, now, "unheard_of")


@pytest.mark.parametrize("template", SENTENCES)
def test_every_sentence_needs_only_the_number_and_none_where_it_is_about_no_order(template):
    sentence = SENTENCES[template]
    about = {} if template in WITHOUT_ORDER else {"number": "TL-1"}
    assert ("TL-1" in sentence.title(about)) is bool(about)
    assert ("TL-1" in sentence.text(about)) is bool(about)
