"""Rules from a DMN file (1.3 to 1.5) with one decision table: its columns must be those of the table here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from rulebook.amounts import currencies_in
from rulebook.dmn.document import Document, open_document
from rulebook.dmn.errors import DmnRefused
from rulebook.exchange.dmn_names import AGGREGATED, NOTE_ZH, POLICIES, READ_AS, RULE, UNIT
from rulebook.exchange.places import FileProblem, FileRefused, Judge, Placed, kept, money, named, one_line
from rulebook.exchange.workbook_writing import kind_of
from rulebook.feel import FeelError, compile_expression
from rulebook.feel.spaced import tidy
from rulebook.feel.values import admit
from rulebook.hardened_xml import line_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _


def read_dmn(content: bytes, base: Mapping[str, Any], judge: Judge | None = None) -> dict[str, Any]:
    """The body of a table with the rules of a DMN file in place of its own. base: the body whose columns stand.

    judge: who else says what is wrong with its answers. Raises FileRefused with everything: line, rule and column.
    """
    try:
        document = open_document(content)
        document.expect_whole()
    except DmnRefused as refused:
        problems = (FileProblem(str(each.line), "", "", each.message) for each in refused.problems)
        raise FileRefused(problems) from None
    return _Reading(document, base).placed().body_for(base, judge)


class _Reading:
    """One document being read for one table."""

    def __init__(self, document: Document, base: Mapping[str, Any]) -> None:
        self.document, self.base, self.found = document, base, Placed()

    def placed(self) -> Placed:
        """The rules with their lines, and what is wrong."""
        table = self._table()
        self._judge_policy(table)
        inputs = self._columns(table, "input")
        outputs = self._columns(table, "output")
        if not self.found.problems:
            self._default(table, outputs)
            for node in self.document.children(table, "rule"):
                self._rule(node, inputs, outputs)
        return self.found

    def _table(self) -> etree._Element:
        """The decision's table: the only one, or that of the decision which is called as the table here."""
        found = [
            (node.get("id"), table)
            for node in self.document.children(self.document.root, "decision")
            if (table := self.document.child(node, "decisionTable")) is not None
        ]
        same = [table for key, table in found if key == self.base["key"]]
        if len(same) == 1 or len(found) == 1:
            return same[0] if len(same) == 1 else found[0][1]
        sentence = _("Expected one decision table, or a decision with the id “%(key)s”, but the file has %(count)s.")
        raise FileRefused.whole(Said(sentence, key=self.base["key"], count=len(found)), "1")

    def _judge_policy(self, table: etree._Element) -> None:
        given = table.get("hitPolicy", "UNIQUE")
        if table.get("aggregation"):
            given = f"{given} {table.get('aggregation')}"
        wanted = POLICIES[self.base["hit_policy"]]
        if given != wanted:
            sentence = _("The hit policy here is %(wanted)s, but the file says %(given)s.")
            self._refuse(table, Said(sentence, wanted=wanted.replace(AGGREGATED, "COLLECT, "), given=given))

    def _columns(self, table: etree._Element, tag: str) -> list[Mapping[str, Any]]:
        """The table's columns in the file's order; each must be one of ours, of its type, unit and values."""
        ours = {column["name"]: column for column in self.base[f"{tag}s"]}
        found: list[Mapping[str, Any]] = []
        for node in self.document.children(table, tag):
            name = self._name(node, tag, ours)
            column = ours.get(name)
            if column is None or column in found:
                sentence = _("Expected the name of one of the table's columns, but got “%(found)s”.")
                self._refuse(node, Said(sentence, found=name[:60]))
            else:
                found.append(column)
                self._judge_column(node, tag, column)
        missing = [name for name, column in ours.items() if column not in found]
        if missing:
            self._refuse(table, Said(_("The file lacks the columns %(missing)s."), missing=", ".join(missing)))
        return found

    def _name(self, node: etree._Element, tag: str, ours: Mapping[str, Any]) -> str:
        if tag == "input":
            return self.document.text(self.document.child(node, "inputExpression"))
        name = tidy(node.get("name", ""))
        return next(iter(ours)) if not name and len(ours) == 1 else name

    def _judge_column(self, node: etree._Element, tag: str, column: Mapping[str, Any]) -> None:
        typed = self.document.child(node, "inputExpression") if tag == "input" else node
        given = (typed.get("typeRef") or "") if typed is not None else ""
        if READ_AS.get(given) != column["type"]:
            sentence = _(
                "“%(column)s” is %(wanted)s in this table, but the file says “%(given)s”; nothing is converted."
            )
            about = {"column": named(column), "wanted": kind_of(column), "given": given[:40]}
            self._refuse(node, Said(sentence, **about), column=column["name"])
        self._judge_unit(node, column)
        text = self.document.text(self.document.child(node, f"{tag}Values"))
        if self._read_values(text) != [admit(each) for each in column.get("values") or ()]:
            self._refuse(
                node, Said(_("The values that the column allows differ from the table's.")), column=column["name"]
            )

    def _judge_unit(self, node: etree._Element, column: Mapping[str, Any]) -> None:
        """The unit must be said and be ours: as the attribute that an export has, or, of money, in the label."""
        wanted, given = str(column.get("unit") or ""), node.get(UNIT)
        said = currencies_in(node.get("label") or "")
        others = [each for each in said if each != wanted] if money(column) else said
        if given is None and money(column) and not said:
            sentence = _(
                "Expected the currency in the column's label, as in “Amount (%(unit)s)”, but the file says none."
            )
            self._refuse(node, Said(sentence, unit=wanted), column=column["name"])
        elif (given is not None and given != wanted) or others:
            sentence = _(
                "“%(column)s” is %(wanted)s in this table, but the file says “%(given)s”; nothing is converted."
            )
            found = given if given is not None and given != wanted else others[0]
            about = {"column": named(column), "wanted": kind_of(column), "given": found[:40]}
            self._refuse(node, Said(sentence, **about), column=column["name"])

    def _read_values(self, text: str) -> list[Any]:
        if not text:
            return []
        try:
            return list(compile_expression(f"[{text}]").evaluate({}))
        except FeelError:
            return [text]

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
