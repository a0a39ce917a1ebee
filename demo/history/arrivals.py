"""When orders come in, and for which products: by the week's and the day's profile of the branch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from demo.history.draws import Draws

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BUSY_FACTOR = 2.0
DAYS_A_MONTH = 30.4


@dataclass(frozen=True)
class Arrival:
    """Somebody begins an order."""

    at: datetime
    family: str
    product: str
    number: int


def arrivals(
    plan: Mapping[str, Any], *, zones: Mapping[str, str], since: datetime, until: datetime, seed: int, share: float
) -> list[Arrival]:
    """All arrivals of the time, the earliest first. plan: `generated.yaml`; zones: family → its branch's time zone."""
    found: list[Arrival] = []
    for family, per_month in plan["per_month"].items():
        draws = Draws(seed, "arrivals", family)
        days = _days(since, until, ZoneInfo(zones[family]))
        if not days:
            continue
        weights = [_weight(plan, family, day, days) for day in days]
        wanted = round(per_month * share * len(days) / DAYS_A_MONTH)
        for day in draws.random.choices(days, weights=weights, k=wanted):
            at = _moment(draws, day, plan["arrivals"]["hour"], ZoneInfo(zones[family]))
            found.append(Arrival(at, family, draws.choice(plan["shares"][family]), len(found)))
    return sorted((each for each in found if since <= each.at < until), key=lambda each: (each.at, each.number))


def _days(since: datetime, until: datetime, zone: ZoneInfo) -> list[date]:
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _weight(plan: Mapping[str, Any], family: str, day: date, days: list[date]) -> float:
    weight = float(plan["arrivals"]["weekday"][WEEKDAYS[day.weekday()]])
    months = (day - days[0]).days / DAYS_A_MONTH
    weight *= (1 + plan["growth_per_month"][family]) ** months
    return weight * (BUSY_FACTOR if day in _busy(days, plan["work"]["busy_days"]) else 1.0)


def _busy(days: list[date], back: list[int]) -> set[date]:
    working = [day for day in reversed(days) if day.weekday() < 5]
    return {working[number] for number in back if number < len(working)}


def _moment(draws: Draws, day: date, hours: list[float], zone: ZoneInfo) -> datetime:
    hour = draws.random.choices(range(24), weights=hours)[0]
    local = datetime.combine(day, time(hour, draws.between(0, 59), draws.between(0, 59)), zone)
    return local.astimezone(UTC)
