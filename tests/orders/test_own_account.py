"""An order names an account of its own client, and nobody else's."""

import pytest

from audit.actors import Actor
from catalog.models import Product
from orders import actions
from orders.refusals import AnswersWrong
from tests.approvals.transfers import FULL
from tests.firm import submitted


def test_the_clients_own_account_is_taken(firm, now):
    assert submitted(firm.ana, firm.ana_client, "full_acat", FULL, now).number


@pytest.mark.parametrize("account", ["HL-104164", "HL-999999"])
def test_another_account_is_refused_at_its_field(firm, now, account):
    draft = actions.save_draft(
        product=Product.objects.get(code="full_acat"),
        client=firm.ana_client,
        channel="web",
        answers={**FULL, "account_number": account},
        idempotency_key="k",
        actor=Actor.of(firm.ana),
        now=now,
    )
    with pytest.raises(AnswersWrong) as refused:
        actions.submit_order(draft.public_id, actor=Actor.of(firm.ana), now=now)
    assert set(refused.value.fields) == {"account_number"}


def test_a_transfer_of_nothing_is_refused(firm, now):
    with pytest.raises(AnswersWrong) as refused:
        submitted(firm.ana, firm.ana_client, "full_acat", {**FULL, "amount": "0.00"}, now)
    assert set(refused.value.fields) == {"amount"}
