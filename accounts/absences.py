"""Who is away when: reads of absences. One is in force by its times alone; nothing has to run for it to end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.authority import held
from accounts.models import Absence, User

_INSTANT = timedelta(microseconds=1)


def is_away(person: Any, at: datetime) -> bool:
    """Whether somebody is away at an instant: one statement."""
    return bool(away_among([person.pk], at))


def away_among(people: Iterable[int], at: datetime) -> set[int]:
    """Those of some people (their keys) who are away at an instant: one statement."""
    return away_between(people, at, at + _INSTANT)


def away_at(at: datetime) -> QuerySet[Absence, Any]:
    """Keys of everybody who is away at an instant, as a part of another statement."""
    return Absence.objects.touching(at, at + _INSTANT).order_by().values("person")


def away_between(people: Iterable[int], begins_at: datetime, ends_at: datetime) -> set[int]:
    """Those of some people (their keys) who are away at some moment of a time: one statement."""
    touching = Absence.objects.touching(begins_at, ends_at).filter(person__in=list(people))
    return set(touching.values_list("person", flat=True))


def there(people: Iterable[User], at: datetime) -> list[User]:
    """Those of some people who are not away at an instant: one statement."""
    found = list(people)
    away = away_among([person.pk for person in found], at) if found else set()
    return [person for person in found if person.pk not in away]


def absences_seen(user: Any) -> QuerySet[Absence]:
    """Absences that the user may see, with the people, those that end last first: one statement."""
    rows = Absence.objects.visible_to(user).select_related("person__team", "entered_by", "cancelled_by")
    return rows.order_by("-ends_at", "-pk")


def entered_for(user: Any) -> QuerySet[User]:
    """For whom the user may enter an absence: themselves, whom they lead or manage, and those of their branches."""
    led = Q(team__lead=user.pk) | Q(team__manager=user.pk) | Q(team__branch__in=held(user, "administer_branch"))
    people = User.objects.filter(Q(pk=user.pk) | led, is_active=True, is_client_side=False)
    return people.select_related("team__branch").distinct().order_by("display_name", "pk")
