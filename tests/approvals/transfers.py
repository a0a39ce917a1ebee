"""Builders: transfers and fee adjustments that stand before their approvers."""

import copy
from datetime import timedelta
from zoneinfo import ZoneInfo

from accounts.models import Client
from approvals import actions as approvals
from approvals.models import Request, Tier
from audit.actions import save
from audit.actors import Actor
from audit.context import action
from rulebook import actions as rulebook
from rulebook.models import Table
from rulebook.tasks import put_in_force
from tests.firm import open_item, submitted
from work import actions as work
from work.models import WorkItem

NEW_YORK = ZoneInfo("America/New_York")
FULL = {
    "transfer": "full_acat",
    "account_number": "HL-104038",
    "custodian": "meridian",
    "amount": "600000.00",
    "sell_fractions": False,
    "destination": "own",
    "receiving_firm": "Granite Peak Securities",
    "receiving_firm_number": "0123",
    "receiving_account": "GP-55121",
}
JOURNAL = {
    "transfer": "non_acat_journal",
    "account_number": "HL-104038",
    "custodian": "meridian",
    "amount": "1000.00",
    "destination": "own",
    "receiving_account": "HL-200300",
}
WIRE = {**JOURNAL, "transfer": "non_acat_wire", "receiving_firm": "First Harbor Bank", "routing_number": "021000021"}
THIRD = {
    "destination": "third_party",
    "recipient_name": "Jo Doe",
    "recipient_relationship": "family",
    "recipient_reason": "A gift.",
}
FEE = {
    "task": "fee_waiver_or_adjustment",
    "account_number": "HL-104038",
    "adjustment": "waive_once",
    "amount": "600.00",
    "fee_name": "Wire fee",
    "valid_from": "2026-12-01",
    "reason": "Charged twice.",
}


CALLED = {
    "callback_result": "confirmed",
    "callback_who": "Ana Whitfield",
    "callback_dialled": "+1 212 555 0101",
    "callback_number": "on_file",
}


def call_back(now, **changed):
    """The evidence of a call-back a minute ago, in which the client confirmed. None leaves a field out."""
    at = (now - timedelta(minutes=1)).astimezone(NEW_YORK)
    told = {"who": "Ana Whitfield", "number": "+1 212 555 0101", "on": at.date().isoformat(), "time": f"{at:%H:%M}"}
    told |= {"outcome": "confirmed", **changed}
    return {f"verbal_callback_{part}": text for part, text in told.items() if text is not None}


def ordered(firm, now, product="full_acat", *, client=None, key="key-1", by=None, **answers):
    """A submitted order of ana's, or of another client placed by their own person."""
    base = {"full_acat": FULL, "fee_schedule_adjustment": FEE}.get(product, JOURNAL)
    base = WIRE if answers.get("transfer") == "non_acat_wire" else base
    client = client or firm.ana_client
    who = by or (firm.ana if client.ref == "C-0001" else firm.bo)
    return submitted(who, client, product, {**base, **answers}, now, key=key)


def done(item, who, now, **answers):
    """Claim and complete an item."""
    work.claim(item.public_id, actor=Actor.of(who), now=now)
    return work.complete(item.public_id, answers=answers, actor=Actor.of(who), now=now)


def validated(firm, now, product="full_acat", *, who=None, **about):
    """An order whose details were checked, so that the matrix was asked."""
    order = ordered(firm, now, product, **about)
    done(open_item(order), who or firm.tia, now, transfer_check="valid")
    called = WorkItem.objects.open().filter(order=order, node="call_back").first()
    if called:
        done(called, who or firm.tia, now, **CALLED)
    return order


def fee_prepared(firm, now, **about):
    """A fee adjustment that stands before the client's advisor."""
    order = ordered(firm, now, "fee_schedule_adjustment", **about)
    done(open_item(order), firm.dee, now, figures_check="ready", current_fee="900.00")
    return order


def decide(item, who, now, choice="approve", to="", **evidence):
    """One decision with a reason, which attests whatever rows its tier has."""
    reason, attested = "Looks right.", rows_of(item)
    about = {"choice": choice, "reason": reason, "evidence": evidence, "attested": attested, "to": to}
    return approvals.decide(item.public_id, **about, actor=Actor.of(who), now=now)


def rows_of(item):
    """The rows that the item's tier attests."""
    return Tier.objects.filter(work_item=item).values_list("rules", flat=True).first() or []


def governed(firm, now, **then):
    """The matrix of transfers whose row for large ones (T3) answers otherwise: cells by column, a new one is a list."""
    matrix = Table.objects.get(key="transfers")
    body = copy.deepcopy(matrix.versions.get(state="in_force").body)
    known = {column["name"] for column in body["outputs"]}
    label = {"en": "Together", "zh-Hans": "同时"}
    body["outputs"] += [{"name": name, "type": "list", "label": label} for name in then if name not in known]
    next(rule for rule in body["rules"] if rule["id"] == "T3")["then"] |= then
    draft = rulebook.draft_version(matrix, body=body, actor=Actor.of(firm.alan), now=now)
    why = {"justification": "More eyes.", "effective_at": now}
    rulebook.propose_version(draft.pk, **why, actor=Actor.of(firm.alan), now=now)
    rulebook.approve_version(draft.pk, actor=Actor.of(firm.rob), now=now)
    put_in_force(now)


def items_of(order):
    """Its open items, in the order of their tiers and seats."""
    return list(WorkItem.objects.open().filter(order=order).order_by("tier", "seat"))


def request_of(order):
    """The latest request for a decision."""
    return Request.objects.filter(order=order).latest("pk")


def without_birth_date(firm):
    """Ana's record as it is when nobody wrote her birth date down."""
    Client.objects.filter(pk=firm.ana_client.pk).update(birth_date=None)


@action
def put_on_record(client, *, now, **fields):
    """Change a client's record, with a row of its history."""
    for name, value in fields.items():
        setattr(client, name, value)
    save(client, actor=Actor.system("test"), now=now)
