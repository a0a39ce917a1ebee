"""What must be on record before an approval, as the decision page asks it and as later readers see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, pgettext

from approvals.evidence import CALL_BACK, FIELDS, fields_of, form_of, from_step, is_recorded, step_of
from approvals.models import Decision
from approvals.queries import Package
from orders import schemas
from portal_staff.vocabulary import Vocabulary
from ui.schema_form import SchemaForm, schema_form
from work.models import WorkItem


@dataclass(frozen=True)
class Recorded:
    """Evidence that a decision holds. lines: label and value of each field, numbers masked."""

    decision: Decision
    lines: list[dict[str, str]]


@dataclass(frozen=True)
class Checklist:
    """form: what is still asked. recorded: what earlier decisions hold. step: the call-back that fills the form in."""

    form: SchemaForm
    recorded: list[Recorded]
    step: WorkItem | None


def checklist(
    parcel: Package, given: Mapping[str, Any], errors: Mapping[str, str], words: Vocabulary, now: datetime
) -> Checklist:
    """The checklist of a request for the approver of one tier. given: what was typed so far, by field of the evidence.

    Where nothing was typed, a call-back that was a step of the process is filled in, to be checked.
    """
    made = [decision for tier in parcel.tiers if (decision := getattr(tier, "decision", None))]
    names = [name for name in parcel.request.evidence if not any(is_recorded(name, each.evidence) for each in made)]
    order = parcel.item.order
    step = step_of(order) if CALL_BACK in names and parcel.can_decide else None
    typed = given or (from_step(step, order.branch.timezone) if step else {})
    asked = form_of(names, required=names, titles=_titles(names, words))
    form = schema_form(
        schemas.asked(asked, order.branch.day(now)),
        {f"evidence_{field}": value for field, value in typed.items()},
        errors=errors,
        language=get_language() or "en",
    )
    recorded = [Recorded(each, evidence_lines(parcel.request.evidence, each.evidence, words, now)) for each in made]
    return Checklist(form, [each for each in recorded if each.lines], step if not given else None)


def evidence_lines(
    names: Iterable[str], evidence: Mapping[str, Any], words: Vocabulary, now: datetime
) -> list[dict[str, str]]:
    """What a decision holds of some kinds of evidence, as rows of `ui/kv.html`; of a number the last digits."""
    lines = []
    for name in names:
        title = words.said("evidence", name)
        for field in (name, *fields_of(name)) if name == CALL_BACK else (name,):
            if evidence.get(field):
                label = _of(title, words.label(field)) if field in FIELDS else title
                lines.append({"label": label, "value": words.value(field, evidence[field], now=now)})
    return lines


def _of(title: str, field: str) -> str:
    return title + pgettext("before what a name stands for", ": ") + field


def _titles(names: Iterable[str], words: Vocabulary) -> dict[str, dict[str, str]]:
    return {name: {"en": said, "zh-Hans": said} for name in names if (said := words.said("evidence", name))}
