"""Procedures put together: a chapter for each table and process that governed, and what differs between two days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from insights.procedures import (
    OTHERWISE,
    answers_for_all,
    decision_models_at,
    elements_passed,
    processes_at,
    rules_applied,
    tables_at,
    tables_read_by,
)
from portal_staff.drawing_words import Words
from portal_staff.model_words import decision_sentences
from portal_staff.procedures.rows import default_sentence, row_sentence
from portal_staff.procedures.steps import step_sentences
from portal_staff.process_models import models_seen
from portal_staff.vocabulary import Vocabulary
from processes.models import ProcessModel, ProcessVersion
from processes.queries import document
from rulebook.change_control import ControlledVersion
from rulebook.models import ModelVersion, TableVersion
from ui.words import pick_text

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Sentence:
    """What one rule or element says. key: its id, "" for a table's default; orders: how many it was applied to, None
    where that is not on record; note: what the firm wrote beside the rule."""

    key: str
    text: str
    note: str = ""
    orders: int | None = None


@dataclass(frozen=True)
class Chapter:
    """What one version says. kind: the table's, "model" or "process"; id: names the chapter within its document."""

    id: str
    kind: str
    title: str
    version: ControlledVersion
    sentences: list[Sentence]
    is_counted: bool = True


@dataclass(frozen=True)
class Line:
    """A sentence that differs. kind: added, removed or changed; before and after: its text then and later."""

    kind: str
    key: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class ChapterChange:
    """What differs in one chapter. before, after: the numbers of its versions, None where it did not govern.

    lines: of a chapter that governed before; of one that is all new, `new` says how many sentences it has.
    """

    title: str
    before: int | None
    after: int | None
    lines: list[Line] = field(default_factory=list)
    new: int = 0


def chapters_at(user: Any, at: datetime, counted: tuple[datetime, datetime] | None = None) -> list[Chapter]:
    """The chapters of what governed at a moment and the user may read, in the active language: tables, then
    decision models, then processes.

    counted: the period, from and until, in which applications are counted; without one they are left out.
    """
    tables = tables_at(tables_read_by(user), at)
    models = ProcessModel.objects.all() if answers_for_all(user) else models_seen(user)
    drawn = processes_at(models, at)
    applied = rules_applied(tables, *counted) if counted else {}
    passed = elements_passed(drawn, *counted) if counted else {}
    rows: dict[str, dict[str, str]] = {}  # names of the firm's rows, read once for all chapters
    chapters = [_of_table(version, applied.get(version.pk), rows) for version in tables]
    chapters += [_of_model(version) for version in decision_models_at(user, at)]
    return chapters + [_of_process(each, passed.get(each.pk, {}) if counted else None, rows) for each in drawn]


def changes_between(before: Sequence[Chapter], after: Sequence[Chapter]) -> list[ChapterChange]:
    """Chapters in which something differs, in the order of the later ones; those that ended stand last."""
    old, new = ({chapter.id: chapter for chapter in chapters} for chapters in (before, after))
    found = [_change(old.get(name), new.get(name)) for name in dict.fromkeys([*new, *old])]
    return [change for change in found if change.before != change.after]


def _change(old: Chapter | None, new: Chapter | None) -> ChapterChange:
    then, later = ({each.key: each.text for each in chapter.sentences} if chapter else {} for chapter in (old, new))
    before, after = (chapter.version.number if chapter else None for chapter in (old, new))
    title = next(chapter.title for chapter in (new, old) if chapter)
    if old is None:
        return ChapterChange(title, before, after, new=len(later))
    return ChapterChange(title, before, after, list(_lines(then, later)))


def _lines(then: Mapping[str, str], later: Mapping[str, str]) -> Iterator[Line]:
    for key in dict.fromkeys([*later, *then]):
        before, after = then.get(key, ""), later.get(key, "")
        if before != after:
            yield Line("added" if not before else "changed" if after else "removed", key, before, after)


def _of_table(version: TableVersion, counts: Counts | None, rows: dict[str, dict[str, str]]) -> Chapter:
    body, kind = version.body, version.table.kind
    words = Vocabulary.of_table(body, rows=rows)
    sentences = [
        Sentence(row["id"], row_sentence(words, kind, body, row), _note(row), _times(counts, row["id"]))
        for row in body["rules"]
    ]
    if body.get("default") is not None:
        sentences.append(Sentence(OTHERWISE, default_sentence(words, kind, body), "", _times(counts, OTHERWISE)))
    title = pick_text(version.table.name, get_language())
    return Chapter(f"table-{version.table.key}", kind, title, version, sentences, counts is not None)


def _of_model(version: ModelVersion) -> Chapter:
    """Each decision with what it rests on; which of its rows applied stands with the steps that asked it."""
    name = pick_text(version.model.name, get_language())
    sentences = [Sentence(key, text) for key, text in decision_sentences(version)]
    title = _("Decision model: %(name)s") % {"name": name}
    return Chapter(f"model-{version.model.key}", "model", title, version, sentences, is_counted=False)


def _of_process(version: ProcessVersion, counts: Counts | None, rows: dict[str, dict[str, str]]) -> Chapter:
    words = Words(document(version.pk))
    words.codes = Vocabulary(rows=rows)
    sentences = [Sentence(key, text, "", _times(counts, key)) for key, text in step_sentences(words)]
    title = _("Process: %(name)s") % {"name": pick_text(version.model.name, get_language())}
    return Chapter(f"process-{version.model.key}", "process", title, version, sentences, counts is not None)


def _note(row: Mapping[str, Any]) -> str:
    return pick_text(row.get("note"), get_language())


def _times(counts: Counts | None, key: str) -> int | None:
    return None if counts is None else counts.get(key, 0)
