"""What was known of past orders when a matrix was asked about them, or would have been: facts of then, never of today.

What a request kept counts as it stands. A fact that it did not ask for is read as it was: the client from the rows of
its history, what the process had learned from the ledger, and the sums without what was called off only later. An
order that asked for no decision is taken as it was sent in, under the version that was in force on that day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects

from accounts.authority import read_ahead
from accounts.models import Client
from approvals.facts import SOURCE, facts_of
from approvals.models import Request
from approvals.payments import SUMS, Payment, payments
from approvals.rules import matrix_facts, unit_of
from audit.canonical import plain
from orders.facts import process_variables
from orders.models import Order
from processes.numbering import of_instance
from processes.queries import holder_of, seen_by
from processes.replaying import state_from_ledger
from rulebook.models import Table, TableVersion
from rulebook.queries import table_of
from rulebook.tables import DecisionTable, FactError

FOLLOWED = ("tier", "advisor_id", "advisor_since")  # of a client: what changes, and facts are read from
DERIVED = {"product", "client_tier", "client_age", "days_since_advisor_change", SOURCE, *SUMS}


class Records:
    """What is read about some orders, for all of them at once, when it is first asked for."""

    def __init__(self, orders: Sequence[Order], table: Table, until: datetime) -> None:
        self.orders, self.table, self.until = orders, table, until
        self._joined: set[str] = set()
        self._stood: dict[tuple[int, datetime], Client] = {}

    def stood(self, order: Order, at: datetime) -> Order:
        """The order with its client as it was at an instant."""
        then = copy(order)
        then.client = self._client_then(order.client, at)
        return then

    def join(self, *names: str) -> None:
        """Read what the orders refer to: a statement each."""
        new = set(names) - self._joined
        prefetch_related_objects(self.orders, *new)
        self._joined |= new
        if "placed_by" in new:
            read_ahead({order.placed_by for order in self.orders if order.placed_by})

    def governing(self, at: datetime) -> DecisionTable | None:
        """The table as it was in force at an instant, if it was."""
        for version in self._versions:
            began, ended = version.in_force_at, version.superseded_at
            if began is not None and began <= at and (ended is None or ended > at):
                return table_of(version)
        return None

    @cached_property
    def sent(self) -> dict[int, list[Payment]]:
        """What the clients of the orders sent to whom."""
        return payments(self.orders, self.until)

    @cached_property
    def _versions(self) -> list[TableVersion]:
        return list(self.table.versions.defer("body").order_by("-in_force_at"))

    def _client_then(self, client: Client, at: datetime) -> Client:
        rows = self._clients.get(client.pk, [])
        before = [row for row in rows if row["history_date"] <= at] or rows[:1]
        if not before:
            return client
        key = client.pk, before[-1]["history_date"]
        if key not in self._stood:
            self._stood[key] = copy(client)
            for name in FOLLOWED:
                setattr(self._stood[key], name, before[-1][name])
        return self._stood[key]

    @cached_property
    def _clients(self) -> dict[int, list[dict[str, Any]]]:
        rows = Client.history.filter(id__in={order.client_id for order in self.orders})
        found: dict[int, list[dict[str, Any]]] = {}
        for row in rows.order_by("history_date", "history_id").values("id", "history_date", *FOLLOWED):
            found.setdefault(row["id"], []).append(row)
        return found


@dataclass
class Asked:
    """A decision about an order as it was asked for, or would have been. table: None where none was in force.

    facts: those that the table asked for, as a request keeps them. problem: why they could not be had.
    """

    order: Order
    at: datetime
    table: DecisionTable | None
    records: Records
    request: Request | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""

    @cached_property
    def stood(self) -> Order:
        """The order as it was then."""
        return self.records.stood(self.order, self.at)

    def under(self, table: DecisionTable) -> dict[str, Any]:
        """The facts of then for a table. Raises FactError."""
        decided = None if self.problem else self.table
        new = table.columns - self.facts.keys() - (decided.columns if decided else set())
        kept = matrix_facts(table, {**self.facts, "currency": unit_of(decided) if decided else None})
        return self.gathered(table, new) | kept if new else kept

    def gathered(self, table: DecisionTable, names: Collection[str]) -> dict[str, Any]:
        """Facts of then that no request kept: read from records. Raises FactError."""
        self.records.join("product", *(["placed_by"] if SOURCE in names else []))
        variables = self._variables(set(names) - DERIVED)
        sent = self.records.sent if "amount" in names else {}
        return facts_of(self.stood, table, variables, self.at, only=names, sent=sent)

    def _variables(self, names: Collection[str]) -> Mapping[str, Any]:
        """The process's variables as they were, as far as these names go."""
        if not names:
            return {}
        self.records.join("channel")
        sent, request = process_variables(self.stood), self.request
        if request is None:
            return sent
        self.records.join("process")
        process = self.order.process
        today = process.state.get("variables", {}) if process else sent
        if all(today.get(name) == sent.get(name) for name in names):
            return sent
        instance = holder_of(self.order.process_id, request.task)
        instance.state = state_from_ledger(instance, until=self.at)
        return seen_by(instance, of_instance(request.task)[1])


def asked_by(request: Request, order: Order, records: Records) -> Asked:
    """What a request asked."""
    return Asked(order, request.opened_at, table_of(request.table_version), records, request, request.facts)


def as_sent(order: Order, records: Records) -> Asked:
    """What would have been asked when the order was sent in."""
    assert order.submitted_at is not None  # noqa: S101
    asked = Asked(order, order.submitted_at, records.governing(order.submitted_at), records)
    if asked.table is not None:
        try:
            asked.facts = plain(asked.gathered(asked.table, asked.table.columns))
        except FactError as error:
            asked.problem = str(error)
    return asked
