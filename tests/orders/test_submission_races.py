"""Many people sending at once: one order for one key, and no place sold twice."""

from datetime import datetime, timedelta

from audit.actors import Actor
from catalog import actions as catalog
from catalog.models import BranchOffering, Hold, Product, Slot
from orders import actions as orders
from orders.models import Order
from orders.refusals import NoPlaceLeft, WrongMoment
from tests.firm import ADDRESS, submitted
from tests.races import at_once, needs_row_locks

pytestmark = needs_row_locks

COMPANY = {
    "company_name": "Xinhe Precision Instruments",
    "credit_code": "91320100MA1XQ3K42T",
    "legal_representative": "Tang Rui",
    "account_kind": "basic",
    "business_scope": "Precision instruments",
    "contact_name": "Tang Rui",
    "contact_phone": "+86 25 8888 1234",
}


def sent_once(firm, now: datetime, key: str) -> Order:
    actor = Actor.of(type(firm.ana).objects.get(pk=firm.ana.pk))
    try:
        draft = orders.save_draft(
            product=Product.objects.get(code="address_change"), client=firm.ana_client, channel="web", answers=ADDRESS,
            idempotency_key=key, actor=actor, now=now,
        )  # fmt: skip
    except WrongMoment:  # another press was through already: this one is led to what came of it
        draft = Order.objects.get(idempotency_key=key)
    return orders.submit_order(draft.public_id, actor=actor, now=now)


def test_twenty_submissions_with_one_key_are_one_order(firm, now):
    results = at_once([lambda: sent_once(firm, now, "the-key")] * 20)
    assert {type(result) for result in results} == {Order}, results
    assert len({order.number for order in results}) == 1
    assert Order.objects.filter(idempotency_key="the-key").count() == 1


def test_thirty_people_for_ten_places_take_ten(firm, now):
    offering = BranchOffering.objects.get(product__code="corporate_account_opening", branch=firm.company.branch)
    starts = now + timedelta(days=40)
    slot = catalog.open_slot(
        offering, starts_at=starts, ends_at=starts + timedelta(minutes=45), capacity=10,
        actor=Actor.system("test"), now=now,
    )  # fmt: skip
    answers = {**COMPANY, "appointment": starts.isoformat()}

    def book(number: int) -> Order:
        return submitted(firm.xin, firm.company, "corporate_account_opening", answers, now, key=f"key-{number}")

    results = at_once([lambda number=number: book(number) for number in range(30)])
    assert sorted({type(result) for result in results}, key=str) == sorted({NoPlaceLeft, Order}, key=str), results
    assert sum(isinstance(result, Order) for result in results) == 10
    assert Slot.objects.get(pk=slot.pk).taken == 10
    assert Hold.objects.filter(slot=slot, released_at=None).count() == 10
    assert Order.objects.filter(slot=slot).exclude(number=None).count() == 10
