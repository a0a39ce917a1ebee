"""Template tags of the design system: `{% load ui %}`."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ui import words
from ui.bands import BANDS, Band
from ui.icons import GLYPHS, PATHS
from ui.zones import differs, is_named

register = template.Library()
SVG_WIDTH = re.compile(r'<svg[^>]* width="([0-9.]+)"')
LEAST_SCALE = 0.7  # of a drawing with words of 12 px


@register.simple_tag(name="icon")
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A line icon by name; size "sm", "lg" or "xl"; with a label it is read out, without one it is hidden.

    Raises KeyError for a name that is not in `ui.icons`, so that a wrong name is found by any test of the page.
    """
    css = f"i i-{size}" if size else "i"
    drawing = format_html('<path d="{}"/>', PATHS[name])
    return _svg(css, 16, drawing, label)


@register.simple_tag(name="glyph")
def glyph(style: str, css: str = "glyph") -> SafeString:
    """The solid shape of a band style (ok, warn, crit, breach, hold). Raises KeyError for any other."""
    return _svg(css, 14, mark_safe(GLYPHS[style]), "")  # noqa: S308 - our own constant


def _svg(css: str, side: int, drawing: SafeString, label: str) -> SafeString:
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="{}" viewBox="0 0 {} {}" {}>{}</svg>', css, side, side, named, drawing)


@register.filter
def text_in(texts: Mapping[str, str] | str | None) -> str:
    """The active language's text of `{"en": …, "zh-Hans": …}`."""
    return words.pick_text(texts, get_language())


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Minor units and a currency as `HKD 4,500,000.00`; nothing stays nothing."""
    return "" if minor is None else words.money_text(minor, currency)


@register.filter
def when(moment: datetime | date | None, style: str = "") -> SafeString | str:
    """A `<time>` in the reader's words, with its zone where `ui.zones` says so.

    style: "", "short", "date", "long", "time", as in `words.moment_text`.
    """
    if moment is None:
        return ""
    language, now = get_language(), timezone.now()
    if not isinstance(moment, datetime):
        shown = words.date_text(moment, language, this_year=timezone.localdate(now).year, long=style == "long")
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), shown)
    zone = timezone.get_current_timezone()
    shown = words.moment_text(moment, language, now=now, zone=zone, style=style, named=is_named(moment))
    full = words.full_text(moment, language, zone)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), full, shown)


@register.filter
def when_in(moment: datetime, place: str) -> SafeString:
    """A `<time>` on the clocks of a place, by the name of its zone, which is named where the reader's go otherwise."""
    zone, named = ZoneInfo(place), differs(moment, place)
    shown = words.moment_text(moment, get_language(), now=timezone.now(), zone=zone, named=named)
    full = words.full_text(moment, get_language(), zone)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), full, shown)


@register.filter
def duration_words(seconds: float | None) -> str:
    """Business seconds as `2 h 05 min` or `2 小时 5 分钟`; nothing stays nothing."""
    return "" if seconds is None else words.duration_text(seconds, get_language())


@register.filter
def initials(name: str | None) -> str:
    """One or two characters for an avatar."""
    return words.initials_text(str(name or ""))


@register.filter
def band_style(key: str | None) -> str:
    """The CSS class of a band key; "hold" when there is no band."""
    return _band(key).style


@register.filter
def band_word(key: str | None) -> str:
    """The name of a band in words."""
    return str(_band(key).word)


@register.filter
def band_chip(key: str | None, text: str = "") -> str:
    """A band as a chip: shape and words; `text` replaces the band's own word."""
    look = _band(key)
    return render_to_string("ui/chip.html", {"style": look.style, "glyph": look.style, "text": text or look.word})


def _band(key: str | None) -> Band:
    return BANDS[key or "paused"]


@register.filter
def widget_kind(field: Any) -> str:
    """What kind of control a bound field is: checkbox, radio, checkboxes, file, or line for anything else."""
    names = {"checkbox": "checkbox", "radioselect": "radio", "checkboxselectmultiple": "checkboxes"}
    kind = field.widget_type
    return "file" if kind.endswith("file") else names.get(kind, "line")


@register.filter
def progress(done: int, total: int) -> list[str]:
    """The states of a short progress bar: done ones, the one under way, the rest."""
    return ["done" if place < done else "now" if place == done else "next" for place in range(total)]


@register.filter
def least_width(svg: str) -> int:
    """The least width at which the words of a drawing can still be read: a part of the one that it was drawn for."""
    drawn = SVG_WIDTH.search(svg)
    return round(float(drawn[1]) * LEAST_SCALE) if drawn else 0


@register.filter
def same(value: Any, other: Any) -> bool:
    """Whether two values are written the same, for a choice that came back from a form as text."""
    return str(value) == str(other)


@register.filter
def plain(coordinate: float) -> str:
    """A coordinate as SVG reads it, in any language."""
    return f"{coordinate:g}"


@register.filter
def add_to(coordinate: float, offset: float) -> str:
    """A coordinate moved by an offset."""
    return f"{round(coordinate + float(offset), 1):g}"
