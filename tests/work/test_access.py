"""Who may see an item: the rule that looks at a row gives what the rule that filters rows gives."""

from __future__ import annotations

from dataclasses import fields
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from audit.actors import Actor
from tests.firm import address_change, open_item
from work import actions as work
from work.access import sees
from work.models import WorkItem
from work.refusals import NoSuchItem


def test_looking_at_an_item_and_filtering_for_it_give_the_same_for_everybody(firm, now):
    item = WorkItem.objects.select_related("queue").get(pk=open_item(address_change(firm, now)).pk)
    everybody = [person for person in (getattr(firm, one.name) for one in fields(firm)) if isinstance(person, User)]
    told = {user.username: sees(user, item) for user in everybody}
    assert told == {user.username: _filtered(user, item) for user in everybody}
    assert set(told.values()) == {True, False}


def test_nobody_sees_an_item(firm, now):
    item = open_item(address_change(firm, now))
    assert not sees(AnonymousUser(), item)
    assert not _filtered(AnonymousUser(), item)


def test_an_item_that_one_may_not_see_is_missing_like_one_that_is_not_there(firm, now):
    item = open_item(address_change(firm, now))
    for public_id in (item.public_id, uuid4()):
        with pytest.raises(NoSuchItem):
            work.claim(public_id, actor=Actor.of(firm.ana), now=now)


def _filtered(user: User | AnonymousUser, item: WorkItem) -> bool:
    return WorkItem.objects.visible_to(user).filter(pk=item.pk).exists()
