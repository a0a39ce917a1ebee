"""What must be on record before an approval: the questions of each kind of evidence, and what was answered.

A verbal call-back is asked in fields: who was called, on which number, when, with what outcome. Any other evidence that
a matrix names is a text. The questions are a form like all others (JSON Schema with `x-tl`), so that pages draw and
check them alike; what was answered stands with the decision by field: `verbal_callback_who`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from approvals.models import Decision, Request
from approvals.refusals import EvidenceMissing, EvidenceWrong
from orders import schemas
from orders.models import Order
from work.models import WorkItem

CALL_BACK, CONFIRMED = "verbal_callback", "confirmed"
LONGEST = 500
CALL_BACK_TITLE = {"en": "Verbal call-back", "zh-Hans": "电话回访"}
OUTCOMES = {
    CONFIRMED: {"en": "The client confirmed", "zh-Hans": "客户已确认"},
    "not_confirmed": {"en": "Not confirmed", "zh-Hans": "未确认"},
    "not_reached": {"en": "Not reached", "zh-Hans": "未接通"},
}
PARTS: dict[str, dict[str, Any]] = {  # of a call-back
    "who": {
        "type": "string",
        "minLength": 2,
        "maxLength": 120,
        "title": "Who was called",
        "x-tl": {"title": {"en": "Who was called", "zh-Hans": "被回访人"}},
    },
    "number": {
        "type": "string",
        "maxLength": 30,
        "pattern": r"^\+?[0-9][0-9 ().-]{5,28}$",
        "title": "Number called",
        "x-tl": {
            "masked": True,
            "title": {"en": "Number called", "zh-Hans": "拨打号码"},
            "hint": {
                "en": "At least six digits, with country and area code, like +1 212 555 0101.",
                "zh-Hans": "至少六位数字，含国家和地区号，例如 +1 212 555 0101。",
            },
        },
    },
    "on": {
        "type": "string",
        "format": "date",
        "maxLength": 10,
        "title": "Day of the call",
        "x-tl": {
            "widget": "date",
            "not_before": "-3m",
            "not_after": "today",
            "title": {"en": "Day of the call", "zh-Hans": "回访日期"},
        },
    },
    "time": {
        "type": "string",
        "maxLength": 5,
        "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        "title": "Time of the call",
        "x-tl": {
            "title": {"en": "Time of the call", "zh-Hans": "回访时间"},
            "hint": {"en": "At the branch, 24 hours, like 14:05.", "zh-Hans": "网点当地时间，24 小时制，例如 14:05。"},
        },
    },
    "outcome": {
        "type": "string",
        "enum": list(OUTCOMES),
        "title": "Outcome",
        "x-tl": {"widget": "radio", "title": {"en": "Outcome", "zh-Hans": "结果"}, "labels": OUTCOMES},
    },
}
TEXT: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": LONGEST, "x-tl": {"widget": "textarea"}}
FIELDS = {f"{CALL_BACK}_{part}": about for part, about in PARTS.items()}  # of every evidence that is asked in fields
STEP = {"callback_who": "who", "callback_dialled": "number", "callback_result": "outcome"}  # of a drawn call-back


def fields_of(name: str) -> list[str]:
    """The fields in which a kind of evidence is kept."""
    return list(FIELDS) if name == CALL_BACK else [name]


def form_of(
    names: Iterable[str],
    *,
    required: Iterable[str] = (),
    titles: Mapping[str, Mapping[str, str]] | None = None,
    keys: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The questions of some evidence, each field called `evidence_…`.

    required: kinds without which the form is not whole. titles: what a kind is called. keys: what stands in the names
    of the fields instead of a kind, where a reader must not see it.
    """
    titles, keys, needed = titles or {}, keys or {}, set(required)
    sections: list[dict[str, Any]] = []
    fields: dict[str, Any] = {}
    must: list[str] = []
    for name in names:
        title = CALL_BACK_TITLE if name == CALL_BACK else titles.get(name) or {"en": name.replace("_", " ")}
        sections.append({"key": name, "title": title if name == CALL_BACK else {}})
        for field in fields_of(name):
            about = FIELDS.get(field) or {**TEXT, "title": title["en"]}
            shown = field_name(field, name, keys)
            fields[shown] = {**about, "x-tl": {"title": title, **about["x-tl"], "section": name}}
            must += [shown] if name in needed else []
    return {
        "type": "object",
        "x-tl": {"sections": sections},
        "properties": fields,
        "required": must,
        "additionalProperties": False,
    }


def field_name(field: str, name: str, keys: Mapping[str, str]) -> str:
    """What a field of a kind of evidence is called on a page."""
    return f"evidence_{keys.get(name, name)}{field.removeprefix(name)}"


def given_in(raw: Mapping[str, Any], names: Iterable[str], keys: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The evidence in what a page posted, by field. keys: as the page was given them."""
    names, keys = list(names), keys or {}
    answers = schemas.clean(form_of(names, keys=keys), raw)
    pairs = ((field, field_name(field, name, keys)) for name in names for field in fields_of(name))
    return {field: answers[shown] for field, shown in pairs if shown in answers}


def is_recorded(name: str, evidence: Mapping[str, Any]) -> bool:
    """Whether a decision holds the evidence; a call-back counts when the client confirmed."""
    if evidence.get(name):  # a text, as call-backs were kept once
        return True
    return name == CALL_BACK and evidence.get(f"{CALL_BACK}_outcome") == CONFIRMED


def recorded_before(request: Request) -> set[str]:
    """Kinds of evidence that an earlier tier of the request put on record: one statement."""
    if not request.evidence:
        return set()
    signed = Decision.objects.filter(Q(request=request) | Q(carried_to__request=request))
    made = list(signed.values_list("evidence", flat=True))
    return {name for name in request.evidence for evidence in made if is_recorded(name, evidence)}


def read(request: Request, choice: Decision.Choice, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The evidence to be kept with a decision, by field. At most one statement.

    To approve, all that is not on record yet is needed; otherwise it may be left out, but not be half given.
    Raises EvidenceMissing, EvidenceWrong: with a sentence at each field `evidence_…`.
    """
    if not request.evidence:
        return {}
    approves = choice == Decision.Choice.APPROVE
    answers = schemas.clean(form_of(request.evidence), {f"evidence_{name}": value for name, value in given.items()})
    begun = {name for name in request.evidence if any(f"evidence_{field}" in answers for field in fields_of(name))}
    needed = begun | (set(request.evidence) - recorded_before(request) if approves else set())
    missing = [field for name in needed for field in fields_of(name) if f"evidence_{field}" not in answers]
    if missing:
        raise EvidenceMissing([field for name in request.evidence for field in fields_of(name) if field in missing])
    wrong = schemas.check(form_of(request.evidence), answers, request.order.branch.day(now))
    if not wrong and CALL_BACK in begun:
        wrong = _unfit(request.order, answers, now, approves=approves)
    if wrong:
        raise EvidenceWrong(wrong)
    return {name.removeprefix("evidence_"): value for name, value in answers.items()}


def _unfit(order: Order, answers: Mapping[str, Any], now: datetime, *, approves: bool) -> dict[str, str]:
    field = f"evidence_{CALL_BACK}"
    called = called_at(order, answers[f"{field}_on"], answers[f"{field}_time"])
    if called > now:
        return {f"{field}_time": _("This is later than now. Enter when the call was.")}
    if order.submitted_at and called < order.submitted_at.replace(second=0, microsecond=0):
        return {f"{field}_time": _("This is before the order came in. Enter a call about this order.")}
    if approves and answers[f"{field}_outcome"] != CONFIRMED:
        return {f"{field}_outcome": _("Approve only what the client confirmed. Otherwise reject it, or ask for more.")}
    return {}


def called_at(order: Order, day: str, time: str) -> datetime:
    """When a call was, from the day and the time at the order's branch."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(order.branch.timezone))


def step_of(order: Order) -> WorkItem | None:
    """The latest step of the order in which the client was called back: one statement."""
    done = WorkItem.objects.filter(order=order, result__has_key="callback_result").exclude(completed_by=None)
    return done.select_related("completed_by").order_by("-ended_at", "-pk").first()


def from_step(step: WorkItem, zone: str) -> dict[str, str]:
    """What a drawn call-back has recorded already, by field, for an approver to check. zone: of the branch."""
    result = step.result or {}
    found = {f"{CALL_BACK}_{part}": result[field] for field, part in STEP.items() if result.get(field)}
    if step.ended_at is None:
        return found
    at = step.ended_at.astimezone(ZoneInfo(zone))
    return {**found, f"{CALL_BACK}_on": at.date().isoformat(), f"{CALL_BACK}_time": f"{at:%H:%M}"}


def masked(number: str) -> str:
    """A number called as lists and the log show it: its last four digits."""
    digits = [sign for sign in number if sign.isdecimal()]
    return f"•••• {''.join(digits[-4:])}" if len(digits) > 4 else "••••"
