"""Timer catch and boundary events, and when they are due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from processes.engine import EngineError, SetTimer, check, parse
from processes.engine.timers import Due, TimerRule, after
from rulebook.feel import compile_expression

from .bpmn import element, end, path, process, start, timer, user
from .conftest import NOON


def waiting(form: str, text: str) -> bytes:
    catch = element("intermediateCatchEvent", "wait", timer(form, text))
    return process(start(), catch, end(), path("start -> wait -> end"))


def guarded(*, interrupting: bool, **more: str) -> bytes:
    boundary = {"attachedToRef": "check", "cancelActivity": str(interrupting).lower()}
    return process(
        start(), user("check"), user("chase"), end(), end("late"),
        element("boundaryEvent", "guard", timer("timeDuration", "PT4H"), **boundary),
        path("start -> check -> end"), path("guard -> chase -> late"), **more,
    )  # fmt: skip


def test_the_token_waits_for_its_time(walk):
    instance = walk(waiting("timeDuration", "PT1H"))
    assert instance.start() == ["Entered start", "Left start", "Entered wait", "SetTimer wait"]
    assert instance.timers == ["wait"]
    assert instance.fire("wait") == ["Left wait", "Entered end", "Left end", "Finished completed"]


@pytest.mark.parametrize(
    ("form", "text", "due"),
    [
        ("timeDuration", "PT90S", NOON + timedelta(seconds=90)),
        ("timeDuration", "P30D", NOON + timedelta(days=30)),
        ("timeDuration", "P1W", NOON + timedelta(days=7)),
        ("timeDuration", "P1DT2H30M", NOON + timedelta(days=1, hours=2, minutes=30)),
        ("timeDuration", "PT0.5S", NOON + timedelta(seconds=0.5)),
        ("timeDuration", "P3M", datetime(2027, 2, 23, 12, tzinfo=UTC)),
        ("timeDuration", "P1Y", datetime(2027, 11, 23, 12, tzinfo=UTC)),
        ("timeDuration", "value", NOON + timedelta(hours=5)),
        ("timeDate", "2026-12-24T18:00:00Z", datetime(2026, 12, 24, 18, tzinfo=UTC)),
        ("timeDate", "2026-12-24T18:00:00+08:00", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ("timeDate", "2026-12-24", datetime(2026, 12, 24, tzinfo=UTC)),
    ],
)
def test_due_times(walk, form, text, due):
    instance = walk(waiting(form, text))
    instance.start(value="PT5H")
    assert [effect.due for effect in instance.effects if isinstance(effect, SetTimer)] == [due]


def test_the_end_of_a_short_month_keeps_the_day_as_far_as_it_goes(walk):
    instance = walk(waiting("timeDuration", "P1M"))
    instance.now = datetime(2027, 1, 31, 9, tzinfo=UTC)
    instance.start()
    assert instance.effects[-1].due == datetime(2027, 2, 28, 9, tzinfo=UTC)


def test_an_expression_may_give_a_date(walk, monkeypatch):
    from processes.engine import Started

    from .conftest import advance as real

    instance = walk(waiting("timeDate", "value"))
    _, effects = real(instance.graph, {}, Started(), NOON, lambda text, variables, now: date(2027, 1, 4))
    assert effects[-1].due == datetime(2027, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize("value", ["tomorrow", 5, None, True, "P", "P1DT"])
def test_a_value_that_is_no_time_is_refused_by_the_event(walk, value):
    with pytest.raises(EngineError) as refused:
        walk(waiting("timeDuration", "value")).start(value=value)
    assert (refused.value.code, refused.value.node) == ("bad_timer", "wait")


def test_a_time_past_the_calendar_is_refused(walk):
    with pytest.raises(EngineError, match="year 10000"):
        walk(waiting("timeDuration", "value")).start(value="P9999Y")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("timeDuration", "P3D12H"),
        ("timeDuration", "PT"),
        ("timeDuration", "P"),
        ("timeDuration", "5"),
        ("timeDuration", "P9999Y"),
        ("timeDate", "2026-13-01"),
        ("timeDate", "2026-11-31T09:00:00Z"),
        ("timeCycle", "R-1/PT1H"),
        ("timeCycle", "R3/P"),
        ("timeCycle", "R3/5"),
        ("timeCycle", "R0/PT1H"),
    ],
)
def test_a_time_that_is_mistyped_is_found_when_it_is_drawn(form, text):
    found = check(parse(waiting(form, text)), compile_expression)
    assert [finding.element for finding in found.errors] == ["wait"]
    assert text in found.errors[0].message


def in_calendar(form, text):
    return waiting(form, text).replace(f"<bpmn:{form}>".encode(), f'<bpmn:{form} tl:calendar="ANY">'.encode())


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("timeDuration", "P1M"),
        ("timeDuration", "P1Y"),
        ("timeDuration", "P2W"),
        ("timeDuration", "PT0.5S"),
        ("timeDuration", "PT10001H"),
        ("timeDuration", "PT99999999H"),
        ("timeDuration", "P400DT500H"),
        ("timeDuration", "P10000D"),
        ("timeDuration", "10000bd"),
        ("timeDuration", "-1bd"),
        ("timeDuration", "1.5bd"),
        ("timeDuration", "T25:00/1bd"),
        ("timeDuration", "P"),
        ("timeCycle", "R/P1M"),
        ("timeCycle", "R/3bd"),
        ("timeCycle", "R/P0D"),
        ("timeCycle", "R3/PT10001H"),
        ("timeCycle", "R0/PT4H"),
        ("timeCycle", "R/PT0S"),
    ],
)
def test_what_is_no_business_time_is_found_when_it_is_drawn(form, text):
    found = check(parse(in_calendar(form, text)), compile_expression)
    assert [(finding.element, finding.line) for finding in found.errors] == [("wait", 5)]
    assert "business time" in found.errors[0].message
    assert f'"{text}"' in found.errors[0].message


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("timeDuration", "3bd"),
        ("timeDuration", "0bd"),
        ("timeDuration", "same_day"),
        ("timeDuration", "T07:00/1bd"),
        ("timeDuration", "PT8H"),
        ("timeDuration", "PT10000H"),
        ("timeDuration", "P9999D"),
        ("timeDuration", "P1DT30M"),
        ("timeDuration", "limit"),
        ("timeCycle", "R/T07:00/1bd"),
        ("timeCycle", "R3/PT4H"),
        ("timeDate", "2026-12-01"),
    ],
)
def test_business_time_passes_the_check(form, text):
    assert check(parse(in_calendar(form, text)), compile_expression).errors == ()


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("timeDuration", "P3D"),
        ("timeDuration", "Period"),
        ("timeDuration", "PT_late"),
        ("timeDuration", 'duration("P1D")'),
        ("timeDate", "2026-12-01"),
        ("timeCycle", "R/PT1H"),
        ("timeCycle", "R3"),
        ("timeCycle", "R/2026-12-01T00:00:00Z/P1D"),
    ],
)
def test_a_time_or_an_expression_passes_the_check(form, text):
    assert check(parse(waiting(form, text)), compile_expression).errors == ()


@pytest.mark.parametrize(
    ("text", "due", "left"),
    [
        ("R/2026-01-01T00:30:00Z/PT1H", datetime(2026, 11, 23, 12, 30, tzinfo=UTC), -1),
        ("R3/2026-11-23T10:30:00Z/PT1H", datetime(2026, 11, 23, 12, 30, tzinfo=UTC), 0),
        ("R2/2020-01-01T00:00:00Z/PT1H", datetime(2020, 1, 1, 1, tzinfo=UTC), 0),
        ("R/2020-01-31T00:00:00Z/P1M", datetime(2026, 11, 28, tzinfo=UTC), -1),
        ("R3/2026-12-01T00:00:00Z/P1D", datetime(2026, 12, 1, tzinfo=UTC), 2),
        ("R/1970-01-01T00:00:00Z/PT1S", datetime(2026, 11, 23, 12, tzinfo=UTC), -1),
    ],
)
def test_a_cycle_that_began_in_the_past_goes_on_from_now(text, due, left):
    found = TimerRule("timeCycle", text).due(datetime(2026, 11, 23, 12, tzinfo=UTC), lambda text: text)
    assert (found.at, found.left) == (due, left)


@pytest.mark.parametrize(
    ("every", "left", "calendar", "at", "still"),
    [
        ("PT1S", -1, "", datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC), -1),
        ("PT7H", -1, "", datetime(2026, 11, 23, 19, 0, tzinfo=UTC), -1),
        ("PT24H", 9, "", datetime(2026, 11, 24, tzinfo=UTC), 5),
        ("PT24H", 4, "", datetime(2026, 11, 24, tzinfo=UTC), 0),
        ("PT24H", 3, "", None, None),
        ("P1M", -1, "", datetime(2026, 12, 20, tzinfo=UTC), -1),
        ("PT1H", 2, "ANY", None, None),
        ("PT1S", -1, "ANY", datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC), -1),
    ],
)
def test_what_a_cycle_missed_is_passed_over_in_few_looks(every, left, calendar, at, still):
    looks = []

    def business(code, begin, duration):
        looks.append(begin)
        return after(begin, duration)

    due, now = Due(datetime(2026, 11, 20, tzinfo=UTC), left, every), datetime(2026, 11, 23, 12, tzinfo=UTC)
    found = TimerRule("timeCycle", f"R/{every}", calendar).next_after(due, now, business)
    assert (found and found.at, found and found.left) == (at, still)
    assert len(looks) <= 1_001


def test_a_cycle_beside_a_task_comes_once_for_all_the_times_that_passed(walk):
    reminded = process(
        start(), user("check"), user("remind"), end(), end("told"), path("start -> check -> end"),
        element("boundaryEvent", "each", timer("timeCycle", "R/PT1H"), attachedToRef="check", cancelActivity="false"),
        path("each -> remind -> told"),
    )  # fmt: skip
    instance = walk(reminded)
    instance.start()
    assert instance.fire("each", after=timedelta(hours=5, minutes=30)).count("OpenTask remind") == 1
    assert instance.effects[0].due == instance.now + timedelta(minutes=30)


def test_completing_the_task_cancels_its_timer(walk):
    instance = walk(guarded(interrupting=True))
    assert instance.start()[-3:] == ["Entered check", "OpenTask check", "SetTimer guard"]
    assert instance.complete("check")[:2] == ["CancelTimer guard", "Left check"]
    assert instance.timers == []


def test_an_interrupting_timer_takes_the_task_away(walk):
    instance = walk(guarded(interrupting=True))
    instance.start()
    assert instance.fire("guard") == [
        "CancelTask check", "Left check", "Entered guard", "Left guard", "Entered chase", "OpenTask chase",
    ]  # fmt: skip
    assert instance.complete("chase")[-1] == "Finished completed"


def test_a_timer_beside_the_task_opens_a_second_path_once(walk):
    instance = walk(guarded(interrupting=False))
    instance.start()
    assert instance.fire("guard") == ["Entered guard", "Left guard", "Entered chase", "OpenTask chase"]
    assert (instance.active, instance.timers) == (["chase", "check"], [])
    assert "Finished completed" not in instance.complete("check")
    assert instance.complete("chase")[-1] == "Finished completed"


def test_one_of_two_guards_fires_and_the_other_is_cancelled(walk):
    data = process(
        start(), user("check"), end(), end("late"), end("later"),
        element("boundaryEvent", "first", timer("timeDuration", "PT1H"), attachedToRef="check"),
        element("boundaryEvent", "second", timer("timeDuration", "PT2H"), attachedToRef="check"),
        path("start -> check -> end"), path("first -> late"), path("second -> later"),
    )  # fmt: skip
    instance = walk(data)
    instance.start()
    assert instance.fire("first")[:3] == ["CancelTask check", "CancelTimer second", "Left check"]
