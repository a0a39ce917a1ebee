"""Several signatures of one role, and lent authority: whoever signs, and whoever's authority it was, signs once.

The table: who signed one of the two seats, who tries the other, and what comes of it. Evelyn and Omar are the leads;
Dana and Marcus hold no role that signs.
"""

import pytest

from accounts.models import User
from approvals.invariants import approvers_are_distinct, steps_follow_from_entries
from approvals.queries import package, waiting_for
from approvals.refusals import FourEyes
from audit.actors import Actor
from tests.accounts.test_delegating import lend
from tests.approvals.transfers import decide, governed, items_of, request_of, validated
from work import actions as work

TWO_LEADS = '["operations_analyst", "team_lead", "team_lead"]'
YES, NO = True, False
EVE_TO_DEE, EVE_TO_DOV, OMAR_TO_DEE, EVE_TO_OMAR = ("eve", "dee"), ("eve", "dov"), ("omar", "dee"), ("eve", "omar")
OMAR_TO_DOV = ("omar", "dov")
TABLE = {
    "a delegate fills one seat of whom they sign for, never two": ([EVE_TO_DEE], "dee", "dee", NO, "signed"),
    "who lent signs no other seat of the tier": ([EVE_TO_DEE], "dee", "eve", NO, "lent"),
    "nor does another delegate of theirs": ([EVE_TO_DEE, EVE_TO_DOV], "dee", "dov", NO, "lender"),
    "who signed by themselves signs for nobody beside it": ([EVE_TO_OMAR], "omar", "omar", NO, "signed"),
    "for whoever signed by themselves nobody else does": ([EVE_TO_DEE], "eve", "dee", NO, "lender"),
    "a delegate of both signs for one of them": ([EVE_TO_DEE, OMAR_TO_DEE], "dee", "dee", NO, "signed"),
    "the other lead signs beside a delegate": ([EVE_TO_DEE], "dee", "omar", YES, ""),
    "a delegate signs beside the other lead": ([EVE_TO_DEE], "omar", "dee", YES, ""),
    "two delegates of two leads sign": ([EVE_TO_DEE, OMAR_TO_DOV], "dee", "dov", YES, ""),
    "of two who lent, whoever did not sign is signed for": ([EVE_TO_DEE, OMAR_TO_DEE], "eve", "dee", YES, ""),
}


def fresh(firm, name):
    """The person as the next request reads them."""
    return User.objects.get(pk=getattr(firm, name).pk)


@pytest.fixture
def seats(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    return items_of(validated(firm, now, amount="2000000.01"))


@pytest.mark.parametrize("taken", [0, 1], ids=["the first seat", "the second seat"])
@pytest.mark.parametrize(("lent", "first", "second", "signs", "barred"), TABLE.values(), ids=TABLE)
def test_whoever_signs_and_whoever_they_sign_for_signs_once(
    firm, now, seats, taken, lent, first, second, signs, barred
):
    for giver, taker in lent:
        lend(getattr(firm, giver), getattr(firm, taker), now)
    item, order = seats[1 - taken], seats[0].order
    decide(seats[taken], fresh(firm, first), now)
    who = fresh(firm, second)
    seen = package(item, who, now)
    assert (seen.can_decide, seen.barred) == (signs, barred)
    assert (item in waiting_for(who, now)) is signs
    if not signs:
        for verb in (lambda: work.claim(item.public_id, actor=Actor.of(who), now=now), lambda: decide(item, who, now)):
            with pytest.raises(FourEyes):
                verb()
        assert request_of(order).state == "open"
    else:
        work.claim(item.public_id, actor=Actor.of(who), now=now)
        decide(item, who, now)
        assert request_of(order).state == "approved"
        parts = request_of(order).parts.filter(kind__in=("signed", "lent"))
        assert len({part.user_id for part in parts}) == parts.count()
    assert not approvers_are_distinct().violations
    assert not steps_follow_from_entries().violations


def test_a_delegate_is_not_given_the_second_seat_of_whom_they_signed_for(firm, now, seats):
    lend(firm.eve, firm.dee, now)
    decide(seats[0], fresh(firm, "dee"), now)
    for name in ("dee", "eve"):
        with pytest.raises(FourEyes):
            work.assign(seats[1].public_id, to=fresh(firm, name), actor=Actor.of(firm.max), now=now)
