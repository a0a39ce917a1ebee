"""Dates, durations, money and names in words, English and Simplified Chinese. Pure: language and now are arguments."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from unicodedata import east_asian_width

WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS_EN_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_ZH = "一二三四五六日"
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_EN_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# ISO 4217 currencies that don't have two decimals.
DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3, "JOD": 3}


def is_chinese(language: str | None) -> bool:
    """Whether a language code (`zh-hans`, `zh-Hans`, `zh-cn`) is Chinese."""
    return (language or "").lower().startswith("zh")


def pick_text(texts: Mapping[str, str] | str | None, language: str | None) -> str:
    """One of `{"en": …, "zh-Hans": …}` by language; a plain string is itself, nothing is an empty string."""
    if not texts:
        return ""
    if isinstance(texts, str):
        return texts
    return texts.get("zh-Hans" if is_chinese(language) else "en") or texts.get("en", "")


def money_text(minor: int, currency: str) -> str:
    """An amount in minor units with its ISO code first: `HKD 4,500,000.00`. Raises TypeError unless an int."""
    if isinstance(minor, bool) or not isinstance(minor, int):
        raise TypeError(f"Expected minor units as an integer, but got {type(minor).__name__}.")
    places = DECIMALS.get(currency, 2)
    whole, rest = divmod(abs(minor), 10**places)
    sign = "\N{MINUS SIGN}" if minor < 0 else ""
    fraction = f".{rest:0{places}d}" if places else ""
    return f"{currency} {sign}{whole:,}{fraction}"


def duration_text(seconds: float, language: str | None) -> str:
    """A length of business time, sign dropped: `58 min`, `2 h 05 min`, `4 h`; `58 分钟`, `2 小时 5 分钟`."""
    minutes = int(abs(seconds) // 60)
    hours, rest = divmod(minutes, 60)
    return _duration_zh(hours, rest) if is_chinese(language) else _duration_en(hours, rest)


def elapsed_text(seconds: float, language: str | None) -> str:
    """A length of calendar time, by days from two days on: `3 d 4 h`, `26 h`; `3 天 4 小时`."""
    hours = int(seconds // 3600)
    days, rest = divmod(hours, 24)
    if days < 2:
        return duration_text(seconds, language)
    if is_chinese(language):
        return f"{days:,} 天 {rest} 小时" if rest else f"{days:,} 天"
    return f"{days:,} d {rest} h" if rest else f"{days:,} d"


def _duration_en(hours: int, minutes: int) -> str:
    if hours and minutes:
        return f"{hours:,} h {minutes:02d} min"
    if hours:
        return f"{hours:,} h"
    return f"{minutes} min" if minutes else "under 1 min"


def _duration_zh(hours: int, minutes: int) -> str:
    if hours and minutes:
        return f"{hours:,} 小时 {minutes} 分钟"
    if hours:
        return f"{hours:,} 小时"
    return f"{minutes} 分钟" if minutes else "不到 1 分钟"


def date_text(day: date, language: str | None, *, this_year: int, long: bool = False) -> str:
    """A day: `Wed 25 Nov`, `11月25日 周三`; with the year when it is not `this_year`; `long` writes names out."""
    if is_chinese(language):
        year = "" if day.year == this_year else f"{day.year}年"
        weekday = ("星期" if long else "周") + WEEKDAYS_ZH[day.weekday()]
        return f"{year}{day.month}月{day.day}日 {weekday}"
    weekdays, months = (WEEKDAYS_EN_LONG, MONTHS_EN_LONG) if long else (WEEKDAYS_EN, MONTHS_EN)
    year = "" if day.year == this_year else f" {day.year}"
    return f"{weekdays[day.weekday()]} {day.day} {months[day.month - 1]}{year}"


def full_text(moment: datetime, language: str | None, zone: tzinfo) -> str:
    """An instant with year, time and zone name, for titles and records: `Wed 25 Nov 2026, 14:06 HKT`."""
    local = moment.astimezone(zone)
    day = date_text(local.date(), language, this_year=0)
    separator = " " if is_chinese(language) else ", "
    return f"{day}{separator}{local:%H:%M} {local.tzname()}"


def moment_text(
    moment: datetime, language: str | None, *, now: datetime, zone: tzinfo, style: str = "", named: bool = False
) -> str:
    """An aware instant in the reader's zone; named: with the zone, where it could be taken for another.

    style: "" day and time, "short" the same but only the time when it is today, "date", "long" (date written out),
    "time".
    """
    shown = _moment_text(moment, language, now, zone, style)
    return f"{shown} {moment.astimezone(zone).tzname()}" if named else shown


def _moment_text(moment: datetime, language: str | None, now: datetime, zone: tzinfo, style: str) -> str:
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    clock = f"{local:%H:%M}"
    if style == "time" or (style == "short" and local.date() == today):
        return clock
    day = date_text(local.date(), language, this_year=today.year, long=style == "long")
    if style in ("date", "long"):
        return day
    return f"{day} {clock}" if is_chinese(language) else f"{day}, {clock}"


def initials_text(name: str) -> str:
    """One or two characters for an avatar: `Mei Wong` gives MW, `王美` gives 王, nothing gives a question mark."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    if east_asian_width(words[0][0]) in "WF":
        return words[0][0]
    return "".join(word[0] for word in (words if len(words) == 1 else (words[0], words[-1]))).upper()
