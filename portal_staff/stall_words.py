"""What stalls while somebody is away, as the pages show it: lines in words, and where authority is lent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext

from accounts.authority import roles
from accounts.delegating import may_lend_for
from accounts.hierarchy import SIGNING
from approvals.stalls import Stalls, Waiting
from portal_staff.vocabulary import Vocabulary
from rulebook.said import in_words
from ui.words import pick_text


def stalls_shown(found: Stalls, user: Any, days: dict[str, str]) -> dict[str, Any]:
    """The context of `_stalls.html`. days: first_day and ends_at as they were typed."""
    vocabularies: dict[int, Vocabulary] = {}
    lends = may_lend_for(user, found.person) and bool(SIGNING & roles(found.person))
    lines = [_line(each, vocabularies) for each in (*found.requests, *found.chains)]
    return {
        "stalls": found,
        "requests": lines[: len(found.requests)],
        "chains": lines[len(found.requests) :],
        "helpers": [(each, _lend_url(found, each.pk, days) if lends else "") for each in found.helpers],
    }


def _line(each: Waiting, vocabularies: dict[int, Vocabulary]) -> dict[str, Any]:
    key, version = each.version.pk, each.version
    if key not in vocabularies:
        vocabularies[key] = Vocabulary.of_table(version.body)
    language, comma = get_language(), pgettext("between the words of a list", ", ")
    return {
        "order": each.order,
        "table": pick_text(version.table.name, language),
        "rules": ", ".join(each.rules),
        "example": vocabularies[key].facts(each.example or {}),
        "asked_by": comma.join(dict.fromkeys(tier.added_by.display_name for tier in each.named if tier.added_by)),
        "where": in_words(each.where, gettext, language),
        "stalls": each.stalls,
        "relief": comma.join(each.relief),
    }


def _lend_url(found: Stalls, delegate: int, days: dict[str, str]) -> str:
    given = {"delegator": found.person.pk, "delegate": delegate, **days}
    return f"{reverse('staff:lend')}?{urlencode(given)}"
