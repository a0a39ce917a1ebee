"""What a version of an approval matrix would have decided otherwise: past orders decided again, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.what_if import Change, Tally, added_wait, next_part, past_orders, usual_waits
from audit.canonical import iso
from audit.refusals import NotFound
from orders.models import Order
from portal_staff.access import RULES, is_fragment, requires
from portal_staff.rule_tables import version_seen
from portal_staff.views.board import PERIODS, period_words
from portal_staff.vocabulary import Vocabulary
from rulebook.models import TableVersion
from ui.words import elapsed_text

SALT, PART_AGE = "portal_staff.what_if", 3600
SHOWN = 200  # changed orders in the page; `rules replay` has them all
PART = 500


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*RULES)
def what_if(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Decide the orders of a period again under this version: a part now, the page asks for the next."""
    version = version_seen(request.user, key, number)
    if version.table.kind != "approval_matrix":
        raise NotFound(_("Expected an approval matrix, but this table decides no orders."))
    period = request.POST.get("period") or request.GET.get("period", "")
    period = period if period in PERIODS else "quarter"
    context = {"version": version, "period": period, "periods": period_words()}
    done = _so_far(request.POST.get("done", ""), version, period) if request.method == "POST" else None
    if done is None:
        return render(request, "portal_staff/what_if.html", context | _progress(_begun(version, period)))
    tally, since = Tally(**done["tally"]), datetime.fromisoformat(done["since"])
    before = tally.decided
    changes = _seen(request.user, next_part(version, since, tally, PART))
    done["tally"] = asdict(tally)
    done["changes"] += [_kept(change) for change in changes[: SHOWN - len(done["changes"])]]
    if tally.decided - before == PART:
        return _answer(request, "part", context | _progress(done))
    return _answer(request, "result", context | _result(version, since, tally, done["changes"]))


def _kept(change: Change) -> dict[str, Any]:
    """What of a changed order travels with the page."""
    return {"order": change.order, "decisions": [each.as_json() for each in change.decisions]}


def _seen(user: Any, changes: list[Change]) -> list[Change]:
    """Those of orders that the reader may see; the others are only counted, and do not travel with the page."""
    numbers = [change.order for change in changes]
    seen = set(Order.objects.visible_to(user).filter(number__in=numbers).values_list("number", flat=True))
    return [change for change in changes if change.order in seen]


def _answer(request: HttpRequest, part: str, context: Mapping[str, Any]) -> HttpResponse:
    page = f"portal_staff/what_if.html#{part}" if is_fragment(request) else "portal_staff/what_if.html"
    return render(request, page, {**context, "shows": part})


def _begun(version: TableVersion, period: str) -> dict[str, Any]:
    since = timezone.now() - timedelta(days=PERIODS[period])
    total = past_orders(version, since).count()
    return {
        "version": version.pk,
        "period": period,
        "since": iso(since),
        "total": total,
        "tally": asdict(Tally()),
        "changes": [],
    }


def _so_far(text: str, version: TableVersion, period: str) -> dict[str, Any] | None:
    """How far the page says that it has come; None begins anew, also where it is about something else."""
    try:
        done = signing.loads(text, salt=SALT, max_age=PART_AGE)
    except signing.BadSignature:
        return None
    return done if (done["version"], done["period"]) == (version.pk, period) else None


def _progress(done: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "shows": "part",
        "done": signing.dumps(done, salt=SALT, compress=True),
        "decided": done["tally"]["decided"],
        "total": done["total"],
    }


def _result(version: TableVersion, since: datetime, tally: Tally, changes: list[dict[str, Any]]) -> dict[str, Any]:
    words, waits = Vocabulary.of_table(version.body), usual_waits(version, since)
    unit = next((each.get("unit", "") for each in version.body["inputs"] if each["name"] == "amount"), "")
    lines = [line for change in changes for line in _lines(words, change, unit)]
    return {
        "tally": tally,
        "added": _time(added_wait(tally.stages, waits)),
        "load": [_load(words, role, sides, waits) for role, sides in sorted(tally.load.items())],
        "changes": lines,
        "has_at_once": any(side["at_once"] for line in lines for side in (line["then"], line["draft"])),
        "more": tally.changed - len(changes),
        "since": since,
    }


def _load(words: Vocabulary, role: str, sides: list[int], waits: Mapping[str, float]) -> dict[str, Any]:
    then, draft = sides
    wait = _time(waits[role]) if role in waits else "–"
    return {
        "role": words.said("roles", role),
        "then": then,
        "draft": draft,
        "more": _signed(draft - then),
        "wait": wait,
    }


def _lines(words: Vocabulary, change: Mapping[str, Any], unit: str) -> list[dict[str, Any]]:
    """A line for each decision about an order that differs; the first of them names it."""
    return [
        {"number": change["order"], "is_first": not place, **_line(words, decision, unit)}
        for place, decision in enumerate(change["decisions"])
    ]


def _line(words: Vocabulary, decision: Mapping[str, Any], unit: str) -> dict[str, Any]:
    amount = f"{unit} {Decimal(decision['amount']):,.2f}".strip() if decision["amount"] else ""
    return {
        "at": datetime.fromisoformat(decision["at"]),
        "asked": decision["asked"],
        "amount": amount,
        "then": _said(words, decision["then"]),
        "draft": _said(words, decision["draft"]),
    }


def _said(words: Vocabulary, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Who signs, in words, with the rules that ask for it; a plus sign joins those who sign at once."""
    stages = [" + ".join(words.said("roles", role) for role in stage) for stage in answer["stages"]]
    nobody = _("No rule covers it") if answer["gap"] else _("Nobody")
    return {
        "text": pgettext("between the words of a list", ", ").join(stages) or nobody,
        "at_once": any(len(stage) > 1 for stage in answer["stages"]),
        "rules": ", ".join(answer["rules"]),
        "is_gap": bool(answer["gap"]),
    }


def _signed(difference: int) -> str:
    return f"\N{MINUS SIGN}{-difference}" if difference < 0 else f"+{difference}" if difference else "0"


def _time(seconds: float) -> str:
    sign = "\N{MINUS SIGN}" if seconds < 0 else ""
    return sign + elapsed_text(abs(seconds), get_language())
