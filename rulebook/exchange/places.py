"""What is wrong with a file of rules, each with its place in the file, and what both kinds of file share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rulebook.bounds import DEFAULT, LONGEST_CELL, LONGEST_ID, MOST_RULES, NOTES
from rulebook.said import Named, Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import Problem, TableError, load_table
from rulebook.table_parts import DecisionTable
from rulebook.typed_cells import read_typed

MOST_PROBLEMS = 200
AGAIN = "\n"  # between the id of a row that cannot have it, and its place: its cells are judged all the same
Judge = Callable[[DecisionTable], Iterable[Problem]]  # whoever asks such tables, and finds answers it cannot work with
PLACE = re.compile(r"([A-Z]*)(\d+)")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing that is wrong. place: as in `D7` or `40`, "" for the file; column: its name, "" for the row."""

    place: str
    rule: str
    column: str
    message: str


class FileRefused(Exception):
    """The file brings no rules; `problems` says everything that is wrong, in the order of the file."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(sorted(problems, key=_order)[:MOST_PROBLEMS])
        super().__init__("; ".join(f"{each.place} {each.message}".strip() for each in self.problems))

    @classmethod
    def whole(cls, message: str, place: str = "") -> FileRefused:
        """A file that is no such file at all."""
        return cls([FileProblem(place, "", "", message)])


@dataclass(slots=True)
class Placed:
    """Rules as they were found in a file. places: (rule, column) → where; column "" for the rule itself.

    default: outputs of the row without conditions, None where the file has none; problems: what is wrong so far.
    """

    rules: list[dict[str, Any]] = field(default_factory=list)
    default: dict[str, str] | None = None
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)

    def note(self, place: str, message: str, rule: str = "", column: str = "") -> None:
        self.problems.append(FileProblem(place, _shown(rule), column, message))

    def key_of(self, rule: str, place: str) -> str:
        """Under what a row is kept: its id, or one made of its place where it has none of its own, which is noted."""
        if rule and rule not in {each["id"] for each in self.rules}:
            return rule
        self.note(place, Said(_("Each rule has an id of its own, but this one has “%(found)s”."), found=rule))
        return self.again(rule, place)

    def again(self, rule: str, place: str) -> str:
        """A key for a row whose id is another's; nothing is taken in, since that was noted."""
        return f"{rule}{AGAIN}{place}"

    def body_for(self, base: Mapping[str, Any], judge: Judge | None = None) -> dict[str, Any]:
        """The table with these rules in place of its own. judge: who else says what is wrong. Raises FileRefused."""
        body = {**base, "rules": self.rules, "default": self.default}
        found = [*self.problems, *self._beyond()]
        if not (self.rules or found) and base["rules"]:
            sentence = _("Expected rules, but the file has none; a draft is emptied in the editor, not by a file.")
            raise FileRefused.whole(Said(sentence))
        for look in (self._wrong_cells(body), self._unworkable(body, judge) if judge else ()):
            told = {each.place for each in found}
            found += [each for each in look if each.place not in told]
        if found:
            raise FileRefused(found)
        return body

    def _wrong_cells(self, body: Mapping[str, Any]) -> Iterator[FileProblem]:
        try:
            read_typed(body)
        except TableError as error:
            for each in error.problems:
                yield self._at(each.rule, each.column, each.message)

    def _unworkable(self, body: Mapping[str, Any], judge: Judge) -> Iterator[FileProblem]:
        """What the judge finds in the cells that can be read, whatever is wrong with the others."""
        try:
            table = load_table(body)
        except TableError as error:
            wrong = {(each.rule, each.column) for each in error.problems}
            try:
                table = load_table(_without(body, wrong))
            except TableError:
                return
        for each in judge(table):
            yield self._at(each.rule, each.column, each.message)

    def _beyond(self) -> Iterator[FileProblem]:
        """What no table may have: too many rules, an id twice, texts that are too long, half a note."""
        if len(self.rules) > MOST_RULES:
            yield FileProblem("", "", "", Said(_("The table has more than %(most)s rules."), most=MOST_RULES))
        for rule in self.rules:
            key = rule["id"]
            if len(_shown(key)) > LONGEST_ID:
                yield self._at(key, "", Said(_("An id has at most %(most)s characters."), most=LONGEST_ID))
            for column, text in {**rule["when"], **rule["then"], **rule.get("note", {})}.items():
                if len(text) > LONGEST_CELL:
                    yield self._at(key, column, Said(_("A cell has at most %(most)s characters."), most=LONGEST_CELL))
            if rule.get("note") and not all(rule["note"].get(code) for code in NOTES):
                yield self._at(key, "", Said(_("A note stands in both languages, or in none.")))

    def _at(self, rule: str, column: str, message: str) -> FileProblem:
        place = self.places.get((rule, column), self.places.get((rule, ""), ""))
        return FileProblem(place, _shown(rule), column, message)


def _shown(rule: str) -> str:
    return rule.split(AGAIN)[0]


def _without(body: Mapping[str, Any], wrong: set[tuple[str, str]]) -> dict[str, Any]:
    """The body without these cells."""

    def left(rule: str, cells: Mapping[str, str]) -> dict[str, str]:
        return {name: text for name, text in cells.items() if (rule, name) not in wrong}

    rules = [
        {**rule, "when": left(rule["id"], rule["when"]), "then": left(rule["id"], rule["then"])}
        for rule in body["rules"]
    ]
    default = None if body["default"] is None else left(DEFAULT, body["default"])
    return {**body, "rules": rules, "default": default}


def _order(problem: FileProblem) -> tuple[int, int, str]:
    """Where a problem stands in the file: by line, then by column."""
    found = PLACE.fullmatch(problem.place)
    return (int(found[2]), len(found[1]), found[1]) if found else (0, 0, "")


def named(column: Mapping[str, Any]) -> str:
    """What a column is called, in either language."""
    label = column.get("label") or {}
    return Named(label.get("en") or column["name"], label.get("zh-Hans", ""))


def money(column: Mapping[str, Any]) -> str:
    """The currency in which a column counts, or nothing."""
    unit = str(column.get("unit") or "")
    return unit if len(unit) == 3 and unit.isupper() else ""


def kept(cells: Mapping[str, str], empty: tuple[str, ...]) -> dict[str, str]:
    """The cells that say something."""
    return {name: text for name, text in cells.items() if text not in empty}


def one_line(text: str) -> str:
    """A cell's text without line breaks, as the editor keeps it."""
    return " ".join(filter(None, (line.strip() for line in text.splitlines())))
