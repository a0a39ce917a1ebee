"""Reading a decision table from its JSON body: everything that is wrong with it is listed, with rule and column."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rulebook.feel import Expression, FeelError, UnaryTests, compile_expression, compile_unary_tests
from rulebook.feel.analysis import constants_of
from rulebook.feel.values import admit
from rulebook.hit_policies import AGGREGATES, HIT_POLICIES
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_parts import TYPES, Column, DecisionTable, Rule, told

EXAMPLES = {
    "number": "< 500000 or [10..20]",
    "text": '"wire","journal"',
    "boolean": "true",
    "date": '>= date("2026-01-31")',
    "list": 'list contains(?, "a")',
}
OUTPUT_EXAMPLES = {
    "number": "500000",
    "text": '"team_lead"',
    "boolean": "true",
    "date": 'date("2026-01-31")',
    "list": '["team_lead", "compliance"]',
}
KINDS = {"number": _("number"), "text": _("text"), "boolean": _("boolean"), "date": _("date"), "list": _("list")}
MAX_RULES = 2_000
MAX_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a table's body; rule and column are "" where it is the table as a whole."""

    rule: str
    column: str
    message: str

    def __str__(self) -> str:
        place = " ".join(part for part in (f"rule {self.rule}" * bool(self.rule), self.column) if part)
        return f"{place}: {self.message}" if place else self.message


class TableError(Exception):
    """The body is no decision table; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def load_table(body: Mapping[str, Any]) -> DecisionTable:
    """Read a table from its JSON body; TableError lists every bad cell with its rule, column and what is wrong."""
    return _Loader(body).load()


class _Loader:
    """Reads a body once, collecting everything that is wrong on the way."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.body = body if isinstance(body, Mapping) else {}
        self.problems: list[Problem] = []
        self.unknown: list[tuple[str, str, str]] = []

    def load(self) -> DecisionTable:
        key = self.body.get("key")
        if not isinstance(key, str) or not key:
            self.refuse(Said(_("Expected a table with a key, but it has none.")))
        policy = self.body.get("hit_policy")
        if policy not in HIT_POLICIES:
            sentence = _("Expected a hit policy of %(known)s, but got %(found)s.")
            self.refuse(Said(sentence, known=", ".join(HIT_POLICIES), found=told(policy)))
        inputs, outputs = self.columns("inputs"), self.columns("outputs")
        rules = self.rules({c.name: c for c in inputs}, {c.name: c for c in outputs})
        default = self.default(outputs)
        self.check_policy(policy, outputs)
        if self.problems:
            raise TableError(self.problems)
        name = self.body.get("name") or {}
        return DecisionTable(
            str(key), name, str(policy), inputs, outputs, tuple(rules), default, tuple(dict.fromkeys(self.unknown))
        )

    def refuse(self, message: str, rule: str = "", column: str = "") -> None:
        self.problems.append(Problem(rule, column, message))

    def check_policy(self, policy: Any, outputs: tuple[Column, ...]) -> None:
        if policy in ("priority", "output_order") and not any(column.values for column in outputs):
            sentence = _("The hit policy %(policy)s needs an output whose values are listed in their order.")
            self.refuse(Said(sentence, policy=policy))
        reckons = policy in AGGREGATES and policy != "collect_count"
        for column in outputs if reckons else ():
            if column.type != "number":
                sentence = _("The hit policy %(policy)s needs outputs that are numbers, but this one is a %(kind)s.")
                self.refuse(Said(sentence, policy=policy, kind=Said(KINDS[column.type])), column=column.name)

    def items(self, name: str) -> list[Mapping[str, Any]]:
        found = self.body.get(name)
        if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
            self.refuse(Said(_("Expected a list of objects as %(name)s, but got something else."), name=name))
            return []
        return found

    def columns(self, side: str) -> tuple[Column, ...]:
        columns: dict[str, Column] = {}
        items = self.items(side)
        if len(items) > MAX_COLUMNS:
            self.refuse(Said(_("The table has more than %(most)s %(side)s."), most=MAX_COLUMNS, side=side))
        for item in items[:MAX_COLUMNS]:
            name, kind = item.get("name"), item.get("type")
            if not isinstance(name, str) or not name.isidentifier() or name in columns:
                sentence = _("Expected a name of its own that is one word, but got %(found)s.")
                self.refuse(Said(sentence, found=told(name)), column=side)
            elif kind not in TYPES:
                sentence = _("Expected a type of %(known)s, but got %(found)s.")
                self.refuse(Said(sentence, known=", ".join(TYPES), found=told(kind)), column=name)
            else:
                columns[name] = self.column(name, kind, item)
        if not columns:
            self.refuse(Said(_("The table has no %(side)s."), side=side))
        return tuple(columns.values())

    def column(self, name: str, kind: str, item: Mapping[str, Any]) -> Column:
        optional = item.get("optional") is True
        return Column(name, kind, item.get("unit"), self.values(item), item.get("label") or {}, optional)

    def values(self, item: Mapping[str, Any]) -> tuple[Any, ...]:
        given = item.get("values") or []
        if not isinstance(given, list):
            self.refuse(Said(_("Expected a list of allowed values.")), column=str(item.get("name")))
            return ()
        try:
            return tuple(admit(value) for value in given)
        except FeelError as error:
            self.refuse(error.message, column=str(item.get("name")))
            return ()

    def rules(self, inputs: Mapping[str, Column], outputs: Mapping[str, Column]) -> list[Rule]:
        rules: dict[str, Rule] = {}
        rows = self.items("rules")
        if len(rows) > MAX_RULES:
            self.refuse(Said(_("The table has more than %(most)s rules."), most=MAX_RULES))
        for place, row in enumerate(rows[:MAX_RULES], 1):
            rule_id = row.get("id")
            if not isinstance(rule_id, str) or not rule_id or rule_id in rules:
                sentence = _("Row %(place)s needs an id of its own, but has %(found)s.")
                self.refuse(Said(sentence, place=place, found=told(rule_id)))
                continue
            tests = self.tests(rule_id, row.get("when") or {}, inputs)
            given = self.outputs(rule_id, row.get("then") or {}, outputs)
            rules[rule_id] = Rule(rule_id, tests, given, row.get("note") or {})
        return list(rules.values())

    def tests(self, rule: str, cells: Any, inputs: Mapping[str, Column]) -> dict[str, UnaryTests]:
        tests: dict[str, UnaryTests] = {}
        for name, text in self.cells(rule, "when", cells).items():
            cell = self.cell(rule, name, text, inputs.get(name))
            if name not in inputs:
                self.unknown.append((rule, name, name))
            if cell is None or cell.is_any:
                continue
            self.unknown += [(rule, name, fact) for fact in sorted(cell.names - inputs.keys())]
            tests[name] = cell
        return tests

    def cells(self, rule: str, side: str, cells: Any) -> dict[str, str]:
        if not isinstance(cells, Mapping) or not all(isinstance(text, str) for text in cells.values()):
            self.refuse(Said(_("Expected texts under %(side)s, but got something else."), side=side), rule)
            return {}
        return dict(cells)

    def cell(self, rule: str, name: str, text: str, column: Column | None) -> UnaryTests | None:
        try:
            cell = compile_unary_tests(text)
        except FeelError as error:
            self.refuse(_unreadable(text, error, column), rule, name)
            return None
        if column is not None and column.type != "list":
            self.check_constants(rule, column, cell)
        return cell

    def check_constants(self, rule: str, column: Column, cell: UnaryTests) -> None:
        """A cell that compares a number with a text never matches: better said now than found later."""
        for value in constants_of(cell) or ():
            if value is not None and type(value) is not TYPES[column.type]:
                sentence = _("%(cell)s: %(column)s is a %(kind)s, for example %(example)s.")
                kind, example = Said(KINDS[column.type]), EXAMPLES[column.type]
                said = Said(sentence, cell=repr(cell.text), column=column.name, kind=kind, example=example)
                self.refuse(said, rule, column.name)
            elif value is not None and column.values and value not in column.values:
                sentence = _("%(cell)s: expected one of %(known)s, but got %(found)s.")
                known = ", ".join(map(str, column.values))
                self.refuse(Said(sentence, cell=repr(cell.text), known=known, found=value), rule, column.name)

    def outputs(self, rule: str, cells: Any, outputs: Mapping[str, Column]) -> dict[str, Expression]:
        given = self.cells(rule, "then", cells)
        for name in given.keys() - outputs.keys():
            self.refuse(Said(_("The table has no such output.")), rule, name)
        return {name: self.output(rule, column, given.get(name, "null")) for name, column in outputs.items()}

    def output(self, rule: str, column: Column, text: str) -> Expression:
        name = column.name
        try:
            expression = compile_expression(text)
        except FeelError as error:
            self.refuse(_unreadable(text, error, column, OUTPUT_EXAMPLES), rule, name)
            return compile_expression("null")
        known = {item.get("name") for item in self.body.get("inputs") or [] if isinstance(item, Mapping)}
        self.unknown += [(rule, name, fact) for fact in sorted(expression.names - known)]
        return expression

    def default(self, outputs: tuple[Column, ...]) -> dict[str, Expression] | None:
        given = self.body.get("default")
        if given is None:
            return None
        return self.outputs("default", given, {c.name: c for c in outputs})


def _unreadable(text: str, error: FeelError, column: Column | None, examples: Mapping[str, str] = EXAMPLES) -> Said:
    if column is None:
        return Said(_("%(cell)s: %(problem)s"), cell=repr(text), problem=error.sentence)
    sentence = _("%(cell)s: %(problem)s A %(kind)s column takes for example %(example)s.")
    about = {"kind": Said(KINDS[column.type]), "example": examples[column.type]}
    return Said(sentence, cell=repr(text), problem=error.sentence, **about)
