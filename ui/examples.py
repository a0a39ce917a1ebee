"""Example data of the gallery. Nothing here is read from the database, and none of the people exist."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.bands import band_words
from ui.charts import BandRow, BarChart, BarRow, bands_chart, bars_chart
from ui.schema_form import Option, SchemaForm, schema_form
from ui.trend import TrendChart, trend_chart


class ExampleForm(forms.Form):
    """One field of each kind."""

    reason = forms.CharField(label=_("Why you ask for it"), widget=forms.Textarea(attrs={"rows": 3}))
    amount = forms.DecimalField(label=_("Amount"), help_text=_("In US dollars, for example 1200.00"))
    kind = forms.ChoiceField(
        label=_("Kind of address"),
        widget=forms.RadioSelect,
        choices=[("home", _("Home")), ("post", _("Post")), ("tax", _("Tax"))],
    )
    market = forms.ChoiceField(label=_("Market"), required=False, choices=[("hk", "Hong Kong"), ("us", "US")])
    since = forms.DateField(
        label=_("Valid from"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    proof = forms.FileField(label=_("Proof of address"), required=False)
    agreed = forms.BooleanField(label=_("I have read the terms"))


def shell(theme: str) -> dict[str, Any]:
    """What the context processor gives to a real page."""
    work = [
        {"label": "My work", "url": "#", "icon": "inbox", "count": 9, "key": "g m", "current": False},
        {"label": "Queues", "url": "#", "icon": "layers", "count": 148, "key": "g q", "current": True},
        {"label": "Approvals", "url": "#", "icon": "shield", "count": 4, "key": "g a", "current": False},
    ]
    insight = [
        {"label": "Service levels", "url": "#", "icon": "clock", "count": None, "key": "g s", "current": False},
        {"label": "Rules", "url": "#", "icon": "grid", "count": None, "key": "", "current": False},
    ]
    nav = [{"label": "Work", "items": work}, {"label": "Insight", "items": insight}]
    return {"theme": theme, "nav": nav, "search_url": "#", "hours": "HK business hours, until 18:00"}


def everything(now: datetime) -> dict[str, Any]:
    """All example data of the page, by the name that the gallery's template uses."""
    return {
        "items": queue_items(now),
        "views": saved_views(),
        "milestones": milestones(),
        "todos": todos(),
        "facts": facts(),
        "events": events(now),
        "thread": thread(now),
        "choices": choices(),
        "steps": [
            {"label": "Draft", "state": "done"},
            {"label": "Proposed", "state": "now"},
            {"label": "Approved by a second person", "state": ""},
            {"label": "In force", "state": ""},
        ],
        "asked": asked(),
        "typed": ["The lease follows on Friday."],
        "crumbs": [{"label": "Queues", "url": "#"}, {"label": "Account services", "url": "#"}, {"label": "Gallery"}],
        "chart_bands": open_by_band(),
        "chart_trend": on_time(),
        "chart_bars": causes(),
        "now": now,
        "before": now - timedelta(days=400),
        "due": now + timedelta(hours=3, minutes=12),
        "buttons": [
            {"value": "assign", "label": "Assign", "key": "A"},
            {"value": "priority", "label": "Priority", "key": "P"},
        ],
        "refusal": {
            "sentence": "Expected somebody else, but you prepared this package.",
            "next_step": "A colleague with the right decides it.",
            "code": "approvals.same_person",
        },
    }


def asked() -> SchemaForm:
    """A JSON Schema with a condition, a visit, a paper that is there, and a date that lies outside."""
    wire = {"driver": "way", "values": ["wire"]}
    fields = {
        "way": {"enum": ["wire", "mail"], "title": "How it goes out"},
        "bank": {"type": "string", "maxLength": 60, "title": "Receiving bank", "x-tl": {"shown_when": wire}},
        "visit": {"title": "Time of your visit", "x-tl": {"widget": "slot"}},
        "lease": {"title": "Lease", "x-tl": {"widget": "document"}},
        "valid_from": {"format": "date", "title": "From when", "x-tl": {"first": "2026-11-24", "last": "2027-11-24"}},
    }
    times = [Option("a", "09:30", group="Wednesday 25 November"), Option("b", "14:00", group="Wednesday 25 November")]
    answers = {"way": "wire", "lease": "1", "valid_from": "2020-01-01"}
    errors = {"valid_from": "Enter a date from Tue 24 Nov 2026 to Wed 24 Nov 2027."}
    return schema_form(
        {"properties": fields}, answers, errors=errors, slots=times, papers={"1": "lease.pdf"}, ids="asked"
    )


def queue_items(now: datetime) -> list[dict[str, Any]]:
    """Rows of the queue in every band."""
    rows = [
        (
            "breached",
            "2 h 05 min over",
            "TL-7K3F9Q2M-C",
            "Transfer shares in",
            "Hartwell Family Trust",
            "",
            "Daniel",
            1,
        ),
        ("red", "22 min left", "TL-48D2M0QX-7", "Change of address", "Mei Wong", "", "Daniel", 2),
        ("red", "41 min left", "TL-J6WQ0A5T-4", "Raise a transfer limit", "Aurora Tan", "", "", 1),
        ("yellow", "1 h 35 min left", "TL-0N4RYC8E-Z", "Joint account opening", "Patel and Shah", "", "", 2),
        ("yellow", "1 h 50 min left", "TL-3BXV71KD-P", "Balance confirmation", "林佳慧", "zh-Hans", "Lena", 3),
        ("green", "7 h 40 min left", "TL-P5SG2Z9H-W", "Corporate account opening", "Kowloon Bay Logistics", "", "", 3),
        ("paused", "Paused", "TL-E8QJ4T6N-2", "Margin facility", "Meridian Shipping", "", "Lena", 3),
    ]
    names = ("band", "text", "reference", "title", "client", "client_lang", "owner", "priority")
    return [dict(zip(names, row, strict=True)) | _row(place, now) for place, row in enumerate(rows)]


def _row(place: int, now: datetime) -> dict[str, Any]:
    due = (now + timedelta(days=place)).date()
    return {"id": place, "url": "#", "step": "Verify the new address", "due": due, "can_claim": True, "claim_url": "#"}


def saved_views() -> list[dict[str, Any]]:
    """Tabs over a queue."""
    names = [
        ("All open", 148),
        ("Next up", 17),
        ("Nobody yet", 37),
        ("Breached", 6),
        ("Mine", 9),
        ("With the client", 26),
    ]
    return [
        {"label": label, "count": count, "url": "#", "current": place == 1, "key": f"g {place + 1}"}
        for place, (label, count) in enumerate(names)
    ]


def milestones() -> list[dict[str, str]]:
    """A client's steps, the third under way."""
    return [
        {"label": "Received", "state": "done", "text": "Thu 19 Nov, 14:06"},
        {"label": "Identity checked", "state": "done", "text": "Fri 20 Nov, 11:32"},
        {"label": "Documents reviewed", "state": "now", "text": "Waiting for your proof of address"},
        {"label": "Approved", "state": "next", "text": "Expected Tue 24 Nov"},
        {"label": "Account ready", "state": "next", "text": "Promised Wed 25 Nov"},
    ]


def todos() -> list[dict[str, str]]:
    """What a client has to do."""
    return [
        {
            "title": "Upload a proof of address",
            "text": "Brokerage account opening. Send it by Tue 24 Nov, 18:00 to keep Wed 25 Nov.",
            "url": "#",
            "action": "Upload",
            "icon": "upload",
        },
        {
            "title": "Choose a time for a short call",
            "text": "Transfer shares in. 10 minutes, to confirm the three holdings.",
            "url": "#",
            "action": "Choose a time",
            "icon": "calendar",
        },
    ]


def facts() -> list[dict[str, Any]]:
    """Pairs of a label and a value."""
    return [
        {"label": "Limit asked", "value": "HKD 4,500,000.00", "num": True},
        {"label": "Account", "value": "Individual, cash and margin", "change_url": "#"},
        {"label": "Risk rating", "value": "Medium", "sub": "was Low until 2 Nov"},
    ]


def events(now: datetime) -> list[dict[str, Any]]:
    """A staff timeline."""
    return [
        {
            "icon": "shield",
            "who": "Leo Chen",
            "text": "approved, 1 of 2",
            "at": now - timedelta(minutes=9),
            "quote": "Limit fits the profile.",
        },
        {
            "icon": "comment",
            "who": "Daniel Ho",
            "text": "wrote an internal note",
            "at": now - timedelta(hours=1),
            "quote": "Seller's lawyer confirmed the completion date by phone.",
            "internal": True,
        },
        {"icon": "clock", "text": "Clock paused 1 h 55 min, waiting for the client", "at": now - timedelta(days=1)},
        {
            "icon": "check",
            "text": "Rule MF-04 of version 7: two approvers",
            "at": now - timedelta(days=2),
            "details": facts(),
        },
    ]


def thread(now: datetime) -> list[dict[str, Any]]:
    """Messages between a client and us."""
    return [
        {
            "who": "Daniel",
            "from_team": "Account services",
            "at": now - timedelta(days=2),
            "text": "Your passport is confirmed, thank you. We need a bill dated after 24 August.",
        },
        {"who": "Mei Wong", "mine": True, "at": now - timedelta(days=1), "text": "Is a tenancy agreement OK?"},
    ]


def choices() -> list[dict[str, str]]:
    """An approver's choices with their consequences."""
    return [
        {"value": "approve", "label": "Approve", "hint": "2 of 2. The account limit changes at once."},
        {"value": "send_back", "label": "Send back", "hint": "To Daniel, with what to fix."},
        {"value": "reject", "label": "Reject", "hint": "Ends the order. The client is told."},
    ]


def open_by_band() -> BarChart:
    """Open work by team and band."""
    counts = {
        "Account services": (79, 22, 15, 6),
        "Transfers": (71, 15, 8, 4),
        "Credit": (38, 11, 6, 2),
        "Client screening": (64, 9, 3, 0),
        "Payments": (82, 6, 1, 0),
    }
    keys = ("green", "yellow", "red", "breached")
    rows = [BandRow(label, dict(zip(keys, row, strict=True))) for label, row in counts.items()]
    finding = "Account services has most at risk: 22 at risk, 15 critical, 6 breached."
    return bands_chart("open-by-band", rows, words=band_words(), finding=finding, heading="Team", total="All")


def on_time() -> TrendChart:
    """Share of steps closed in time, by week, one week without figures."""
    shares = [95.8, 96.1, 95.2, 94.9, 95.6, 96.4, None, 93.8, 92.1, 91.4, 93.0, 94.2]
    values = [(f"W{week}", share) for week, share in enumerate(shares, start=36)]
    finding = "Fell to 91.4% in week 45, now 94.2%; the goal is 95%."
    return trend_chart("on-time", values, finding=finding, columns=("Week", "On time"), unit="%", goal=95)


def causes() -> BarChart:
    """Why targets were missed."""
    rows = [
        BarRow("Waiting for another team", 31, "Screening, 24 of 31"),
        BarRow("Item sat without an owner", 22, "mostly after 17:00"),
        BarRow("Sent back for rework", 14, emphasis=False),
        BarRow("System outage", 11, emphasis=False),
        BarRow("Other", 4, emphasis=False),
    ]
    finding = "Of 82 breaches, 31 waited for another team and 22 had no owner."
    return bars_chart("breach-causes", rows, finding=finding, columns=("Cause", "Breaches"))
