"""What happens beside a story, by name: `python -m tests.journeys.meanwhile late_order`. Prints JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django


def late_order(now: datetime) -> dict[str, Any]:
    """An order whose time has run out since it was sent, which no sweep has seen yet."""
    from tests.firm import ADDRESS, cast, submitted
    from tests.journeys.scene import LONG_AGO

    people = cast()
    assert people is not None
    order = submitted(people.bo, people.bo_client, "address_change", ADDRESS, now - LONG_AGO, key="forgotten")
    return {"order": order.number, "band": order.band}


def put_in_force(now: datetime) -> dict[str, Any]:
    """The worker's minute in which approved versions whose date has come take effect."""
    from rulebook.tasks import put_in_force as task

    task(now)
    return {}


def another_transfer(now: datetime) -> dict[str, Any]:
    """The transfer of the scene once more, of another client, found valid: the matrix decides on it."""
    from accounts.models import Client, User
    from tests.firm import cast, open_item, submitted
    from tests.journeys.scene import SMALL, TRANSFER, done

    people, keisha = cast(), User.objects.get(username="keisha")
    assert people is not None
    answers = {**TRANSFER, **SMALL, "amount": "20000.00"}
    order = submitted(keisha, Client.objects.get(ref="C-0007"), "full_acat", answers, now, key=f"again-{now}")
    done(open_item(order), people.tia, now, transfer_check="valid")
    request = order.approval_requests.get()
    return {"order": order.number, "rules": request.rules, "tiers": [tier.role for tier in request.tiers.all()]}


DEEDS: dict[str, Callable[[datetime], dict[str, Any]]] = {
    "late_order": late_order,
    "put_in_force": put_in_force,
    "another_transfer": another_transfer,
}


def main() -> None:
    """Do the deed that is named."""
    django.setup()
    from django.utils import timezone

    from tests.journeys import later

    with later.clock():
        json.dump(DEEDS[sys.argv[1]](timezone.now()), sys.stdout)


if __name__ == "__main__":
    main()
