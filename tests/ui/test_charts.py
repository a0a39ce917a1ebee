"""Chart geometry: nothing, one, odd and huge numbers never reach a coordinate that can't be drawn."""

from math import inf, isfinite, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.charts import BandRow, BarRow, bands_chart, bars_chart, number, shorten
from ui.trend import axis_ticks, trend_chart

WORDS = {"green": "On track", "yellow": "At risk", "red": "Critical", "breached": "Breached", "paused": "Paused"}


def bands(rows):
    return bands_chart("c", rows, words=WORDS, finding="f", heading="Team", total="All")


def bars(rows):
    return bars_chart("c", rows, finding="f", columns=("Cause", "Number"))


def trend(values, **more):
    return trend_chart("c", values, finding="f", columns=("Week", "Share"), **more)


def rectangles(chart):
    return [(drawing, part) for drawing in chart.drawings for line in drawing.lines for part in line.segments]


def test_every_chart_is_drawn_for_three_widths():
    assert [drawing.size for drawing in bands([BandRow("A", {"green": 1})]).drawings] == ["wide", "middle", "narrow"]


@pytest.mark.parametrize("rows", [[], [BandRow("A", {})], [BandRow("A", {"green": 0, "red": -3})]])
def test_a_band_chart_without_items_draws_no_bar(rows):
    assert rectangles(bands(rows)) == []


def test_a_chart_without_rows_is_empty():
    assert bands([]).is_empty
    assert bars([]).is_empty
    assert trend([]).is_empty


def test_segments_stand_one_after_another_in_band_order():
    wide = bands([BandRow("A", {"breached": 10, "green": 20, "red": 10})]).drawings[0].lines[0]
    assert [part.key for part in wide.segments] == ["green", "red", "breached"]
    assert wide.segments[0].width == pytest.approx(2 * wide.segments[1].width, abs=0.2)
    assert wide.segments[1].x == pytest.approx(wide.segments[0].x + wide.segments[0].width, abs=0.2)


def test_the_table_holds_the_same_figures_and_totals_add_up():
    chart = bands([BandRow("A", {"green": 3, "red": 1}), BandRow("B", {"green": 2})])
    assert chart.table.columns == ("Team", "On track", "At risk", "Critical", "Breached", "All")
    assert chart.table.rows == (("A", "3", "0", "1", "0", "4"), ("B", "2", "0", "0", "0", "2"))
    assert dict(chart.totals) == {"green": 5, "yellow": 0, "red": 1, "breached": 0}


def test_paused_has_a_column_only_when_something_is_paused():
    assert "Paused" in bands([BandRow("A", {"paused": 1})]).table.columns


def test_one_item_among_a_million_is_still_visible():
    chart = bands([BandRow("A", {"green": 1_000_000, "breached": 1})])
    assert all(part.width >= 2 for _, part in rectangles(chart))


@given(
    st.lists(
        st.dictionaries(st.sampled_from(list(WORDS)), st.integers(min_value=-5, max_value=10**15), max_size=5),
        max_size=6,
    )
)
def test_band_bars_stay_inside_their_drawing(counts):
    chart = bands([BandRow(f"Team {place}", each) for place, each in enumerate(counts)])
    for drawing, part in rectangles(chart):
        assert part.x >= 0
        assert part.x + part.width <= drawing.width + 8  # the least visible width of four tiny segments
        assert part.y + part.height <= drawing.height


@pytest.mark.parametrize("value", [nan, inf, -inf, None, -4, 0])
def test_a_bar_without_a_drawable_number_is_left_out_but_named(value):
    chart = bars([BarRow("A", value), BarRow("B", 3)])
    assert [part.title for _, part in rectangles(chart)] == ["B: 3"] * 3
    assert chart.table.rows[0][0] == "A"


def test_the_longest_bar_and_its_remark_fit():
    chart = bars([BarRow("A", 10**12, "Screening, 24 of 31")])
    for drawing, part in rectangles(chart):
        assert 0 < part.width < drawing.width


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234, "1,234"), (94.25, "94.2"), (95.0, "95"), (nan, "–"), (inf, "–"), (None, "–"), (-2, "\N{MINUS SIGN}2")],
)
def test_numbers_in_words(value, shown):
    assert number(value) == shown


def test_a_label_too_long_for_its_column_stands_on_two_lines_and_above_its_bar_on_one():
    chart = bars_chart(
        "c", [BarRow("Transfer by journal, wire or delivery", 3)], finding="f", columns=("Kind", "Number")
    )
    wide, middle, _narrow = (drawing.lines[0].labels for drawing in chart.drawings)
    assert [text for text, _y in wide] == ["Transfer by journal,", "wire or delivery"]
    assert [text for text, _y in middle] == ["Transfer by journal, wire or delivery"]
    chinese = bars_chart(
        "c", [BarRow("等待其他团队处理完毕之后再继续办理", 3)], finding="f", columns=("Kind", "Number")
    )
    assert "".join(text for text, _y in chinese.drawings[0].lines[0].labels) == "等待其他团队处理完毕之后再继续办理"


def test_a_long_label_is_shortened_and_chinese_counts_double():
    assert shorten("Waiting for another team", 100) == "Waiting for a…"
    assert shorten("等待其他团队处理完毕", 100).endswith("…")
    assert shorten("Credit", 100) == "Credit"


def test_a_gap_breaks_the_line():
    chart = trend([("W1", 95.0), ("W2", 96.0), ("W3", nan), ("W4", 94.0), ("W5", 95.0)], unit="%")
    assert len(chart.drawings[0].paths) == 2
    assert len(chart.drawings[0].points) == 4
    assert chart.table.rows[2] == ("W3", "–")


def test_one_point_is_a_point_without_a_line():
    chart = trend([("W1", 95.0)], unit="%", goal=95)
    assert chart.drawings[0].paths == ()
    assert chart.drawings[0].last.text == "95%"


@pytest.mark.parametrize("values", [[("W1", nan)], [("W1", None), ("W2", inf)]])
def test_a_line_without_any_number_is_empty(values):
    assert trend(values).is_empty


def test_a_cut_axis_says_where_it_starts_and_one_from_zero_does_not():
    assert trend([("W1", 94.0), ("W2", 96.0)], unit="%").starts_at == "94%"
    assert trend([("W1", 1.0), ("W2", 96.0)], unit="%").starts_at == ""


def test_the_goal_and_the_last_number_do_not_cover_each_other():
    drawing = trend([("W1", 90.0), ("W2", 94.9)], unit="%", goal=95).drawings[0]
    assert abs(drawing.goal_label_y - (drawing.last.y + 4)) >= 11


@given(st.lists(st.floats(min_value=-1e15, max_value=1e15), min_size=1, max_size=30))
def test_axis_ticks_enclose_the_values(values):
    ticks = axis_ticks(values)
    assert 2 <= len(ticks) <= 8
    assert ticks[0] <= min(values) + 1e-6 * abs(min(values)) + 1e-9
    assert ticks[-1] >= max(values) - 1e-6 * abs(max(values)) - 1e-9


@given(st.lists(st.one_of(st.none(), st.floats()), max_size=30), st.one_of(st.none(), st.floats(0, 100)))
def test_every_coordinate_of_a_line_is_finite_and_inside(values, goal):
    chart = trend([(f"W{place}", value) for place, value in enumerate(values)], goal=goal)
    for drawing in chart.drawings:
        for point in drawing.points:
            assert isfinite(point.x)
            assert isfinite(point.y)
            assert 0 <= point.y <= drawing.height
