"""The manager's board of service levels, and the breaches with their causes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Branch
from audit.refusals import Invalid, NotFound, Refusal
from calendars.queries import calendar
from insights import queries as insights
from portal_staff.access import DESK, MANAGE, actor, requires, said_at, zone_of
from portal_staff.words import CAUSES, CLOCK_KINDS, target_words, time_left, word
from sla.access import expect_explainable, explainable
from sla.actions import explain_breach
from ui.bands import band_words
from ui.charts import BandRow, BarChart, bands_chart
from ui.trend import TrendChart, trend_chart
from ui.words import pick_text
from ui.zones import shows
from work.queries import led_among

PERIODS = {"week": 7, "month": 30, "quarter": 91}
GOAL = 95.0
WEEKS = 12
HOURS = 72
SHOWN = 8


@require_safe
@requires(*MANAGE)
def board(request: HttpRequest) -> HttpResponse:
    """Open work by product and band, compliance, and what breaches next."""
    user, now = request.user, timezone.now()
    period, since = period_of(request, now)
    compliance = insights.compliance_by_product(user, since, now)
    ratings = insights.ratings_by_product(user, since, now)
    depth, breaches = insights.depth_by_product(user, now), insights.open_breaches(user)
    context = {
        "period": period,
        "periods": period_words(),
        "figures": _figures(compliance, depth),
        "depth": depth_chart(depth),
        "trend": compliance_chart(insights.compliance_trend(user, weeks_ago(user, now), now)),
        "compliance": [compliance_line(row, ratings.get(row.product)) for row in compliance],
        "due": _due_lines(user, insights.due_soon(user, now, HOURS)[:SHOWN], now),
        "breaches": _breach_lines(user, breaches[:SHOWN]),
        "more_breaches": len(breaches) > SHOWN,
        "now": now,
    }
    return render(request, "portal_staff/board.html", context)


@require_safe
@requires(*MANAGE)
def breaches(request: HttpRequest) -> HttpResponse:
    """Breaches that wait for a cause or for their work to be done."""
    lines = _breach_lines(request.user, insights.open_breaches(request.user))
    return render(request, "portal_staff/breaches.html", {"breaches": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*DESK)
def breach(request: HttpRequest, breach: int) -> HttpResponse:
    """Name the cause of a breach."""
    found = next((row for row in insights.open_breaches(request.user) if row.id == breach), None)
    if found is None:
        raise NotFound(_("Expected a breach that still waits for its cause, but there is none."))
    given = {name: request.POST.get(name, "") for name in ("cause", "explanation")}
    context = {"line": breach_line(found), "causes": list(CAUSES.items()), "given": given}
    if request.method != "POST":
        expect_explainable(breach, actor(request))
        return render(request, "portal_staff/breach.html", context)
    try:
        explain_breach(breach, **given, actor=actor(request), now=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        errors = refusal.fields if isinstance(refusal, Invalid) else {"explanation": said_at(refusal, "explanation")}
        return render(request, "portal_staff/breach.html", {**context, "errors": errors}, status=refusal.status)
    messages.success(request, _("The cause is recorded."))
    return redirect("staff:breaches")


def period_words() -> list[tuple[str, str]]:
    """The periods to choose among, in words."""
    return [("week", _("Week")), ("month", _("Month")), ("quarter", _("Quarter"))]


def period_of(request: HttpRequest, now: datetime) -> tuple[str, datetime]:
    """The period that the address names, a month without one, and when it began."""
    asked = request.GET.get("period", "")
    period = asked if asked in PERIODS else "month"
    return period, now - timedelta(days=PERIODS[period])


def depth_chart(depth: list[insights.Depth]) -> BarChart:
    """Open orders by product and band as stacked bars."""
    rows = [BandRow(pick_text(row.name, get_language()), row.counts) for row in depth]
    numbers = {"late": sum(row.counts["breached"] for row in depth), "total": sum(row.total for row in depth)}
    finding = _("%(total)s orders are open, %(late)s of them breached.") % numbers
    heading, total = _("Product"), _("All bands together")
    return bands_chart("open-by-band", rows, words=band_words(), finding=finding, heading=heading, total=total)


def compliance_chart(weeks: list[insights.WeekCompliance]) -> TrendChart:
    """Share of promises kept, week by week, against the goal."""
    values = [(f"W{week.monday.isocalendar().week}", _percent(week.rate)) for week in weeks]
    last = next((value for _label, value in reversed(values) if value is not None), None)
    said = _("%(share)s of promises were kept in the last week that had any; the goal is %(goal)s.")
    finding = _("No promise was due yet.")
    if last is not None:
        finding = said % {"share": f"{last:.1f}%", "goal": f"{GOAL:.0f}%"}
    return trend_chart("on-time", values, finding=finding, columns=(_("Week"), _("Kept")), unit="%", goal=GOAL)


def _figures(compliance: list[insights.Compliance], depth: list[insights.Depth]) -> list[dict[str, Any]]:
    met, missed = sum(row.met for row in compliance), sum(row.breached for row in compliance)
    rate = insights.share(met, missed)
    counts = {band: sum(row.counts[band] for row in depth) for band in insights.BANDS}
    said = ngettext("%(count)s promise due", "%(count)s promises due", met + missed) % {"count": met + missed}
    return [
        {"label": _("Kept in time"), "value": "–" if rate is None else f"{rate * 100:.1f}%", "sub": said},
        {"label": _("Breached now"), "value": counts["breached"], "sub": _("open orders"), "band": "breached"},
        {"label": _("Critical now"), "value": counts["red"], "sub": _("open orders"), "band": "red"},
        {"label": _("At risk now"), "value": counts["yellow"], "sub": _("open orders"), "band": "yellow"},
        {"label": _("Open now"), "value": sum(row.total for row in depth), "sub": _("all products")},
    ]


def compliance_line(row: insights.Compliance, rated: insights.Rated | None) -> dict[str, Any]:
    """Promises of one product as a row of the board."""
    rate = _percent(row.rate)
    shown = "–" if rate is None else f"{rate:.1f}%"
    style = "ok" if rate is not None and rate >= GOAL else "warn"
    return {
        "name": row.name,
        "met": row.met,
        "breached": row.breached,
        "rate": shown,
        "style": style,
        "stars": f"{rated.average:.1f}" if rated else "",
        "ratings": rated.count if rated else 0,
    }


def _due_lines(user: Any, rows: list[insights.DueOrder], now: datetime) -> list[dict[str, Any]]:
    cal, led = calendar(_home(user).calendar), led_among(user, [row.item for row in rows if row.item])
    return [
        {
            "row": row,
            "left": time_left("" if row.band == "none" else row.band, row.due_at, now, cal),
            "reassigns": row.item in led,
        }
        for row in rows
    ]


def _breach_lines(user: Any, rows: list[insights.OpenBreach]) -> list[dict[str, Any]]:
    known = explainable(user, [row.id for row in rows])
    return [{**breach_line(row), "explains": row.id in known} for row in rows]


def breach_line(row: insights.OpenBreach) -> dict[str, Any]:
    """A missed target as a row of the board."""
    shows(row.timezone)
    return {
        "row": row,
        "kind": word(CLOCK_KINDS, row.kind),
        "target": target_words(row.target),
        "cause": word(CAUSES, row.cause) if row.cause else "",
    }


def _percent(rate: float | None) -> float | None:
    return None if rate is None else rate * 100


def weeks_ago(user: Any, now: datetime) -> datetime:
    """The reader's Monday with which the trend begins."""
    local = now.astimezone(zone_of(user)).replace(hour=0, minute=0, second=0, microsecond=0)
    return local - timedelta(days=local.weekday(), weeks=WEEKS - 1)


def _home(user: Any) -> Branch:
    """The branch whose business hours the board counts in: the reader's own, or the first."""
    own = Branch.objects.filter(teams__members=user).first()
    return own or Branch.objects.order_by("pk")[0]
