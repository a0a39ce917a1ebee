"""Lendings at the same moment: whatever order they take, no circle stands."""

from __future__ import annotations

from functools import partial

from accounts.models import Delegation
from accounts.refusals import CircularDelegation
from tests.accounts.test_delegating import lend
from tests.races import at_once, needs_row_locks

pytestmark = needs_row_locks


def test_of_four_lendings_at_once_that_would_close_a_circle_one_is_refused(firm, now):
    people = [firm.eve, firm.omar, firm.max, firm.fay]  # two and two of them share nobody
    pairs = list(zip(people, people[1:] + people[:1]))
    for _round in range(15):
        done = at_once([partial(lend, giver, taker, now) for giver, taker in pairs])
        assert sum(isinstance(each, Delegation) for each in done) == 3, done
        assert sum(isinstance(each, CircularDelegation) for each in done) == 1, done
        Delegation.objects.all().delete()
