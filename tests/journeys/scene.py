"""What stands in the firm when a story begins: ana's orders at every kind of stop, made by real actions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.being_away import enter_absence
from accounts.delegating import delegate_authority
from accounts.models import Absence, Client, Delegation, User
from audit.actors import Actor
from audit.models import Entry
from catalog.models import Product
from orders import actions as orders
from orders.models import Order
from rulebook import actions as rulebook
from rulebook.models import Table, TableVersion
from sla.models import Breach
from sla.tasks import sweep
from tests.firm import ADDRESS, Cast, address_change, open_item, submitted
from work import actions as work
from work.models import Advice, WorkItem

TRANSFER = {
    "transfer": "full_acat",
    "account_number": "HL-104038",
    "custodian": "meridian",
    "amount": "2000000.01",
    "sell_fractions": False,
    "destination": "own",
    "receiving_firm": "Granite Peak Securities",
    "receiving_firm_number": "0123",
    "receiving_account": "GP-55121",
}
SMALL = {"account_number": "HL-104279", "custodian": "tidewater", "amount": "499999.99"}
PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LONG_AGO = timedelta(days=21)


@dataclass(frozen=True)
class Scene:
    """Public names of what stands there; all of it concerns ana, except what is said to be bo's."""

    order: str  # an address change that waits in its queue
    item: str
    spare: str  # one more that waits
    held: str  # another one's item, in dee's hands
    held_version: int
    held_order: str
    asked: str  # a third one waits on ana …
    request: str  # … for this …
    document: str  # … though she sent one paper already
    transfer: str  # above two million: waits for its team lead
    approval: str
    prepared: str  # the step of it that tia completed
    approval_request: str
    advice: str  # what dee asks eve about the item in her hands
    delegation: str  # eve lets omar sign for her
    absence: str  # dee is away next month
    missed: str  # omar, of whom is asked what stalls without him …
    first_day: str  # … from this day …
    last_day: str  # … to that
    log: int  # a small transfer of keisha's, of which the supervisor is told
    draft: str
    late: str  # bo's: late since long ago
    breach: int
    table: str
    version: int  # alan's draft of that table
    proposed: int  # his proposal for the table of the firm's own tasks
    colleague: str  # somebody to whom work can be given
    fay: str  # who can be asked to sign too
    entry: str  # one entry of the ledger


def build_scene(cast: Cast, now: datetime) -> Scene:
    """Play everything up to where the stories begin. The firm must be older than `LONG_AGO`."""
    late = submitted(cast.bo, cast.bo_client, "address_change", ADDRESS, now - LONG_AGO, key="late")
    sweep(now)
    order = address_change(cast, now, key="order")
    spare = address_change(cast, now, key="spare")
    held = address_change(cast, now, key="held")
    work.claim(open_item(held).public_id, actor=Actor.of(cast.dee), now=now)
    asked = waiting_on_client(cast, now)
    transfer = submitted(cast.ana, cast.ana_client, "full_acat", TRANSFER, now, key="transfer")
    keisha = User.objects.get(username="keisha")
    small = submitted(keisha, Client.objects.get(ref="C-0007"), "full_acat", {**TRANSFER, **SMALL}, now, key="small")
    for each in (transfer, small):
        done(open_item(each), cast.tia, now, transfer_check="valid")
    version, proposed = draft_of(cast.alan, "transfers", now), draft_of(cast.alan, "firm", now)
    rulebook.propose_version(
        proposed.pk, justification="As before.", effective_at=now, actor=Actor.of(cast.alan), now=now
    )
    return Scene(
        order=order.number,
        item=str(open_item(order).public_id),
        spare=str(open_item(spare).public_id),
        held=str(open_item(held).public_id),
        held_version=open_item(held).version,
        held_order=held.number,
        asked=asked.number,
        request=str(asked.requests.get().public_id),
        document=str(asked.documents.get().public_id),
        transfer=transfer.number,
        approval=str(open_item(transfer).public_id),
        prepared=str(transfer.work_items.get(node="validate_transfer").public_id),
        approval_request=str(transfer.approval_requests.get().public_id),
        advice=str(question(cast, open_item(held), now).public_id),
        delegation=str(lent(cast, now).public_id),
        missed=str(cast.omar.public_id),
        first_day=f"{now:%Y-%m-%d}",
        last_day=f"{now + timedelta(days=7):%Y-%m-%d}",
        absence=str(away(cast, now).public_id),
        log=small.approval_requests.get().supervisory_log.pk,
        draft=str(draft(cast, now).public_id),
        late=late.number,
        breach=Breach.objects.filter(clock__order=late).latest("pk").pk,
        table=version.table.key,
        version=version.number,
        proposed=proposed.number,
        colleague=str(cast.dov.public_id),
        fay=str(cast.fay.public_id),
        entry=str(Entry.objects.filter(order_ref=order.ledger_ref).earliest("pk").public_id),
    )


def question(cast: Cast, item: WorkItem, now: datetime) -> Advice:
    """Dee asks her lead."""
    return work.ask(item.public_id, to=cast.eve, question="Is a bill enough?", actor=Actor.of(cast.dee), now=now)


def lent(cast: Cast, now: datetime) -> Delegation:
    """Eve lends her authority to omar for a week."""
    return delegate_authority(
        delegator=cast.eve.pk,
        delegate=User.objects.get(username="omar").pk,
        begins_at=now,
        ends_at=now + timedelta(days=7),
        matrix="transfers",
        most=(100_000_000, "USD"),
        reason="On leave.",
        actor=Actor.of(cast.eve),
        now=now,
    )


def away(cast: Cast, now: datetime) -> Absence:
    """Dee is away for a week, a month from now."""
    first = now + timedelta(days=30)
    about = {"person": cast.dee.pk, "kind": Absence.Kind.LEAVE, "begins_at": first}
    return enter_absence(**about, ends_at=first + timedelta(days=7), actor=Actor.of(cast.dee), now=now)


def waiting_on_client(cast: Cast, now: datetime) -> Order:
    """An address change for which ana owes a proof; one paper of hers is with it."""
    order = address_change(cast, now, key="asked")
    done(open_item(order), cast.dee, now, address_check="proof_needed", checked_against="paper")
    paper = SimpleUploadedFile("bill.pdf", PAPER, "application/pdf")
    orders.add_document(order.public_id, upload=paper, field="proof_of_address", actor=Actor.of(cast.ana), now=now)
    return order


def draft(cast: Cast, now: datetime) -> Order:
    """A name on a form that ana has not sent."""
    return orders.save_draft(
        product=Product.objects.get(code="address_change"),
        client=cast.ana_client,
        channel="web",
        answers={**ADDRESS, "valid_from": f"{now + timedelta(days=60):%Y-%m-%d}"},
        idempotency_key="draft",
        actor=Actor.of(cast.ana),
        now=now,
    )


def draft_of(maker: User, key: str, now: datetime) -> TableVersion:
    """A draft version of a table, as it is in force."""
    table = Table.objects.get(key=key)
    base = table.versions.get(state="in_force")
    return rulebook.draft_version(table, body=base.body, base=base, actor=Actor.of(maker), now=now)


def done(item: Any, who: User, now: datetime, **answers: object) -> None:
    """Claim an item and complete it."""
    work.claim(item.public_id, actor=Actor.of(who), now=now)
    work.complete(item.public_id, answers=answers, actor=Actor.of(who), now=now)


def as_json(scene: Scene) -> dict[str, Any]:
    """The scene's names, for another process."""
    return asdict(scene)
