"""Words for codes, in one place for tables, facts, drawings and the ledger, and names for the fields that hold them.

Asked in this order: the labels that the thing itself carries (a table's column, a form's field), our own words (roles,
bands, states), the names of the firm's rows (products, queues). A code that nobody names is shown without underscores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from approvals.evidence import FIELDS as EVIDENCE_FIELDS
from approvals.evidence import masked
from orders.models import Order
from orders.money import Money
from portal_staff.codes import FIELDS, OWN, ROWS
from portal_staff.words import FACTS, target_words
from processes.models import ProcessVersion
from processes.queries import graph
from rulebook.change_control import State
from rulebook.feel.literals import read_date
from sla.rules import BadTarget
from ui.bands import band_words
from ui.words import date_text, is_chinese, moment_text, money_text, pick_text
from ui.zones import is_named

Texts = Mapping[str, str]

CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
QUOTED = re.compile(r'"([^"]*)"')
MATRIX = re.compile(r"([a-z0-9_-]+) v(\d+)")
HOURS = re.compile(r"(\d{1,3})h")
YES_NO = {"true": True, "false": False}


class Vocabulary:
    """The words of one page. What it needs of the firm's rows is read once, and only when it is asked for."""

    def __init__(
        self,
        *,
        labels: Mapping[str, Mapping[str, Texts]] | None = None,
        titles: Mapping[str, Texts] | None = None,
        fields: Mapping[str, Mapping[str, Any]] | None = None,
        rows: dict[str, dict[str, str]] | None = None,
        units: Mapping[str, str] | None = None,
    ) -> None:
        """labels: name → code → texts. titles: name → what it is called. fields: of forms, by name, as JSON Schema.

        rows: what was read of the firm's rows, shared by several vocabularies of one page.
        units: what the numbers of a name count in.
        """
        self.language = get_language()
        self.fields = fields or {}
        self._labels, self._titles = dict(labels or {}), dict(titles or {})
        self._units = dict(units or {})
        self._rows: dict[str, dict[str, str]] = {} if rows is None else rows

    @classmethod
    def of_table(cls, body: Mapping[str, Any], rows: dict[str, dict[str, str]] | None = None) -> Vocabulary:
        """The words of a decision table: its columns' labels before all others. rows: see `Vocabulary`."""
        columns = [*body.get("inputs", ()), *body.get("outputs", ())]
        return cls(
            labels={column["name"]: column.get("labels", {}) for column in columns},
            titles={column["name"]: column.get("label", {}) for column in columns},
            fields=EVIDENCE_FIELDS,
            rows=rows,
            units={column["name"]: column.get("unit") or "" for column in columns},
        )

    @classmethod
    def of_order(cls, order: Order) -> Vocabulary:
        """The words of an order: the fields of its form and of its steps, and where it was placed."""
        forms = [order.product.form, *(order.process.version.forms.values() if order.process else ())]
        asked = {name: field for form in forms for name, field in form.get("properties", {}).items()}
        own: dict[str, Any] = {"product": order.product, "channel": order.channel, "branch": order.branch}
        return cls(
            labels={name: {row.code: row.name} for name, row in own.items()},
            fields={**EVIDENCE_FIELDS, **asked},
        )

    def said(self, name: str, code: str) -> str:
        """A code in words."""
        found = self._own_label(name, code) or OWN.get(name, {}).get(code) or dict(self.named(name)).get(code)
        if found:
            return str(found)
        if code in YES_NO:
            return _("Yes") if YES_NO[code] else _("No")
        return _as_time(code) or (code.replace("_", " ") if CODE.fullmatch(code) else code)

    def named(self, name: str) -> Iterable[tuple[str, str]]:
        """Code and name of every row that a field of this name may hold: one statement the first time."""
        if name not in self._rows:
            self._rows[name] = dict(self._read(name))
        return self._rows[name].items()

    def label(self, name: str) -> str:
        """What a field is called: by the form that asks it, or by us."""
        field = self.fields.get(name, {})
        given = pick_text(self._titles.get(name) or field.get("x-tl", {}).get("title"), self.language)
        return given or field.get("title") or str(FACTS.get(name, "")) or self.field(name)

    def field(self, name: str) -> str:
        """What a field of the ledger is called."""
        return str(FIELDS.get(name) or name.replace("_", " "))

    def value(self, name: str, value: Any, *, now: datetime, about: str = "") -> str:
        """A field's value in words. about: what the field belongs to, as in `work.item`."""
        if value in (None, "", [], {}):
            return "–"
        match value:
            case bool():
                return _("Yes") if value else _("No")
            case {"amount": str(amount), "currency": str(currency)}:
                return _money(amount, currency)
            case dict():
                pairs = [f"{self.label(key)}{_colon()}{self.value(key, each, now=now)}" for key, each in value.items()]
                return _list(pairs)
            case list():
                return _list(self.value(name, each, now=now, about=about) for each in value)
            case str():
                return self._text(name, value, now, about)
        return str(value)

    def facts(self, example: Mapping[str, Any]) -> str:
        """An example in facts as one line."""
        said = [f"{self.label(name)} = {self._fact(name, value)}" for name, value in example.items()]
        return pgettext("between the words of a list", ", ").join(said)

    def _fact(self, name: str, value: Any) -> str:
        unit = self._units.get(name, "")
        match value:
            case None:
                return _("not given")
            case bool():
                return self.said(name, "true" if value else "false")
            case date():
                return date_text(value, self.language, this_year=0)
            case Decimal() if len(unit) == 3 and unit.isupper():
                said = _money(str(value), unit)
                return said if said != str(value) else f"{unit} {said}"  # finer than money is
            case Decimal():
                return f"{self.said(name, str(value))} {self.said('unit', unit) if unit else ''}".strip()
        return self.said(name, str(value))

    def cell(self, name: str, text: str) -> str:
        """The quoted codes of a decision table's cell in words."""
        return _list(self.said(name, code) for code in QUOTED.findall(text))

    def key(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The codes of a decision table with their words, column by column; only where they differ."""
        rows = [*body["rules"], {"then": body.get("default") or {}}]
        found = []
        for column in [*body["inputs"], *body["outputs"]]:
            name = column["name"]
            cells = [row.get(side, {}).get(name, "") for row in rows for side in ("when", "then")]
            codes = dict.fromkeys([*map(str, column.get("values", ())), *QUOTED.findall(" ".join(cells))])
            pairs = [(code, word) for code in codes if (word := self.said(name, code)) != code and not _as_time(code)]
            if pairs:
                found.append({"label": self.label(name), "pairs": pairs})
        return found

    def _text(self, name: str, text: str, now: datetime, about: str) -> str:
        if self.fields.get(name, {}).get("x-tl", {}).get("masked"):
            return masked(text)
        matrix = MATRIX.fullmatch(text) if name == "matrix" else None
        if matrix:
            about_it = {"table": self.said("table", matrix[1]), "number": matrix[2]}
            return _("%(table)s, version %(number)s") % about_it
        day = read_date(text)
        if day:
            return date_text(day, self.language, this_year=now.year)
        moment = _moment(text)
        if moment:
            zone = timezone.get_current_timezone()
            return moment_text(moment, self.language, now=now, zone=zone, named=is_named(moment))
        own, field = f"{about}:{name}", self.fields.get(name, {})
        if own in OWN:
            return self.said(own, text)
        hints = field.get("x-tl", {})
        if hints.get("widget") == "money":
            return _money(text, hints.get("currency", "USD"))
        is_typed = bool(field) and not ({"enum", "const"} & field.keys())
        return text if is_typed else self.said(name, text)

    def _own_label(self, name: str, code: str) -> str:
        labels = self._labels.get(name) or self.fields.get(name, {}).get("x-tl", {}).get("labels", {})
        return pick_text(labels.get(code), self.language)

    def _read(self, name: str) -> Iterable[tuple[str, str]]:
        if name == "band":
            return band_words().items()
        if name == "node":
            return _nodes(self.language)
        if name not in ROWS:
            return ()
        model, key = ROWS[name]
        rows = model._default_manager.values_list(key, "name")
        return ((code, pick_text(texts, self.language)) for code, texts in rows)


def _nodes(language: str | None) -> Iterable[tuple[str, str]]:
    """Every node of the drawings in force."""
    shown = "zh-Hans" if is_chinese(language) else "en"
    for pk in ProcessVersion.objects.filter(state=State.IN_FORCE).values_list("pk", flat=True):
        yield from ((node.id, node.label(shown)) for node in graph(pk).nodes.values())


def _as_time(code: str) -> str:
    hours = HOURS.fullmatch(code)
    try:
        return target_words(f"PT{hours[1]}H" if hours else code)
    except BadTarget:
        return ""


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text) if "T" in text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _money(amount: str, currency: str) -> str:
    try:
        money = Money.of(amount, currency)
    except (ValueError, TypeError):  # a draft may say anything, and a record of an amount has its currency already
        return amount
    return money_text(money.minor, money.currency)


def _list(texts: Iterable[str]) -> str:
    return pgettext("between the words of a list", ", ").join(texts)


def _colon() -> str:
    return pgettext("before what a name stands for", ": ")
