"""What the cells of a matrix must be so that a chain can be made of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from approvals.rules import PREPARER, span_size
from rulebook.findings import answers_alone
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import Problem
from rulebook.tables import DecisionTable, FactError

MOST_OF_A_ROLE = 9  # people of one role who sign the same


def misshapen(table: DecisionTable, known: Set[str] | None = None) -> list[Problem]:
    """Cells that no chain can be made from: no list of roles, or a time that is none. known: the roles that have a
    queue for their decisions; None: any may have one.

    Cells that depend on facts are read without them; what is null then is not judged.
    """
    return [problem for rule, cells in answers_alone(table) for problem in _problems(rule, cells, known)]


def _problems(rule: str, cells: Mapping[str, Any], known: Set[str] | None) -> Iterator[Problem]:
    roles, evidence, span = (cells.get(name) for name in ("roles", "evidence", "adds_at_most"))
    if roles is not None and not _are_texts(roles):
        yield Problem(rule, "roles", Said(_('Expected a list of roles such as ["team_lead"], but got something else.')))
    elif known is not None and (unknown := sorted(set(roles or ()) - known)):
        sentence = _("Expected roles that have a queue for decisions, but got %(roles)s.")
        yield Problem(rule, "roles", Said(sentence, roles=", ".join(unknown)))
    elif roles and max(map(roles.count, roles)) > MOST_OF_A_ROLE:
        yield Problem(rule, "roles", Said(_("Expected each role at most %(most)s times."), most=MOST_OF_A_ROLE))
    yield from _of_together(rule, cells.get("together"), roles)
    if evidence is not None and not _are_texts(evidence):
        yield Problem(rule, "evidence", Said(_('Expected a list such as ["verbal_callback"], but got something else.')))
    if cells.get("in_bulk") is not None and type(cells["in_bulk"]) is not bool:
        yield Problem(rule, "in_bulk", Said(_("Expected true or false, but got something else.")))
    if span is not None and not _is_span(span):
        yield Problem(rule, "adds_at_most", Said(_("Expected a time such as 4h or 1bd, but got something else.")))


def _of_together(rule: str, together: Any, roles: Any) -> Iterator[Problem]:
    """Who sign at once are at least two of those who sign."""
    if together is None or together == []:
        return
    if not _are_texts(together) or len(set(together)) < 2:
        sentence = _('Expected two or more roles such as ["team_lead", "compliance"], but got something else.')
        yield Problem(rule, "together", Said(sentence))
    elif _are_texts(roles) and (others := sorted(set(together) - (set(roles) - {PREPARER}))):
        sentence = _("Expected roles that sign by this row, but got %(roles)s.")
        yield Problem(rule, "together", Said(sentence, roles=", ".join(others)))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _is_span(value: Any) -> bool:
    try:
        return isinstance(value, str) and span_size(value) > (-1, 0)
    except FactError:
        return False
