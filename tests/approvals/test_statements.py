"""How many statements a decision costs: one's own and for somebody else, in the middle of a chain and at its end.

Counted with a person whose rights were not read yet, reactions included (ledger, clocks, history, the process's step).
"""

import pytest

from accounts.models import User
from tests.accounts.test_delegating import lend
from tests.approvals.transfers import decide, done, ordered, validated
from tests.firm import open_item

OWN = 29
FOR_ANOTHER = 3  # what is lent (read and locked), and the rights of who lends it


@pytest.fixture(autouse=True)
def _warm(firm, now):
    """Drawings, tables and statements are compiled once per process."""
    order = validated(firm, now, key="before", amount="2000000.01")
    decide(open_item(order), firm.eve, now, choice="more_information")
    done(open_item(order), firm.tia, now, transfer_check="valid")
    for who in (firm.eve, firm.max):
        decide(open_item(order), who, now)
    ordered(firm, now, key="too")


def newly(user):
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("lent", [False, True])
@pytest.mark.parametrize(
    ("amount", "choice"),
    [
        pytest.param("2000000.01", "approve", id="another tier follows"),
        pytest.param("600000.00", "approve", id="the last tier"),
        pytest.param("600000.00", "more_information", id="a question"),
    ],
)
def test_a_decision_costs_a_bounded_number_of_statements(
    firm, now, lent, amount, choice, django_assert_max_num_queries
):
    item = open_item(validated(firm, now, amount=amount))
    if lent:
        lend(firm.eve, firm.dee, now)
    who = newly(firm.dee if lent else firm.eve)
    with django_assert_max_num_queries(OWN + FOR_ANOTHER * lent):
        decide(item, who, now, choice=choice)
