"""The charts and tables of the board as CSV files: the same figures, for the same reader and period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.refusals import NotFound
from insights import queries as insights
from portal_staff.access import MANAGE, requires
from portal_staff.views.board import (
    HOURS,
    breach_line,
    compliance_chart,
    compliance_line,
    depth_chart,
    period_of,
    weeks_ago,
)
from ui.bands import band_words
from ui.charts import Table
from ui.csv_lines import csv_lines
from ui.words import pick_text


@require_safe
@requires(*MANAGE)
def board_file(request: HttpRequest, part: str) -> HttpResponse:
    """One part of the board, row by row; no part has more rows than the board's own reads give."""
    if part not in PARTS:
        raise NotFound(_("Expected a part of the board, but there is none of that name."))
    now = timezone.now()
    lines = csv_lines(PARTS[part](request, now))
    name = f"{part}-{timezone.localdate(now).isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _depth(request: HttpRequest, now: datetime) -> Table:
    return depth_chart(insights.depth_by_product(request.user, now)).table


def _trend(request: HttpRequest, now: datetime) -> Table:
    return compliance_chart(insights.compliance_trend(request.user, weeks_ago(request.user, now), now)).table


def _compliance(request: HttpRequest, now: datetime) -> Table:
    _period, since = period_of(request, now)
    ratings = insights.ratings_by_product(request.user, since, now)
    lines = [
        compliance_line(row, ratings.get(row.product))
        for row in insights.compliance_by_product(request.user, since, now)
    ]
    missed = pgettext("number of promises", "Missed")
    columns = (_("Product"), _("Kept"), missed, _("Share"), _("Stars"), _("Ratings"))
    return _table(
        columns, [[line[key] for key in ("name", "met", "breached", "rate", "stars", "ratings")] for line in lines]
    )


def _due(request: HttpRequest, now: datetime) -> Table:
    words = band_words()
    columns = (_("Due"), _("Band"), _("Order"), _("Product"), _("Step"), _("Owner"))
    rows = insights.due_soon(request.user, now, HOURS)
    return _table(
        columns, [[row.due_at, words.get(row.band, ""), row.number, row.product, row.node, row.holder] for row in rows]
    )


def _breaches(request: HttpRequest, now: datetime) -> Table:
    columns = (
        _("Missed"), _("Order"), _("Product"), _("Step"), _("Kind of target"), _("Target"),
        _("Responsible"), _("Cause"), _("Explanation"),
    )  # fmt: skip
    rows = []
    for line in map(breach_line, insights.open_breaches(request.user)):
        row = line["row"]
        what = row.node or _("Whole order")
        rows.append(
            [row.breached_at, row.number, row.product, what, line["kind"], line["target"], row.responsible]
            + [line["cause"], row.explanation]
        )
    return _table(columns, rows)


PARTS: dict[str, Callable[[HttpRequest, datetime], Table]] = {
    "open-orders": _depth,
    "promises-kept": _trend,
    "compliance": _compliance,
    "next-to-breach": _due,
    "breaches": _breaches,
}


def _table(columns: tuple[str, ...], rows: list[list[Any]]) -> Table:
    return Table(columns, tuple(tuple(_cell(value) for value in row) for row in rows))


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="minutes")
    if isinstance(value, dict):
        return pick_text(value, get_language())
    return "" if value is None else str(value)
