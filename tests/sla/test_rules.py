"""Due times, bands, pauses and the explanation, as functions of plain values."""

from datetime import UTC, date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.rules import CalendarError, TooFar, business_seconds, open_time
from calendars.shipped import load
from sla.rules import (
    BadPause,
    BadTarget,
    Paused,
    band,
    due_time,
    elapsed,
    explain_due,
    merge_pauses,
    next_check,
    parse_target,
    pause,
    resume,
    start_clock,
)
from tests.calendars.cases import at, calendars_around, office, open_steps

HOUR = 3600
OFFICE, COUNTER = load("US-OFFICE"), load("CN-COUNTER")
CUTOFF = time(16)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("cal", "start", "target", "cutoff", "due"),
    [
        pytest.param(OFFICE, "2026-11-23T10:00-05:00", "PT8H", None, "2026-11-24T10:00-05:00", id="hours"),
        pytest.param(OFFICE, "2026-11-23T09:00-05:00", "PT7H60M", None, "2026-11-23T17:00-05:00", id="to the close"),
        pytest.param(
            OFFICE, "2026-11-23T16:30-05:00", "PT1H", CUTOFF, "2026-11-24T09:30-05:00", id="no cut-off for PT"
        ),
        pytest.param(OFFICE, "2026-11-23T10:00-05:00", "PT90S", None, "2026-11-23T10:01:30-05:00", id="seconds"),
        pytest.param(OFFICE, "2026-11-23T10:00-05:00", "1bd", None, "2026-11-24T17:00-05:00", id="one day"),
        pytest.param(OFFICE, "2026-11-23T15:59:59-05:00", "1bd", CUTOFF, "2026-11-24T17:00-05:00", id="before cut-off"),
        pytest.param(OFFICE, "2026-11-23T16:00-05:00", "1bd", CUTOFF, "2026-11-25T17:00-05:00", id="at the cut-off"),
        pytest.param(OFFICE, "2026-11-23T17:00-05:00", "1bd", None, "2026-11-25T17:00-05:00", id="at the close"),
        pytest.param(OFFICE, "2026-11-25T10:00-05:00", "1bd", None, "2026-11-27T13:00-05:00", id="an early close"),
        pytest.param(
            OFFICE, "2026-11-25T16:00-05:00", "1bd", CUTOFF, "2026-11-30T17:00-05:00", id="holiday and weekend"
        ),
        pytest.param(OFFICE, "2026-11-21T10:00-05:00", "3bd", None, "2026-11-27T13:00-05:00", id="from a Saturday"),
        pytest.param(OFFICE, "2026-03-06T10:00-05:00", "1bd", None, "2026-03-09T17:00-04:00", id="clocks go forward"),
        pytest.param(OFFICE, "2026-10-30T10:00-04:00", "1bd", None, "2026-11-02T17:00-05:00", id="clocks go back"),
        pytest.param(OFFICE, "2026-11-23T10:00-05:00", "same_day", CUTOFF, "2026-11-23T17:00-05:00", id="same day"),
        pytest.param(OFFICE, "2026-11-23T16:00-05:00", "same_day", CUTOFF, "2026-11-24T17:00-05:00", id="the next day"),
        pytest.param(
            OFFICE, "2026-11-27T13:00-05:00", "same_day", CUTOFF, "2026-11-30T17:00-05:00", id="after early close"
        ),
        pytest.param(OFFICE, "2026-11-26T10:00-05:00", "same_day", CUTOFF, "2026-11-27T13:00-05:00", id="on a holiday"),
        pytest.param(COUNTER, "2026-02-13T10:00+08:00", "1bd", None, "2026-02-14T17:00+08:00", id="make-up Saturday"),
        pytest.param(COUNTER, "2026-02-14T10:00+08:00", "1bd", None, "2026-02-24T17:00+08:00", id="Spring Festival"),
        pytest.param(COUNTER, "2026-10-09T11:00+08:00", "PT7H30M", None, "2026-10-10T12:00+08:00", id="over lunch"),
    ],
)
def test_due(cal, start, target, cutoff, due):
    window = due_time(cal, at(start), target, cutoff)
    assert window.due.isoformat() == at(due).isoformat()
    assert window.window_seconds == business_seconds(cal, at(start), at(due))
    assert window == start_clock(cal, at(start), target, cutoff)


def test_yellow_and_red_are_at_half_and_four_fifths_of_the_business_time():
    window = due_time(OFFICE, at("2026-11-23T10:00-05:00"), "PT10H")
    assert window.yellow == at("2026-11-23T15:00-05:00")
    assert window.red == at("2026-11-24T10:00-05:00")
    assert window.window_seconds == 10 * HOUR


def test_the_window_of_a_late_receipt_begins_with_the_receipt():
    window = due_time(OFFICE, at("2026-11-23T16:00-05:00"), "same_day", CUTOFF)
    assert window.start == at("2026-11-23T16:00-05:00")
    assert window.window_seconds == 9 * HOUR
    assert window.yellow == at("2026-11-24T12:30-05:00")


def test_half_used_exactly_at_the_close_is_yellow_from_the_close_on():
    window = due_time(OFFICE, at("2026-11-23T09:00-05:00"), "1bd")
    assert window.yellow == at("2026-11-23T17:00-05:00")
    assert band(window, at("2026-11-23T16:59:59-05:00")) == "green"
    assert band(window, at("2026-11-23T20:00-05:00")) == "yellow"


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("start", "green"),
        ("yellow", "yellow"),
        ("red", "red"),
        ("due", "red"),
    ],
)
def test_bands_change_exactly_at_their_edges(instant, expected):
    window = due_time(OFFICE, at("2026-11-23T10:00-05:00"), "PT10H")
    order = ["green", "yellow", "red", "breached"]
    edge = getattr(window, instant)
    assert band(window, edge) == expected
    before = {"start": "green", "due": "red"}.get(instant, order[order.index(expected) - 1])
    assert band(window, edge - TICK) == before
    assert band(window, edge + TICK) == ("breached" if instant == "due" else expected)


def test_bands_go_by_the_instant_in_the_hour_that_comes_twice():
    night = office(weekly={"sun": [["00:00", "04:00"]]})
    window = due_time(night, at("2026-11-01T00:00-04:00"), "PT1H30M")
    assert window.due.isoformat() == "2026-11-01T01:30:00-04:00"
    assert band(window, at("2026-11-01T06:00Z").astimezone(night.zone)) == "breached"


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        pytest.param([("23T11:00", "23T13:00")], "2026-11-23T17:00-05:00", id="inside"),
        pytest.param([("23T16:00", "24T10:00")], "2026-11-23T15:00-05:00", id="after the due time"),
        pytest.param([("23T15:00", "24T10:00")], "2026-11-23T15:00-05:00", id="from the due time on"),
        pytest.param([("23T14:00", "24T10:00")], "2026-11-24T11:00-05:00", id="over the due time"),
        pytest.param([("22T09:00", "23T11:00")], "2026-11-23T16:00-05:00", id="from before the start"),
        pytest.param([("20T09:00", "23T09:30")], "2026-11-23T15:00-05:00", id="before the start"),
        pytest.param(
            [("23T12:00", "23T14:00"), ("23T11:00", "23T13:00")], "2026-11-24T10:00-05:00", id="overlap, no order"
        ),
        pytest.param(
            [("23T11:00", "23T12:00"), ("23T11:00", "23T12:00")], "2026-11-23T16:00-05:00", id="twice the same"
        ),
        pytest.param(
            [("23T11:00", "23T13:00"), ("23T16:00", "23T17:00")], "2026-11-24T10:00-05:00", id="met by a move"
        ),
        pytest.param([("23T11:00", "23T11:00")], "2026-11-23T15:00-05:00", id="empty"),
        pytest.param([("23T14:00", "28T10:00")], "2026-11-30T10:00-05:00", id="over holiday and weekend"),
    ],
)
def test_a_pause_moves_the_due_time_by_the_business_time_it_covers(pauses, due):
    given_pauses = [(at(f"2026-11-{begin}-05:00"), at(f"2026-11-{end}-05:00")) for begin, end in pauses]
    window = due_time(OFFICE, at("2026-11-23T10:00-05:00"), "PT5H", pauses=given_pauses)
    assert window.due == at(due)
    assert window.window_seconds == 5 * HOUR


def test_a_pause_after_yellow_moves_red_and_due_only():
    start, pauses = at("2026-11-23T10:00-05:00"), [(at("2026-11-23T13:00-05:00"), at("2026-11-23T14:00-05:00"))]
    window = due_time(OFFICE, start, "PT5H", pauses=pauses)
    assert window.yellow == at("2026-11-23T12:30-05:00")
    assert window.red == at("2026-11-23T15:00-05:00")
    assert window.due == at("2026-11-23T16:00-05:00")


def test_a_pause_moves_a_due_day_on_into_the_next():
    pauses = [(at("2026-11-24T10:00-05:00"), at("2026-11-24T12:00-05:00"))]
    assert due_time(OFFICE, at("2026-11-23T10:00-05:00"), "1bd", pauses=pauses).due == at("2026-11-25T11:00-05:00")


def test_elapsed_leaves_out_pauses_and_an_open_pause_lasts_until_the_end():
    start, end = at("2026-11-23T10:00-05:00"), at("2026-11-24T11:00-05:00")
    lunch = (at("2026-11-23T12:00-05:00"), at("2026-11-23T13:00-05:00"))
    assert elapsed(OFFICE, start, end) == 9 * HOUR
    assert elapsed(OFFICE, start, end, [lunch]) == 8 * HOUR
    assert elapsed(OFFICE, start, end, [lunch, (at("2026-11-24T10:00-05:00"), None)]) == 7 * HOUR
    assert elapsed(OFFICE, start, end, [(at("2026-12-01T10:00-05:00"), None)]) == 9 * HOUR
    assert elapsed(OFFICE, end, start) == 0


def test_pauses_are_merged_in_order():
    found = merge_pauses(
        [
            (at(f"2026-11-23T{a}Z"), at(f"2026-11-23T{b}Z"))
            for a, b in (("15:00", "16:00"), ("10:00", "12:00"), ("11:00", "11:30"), ("12:00", "13:00"))
        ]
    )
    assert [(begin.hour, end.hour) for begin, end in found] == [(10, 13), (15, 16)]


def test_a_paused_clock_keeps_its_band_and_goes_on_with_what_was_left():
    window = start_clock(OFFICE, at("2026-11-23T10:00-05:00"), "PT5H")
    stopped = at("2026-11-23T13:00-05:00")
    assert pause(window, stopped) == Paused(at=stopped, band="yellow")
    moved = resume(OFFICE, window, stopped, at("2026-11-24T09:30-05:00"))
    assert (moved.yellow, moved.red) == (window.yellow, at("2026-11-24T10:30-05:00"))
    assert moved.due == at("2026-11-24T11:30-05:00")


def test_a_clock_resumed_while_closed_moves_by_open_time_only():
    window = start_clock(OFFICE, at("2026-11-23T10:00-05:00"), "PT5H")
    assert resume(OFFICE, window, at("2026-11-23T14:00-05:00"), at("2026-11-23T20:00-05:00")).due == at(
        "2026-11-24T10:00-05:00"
    )
    late = start_clock(OFFICE, at("2026-11-23T16:00-05:00"), "PT5H")
    assert resume(OFFICE, late, at("2026-11-23T18:00-05:00"), at("2026-11-24T08:00-05:00")) == late


def test_a_breached_clock_is_not_saved_by_a_pause():
    window = start_clock(OFFICE, at("2026-11-23T10:00-05:00"), "PT1H")
    assert resume(OFFICE, window, at("2026-11-23T12:00-05:00"), at("2026-11-24T12:00-05:00")) == window


def test_the_next_check_is_the_first_instant_of_the_next_band():
    window = due_time(OFFICE, at("2026-11-23T10:00-05:00"), "PT10H")
    seen, now = [], window.start
    while now is not None:
        seen.append(band(window, now))
        now = next_check(window, seen[-1])
        assert now is None or band(window, now - TICK) == seen[-1]
    assert seen == ["green", "yellow", "red", "breached"]


@pytest.mark.parametrize(
    "text",
    ["", "3", "bd", "3BD", "0bd", "-1bd", "3 bd", "1.5bd", "99999bd", "30cd", "8h", "PT", "PT0S", "PT8", "P1D", "PT-1H"]
    + ["PT1M2H", "SAME_DAY", "same_day ", "٣bd", "PT100001H", "1bd_before_dtc_deadline"],
)
def test_a_target_of_another_form_is_refused(text):
    with pytest.raises(BadTarget, match="target: expected"):
        parse_target(text)


def test_bad_pauses_and_instants_without_offset_are_refused():
    start, end = at("2026-11-23T10:00-05:00"), at("2026-11-23T11:00-05:00")
    with pytest.raises(BadPause, match="still open"):
        due_time(OFFICE, start, "PT5H", pauses=[(start, None)])
    with pytest.raises(BadPause, match="expected an end after"):
        due_time(OFFICE, start, "PT5H", pauses=[(end, start)])
    with pytest.raises(BadPause, match="expected an end after"):
        resume(OFFICE, start_clock(OFFICE, start, "PT5H"), end, start)
    for target in ("PT5H", "1bd"):
        with pytest.raises(CalendarError, match="offset"):
            due_time(OFFICE, at("2026-11-23T10:00"), target)
    with pytest.raises(TooFar):
        due_time(OFFICE, at("0001-01-01T00:00+14:00"), "PT5H")


def test_a_due_time_is_explained_day_by_day():
    steps = explain_due(OFFICE, at("2026-11-25T16:30-05:00"), "2bd", CUTOFF)
    assert [(step.kind, str(step.day), step.reason, step.name, step.number) for step in steps] == [
        ("entered", "2026-11-25", "", "", 0),
        ("after_cutoff", "2026-11-25", "", "", 0),
        ("not_working", "2026-11-26", "holiday", "Thanksgiving Day", 0),
        ("received", "2026-11-27", "", "", 0),
        ("not_working", "2026-11-28", "weekly", "", 0),
        ("not_working", "2026-11-29", "weekly", "", 0),
        ("counted", "2026-11-30", "", "", 1),
        ("counted", "2026-12-01", "", "", 2),
        ("due", "2026-12-01", "", "", 0),
    ]
    assert steps[1].at == at("2026-11-25T16:00-05:00")
    assert steps[-1].at == at("2026-12-01T17:00-05:00")


def test_an_early_close_is_the_cut_off_in_the_explanation():
    steps = explain_due(OFFICE, at("2026-11-27T14:00-05:00"), "same_day", CUTOFF)
    assert (steps[1].kind, steps[1].at) == ("after_cutoff", at("2026-11-27T13:00-05:00"))


def test_pauses_that_moved_the_due_time_are_explained_with_what_they_cover():
    start = at("2026-11-23T10:00-05:00")
    pauses = [
        (at(f"2026-11-{a}-05:00"), at(f"2026-11-{b}-05:00"))
        for a, b in (("22T09:00", "23T11:00"), ("23T16:00", "24T10:00"), ("25T09:00", "25T10:00"))
    ]
    steps = explain_due(OFFICE, start, "PT6H", pauses=pauses)
    assert [(step.kind, step.seconds) for step in steps] == [
        ("entered", 6 * HOUR),
        ("pause", 1 * HOUR),
        ("pause", 2 * HOUR),
        ("due", 0),
    ]
    assert steps[1].at == start
    assert steps[-1].at == at("2026-11-24T11:00-05:00")


def test_a_day_closed_by_special_hours_is_explained_as_such():
    cal = office(hours_on={"2026-11-24": []})
    steps = explain_due(cal, at("2026-11-23T10:00-05:00"), "1bd")
    assert [step.reason for step in steps if step.day == date(2026, 11, 24)] == ["special_hours"]


AROUND = calendars_around()
OFFSETS = st.timedeltas(timedelta(days=-12), timedelta(days=6))
TARGETS = st.one_of(
    st.integers(1, 6).map(lambda n: f"{n}bd"), st.just("same_day"), st.integers(1, 3000).map(lambda n: f"PT{n}M")
)
CUTOFFS = st.one_of(st.none(), st.times().map(lambda found: found.replace(microsecond=0)))
PAUSES = st.lists(st.tuples(OFFSETS, st.timedeltas(timedelta(0), timedelta(days=3))), max_size=4)


def placed(middle, pauses):
    return [(at(f"{middle}T00:00Z") + offset, at(f"{middle}T00:00Z") + offset + length) for offset, length in pauses]


@given(AROUND, OFFSETS, TARGETS, CUTOFFS, PAUSES)
@settings(max_examples=200, deadline=None)
def test_by_the_due_instant_exactly_the_promised_time_was_used(around, offset, target, cutoff, pauses):
    cal, middle = around
    start, stops = at(f"{middle}T00:00Z") + offset, placed(middle, pauses)
    window = due_time(cal, start, target, cutoff, stops)
    plain = due_time(cal, start, target, cutoff)
    promised = open_time(cal, start, plain.due)
    edges = [edge.astimezone(UTC) for edge in (window.start, window.yellow, window.red, window.due)]
    assert edges == sorted(edges)
    assert edges[0] < edges[1]
    assert window.window_seconds == plain.window_seconds == promised // timedelta(seconds=1)
    assert elapsed(cal, start, window.due, stops) == window.window_seconds
    assert elapsed(cal, start, window.yellow, stops) == -(-(promised // TICK) * 50 // 100) // 1_000_000
    assert window.due.astimezone(UTC) >= plain.due.astimezone(UTC)


@given(AROUND, OFFSETS, TARGETS, CUTOFFS, PAUSES)
@settings(max_examples=200, deadline=None)
def test_pausing_and_resuming_step_by_step_is_the_same_as_all_pauses_at_once(around, offset, target, cutoff, pauses):
    cal, middle = around
    start = at(f"{middle}T00:00Z") + offset
    window = start_clock(cal, start, target, cutoff)
    stops = merge_pauses(placed(middle, pauses))
    for begin, end in stops:
        if end > start:
            window = resume(cal, window, max(begin, start), end)
    assert window == due_time(cal, start, target, cutoff, stops)


@given(
    AROUND,
    st.integers(-2000, 0),
    st.integers(1, 150),
    st.lists(st.tuples(st.integers(-2000, 600), st.integers(0, 600)), max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_a_walk_along_the_clock_finds_the_same_due_time(around, offset, wanted, pauses):
    cal, middle = around
    step = timedelta(minutes=5)
    start, noon = at(f"{middle}T12:00Z") + offset * step, at(f"{middle}T12:00Z")
    stops = [(noon + begin * step, noon + (begin + length) * step) for begin, length in pauses]
    found = due_time(cal, start, f"PT{wanted * 5}M", pauses=stops).due.astimezone(UTC)
    walk = (
        now for now in open_steps(cal, start, start + timedelta(days=70)) if not any(a <= now < b for a, b in stops)
    )
    assert [found] == [now + step for place, now in zip(range(1, wanted + 1), walk) if place == wanted]


@given(AROUND, OFFSETS, TARGETS, CUTOFFS)
@settings(max_examples=100, deadline=None)
def test_the_explanation_ends_with_the_due_time_and_counts_each_day_once(around, offset, target, cutoff):
    cal, middle = around
    start = at(f"{middle}T00:00Z") + offset
    steps = explain_due(cal, start, target, cutoff)
    days = [step.day for step in steps[1:-1]]
    assert steps[-1].at == due_time(cal, start, target, cutoff).due
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))] if days else target.startswith("PT")
    assert [step.number for step in steps if step.kind == "counted"] == list(
        range(1, (parse_target(target).days or 0) + 1)
    )
