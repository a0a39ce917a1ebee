"""Heat: how often and how long a process stood where, drawn on its diagram, and the orders behind each number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.refusals import NotFound
from insights.heat import PAGE, NodeHeat, Stay, heat, stays_at
from portal_staff.access import PROCESSES, requires
from portal_staff.drawing_words import unnamed
from portal_staff.process_models import in_force, model_seen
from portal_staff.views.board import period_of, period_words
from processes.engine import Graph, render_svg
from processes.engine.picture.marking import marks_of_heat
from processes.models import ProcessModel
from processes.queries import document, graph
from ui.words import elapsed_text, is_chinese


@require_safe
@requires(*PROCESSES)
def process_heat(request: HttpRequest, key: str) -> HttpResponse:
    """The drawing in force with the count and median time of each node, and the same as a table."""
    model = model_seen(request.user, key)
    now, version = timezone.now(), in_force(model)
    if version is None:
        raise NotFound(_("Expected a process with a version in force, but this one has none yet."))
    period, since = period_of(request, now)
    found, drawn = heat(model, since, now), graph(version.pk)
    language = "zh-Hans" if is_chinese(get_language()) else "en"
    marks = marks_of_heat(
        {node: figures.stays for node, figures in found.items() if node in drawn.nodes},
        {node: _time(figures.median) for node, figures in found.items() if figures.median},
    )
    svg = render_svg(document(version.pk), language=language, title=model.name[language], marks=marks)
    context = {
        "model": model,
        "period": period,
        "periods": period_words(),
        "diagram": mark_safe(svg),  # noqa: S308 - drawn by the engine, every label escaped there
        "lines": [_line(model, node, figures, drawn, period) for node, figures in _ordered(found, drawn)],
    }
    return render(request, "portal_staff/heat.html", context)


@require_safe
@requires(*PROCESSES)
def heat_orders(request: HttpRequest, key: str, node: str) -> HttpResponse:
    """The orders behind the number of one node."""
    model, now = model_seen(request.user, key), timezone.now()
    version = in_force(model)
    period, since = period_of(request, now)
    text = request.GET.get("before", "")
    before = int(text) if text.isdecimal() and len(text) < 19 else None
    stays = stays_at(request.user, model, node, since, now, before)
    drawn = graph(version.pk) if version else None
    if not stays and not before and (drawn is None or node not in drawn.nodes):
        raise NotFound(_("Expected an element of the process, but there is none."))
    shown = stays[:PAGE]
    more = urlencode({"period": period, "before": shown[-1].key}) if len(stays) > PAGE else ""
    context = {
        "model": model,
        "name": _name(node, drawn),
        "period": dict(period_words())[period],
        "back": f"{reverse('staff:process_heat', args=[model.key])}?period={period}",
        "stays": [{"stay": stay, "time": _lasted(stay, now)} for stay in shown],
        "first_url": f"?period={period}" if before else "",
        "next_url": f"?{more}" if more else "",
    }
    return render(request, "portal_staff/heat_orders.html", context)


def _ordered(found: Mapping[str, NodeHeat], drawn: Graph) -> list[tuple[str, NodeHeat]]:
    """As the drawing has them; nodes of earlier versions that are not drawn any more stand last."""
    places = {node: place for place, node in enumerate(sorted(drawn.nodes, key=lambda name: drawn.nodes[name].line))}
    return sorted(found.items(), key=lambda pair: (places.get(pair[0], len(places)), pair[0]))


def _line(model: ProcessModel, node: str, figures: NodeHeat, drawn: Graph, period: str) -> dict[str, Any]:
    return {
        "name": _name(node, drawn),
        "is_drawn": node in drawn.nodes,
        "figures": figures,
        "median": _time(figures.median),
        "url": f"{reverse('staff:heat_orders', args=[model.key, node])}?period={period}",
    }


def _name(node: str, drawn: Graph | None) -> str:
    language = "zh-Hans" if is_chinese(get_language()) else "en"
    known = drawn.nodes.get(node) if drawn else None
    if known is None:
        return node
    return " ".join(known.label(language).split()) or unnamed(known.element, node)


def _time(seconds: float | None) -> str:
    return "" if seconds is None else elapsed_text(round(seconds), get_language())


def _lasted(stay: Stay, now: datetime) -> str:
    return _time(stay.seconds if stay.seconds is not None else (now - stay.entered_at).total_seconds())
