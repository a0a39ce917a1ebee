"""What an approval matrix must be able to ask for, beyond being a table: found when it is written, not when used."""

from __future__ import annotations

from datetime import datetime

from approvals.cell_shapes import misshapen
from approvals.chain_checks import of_rows
from approvals.rules import PREPARER
from approvals.staffing import firm_at
from approvals.staffing_checks import of_staffing
from approvals.where_asked import occasions_of, offered
from rulebook.findings import Finding
from rulebook.table_loading import Problem
from rulebook.tables import DecisionTable
from work.models import Queue


def unworkable_cells(table: DecisionTable) -> list[Problem]:
    """Cells that no chain can be made from: a role without a queue for its decisions, or a time that is none.

    Cells that depend on facts are read without them; what is null then is not judged. One statement.
    """
    return misshapen(table, {PREPARER, *Queue.objects.exclude(role="").values_list("role", flat=True)})


def findings(table: DecisionTable, now: datetime) -> list[Finding]:
    """What speaks against a matrix's chains with the people of this firm: three statements more than `firm_at`."""
    return [*of_rows(table), *of_staffing(table, firm_at(now, matrix=table.key), occasions_of(table, offered()))]
