"""Proof that the tables of a model are whole, by the checker of decision tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rulebook.checks import Report, as_json, check
from rulebook.dmn.reading import read_tables
from rulebook.tables import DecisionTable


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check says of one table. reason: why it could not be looked at, "" where it was."""

    owner: str
    table: DecisionTable | None
    report: Report | None
    reason: str

    @property
    def holds(self) -> bool:
        """Nothing speaks against it; a table that could not be looked at is only a warning."""
        return self.report is None or (self.report.ok and self.report.proven)

    @property
    def is_silent(self) -> bool:
        """Nothing is to be said of it."""
        return self.report is not None and self.holds and not self.report.defaulted


def check_model(data: bytes) -> tuple[Checked, ...]:
    """Check every table of a DMN file, in its order. Raises DmnRefused."""
    return tuple(
        Checked(one.owner, one.table, check(one.table) if one.table is not None else None, one.reason)
        for one in read_tables(data)
    )


def checked_as_json(checked: Checked) -> dict[str, Any]:
    """As `rules check` tells it of a table, with the decision in place of the key."""
    if checked.table is None or checked.report is None:
        return {"decision": checked.owner, "checked": False, "message": checked.reason}
    told = as_json(checked.table, checked.report)
    return {"decision": told.pop("key"), "checked": True, **told}
