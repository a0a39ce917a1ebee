"""A form says between which days a date lies: fixed days, today, or a distance from today."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from orders.days import first_and_last, read_bound
from orders.schemas import asked, check

TODAY = date(2026, 11, 22)
SOON = {"not_before": "today", "not_after": "+1y"}


def field(**hints: str) -> dict:
    return {"type": "string", "format": "date", "maxLength": 10, "x-tl": {"widget": "date", **hints}}


def form(**hints: str) -> dict:
    return {"type": "object", "properties": {"valid_from": field(**hints)}}


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("1900-01-01", TODAY, date(1900, 1, 1)),
        ("today", TODAY, TODAY),
        ("+30d", TODAY, date(2026, 12, 22)),
        ("-1d", TODAY, date(2026, 11, 21)),
        ("+2m", TODAY, date(2027, 1, 22)),
        ("-11m", TODAY, date(2025, 12, 22)),
        ("+1m", date(2026, 1, 31), date(2026, 2, 28)),
        ("+2y", TODAY, date(2028, 11, 22)),
        ("-120y", TODAY, date(1906, 11, 22)),
        ("+1y", date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_bound_is_a_day_today_or_a_distance_from_today(text: str, today: date, day: date) -> None:
    assert read_bound(text, today) == day


@pytest.mark.parametrize("text", ["", "tomorrow", "+1w", "1y", "+1000y", "2026-02-30", "20261122", "+ 1y", None, 7])
def test_what_is_no_bound_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="is none"):
        read_bound(text, TODAY)


def test_a_field_without_bounds_has_none() -> None:
    assert first_and_last(field(), TODAY) is None
    assert first_and_last(field(**SOON), TODAY) == (TODAY, date(2027, 11, 22))


@pytest.mark.parametrize("day", ["2026-11-22", "2027-11-22"])
def test_the_first_and_the_last_day_are_good(day: str) -> None:
    assert check(form(**SOON), {"valid_from": day}, TODAY) == {}


@pytest.mark.parametrize("day", ["0001-01-01", "2026-11-21", "2027-11-23", "9999-12-31"])
def test_a_day_outside_is_told_between_which_days_it_lies(day: str) -> None:
    wrong = check(form(**SOON), {"valid_from": day}, TODAY)
    assert wrong == {"valid_from": "Enter a date from Sun 22 Nov 2026 to Mon 22 Nov 2027."}


def test_the_days_are_said_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        wrong = check(form(**SOON), {"valid_from": "0001-01-01"}, TODAY)
    assert wrong == {"valid_from": "请输入 2026年11月22日 周日 至 2027年11月22日 周一 之间的日期。"}


def test_a_text_that_is_no_date_is_told_so_and_nothing_else() -> None:
    assert check(form(**SOON), {"valid_from": "soon"}, TODAY) == {"valid_from": "Enter a date such as 2026-11-25."}


def test_a_page_asks_for_a_date_with_its_days_worked_out() -> None:
    hints = asked(form(**SOON), TODAY)["properties"]["valid_from"]["x-tl"]
    assert (hints["first"], hints["last"]) == ("2026-11-22", "2027-11-22")
