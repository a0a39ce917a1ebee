"""Where the shipped calendars come from: public packages, turned into our JSON.

Only `manage.py calendar refresh` and the tests run this; pages read the JSON, so that none waits for pandas. The
packages are imported inside the functions for the same reason.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

FIRST_YEAR, LAST_YEAR = 2010, 2027
WORKING_WEEK = ("mon", "tue", "wed", "thu", "fri")
NYSE_CLOSE, OFFICE_OPEN, OFFICE_CLOSE = "16:00", "09:00", "17:00"


def build(code: str) -> dict[str, Any]:
    """The whole file of one shipped calendar. Raises KeyError for an unknown code."""
    return {"code": code, **BUILDERS[code]()}


def text_of(body: dict[str, Any]) -> str:
    """How a file is written: one date a line, its hours on the same line, so that a difference reads well."""
    text = json.dumps(body, ensure_ascii=False, indent=1)
    text = re.sub(r'\[\s+("\d\d:\d\d"),\s+("\d\d:\d\d")\s+\]', r"[\1, \2]", text)
    return re.sub(r"\[\s+(\[[^][]*\])(?:,\s+(\[[^][]*\]))?\s+\]", _in_one_line, text) + "\n"


def nyse() -> dict[str, Any]:
    """New York Stock Exchange: trading hours, holidays, early closes."""
    return _file(
        {"en": "New York Stock Exchange", "zh-Hans": "纽约证券交易所"},
        ["exchange_calendars", "holidays"],
        timezone="America/New_York",
        weekly=_week([["09:30", NYSE_CLOSE]]),
        holidays=_exchange_holidays(),
        hours_on={day: [["09:30", close]] for day, close in _early_closes().items()},
    )


def us_office() -> dict[str, Any]:
    """The demo firm's office: the exchange's holidays, and it closes early when the exchange does.

    Source: seed decisions, conventions of the demo firm.
    """
    return _file(
        {"en": "US operations office", "zh-Hans": "美国运营中心"},
        ["exchange_calendars", "holidays"],
        timezone="America/New_York",
        weekly=_week([[OFFICE_OPEN, OFFICE_CLOSE]]),
        holidays=_exchange_holidays(),
        hours_on={day: [[OFFICE_OPEN, close]] for day, close in _early_closes().items()},
    )


def us_fed() -> dict[str, Any]:
    """Federal Reserve Banks. A holiday on a Saturday is not made up for: they are open on the Friday before."""
    import holidays

    found = holidays.financial_holidays("XFED", years=_years())
    return _file(
        {"en": "Federal Reserve Banks", "zh-Hans": "美国联邦储备银行"},
        ["holidays"],
        timezone="America/New_York",
        weekly=_week([[OFFICE_OPEN, OFFICE_CLOSE]]),
        holidays={str(day): name for day, name in sorted(found.items())},
    )


def cn_bank() -> dict[str, Any]:
    """Bank days in China: the State Council's notice with its make-up days. Source: seed decision 13."""
    return _china({"en": "Banks in China", "zh-Hans": "中国银行工作日"}, [[OFFICE_OPEN, OFFICE_CLOSE]])


def cn_counter() -> dict[str, Any]:
    """The demo bank's counter: bank days with a lunch break. Source: seed decisions, conventions of the demo bank."""
    hours = [[OFFICE_OPEN, "12:00"], ["13:30", OFFICE_CLOSE]]
    return _china({"en": "Bank counter in China", "zh-Hans": "银行柜面"}, hours)


def nl_office() -> dict[str, Any]:
    """A Dutch bank's loan desk: open in the evening and on Saturday."""
    import holidays

    found = holidays.country_holidays("NL", years=_years())
    return _file(
        {"en": "Dutch loan desk", "zh-Hans": "荷兰贷款中心"},
        ["holidays"],
        timezone="Europe/Amsterdam",
        weekly=_week([["08:00", "21:00"]]) | {"sat": [["09:00", "17:00"]]},
        holidays={str(day): name for day, name in sorted(found.items())},
    )


BUILDERS: dict[str, Callable[[], dict[str, Any]]] = {
    "CN-BANK": cn_bank,
    "CN-COUNTER": cn_counter,
    "NL-OFFICE": nl_office,
    "NYSE": nyse,
    "US-FED": us_fed,
    "US-OFFICE": us_office,
}


def _file(name: dict[str, str], packages: list[str], provisional: tuple[int, ...] = (), **body: Any) -> dict[str, Any]:
    return {
        "name": name,
        "covers": [FIRST_YEAR, LAST_YEAR],
        "provisional": list(provisional),
        "sources": {package: version(package) for package in packages},
        "calendar": body,
    }


def _china(name: dict[str, str], hours: list[list[str]]) -> dict[str, Any]:
    """Years that the notice covers as announced; the years after with the days that the law fixes."""
    import chinese_calendar

    announced = max(chinese_calendar.holidays).year
    provisional = tuple(year for year in _years() if year > announced)
    closed = {day: reason for day, reason in chinese_calendar.holidays.items() if day.year >= FIRST_YEAR}
    working = [day for day in chinese_calendar.workdays if day.year >= FIRST_YEAR]
    return _file(
        name,
        ["chinesecalendar", "holidays"],
        provisional,
        timezone="Asia/Shanghai",
        weekly=_week(hours),
        holidays={str(day): reason for day, reason in sorted((closed | _statutory(provisional)).items())},
        working_days=[str(day) for day in sorted(working)],
    )


def _statutory(years: tuple[int, ...]) -> dict[date, str]:
    """Holidays in China that the law itself fixes."""
    import holidays

    return dict(holidays.country_holidays("CN", years=years)) if years else {}


def _exchange_holidays() -> dict[str, str]:
    """Weekdays on which the exchange stays shut, named."""
    import holidays

    sessions = {session.date() for session in _exchange().sessions}
    names = holidays.financial_holidays("XNYS", years=_years())
    closed = (day for day in _days() if day.weekday() < 5 and day not in sessions)
    return {str(day): names.get(day, "Exchange closed") for day in closed}


def _early_closes() -> dict[str, str]:
    """Date → the local time at which the exchange closes that day."""
    exchange = _exchange()
    closes = exchange.closes.dt.tz_convert(exchange.tz)
    return {str(day.date()): f"{closes[day]:%H:%M}" for day in exchange.early_closes}


def _exchange() -> Any:
    import exchange_calendars

    return exchange_calendars.get_calendar("XNYS", start=f"{FIRST_YEAR}-01-01", end=f"{LAST_YEAR}-12-31")


def _in_one_line(pairs: re.Match[str]) -> str:
    return f"[{', '.join(pair for pair in pairs.groups() if pair)}]"


def _week(hours: list[list[str]]) -> dict[str, list[list[str]]]:
    return dict.fromkeys(WORKING_WEEK, hours)


def _years() -> range:
    return range(FIRST_YEAR, LAST_YEAR + 1)


def _days() -> Iterator[date]:
    day = date(FIRST_YEAR, 1, 1)
    while day.year <= LAST_YEAR:
        yield day
        day += timedelta(days=1)
