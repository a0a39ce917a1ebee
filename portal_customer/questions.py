"""The questions of a form as a client's page shows them: in their words, with the free times of a visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from accounts.models import Branch
from catalog.models import Product
from catalog.queries import open_slots
from orders import schemas
from ui.schema_form import Option, SchemaForm, schema_form
from ui.words import moment_text
from ui.zones import differs

MOST_SLOTS = 1_000  # more than a branch offers in the days ahead


@dataclass(frozen=True)
class AskedAt:
    """What is asked about: a product at a branch, and when."""

    product: Product
    branch: Branch
    now: datetime


def questions(
    schema: Mapping[str, Any],
    answers: Mapping[str, Any],
    at: AskedAt,
    *,
    errors: Mapping[str, str] | None = None,
    papers: Mapping[str, str] | None = None,
    ids: str = "field",
) -> SchemaForm:
    """A schema's questions. papers: names of papers sent so far, by id. One statement where a visit is asked for."""
    slots = _free_times(at) if any(schemas.fields_with(schema, "slot")) else []
    language = get_language() or "en"
    asked = schemas.asked(schema, at.branch.day(at.now))
    return schema_form(asked, answers, errors=errors, language=language, ids=ids, slots=slots, papers=papers)


def _free_times(at: AskedAt) -> list[Option]:
    language, zone = get_language(), ZoneInfo(at.branch.timezone)  # the counter's own time
    rows = open_slots(at.product, at.branch, at.now)[:MOST_SLOTS]
    return [
        Option(
            value=row.starts_at.isoformat(),
            label=moment_text(
                row.starts_at, language, now=at.now, zone=zone, style="time", named=differs(row.starts_at, zone.key)
            ),
            group=moment_text(row.starts_at, language, now=at.now, zone=zone, style="long"),
        )
        for row in rows
    ]
