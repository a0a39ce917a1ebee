"""A decision model as the pages show it: its graph as a picture and in words, and what differs between two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from rulebook.dmn.difference import Change, Part, columns_of, difference, logic_of, policy_of, rows_of
from rulebook.dmn.document import Document
from rulebook.dmn.elements import Element, read_elements
from rulebook.dmn.pictures import asked_by, draw, label_of
from rulebook.model_queries import document_of
from rulebook.models import ModelVersion
from ui.words import is_chinese, pick_text

MOST_ROWS, MOST_CHANGES = 200, 400
KINDS: dict[str, Promise] = {
    "inputData": gettext_lazy("Fact that is given"),
    "decision": gettext_lazy("Decision"),
    "businessKnowledgeModel": gettext_lazy("Business knowledge"),
    "decisionService": gettext_lazy("Decision service"),
    "itemDefinition": gettext_lazy("Type of values"),
}
HOW: dict[str, Promise] = {
    "added": gettext_lazy("added"),
    "removed": gettext_lazy("removed"),
    "changed": gettext_lazy("changed"),
}
PARTS: dict[str, Promise] = {
    "type": gettext_lazy("Type"),
    "requires": gettext_lazy("Requires"),
    "hit_policy": gettext_lazy("Hit policy"),
    "columns": gettext_lazy("Columns"),
    "logic": gettext_lazy("What it says"),
    "row_added": gettext_lazy("Row %(row)s, new"),
    "row_removed": gettext_lazy("Row %(row)s, taken out"),
    "cell": gettext_lazy("Row %(row)s, %(column)s"),
}


@dataclass(frozen=True)
class Shown:
    """One element in words. requires: names; columns and rows: of a decision table; logic: of anything else."""

    kind: str | Promise
    name: str
    code: str
    type: str
    requires: str
    policy: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    more_rows: int = 0
    logic: str = ""


@dataclass(frozen=True)
class ChangeLine:
    """An element that differs, with what: (what, before, after)."""

    how: str
    said: str | Promise
    kind: str | Promise
    name: str
    parts: list[tuple[str, str, str]]


def language() -> str:
    """The reader's language as names in both languages are keyed by it."""
    return "zh-Hans" if is_chinese(get_language()) else "en"


def graph_of(version: ModelVersion) -> dict[str, object]:
    """The picture of a version's requirement graph, and every element in words, what is decided last first."""
    document = document_of(version)
    elements = read_elements(document)
    title = _("What requires what in “%(name)s”") % {"name": pick_text(version.model.name, get_language())}
    drawn = draw(elements, title, language())
    picture: SafeString = mark_safe(drawn)  # noqa: S308 - drawn by us, every label escaped there
    return {"diagram": picture, "elements": [_shown(document, each) for each in _last_first(elements)]}


def changes_between(before: ModelVersion, after: ModelVersion) -> list[ChangeLine]:
    """What differs between two versions, decision by decision, of tables cell by cell."""
    return [_line(change) for change in difference(document_of(before), document_of(after))[:MOST_CHANGES]]


def decision_sentences(version: ModelVersion) -> Iterator[tuple[str, str]]:
    """What each decision of a version rests on, by its name in the file: for written procedures."""
    document = document_of(version)
    for element in read_elements(document):
        if element.kind == "decision":
            shown = _shown(document, element)
            about = {"name": shown.name, "facts": shown.requires or "–", "logic": " ".join(shown.logic.split())}
            if shown.columns:
                about["count"] = str(len(shown.rows) + shown.more_rows)
                sentence = _("“%(name)s” is decided by a table of %(count)s rows from %(facts)s.")
            else:
                sentence = _("“%(name)s” is decided as %(logic)s from %(facts)s.")
            yield element.name, sentence % about


def _last_first(elements: Sequence[Element]) -> list[Element]:
    """The decisions from the end of the file, then knowledge and services, then what is given."""
    order = {"decision": 0, "businessKnowledgeModel": 1, "decisionService": 2, "inputData": 3}
    decisions = [each for each in elements if each.kind == "decision"]
    return [*reversed(decisions), *sorted((e for e in elements if e.kind != "decision"), key=lambda e: order[e.kind])]


def _shown(document: Document, element: Element) -> Shown:
    name = label_of(element, language())
    between = pgettext("between the words of a list", ", ")
    about: dict[str, Any] = {
        "kind": KINDS[element.kind],
        "name": name,
        "code": element.name if element.name != name else "",
        "type": element.type_ref,
        "requires": between.join(label_of(one, language()) for one, _knowledge in asked_by(element)),
    }
    table = document.child(element.node, "decisionTable")
    if table is None:
        return Shown(**about, logic=logic_of(document, element) if element.kind != "inputData" else "")
    rows = rows_of(document, table)
    return Shown(
        **about,
        policy=policy_of(table),
        columns=list(columns_of(document, table).values()),
        rows=[list(row.values()) for row in rows[:MOST_ROWS]],
        more_rows=max(len(rows) - MOST_ROWS, 0),
    )


def _line(change: Change) -> ChangeLine:
    return ChangeLine(change.how, HOW[change.how], KINDS[change.kind], change.name, list(_told(change.parts)))


def _told(parts: Sequence[Part]) -> Iterator[tuple[str, str, str]]:
    for part in parts:
        about: Mapping[str, object] = {"row": part.row, "column": part.column}
        yield str(PARTS[part.what]) % about, part.before, part.after
