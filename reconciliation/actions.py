"""The verbs of reconciliation: wait for statements, keep them, compare them, open an order for each break."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Client
from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from calendars.queries import calendar
from calendars.rules import Calendar
from catalog.models import Product
from integrations.models import Connector, InboxMessage
from orders import actions as orders
from orders import schemas
from orders.models import Order
from processes import actions as processes
from reconciliation import queries, rules, statements
from reconciliation.models import Break, Line, Statement
from reconciliation.refusals import NotSetUp
from reconciliation.severity import severity_of

MESSAGE = "statement_received"  # what the process waits for
CHANNEL = "staff"
PRODUCTS = {Break.Severity.STANDARD: "reconciliation_break", Break.Severity.CRITICAL: "critical_break"}


@action
def expect_statements(*, actor: Actor, now: datetime) -> list[Statement]:
    """The statements that are to be compared now: of each custodian that sends them those of the working days since the
    last one that was waited for. Each is waited for once, whoever asks."""
    due = []
    for connector in queries.custodians():
        last = queries.last_expected(connector)
        for day in rules.days_due(_calendar(connector), last.day if last else None, now):
            statement = lock(_of(connector, day)).get_or_create(connector=connector, day=day)[0]
            statement.expected_at = now
            statement.save(update_fields=["expected_at"])
            _record("reconciliation.statement.expected", statement, actor, now)
            due.append(statement)
    return due


@action
def keep_statement(message: InboxMessage, *, actor: Actor, now: datetime) -> bool:
    """Keep what a custodian says of a day, and tell the process that waits for it. The first statement of a day counts:
    False for another one, and for one of a system that is not to send any."""
    connector, day = message.connector, date.fromisoformat(message.payload["day"])
    if not connector.settings.get("statement"):
        return False
    statement = lock(_of(connector, day)).get_or_create(connector=connector, day=day)[0]
    if statement.received_at:
        return False
    statement.received_at, statement.message = now, message
    statement.save(update_fields=["received_at", "message"])
    lines = statements.records(message.payload)
    Line.objects.bulk_create(_line(statement, place, one) for place, one in enumerate(lines, start=1))
    _record("reconciliation.statement.received", statement, actor, now, lines=len(lines))
    processes.receive_message(
        MESSAGE,
        keys={"custodian": connector.code, "day": day.isoformat()},
        payload={},
        dedupe_key=f"statement:{statement.pk}",
        actor=actor,
        now=now,
    )
    return True


@action
def compare_statement(custodian: str, day: date, *, actor: Actor, now: datetime) -> list[Break]:
    """Compare a statement with our records of its day; each difference is a break. Comparing again finds nothing new.

    Raises NotSetUp: the statement has not come.
    """
    statement = _statement(custodian, day)
    if not statement.received_at:
        raise NotSetUp(_("Expected the custodian's statement of that day, but it has not come."))
    if statement.compared_at:
        return list(statement.breaks.all())
    differences = rules.compare(**_both_sides(statement))
    breaks = [_keep_break(statement, each, actor, now) for each in differences]
    statement.compared_at = now
    statement.save(update_fields=["compared_at"])
    counts = {"breaks": len(breaks), "critical": sum(one.severity == Break.Severity.CRITICAL for one in breaks)}
    _record("reconciliation.statement.compared", statement, actor, now, **counts)
    processes.tell({"custodian": custodian, "statement_day": day.isoformat(), **counts}, actor=actor, now=now)
    return breaks


@action
def report_silence(custodian: str, day: date, *, actor: Actor, now: datetime) -> Break | None:
    """A statement is late: that is a break itself, once; None when it has come meanwhile."""
    statement = _statement(custodian, day)
    if statement.received_at:
        return None
    known = statement.breaks.filter(kind=Break.Kind.NO_STATEMENT).first()
    return known or _keep_break(statement, rules.Difference(Break.Kind.NO_STATEMENT, "", None, None), actor, now)


@action
def open_order(break_id: str | UUID, *, actor: Actor, now: datetime) -> Order:
    """Open the order in which a break is worked, once, for the firm itself: nothing of it is a client's.

    Raises NotSetUp.
    """
    found = lock(Break.objects.filter(public_id=break_id)).select_related("statement__connector", "order").get()
    if found.order:
        return found.order
    product = _product(found)
    draft = orders.save_draft(
        product=product,
        client=_house(),
        channel=CHANNEL,
        answers=_answers(found, product.form),
        idempotency_key=f"break-{found.public_id}",
        actor=actor,
        now=now,
    )
    found.order = orders.submit_order(draft.public_id, actor=actor, now=now)
    found.save(update_fields=["order"])
    record("reconciliation.break.opened", subject=found.subject, order=found.order, actor=actor, now=now)
    return found.order


def _answers(found: Break, form: dict) -> dict[str, str]:
    """What the order form of a break is filled with: only what there is."""
    said = {
        "custodian": found.statement.connector.code,
        "statement_day": found.statement.day.isoformat(),
        "break_kind": found.kind,
        "reference": found.reference,
        "our_order": found.order_number,
        "operation": found.operation,
        "our_amount": str(found.ours or ""),
        "their_amount": str(found.theirs or ""),
    }
    money = found.at_stake
    for name in schemas.fields_with(form, "money"):
        if money and form["properties"][name]["x-tl"].get("currency") == money.currency:
            said[name] = str(money.amount)
    return {name: value for name, value in said.items() if value}


def _both_sides(statement: Statement) -> dict[str, Any]:
    connector = statement.connector
    lines = queries.lines_of(statement)
    ours = queries.own_records(connector, *rules.span_of(_calendar(connector), statement.day))
    references = {one.reference for one in (*ours, *lines)}
    return {
        "ours": ours,
        "theirs": lines,
        "elsewhere": queries.own_records_under(connector, references - {one.reference for one in ours}),
        "listed_elsewhere": queries.listed_on_other_days(statement, references),
    }


def _keep_break(statement: Statement, found: rules.Difference, actor: Actor, now: datetime) -> Break:
    side = found.either
    row = Break(statement=statement, kind=found.kind, reference=found.reference, found_at=now)
    if side:
        row.order_number, row.operation = side.order, side.operation
        row.currency = side.currency or (found.theirs.currency if found.theirs else "")
    row.ours_minor = found.ours.minor if found.ours else None
    row.theirs_minor = found.theirs.minor if found.theirs else None
    row.severity = severity_of(row, now)
    row.save()
    data = {"kind": row.kind, "severity": row.severity, "custodian": statement.connector.code}
    record("reconciliation.break.found", subject=row.subject, actor=actor, now=now, data=data)
    return row


def _statement(custodian: str, day: date) -> Statement:
    connector = Connector.objects.filter(code=custodian).first()
    statement = lock(_of(connector, day)).select_related("connector").first() if connector else None
    if statement is None:
        raise NotSetUp(_("Expected a statement that we wait for, but there is none of that custodian and day."))
    return statement


def _of(connector: Connector, day: date) -> QuerySet[Statement]:
    return Statement.objects.filter(connector=connector, day=day)


def _line(statement: Statement, position: int, one: rules.Record) -> Line:
    return Line(
        statement=statement,
        position=position,
        reference=one.reference,
        order_number=one.order,
        operation=one.operation,
        amount_minor=one.minor,
        currency=one.currency,
    )


def _product(found: Break) -> Product:
    code = PRODUCTS[Break.Severity(found.severity)]
    product = Product.objects.filter(code=code).first()
    if product is None:
        raise NotSetUp(_('Expected the product "%(code)s", but there is none.') % {"code": code})
    return product


def _house() -> Client:
    house = Client.objects.filter(kind=Client.Kind.HOUSE).select_related("branch").order_by("pk").first()
    if house is None:
        raise NotSetUp(_("Expected the firm itself among the clients, but it is not there."))
    return house


def _calendar(connector: Connector) -> Calendar:
    return calendar(connector.settings["calendar"])


def _record(fact: str, statement: Statement, actor: Actor, now: datetime, **more: int) -> None:
    data = {"custodian": statement.connector.code, "day": statement.day.isoformat(), **more}
    record(fact, subject=statement.subject, actor=actor, now=now, data=data)
