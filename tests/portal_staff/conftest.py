"""Orders of the small firm in several stages, and a browser in which somebody is logged in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.test import Client as Browser

from accounts.models import User
from audit.actors import Actor
from orders.models import Order
from tests.firm import Cast, address_change, open_item
from work import actions as work
from work.models import WorkItem


@dataclass(frozen=True)
class Desk:
    """One address change that waits in the queue, and one that dee works on."""

    order: Order
    item: WorkItem
    taken_order: Order
    taken: WorkItem


@pytest.fixture
def desk(firm: Cast, now: datetime) -> Desk:
    order = address_change(firm, now, key="desk-1")
    other = address_change(firm, now, key="desk-2")
    taken = work.claim(open_item(other).public_id, actor=Actor.of(firm.dee), now=now)
    return Desk(order, open_item(order), other, taken)


@pytest.fixture
def as_user(client: Browser) -> Callable[[User], Browser]:
    """A browser in which somebody is logged in: `as_user(firm.dee)`."""

    def enter(user: User) -> Browser:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
