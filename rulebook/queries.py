"""Reads of the rulebook: what is in force, and how two versions differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from django.db.models import Q, QuerySet

from accounts.authority import held
from audit.prepared import prepared
from rulebook.acceptance import broken
from rulebook.change_control import State
from rulebook.models import AcceptanceCase, ModelVersion, Table, TableVersion
from rulebook.tables import DecisionTable, load_table


def in_force(key: str, at: datetime) -> TableVersion:
    """The version of a table that governed at an instant. Raises TableVersion.DoesNotExist."""
    governing = _governing(key, at, at)
    if not governing:
        raise TableVersion.DoesNotExist(f'Expected a version of the table "{key}" in force at {at.isoformat()}.')
    return governing[0]


@prepared
def _governing(key: str, since: datetime, until: datetime) -> QuerySet[TableVersion]:
    governed = TableVersion.objects.filter(table__key=key, in_force_at__lte=since).filter(
        Q(superseded_at=None) | Q(superseded_at__gt=until), state__in=[State.IN_FORCE, State.SUPERSEDED]
    )
    return governed.select_related("table").defer("body").order_by("-in_force_at")[:1]


def keys_in_force(keys: Collection[str]) -> set[str]:
    """Those of the keys whose table or decision model has a version in force: one statement."""
    tables = TableVersion.objects.filter(table__key__in=keys, state=State.IN_FORCE).values_list("table__key")
    models = ModelVersion.objects.filter(model__key__in=keys, state=State.IN_FORCE).values_list("model__key")
    return {key for (key,) in tables.union(models)}


def table_of(version: TableVersion) -> DecisionTable:
    """The compiled table of a version; one that is or was in force never changes, and is read once per process."""
    if version.state in (State.IN_FORCE, State.SUPERSEDED):
        return _in_force(version.pk)
    return _compiled(orjson.dumps(version.body))


def forget() -> None:
    """Forget which tables were compiled: for tests, which take rows away again."""
    _in_force.cache_clear()


def tables_visible_to(user: Any) -> QuerySet[Table]:
    """Tables that the user may edit or approve; overseers and examiners read all."""
    if held(user, "oversee_branch") or held(user, "examine_branch"):
        return Table.objects.all()
    return Table.objects.filter(pk__in=held(user, "edit_table") | held(user, "approve_table"))


def versions_of(table: Table) -> QuerySet[TableVersion]:
    """All versions of a table, the newest first, with who made and checked them: one statement."""
    return table.versions.select_related("maker", "checker", "table").order_by("-number")


def cases_of(table: Table) -> QuerySet[AcceptanceCase]:
    """The acceptance cases of a table that are in use, by name, with who saved them: one statement."""
    return table.cases.filter(retired_at=None).select_related("saved_by").order_by("name")


def cases_retired_from(table: Table) -> QuerySet[AcceptanceCase]:
    """The acceptance cases of a table that are not wanted any more, the last first; why stands in the ledger."""
    return table.cases.exclude(retired_at=None).order_by("-retired_at")


def judged(version: TableVersion) -> list[tuple[AcceptanceCase, str]]:
    """Every acceptance case in use with why it does not hold on the version ("" where it does): one statement."""
    table = table_of(version)
    return [(case, broken(table, case.facts, case.expected)) for case in cases_of(version.table)]


def broken_by(version: TableVersion, body: Mapping[str, Any]) -> list[tuple[AcceptanceCase, str]]:
    """Every acceptance case that holds on a version and would not on another body of it, with why: one statement.

    Raises TableError where the body is no table.
    """
    other = load_table(body)
    held = (case for case, why in judged(version) if not why)
    told = ((case, broken(other, case.facts, case.expected)) for case in held)
    return [(case, why) for case, why in told if why]


@dataclass(frozen=True)
class Difference:
    """One rule that differs. kind: added, removed or changed; cells: (column, old text, new text)."""

    kind: str
    rule: str
    cells: tuple[tuple[str, str, str], ...]


def differences(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[Difference]:
    """How two bodies of a table differ, row by row and cell by cell, in the order of the new one."""
    before, after = _rows(old or {}), _rows(new)
    found = [Difference("removed", rule, _cells(row, {})) for rule, row in before.items() if rule not in after]
    for rule, row in after.items():
        if rule not in before:
            found.append(Difference("added", rule, _cells({}, row)))
        elif before[rule] != row:
            found.append(Difference("changed", rule, _cells(before[rule], row)))
    return found


def _rows(body: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    rows = {rule["id"]: {**rule.get("when", {}), **_spoken(rule.get("then", {}))} for rule in body.get("rules", [])}
    return {**rows, "default": _spoken(body["default"])} if body.get("default") else rows


def _spoken(outputs: Mapping[str, str]) -> dict[str, str]:
    """Outputs without those that are null: a cell that says so is the same as none."""
    return {name: text for name, text in outputs.items() if text.strip() not in ("", "null")}


def _cells(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple(_changed(old, new))


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name, "-") != new.get(name, "-"):
            yield name, old.get(name, "-"), new.get(name, "-")


@lru_cache(maxsize=256)
def _in_force(version_id: int) -> DecisionTable:
    return _compiled(orjson.dumps(TableVersion.objects.values_list("body", flat=True).get(pk=version_id)))


@lru_cache(maxsize=256)
def _compiled(body: bytes) -> DecisionTable:
    return load_table(orjson.loads(body))
