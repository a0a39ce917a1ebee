"""What happens beside a story, by name: `python -m tests.journeys.meanwhile late_order`. Prints JSON."""

from __future__ import annotations

import json
import re
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
    order.refresh_from_db()
    return {"order": order.number, "band": order.band}


def one_more_order(now: datetime) -> dict[str, Any]:
    """Another address change of ana's that waits in the queue."""
    from tests.firm import address_change, cast, open_item

    people = cast()
    assert people is not None
    return {"item": str(open_item(address_change(people, now, key=f"more {now}")).public_id)}


def put_in_force(now: datetime) -> dict[str, Any]:
    """The worker's minute in which approved versions whose date has come take effect."""
    from processes import tasks as processes
    from rulebook import tasks as rulebook

    rulebook.put_in_force(now)
    processes.put_in_force(now)
    return {}


def wire_to_somebody_else(now: datetime) -> dict[str, Any]:
    """A large wire of ana's to somebody else, called back and found valid: it waits for its team lead."""
    from tests.approvals.transfers import CALLED, THIRD, WIRE
    from tests.firm import cast, open_item, submitted
    from tests.journeys.scene import done

    people = cast()
    assert people is not None
    answers = {**WIRE, **THIRD, "amount": "150000.00"}
    order = submitted(people.ana, people.ana_client, "non_acat_transfer", answers, now, key=f"wire {now}")
    done(open_item(order), people.tia, now, transfer_check="valid", identity_verified_by="known_number")
    done(open_item(order), people.tia, now, **CALLED)
    return {"order": order.number, "item": str(open_item(order).public_id)}


def largest_transfer(now: datetime) -> dict[str, Any]:
    """A transfer of ana's above two million to somebody else, found valid: three tiers sign, the team lead first."""
    from tests.approvals.transfers import FULL, THIRD
    from tests.firm import cast, open_item, submitted
    from tests.journeys.scene import done

    people = cast()
    assert people is not None
    answers = {**FULL, **THIRD, "amount": "2000000.01"}
    order = submitted(people.ana, people.ana_client, "full_acat", answers, now, key=f"largest {now}")
    done(open_item(order), people.tia, now, transfer_check="valid", identity_verified_by="known_number")
    return {"order": order.number, "item": str(open_item(order).public_id)}


def the_manager_takes_it(now: datetime) -> dict[str, Any]:
    """The operations manager takes the decision that waits for her role, and goes."""
    from audit.actors import Actor
    from tests.firm import cast
    from work import actions as work
    from work.models import WorkItem

    people = cast()
    assert people is not None
    item = WorkItem.objects.open().get(role="operations_manager")
    work.claim(item.public_id, actor=Actor.of(people.max), now=now)
    return {}


def sweep(now: datetime) -> dict[str, Any]:
    """The worker's minute in which clocks are looked at."""
    from sla.tasks import sweep as task

    task(now)
    return {}


def another_transfer(now: datetime) -> dict[str, Any]:
    """A small transfer of a client who has none yet, found valid: the matrix decides on it."""
    from accounts.models import Client, User
    from tests.firm import cast, open_item, submitted
    from tests.journeys.scene import TRANSFER, done

    people, amira = cast(), User.objects.get(username="amira")
    assert people is not None
    answers = {**TRANSFER, "account_number": "HL-104383", "amount": "20000.00"}
    order = submitted(amira, Client.objects.get(ref="C-0010"), "full_acat", answers, now, key=f"small {now}")
    done(open_item(order), people.tia, now, transfer_check="valid")
    request = order.approval_requests.get()
    return {"order": order.number, "rules": request.rules, "tiers": [tier.role for tier in request.tiers.all()]}


def promote_the_maker(now: datetime) -> dict[str, Any]:
    """The analyst who validated the transfer becomes a team lead."""
    from accounts import actions as accounts
    from demo.load import LOADER
    from tests.firm import cast

    people = cast()
    assert people is not None
    for group in ("role:team_lead", "lead:transfers"):
        accounts.join(people.tia, accounts.group(group), actor=LOADER, now=now)
    return {}


def ask_the_new_table(now: datetime) -> dict[str, Any]:
    """A drawing whose business-rule task asks the table `address_risk`, and an order that runs it."""
    from audit.actors import Actor
    from processes import actions
    from processes.tasks import put_in_force as task
    from tests.firm import cast
    from tests.processes.drawings import drawn, instance_of, order_of, work_at
    from tests.processes.engine.bpmn import element, end, extensions, path, start

    people = cast()
    assert people is not None
    asks = element("businessRuleTask", "risk", extensions('<tl:decision table="address_risk" result="risk"/>'))
    xml = drawn(start(), asks, work_at("look"), end(), path("start -> risk -> look -> end"), key="graded")
    actions.open_model(key="graded", name={"en": "Graded", "zh-Hans": "定级"}, actor=Actor.of(people.alan), now=now)
    now_holding = cast()
    assert now_holding is not None
    maker, checker = Actor.of(now_holding.alan), Actor.of(now_holding.nadia)
    made = actions.draft_version("graded", xml=xml, forms={}, actor=maker, now=now, file="graded.bpmn")
    actions.propose_version(made.pk, justification="It asks first.", effective_at=now, actor=maker, now=now)
    actions.approve_version(made.pk, actor=checker, now=now)
    task(now)
    instance = instance_of(order_of(people, "graded", now))
    return {"risk": instance.state["variables"]["risk"]}


def another_version(now: datetime) -> dict[str, Any]:
    """A second version of the address change is in force, in which the first step has another id."""
    from audit.actors import Actor
    from processes import actions
    from processes.models import ProcessVersion
    from processes.tasks import put_in_force as task
    from tests.firm import cast

    people, old = cast(), ProcessVersion.objects.get(model__key="address_change", number=1)
    assert people is not None
    xml = re.sub(rb'(?<=[">])verify_address(?=["<])', b"check_address", bytes(old.xml))
    forms = {**old.forms, "check_address": old.forms["verify_address"]}
    maker, checker = Actor.of(people.alan), Actor.of(people.nadia)
    made = actions.draft_version("address_change", xml=xml, forms=forms, actor=maker, now=now, file="next.bpmn")
    actions.propose_version(made.pk, justification="Another name.", effective_at=now, actor=maker, now=now)
    actions.approve_version(made.pk, actor=checker, now=now)
    task(now)
    return {"version": made.number}


DEEDS: dict[str, Callable[[datetime], dict[str, Any]]] = {
    "late_order": late_order,
    "one_more_order": one_more_order,
    "put_in_force": put_in_force,
    "another_version": another_version,
    "ask_the_new_table": ask_the_new_table,
    "wire_to_somebody_else": wire_to_somebody_else,
    "largest_transfer": largest_transfer,
    "the_manager_takes_it": the_manager_takes_it,
    "sweep": sweep,
    "another_transfer": another_transfer,
    "promote_the_maker": promote_the_maker,
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
