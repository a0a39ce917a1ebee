"""Dates, durations, money and names in both languages."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import words

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
NOW = datetime(2026, 11, 23, 4, 42, tzinfo=UTC)
MOMENT = datetime(2026, 11, 25, 6, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "under 1 min", "不到 1 分钟"),
        (59, "under 1 min", "不到 1 分钟"),
        (60, "1 min", "1 分钟"),
        (58 * 60 + 59, "58 min", "58 分钟"),
        (3600, "1 h", "1 小时"),
        (7500, "2 h 05 min", "2 小时 5 分钟"),
        (-7500, "2 h 05 min", "2 小时 5 分钟"),
        (4 * 3600, "4 h", "4 小时"),
        (36_000_000, "10,000 h", "10,000 小时"),
    ],
)
def test_a_duration_is_said_in_hours_and_minutes(seconds, english, chinese):
    assert words.duration_text(seconds, "en") == english
    assert words.duration_text(seconds, "zh-hans") == chinese


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (450_000_000, "HKD", "HKD 4,500,000.00"),
        (0, "USD", "USD 0.00"),
        (5, "USD", "USD 0.05"),
        (-1234, "EUR", "EUR \N{MINUS SIGN}12.34"),
        (123456, "JPY", "JPY 123,456"),
        (1234567, "KWD", "KWD 1,234.567"),
        (10**17 + 1, "USD", "USD 1,000,000,000,000,000.01"),
    ],
)
def test_money_is_exact_with_its_code_first(minor, currency, shown):
    assert words.money_text(minor, currency) == shown


@pytest.mark.parametrize("wrong", [12.5, "12", True])
def test_money_that_is_not_an_integer_is_refused(wrong):
    with pytest.raises(TypeError, match="integer"):
        words.money_text(wrong, "USD")


@given(st.integers(), st.sampled_from(["USD", "JPY", "KWD"]))
def test_money_keeps_every_digit(minor, currency):
    digits = "".join(character for character in words.money_text(minor, currency) if character.isdigit())
    assert int(digits) == abs(minor)


@pytest.mark.parametrize(
    ("style", "english", "chinese"),
    [
        ("", "Wed 25 Nov, 14:06", "11月25日 周三 14:06"),
        ("short", "Wed 25 Nov, 14:06", "11月25日 周三 14:06"),
        ("date", "Wed 25 Nov", "11月25日 周三"),
        ("long", "Wednesday 25 November", "11月25日 星期三"),
        ("time", "14:06", "14:06"),
    ],
)
def test_a_moment_is_said_in_the_readers_zone(style, english, chinese):
    assert words.moment_text(MOMENT, "en", now=NOW, zone=HONG_KONG, style=style) == english
    assert words.moment_text(MOMENT, "zh-hans", now=NOW, zone=HONG_KONG, style=style) == chinese


def test_the_year_is_said_when_it_is_not_this_year():
    later = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
    assert words.moment_text(later, "en", now=NOW, zone=HONG_KONG) == "Mon 4 Jan 2027, 09:00"
    assert words.moment_text(later, "zh-hans", now=NOW, zone=HONG_KONG) == "2027年1月4日 周一 09:00"


def test_short_leaves_out_today_by_the_readers_clock_not_by_utc():
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # 01:30 on the 23rd in Hong Kong
    assert words.moment_text(late, "en", now=NOW, zone=HONG_KONG, style="short") == "01:30"
    assert words.moment_text(late, "en", now=NOW, zone=UTC, style="short") == "Sun 22 Nov, 17:30"


def test_the_full_form_names_year_and_zone():
    assert words.full_text(MOMENT, "en", HONG_KONG) == "Wed 25 Nov 2026, 14:06 HKT"
    assert words.full_text(MOMENT, "zh-hans", HONG_KONG) == "2026年11月25日 周三 14:06 HKT"


def test_a_plain_day_has_no_time():
    assert words.date_text(date(2026, 11, 29), "zh-hans", this_year=2026) == "11月29日 周日"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mei Wong", "MW"),
        ("Daniel", "D"),
        ("王美", "王"),
        ("Ana María de la Cruz", "AC"),
        ("jean-luc picard", "JP"),
        ("", "?"),
        ("  (… ", "?"),
    ],
)
def test_initials(name, shown):
    assert words.initials_text(name) == shown


@given(st.text(max_size=40))
def test_initials_of_anything_are_one_to_four_characters(name):
    assert 1 <= len(words.initials_text(name)) <= 6


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "Clock"), ("zh-hans", "时钟"), ("zh-Hans", "时钟"), ("fr", "Clock"), (None, "Clock")]
)
def test_a_text_is_picked_by_language(language, shown):
    assert words.pick_text({"en": "Clock", "zh-Hans": "时钟"}, language) == shown


def test_a_missing_translation_falls_back_to_english_and_nothing_stays_nothing():
    assert words.pick_text({"en": "Clock", "zh-Hans": ""}, "zh-hans") == "Clock"
    assert words.pick_text(None, "en") == ""
    assert words.pick_text("as it is", "zh-hans") == "as it is"
