"""Rules from a DMN file (1.3 to 1.5) with one decision table, under the columns that the file names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from rulebook.dmn.document import Document, open_document
from rulebook.dmn.errors import DmnRefused
from rulebook.exchange.dmn_names import NOTE_ZH, OF_TABLE, RULE
from rulebook.exchange.places import FileProblem, FileRefused, Judge, Placed, kept, one_line
from rulebook.exchange.shapes import dmn_shape
from rulebook.hardened_xml import line_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _


def read_dmn(content: bytes, base: Mapping[str, Any], judge: Judge | None = None) -> dict[str, Any]:
    """The body of a table with the rules, the columns and the hit policy of a DMN file in place of its own.

    base: the body; a column that stays keeps what DMN has no place for.

    judge: who else says what is wrong with its answers. Raises FileRefused with everything: line, rule and column.
    """
    try:
        document = open_document(content)
        document.expect_whole()
    except DmnRefused as refused:
        problems = (FileProblem(str(each.line), "", "", each.message) for each in refused.problems)
        raise FileRefused(problems) from None
    reading = _Reading(document, base)
    return reading.placed().body_for(reading.body, judge)


class _Reading:
    """One document being read for one table."""

    def __init__(self, document: Document, base: Mapping[str, Any]) -> None:
        self.document, self.body, self.found = document, base, Placed()

    def placed(self) -> Placed:
        """The rules with their lines, and what is wrong with them. Raises FileRefused for columns that cannot be."""
        self._expect_ours()
        table = self._table()
        self.body = dmn_shape(self.body, self.document, table)
        self._default(table, self.body["outputs"])
        for node in self.document.children(table, "rule"):
            self._rule(node, self.body["inputs"], self.body["outputs"])
        return self.found

    def _expect_ours(self) -> None:
        """A file that was written for another table says so, whatever tool it went through since."""
        given, wanted = self.document.namespace.removeprefix(OF_TABLE), self.body["key"]
        if self.document.namespace.startswith(OF_TABLE) and given != wanted:
            sentence = _("The file is of “%(given)s”, but the table here is “%(wanted)s”.")
            raise FileRefused.whole(Said(sentence, given=given, wanted=wanted), "1")

    def _table(self) -> etree._Element:
        """The decision's table: the only one, or that of the decision which is called as the table here."""
        found = [
            (node.get("id"), table)
            for node in self.document.children(self.document.root, "decision")
            if (table := self.document.child(node, "decisionTable")) is not None
        ]
        same = [table for key, table in found if key == self.body["key"]]
        if len(same) == 1 or len(found) == 1:
            return same[0] if len(same) == 1 else found[0][1]
        sentence = _("Expected one decision table, or a decision with the id “%(key)s”, but the file has %(count)s.")
        raise FileRefused.whole(Said(sentence, key=self.body["key"], count=len(found)), "1")

    def _default(self, table: etree._Element, outputs: list[Mapping[str, Any]]) -> None:
        entries = [self.document.child(node, "defaultOutputEntry") for node in self.document.children(table, "output")]
        if any(entry is not None for entry in entries):
            texts = {}
            for column, entry in zip(outputs, entries):
                texts[column["name"]] = self._cell(entry, "default", column) if entry is not None else ""
            self.found.default = kept(texts, ("", "null"))

    def _rule(self, node: etree._Element, inputs: list[Mapping[str, Any]], outputs: list[Mapping[str, Any]]) -> None:
        rule = node.get(RULE) or node.get("id") or ""
        rule = self.found.key_of(rule, str(line_of(node)))
        self.found.places[rule, ""] = str(line_of(node))
        when = self._entries(node, "inputEntry", rule, inputs)
        then = self._entries(node, "outputEntry", rule, outputs)
        made: dict[str, Any] = {"id": rule, "when": kept(when, ("", "-")), "then": kept(then, ("", "null"))}
        english = (node.findtext(f"{self.document.model}description") or "").strip()
        note = {"en": english, "zh-Hans": (node.get(NOTE_ZH) or "").strip()}
        self.found.rules.append({**made, "note": note} if any(note.values()) else made)

    def _entries(self, node: etree._Element, tag: str, rule: str, columns: list[Mapping[str, Any]]) -> dict[str, str]:
        entries = self.document.children(node, tag)
        if len(entries) != len(columns):
            sentence = _("Expected %(wanted)s cells of %(tag)s, but the rule has %(found)s.")
            self._refuse(node, Said(sentence, wanted=len(columns), tag=tag, found=len(entries)), rule)
        return {column["name"]: self._cell(entry, rule, column) for column, entry in zip(columns, entries)}

    def _cell(self, entry: etree._Element, rule: str, column: Mapping[str, Any]) -> str:
        self.found.places[rule, column["name"]] = str(line_of(entry))
        return one_line(self.document.text(entry))

    def _refuse(self, node: etree._Element, message: str, rule: str = "", column: str = "") -> None:
        self.found.note(str(line_of(node)), message, rule, column)
