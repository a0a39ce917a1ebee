"""How large a table under change control may be, and what a note needs: all that is wrong, each named by its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from audit.refusals import Invalid

MOST_RULES = 300
LONGEST_CELL = 500
LONGEST_ID = 40
NOTES = ("en", "zh-Hans")
DEFAULT = "default"  # what the row without conditions is called


def expect_bounds(body: Mapping[str, Any]) -> None:
    """Every rule can be kept as it was typed. Raises Invalid; its fields are named `rule.column`."""
    if len(body.get("rules", ())) > MOST_RULES:
        raise Invalid(_("Expected a table with at most %(count)s rules.") % {"count": MOST_RULES})
    wrong = dict(_beyond(body))
    if wrong:
        raise Invalid(
            _("Expected rules that can be kept as they are, but some cannot."),
            fields=wrong,
            next_step=_("Nothing is saved yet. What you typed is kept below."),
        )


def _beyond(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for rule in body.get("rules", ()):
        key, note = str(rule.get("id", "")), rule.get("note") or {}
        yield from _too_long(key, {"id": key}, LONGEST_ID)
        if key == DEFAULT:
            yield (
                f"{key}.id",
                _("“%(id)s” is what the row without conditions is called: choose another id.") % {"id": key},
            )
        yield from _too_long(key, {**(rule.get("when") or {}), **(rule.get("then") or {})}, LONGEST_CELL)
        yield from _too_long(key, {f"note-{code}": note.get(code, "") for code in NOTES}, LONGEST_CELL)
        for code in NOTES if note else ():
            if not note.get(code):
                yield f"{key}.note-{code}", _("Write the note in both languages, or leave both empty.")
    yield from _too_long("default", body.get("default") or {}, LONGEST_CELL)


def _too_long(rule: str, texts: Mapping[str, Any], longest: int) -> Iterator[tuple[str, str]]:
    for column, text in texts.items():
        if len(str(text)) > longest:
            yield f"{rule}.{column}", _("Use at most %(count)s characters.") % {"count": longest}
