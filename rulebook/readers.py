"""What the code that asks a kind of table works with: columns that such a table keeps, each with its reason.

Who reads which kind is named in `READERS` of the wiring; a table whose kind nobody reads there may have any columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from audit.reactions import wiring
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import KINDS

SIDES = ("inputs", "outputs")
ONE_ANSWER = ("unique", "first", "any", "priority")
MANY_ANSWERS = ("collect", "rule_order", "output_order")


@dataclass(frozen=True, slots=True)
class Kept:
    """A column as its reader knows it. why: a whole sentence; is_needed: without it the reader cannot work.

    values: what the reader gives or takes, where the column lists what is allowed; in_currency: amounts of money.
    """

    name: str
    type: str
    why: str
    is_needed: bool = False
    values: tuple[str, ...] = ()
    in_currency: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks a kind of table. gives_more: whether it may give other facts than those of `inputs`.

    policies: the hit policies whose answers it can use.
    """

    inputs: tuple[Kept, ...]
    outputs: tuple[Kept, ...]
    policies: tuple[str, ...]
    gives_more: bool = False

    def kept(self, side: str, name: str) -> Kept | None:
        """The column of a side (`inputs`, `outputs`) as the reader knows it; None where it knows none of that name."""
        return next((each for each in getattr(self, side) if each.name == name), None)


def reader_of(kind: str) -> Reader | None:
    """Who asks the tables of a kind; None where no code of ours does."""
    named = wiring().READERS.get(kind)
    return import_string(named) if named else None


def unread(reader: Reader, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the reader could not work with: (place, sentence); a place is as in `rulebook.columns`."""
    if body.get("hit_policy") not in reader.policies:
        sentence = _("What asks this table can use one of these: %(known)s.")
        yield "hit_policy", Said(sentence, known=", ".join(each.replace("_", " ") for each in reader.policies))
    for side in SIDES:
        columns = body.get(side) or []
        names = {column.get("name") for column in columns}
        for kept in getattr(reader, side):
            if kept.is_needed and kept.name not in names:
                sentence = _("The column “%(name)s” (%(kind)s) has to stay: %(why)s")
                yield side, Said(sentence, name=kept.name, kind=Said(KINDS[kept.type]), why=Said(kept.why))
        for place, column in enumerate(columns):
            yield from _unfit(reader, side, f"{side}.{place}", column)


def _unfit(reader: Reader, side: str, place: str, column: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kept = reader.kept(side, str(column.get("name")))
    if kept is None:
        if side == "inputs" and not reader.gives_more:
            known = ", ".join(each.name for each in reader.inputs)
            yield (
                f"{place}.name",
                Said(_("What asks this table gives these facts and no other: %(known)s."), known=known),
            )
        return
    if column.get("type") != kept.type:
        sentence = _("“%(name)s” stays a %(kind)s: %(why)s")
        yield f"{place}.type", Said(sentence, name=kept.name, kind=Said(KINDS[kept.type]), why=Said(kept.why))
    unit = str(column.get("unit") or "")
    if kept.in_currency and not (len(unit) == 3 and unit.isupper()):
        yield f"{place}.unit", Said(_("Amounts count in a currency, such as USD: it is never guessed."))
    missing = [value for value in kept.values if value not in column["values"]] if column.get("values") else []
    if missing:
        sentence = _("These have to stay among the allowed values: %(missing)s. %(why)s")
        yield f"{place}.values", Said(sentence, missing=", ".join(missing), why=Said(kept.why))
