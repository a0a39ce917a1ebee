"""The template tags and the components that carry meaning."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation

NOW = datetime(2026, 11, 23, 4, 42, tzinfo=UTC)


def render(source, **context):
    return Template("{% load ui %}" + source).render(Context(context)).strip()


def test_text_in_follows_the_active_language():
    name = {"en": "Change of address", "zh-Hans": "变更地址"}
    assert render("{{ name|text_in }}", name=name) == "Change of address"
    with translation.override("zh-hans"):
        assert render("{{ name|text_in }}", name=name) == "变更地址"


def test_text_from_data_is_escaped():
    assert "<b>" not in render("{{ name|text_in }}", name={"en": "<b>", "zh-Hans": "<b>"})


@time_machine.travel(NOW, tick=False)
def test_when_is_a_time_element_with_the_full_moment_in_its_title():
    with timezone.override("Asia/Hong_Kong"):
        shown = render("{{ at|when }}", at=datetime(2026, 11, 25, 6, 6, tzinfo=UTC))
    assert shown == (
        '<time datetime="2026-11-25T06:06:00+00:00" title="Wed 25 Nov 2026, 14:06 HKT">Wed 25 Nov, 14:06</time>'
    )


@time_machine.travel(NOW, tick=False)
def test_when_takes_a_plain_day_and_nothing():
    assert render("{{ at|when }}", at=date(2026, 11, 25)) == '<time datetime="2026-11-25">Wed 25 Nov</time>'
    assert render("{{ at|when }}", at=None) == ""


def test_money_and_durations_in_templates():
    assert render("{{ minor|money:'HKD' }}", minor=450_000_000) == "HKD 4,500,000.00"
    assert render("{{ minor|money:'HKD' }}", minor=None) == ""
    with translation.override("zh-hans"):
        assert render("{{ seconds|duration_words }}", seconds=7500) == "2 小时 5 分钟"


@pytest.mark.parametrize(
    ("band", "style", "word"),
    [
        ("green", "ok", "On track"),
        ("yellow", "warn", "At risk"),
        ("red", "crit", "Critical"),
        ("breached", "breach", "Breached"),
        ("paused", "hold", "Paused"),
        ("", "hold", "Paused"),
    ],
)
def test_a_band_speaks_by_shape_and_word(band, style, word):
    chip = render("{{ band|band_chip }}", band=band)
    assert f'class="chip {style}"' in chip
    assert "<svg" in chip
    assert word in chip


def test_an_unknown_band_or_icon_is_an_error():
    with pytest.raises(KeyError):
        render("{{ band|band_chip }}", band="purple")
    with pytest.raises(KeyError):
        render('{% icon "no-such-icon" %}')


def test_an_icon_is_hidden_unless_it_is_named():
    assert 'aria-hidden="true"' in render('{% icon "clock" %}')
    assert 'role="img" aria-label="Late &amp; lost"' in render('{% icon "clock" label=label %}', label="Late & lost")


class SampleForm(forms.Form):
    amount = forms.IntegerField(label="Amount", help_text="In dollars")
    note = forms.CharField(required=False)


def test_a_wrong_field_is_marked_explained_and_described():
    form = SampleForm({"amount": "x"})
    html = render_to_string("ui/form_fields.html", {"form": form})
    assert 'href="#id_amount"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'id="id_amount_helptext"' in html
    assert 'id="id_amount_error"' in html


def test_a_right_form_has_no_summary_and_says_what_is_optional():
    html = render_to_string("ui/form_fields.html", {"form": SampleForm({"amount": "3"})})
    assert "error-summary" not in html
    assert html.count("(optional)") == 1


def test_the_current_milestone_is_the_current_step():
    steps = [{"label": "Received", "state": "done", "text": "x"}, {"label": "Checked", "state": "now", "text": "y"}]
    html = render_to_string("ui/milestones.html", {"milestones": steps})
    assert html.count('aria-current="step"') == 1
    assert "Done:" in html


def test_a_clock_that_counts_down_says_so_to_the_script_and_a_still_one_does_not():
    ticking = render_to_string("ui/sla.html", {"band": "red", "text": "22 min left", "until": NOW, "left": 1320})
    assert 'data-until="2026-11-23T04:42:00+00:00"' in ticking
    assert 'data-left="1320"' in ticking
    assert "data-until" not in render_to_string("ui/sla.html", {"band": "paused", "text": "Paused"})


def test_an_unchanged_value_is_shown_once():
    assert "<del" not in render_to_string("ui/diff_value.html", {"old": "4 h", "new": "4 h"})
    both = render_to_string("ui/diff_value.html", {"old": "8 h", "new": "4 h"})
    assert "<del" in both
    assert "<ins" in both


def test_the_same_choice_is_found_again_after_a_form_came_back():
    choices = [{"value": 1, "label": "One"}, {"value": 2, "label": "Two"}]
    html = render_to_string("ui/decision_form.html", {"choices": choices, "chosen": "2", "action_url": "/x/"})
    assert html.count(" checked") == 1
    assert html.index("Two") > html.index(" checked")
