"""What is on the desk when the history ends: drafts of clients, a changed rule, a draft of one, a proposal that waits,
authority that is lent, and stories that are still going on (`ending.yaml`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from accounts.being_away import enter_absence
from accounts.delegating import delegate_authority
from accounts.delegations import window_of_days
from accounts.models import Client
from demo import files
from demo.history.clientele import Clientele
from demo.history.ordering import Ordering
from demo.history.scene import Scene
from demo.history.stories import Story, moment_of
from demo.load import change_a_rule, load_cases, load_drafts

DRAFTS = (
    ("address_change", 3),
    ("partial_acat", 28),
    ("beneficiary_change", 75),
    ("account_closure", 150),
)  # hours ago
FIRST_CLIENT = "C-0001"
RULES_DAYS_AGO = 3
CHANGED_DAYS_AGO = 20
CHANGE: dict[str, Any] = {  # a target is changed on the way, so that written procedures of two days differ
    "key": "sla_targets",
    "rule": "M4",
    "cells": {"cadence": '"2bd"'},
    "why": "Re-registrations take a week; clients asked us not to write to them every day.",
}
LENT = (  # who lends whom the authority to sign, how many days ago, for how long, why
    ("omar", "evelyn", 17, timedelta(days=3), "Away for a course from Monday."),
    ("evelyn", "omar", 1, timedelta(days=7), "On leave this week; Omar knows my open cases."),
)
LEAVE_DAYS_AGO = 2
AWAY = ("fay", 3, 9)  # who is away soon: from and to which day after the last


def leave_things_open(scene: Scene, ordering: Ordering, clientele: Clientele) -> None:
    """Put down what somebody begins and does not finish before the end."""
    until = scene.timeline.until
    client = next(each for each in scene.clients.values() if each.ref == FIRST_CLIENT)
    for number, (product, hours) in enumerate(DRAFTS):
        if product in ordering.products:
            begin = partial(_begin_draft, ordering, product, client, number)
            scene.timeline.at(until - timedelta(hours=hours), begin)
    scene.timeline.at(until - timedelta(days=RULES_DAYS_AGO), partial(_draft_rules, scene))
    changed = until - timedelta(days=CHANGED_DAYS_AGO)
    if changed > scene.firm.now:
        scene.timeline.at(changed, partial(_change_rule, scene))
    for giver, taker, days_ago, length, why in LENT:
        begins = until - timedelta(days=days_ago)
        if begins > scene.firm.now:
            scene.timeline.at(begins, partial(_lend, scene, giver, taker, length, why))
    scene.timeline.at(until - timedelta(days=LEAVE_DAYS_AGO), partial(_enter_leave, scene))
    _tell_stories(scene, ordering, clientele)


def _begin_draft(ordering: Ordering, product: str, client: Client, number: int, now: datetime) -> None:
    ordering.begin_draft(product, client, number, now)


def _change_rule(scene: Scene, now: datetime) -> None:
    change_a_rule(scene.firm, **CHANGE, now=now)


def _lend(scene: Scene, giver: str, taker: str, length: timedelta, why: str, now: datetime) -> None:
    by, to = scene.people[giver], scene.people[taker]
    delegate_authority(
        delegator=by.pk,
        delegate=to.pk,
        begins_at=now,
        ends_at=now + length,
        reason=why,
        actor=scene.actor(by),
        now=now,
    )


def _enter_leave(scene: Scene, now: datetime) -> None:
    who, first, last = AWAY
    person, today = scene.people[who], scene.timeline.until.date()
    days = (today + timedelta(days=first), today + timedelta(days=last))
    begins_at, ends_at = window_of_days(*days, person.timezone)
    by = scene.actor(person)
    enter_absence(person=person.pk, kind="leave", begins_at=begins_at, ends_at=ends_at, actor=by, now=now)


def _draft_rules(scene: Scene, now: datetime) -> None:
    load_cases(scene.firm, now=now)
    load_drafts(scene.firm, now=now)


def _tell_stories(scene: Scene, ordering: Ordering, clientele: Clientele) -> None:
    """The stories whose product is sold and whose first step lies in the history."""
    numbers = count(1)
    for row in files.read_yaml("ending.yaml")["stories"]:
        moments = [moment_of(scene, step["at"]) for step in row["steps"]]
        if row["product"] in ordering.products and moments[0] >= scene.firm.now:
            story = Story(scene, ordering, clientele, row, next(numbers))
            for moment, step in zip(moments, row["steps"], strict=True):
                scene.timeline.at(moment, partial(story.take, step))
