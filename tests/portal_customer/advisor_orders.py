"""Orders that wait for an advisor: a fee adjustment for a decision, a change of beneficiary for a look."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts import actions as accounts
from accounts.models import Branch, Client, User
from audit.actors import Actor
from catalog import actions as catalog
from catalog.models import Channel, Product
from demo import files
from orders.models import Order
from processes import actions as processes
from tests.firm import Cast, open_item, submitted
from work import actions as work
from work.models import WorkItem

FEE = {
    "task": "fee_waiver_or_adjustment",
    "account_number": "HL-104038",
    "adjustment": "waive_once",
    "amount": "600.00",
    "fee_name": "Wire fee",
    "valid_from": "2026-12-01",
    "reason": "Charged twice.",
}
BENEFICIARY = {
    "account_number": "HL-104038",
    "beneficiary_rank": "primary",
    "beneficiary_name": "Ines Ruiz",
    "beneficiary_relationship": "child",
    "share_percent": 100,
    "advisor_review_wanted": True,
}


def fee_prepared(
    firm: Cast, now: datetime, *, by: User | None = None, client: Client | None = None, key: str = "fee"
) -> Order:
    """A fee adjustment of ana's, or of another client, that stands before the client's advisor."""
    order = submitted(by or firm.ana, client or firm.ana_client, "fee_schedule_adjustment", FEE, now, key=key)
    done(open_item(order), firm.dee, now, figures_check="ready", current_fee="900.00")
    return order


def beneficiary_checked(firm: Cast, now: datetime) -> Order:
    """A change of ana's beneficiary that her advisor was asked to look at."""
    _shelve("beneficiary_change", firm, now)
    order = submitted(firm.ana, firm.ana_client, "beneficiary_change", BENEFICIARY, now, key="beneficiary")
    done(open_item(order), firm.dee, now, designation_check="valid")
    return order


def asked_item(order: Order) -> WorkItem:
    """What the advisor was asked."""
    return WorkItem.objects.get(order=order, queue__code="advisors")


def done(item: WorkItem, who: User, now: datetime, **answers: Any) -> None:
    """Claim an item and complete it."""
    work.claim(item.public_id, actor=Actor.of(who), now=now)
    work.complete(item.public_id, answers=answers, actor=Actor.of(who), now=now)


def _shelve(code: str, firm: Cast, now: datetime) -> None:
    """Put a product of the demo, which the small firm does not sell, on the shelf with its process."""
    (folder,) = [path for path in files.product_folders() if path.name == code]
    row, when = files.read_yaml(str(folder / "product.yaml")), {"actor": Actor.system("tests"), "now": now}
    about = {name: row[name] for name in ("code", "name", "summary", "family", "icon", "audience")}
    form = files.read_json(folder / "order_form.json")
    product: Product = catalog.add_product(**about, form=form, process_key=code, parameters={}, **when)
    catalog.list_product(product, Channel.objects.get(code="web"), **when)
    catalog.offer_at_branch(product, Branch.objects.get(code="new_york"), parameters={}, **when)
    _publish(product, *files.process_of(folder), firm, now)


def _publish(product: Product, xml: str, forms: dict, firm: Cast, now: datetime) -> None:
    maker, checker, system = Actor.of(firm.alan), Actor.of(firm.nadia), Actor.system("tests")
    model = processes.add_model(key=product.process_key, name=product.name, actor=system, now=now)
    for right in ("edit_process", "approve_process"):
        accounts.grant(accounts.group("role:administrator"), right, model, actor=system, now=now)
    draft = processes.draft_version(product.process_key, xml=xml, forms=forms, actor=maker, now=now)
    processes.propose_version(draft.pk, justification="As drawn.", effective_at=now, actor=maker, now=now)
    processes.approve_version(draft.pk, actor=checker, now=now)
    processes.put_in_force(actor=system, now=now)
