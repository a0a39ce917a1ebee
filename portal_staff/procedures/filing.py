"""The procedures of a day as one thing, and as the pages of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from accounts.models import Client
from portal_staff.procedures.asked import Asked
from portal_staff.procedures.cells import NO_YEAR
from portal_staff.procedures.chapters import Chapter, ChapterChange, Line, Sentence, changes_between, chapters_at
from portal_staff.procedures.matrices import matrix_differences
from portal_staff.procedures.pdf import Entry, Pages, Part
from ui.words import date_text, full_text, is_chinese

TWO_MATRICES = gettext_noop(
    "Two matrices know the same work. Orders are decided by the matrix that their process names."
)
WHICH_AMOUNT = gettext_noop(
    "The amount is the payment's own, or the sum to the same beneficiary in a day or a week where that asks for more."
)


@dataclass(frozen=True)
class Procedures:
    """What the page and the file show. changes: None where no other day is compared."""

    firm: str
    chapters: list[Chapter]
    matrices: list[str]
    changes: list[ChapterChange] | None

    @property
    def sentences(self) -> int:
        """How many there are in all chapters."""
        return sum(len(chapter.sentences) for chapter in self.chapters)


def procedures_of(user: Any, asked: Asked) -> Procedures:
    """What governed on the day asked and the user may read, in the active language."""
    chapters = chapters_at(user, asked.at, (asked.since, asked.at))
    changes = None
    if asked.against_at:
        other = chapters_at(user, asked.against_at)
        before, after = (other, chapters) if asked.against_at < asked.at else (chapters, other)
        changes = changes_between(before, after)
    return Procedures(firm_name(), chapters, matrix_differences(chapters), changes)


def firm_name() -> str:
    """The firm as its own client is called; nothing where it has no record of itself."""
    house = Client.objects.filter(kind=Client.Kind.HOUSE).order_by("pk").first()
    if house is None:
        return ""
    return (is_chinese(get_language()) and house.native_name) or house.name


def pages_of(found: Procedures, asked: Asked, *, taken_by: str, now: datetime) -> Pages:
    """The file's pages in the active language."""
    language, zone = get_language() or "en", timezone.get_current_timezone()
    front = [
        (_("In force"), full_text(asked.at, language, zone)),
        (_("Orders counted"), _("from %(since)s until then") % {"since": full_text(asked.since, language, zone)}),
        (_("Generated"), _("at %(at)s, by %(name)s") % {"at": full_text(now, language, zone), "name": taken_by}),
        (_("Reason"), _("FINRA Rule 3110: each sentence is made from the rule that decides, so as written is as run.")),
    ]
    parts = [*_overview(found, asked), *map(_chapter, found.chapters)]
    locale = "zh-CN" if is_chinese(language) else "en-US"
    return Pages(_("Written supervisory procedures"), found.firm, locale, front, parts)


def _overview(found: Procedures, asked: Asked) -> Iterator[Part]:
    if found.matrices:
        intro = f"{_(TWO_MATRICES)} {_(WHICH_AMOUNT)}".strip()
        entries = [Entry("", text) for text in found.matrices]
        yield Part(_("Where two matrices differ"), entries=entries, intro=intro)
    if found.changes is not None and asked.against:
        days = sorted((asked.against, asked.on))
        first, last = (date_text(day, get_language(), this_year=NO_YEAR) for day in days)
        title = _("What changed between %(first)s and %(last)s") % {"first": first, "last": last}
        entries = [entry for change in found.changes for entry in _differing(change)]
        yield Part(title, entries=entries, intro="" if entries else _("No sentence differs."))


def _differing(change: ChapterChange) -> Iterator[Entry]:
    if change.new:
        yield Entry("", new_words(change.new), change.title)
    for line in change.lines:
        yield Entry(line.key, change_words(line), change.title)


def new_words(count: int) -> str:
    """That a chapter is all new."""
    said = ngettext("%(count)s sentence, all new", "%(count)s sentences, all new", count)
    return said % {"count": f"{count:,}"}


def change_words(line: Line) -> str:
    """A sentence that differs, as one text."""
    match line.kind:
        case "added":
            return _("New: %(text)s") % {"text": line.after}
        case "removed":
            return _("Gone: %(text)s") % {"text": line.before}
        case _:
            return _("Before: %(before)s Now: %(after)s") % {"before": line.before, "after": line.after}


def _chapter(chapter: Chapter) -> Part:
    language, zone = get_language(), timezone.get_current_timezone()
    version = chapter.version
    effective = full_text(version.in_force_at, language, zone) if version.in_force_at else "–"
    about = [
        (_("Version"), str(version.number)),
        (_("In force since"), effective),
        (_("Made by"), version.maker.display_name if version.maker else "–"),
        (_("Approved by"), version.checker.display_name if version.checker else "–"),
        (_("Why"), version.justification or "–"),
    ]
    intro = "" if chapter.is_counted else _("How often each sentence was applied is not on record rule by rule.")
    return Part(chapter.title, about, [_entry(sentence) for sentence in chapter.sentences], intro)


def _entry(sentence: Sentence) -> Entry:
    applied = ""
    if sentence.orders is not None:
        said = ngettext("Applied to %(count)s order", "Applied to %(count)s orders", sentence.orders)
        applied = said % {"count": f"{sentence.orders:,}"}
    return Entry(sentence.key, sentence.text, " · ".join(part for part in (sentence.note, applied) if part))
