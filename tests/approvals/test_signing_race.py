"""Several signers of one tier at once, and a signer beside somebody who takes back: on connections and in processes."""

from functools import partial

from approvals.invariants import approvers_are_distinct, steps_follow_from_entries
from approvals.models import Decision, Request
from approvals.refusals import AlreadyDecided, FourEyes, TooLate
from approvals.signers import add_signers, remove_signer
from approvals.taking_back import take_decision_back, void_request
from audit.actors import Actor
from audit.models import Entry
from tests.accounts.test_delegating import lend
from tests.approvals.transfers import decide, governed, items_of, request_of, validated
from tests.races import at_once, in_processes, needs_row_locks
from work.models import WorkItem

pytestmark = needs_row_locks
LARGE = {"amount": "2000000.01"}
TWO_LEADS = '["operations_analyst", "team_lead", "team_lead"]'
ROUNDS = 4


def sound():
    return [*approvers_are_distinct().violations, *steps_follow_from_entries().violations]


def refused(results):
    return [result for result in results if isinstance(result, Exception)]


def test_two_signers_at_once_both_sign_and_the_order_goes_on_once(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    for number in range(ROUNDS):
        order = validated(firm, now, key=f"key-{number}", **LARGE)
        first, second = items_of(order)
        results = at_once([partial(decide, first, firm.eve, now), partial(decide, second, firm.omar, now)])
        assert refused(results) == []
        assert request_of(order).state == "approved"
        assert Entry.objects.filter(order_ref=order.ledger_ref, fact="approvals.request.approved").count() == 1
    assert sound() == []


def test_one_person_at_both_seats_at_once_signs_one(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    for number in range(ROUNDS):
        order = validated(firm, now, key=f"key-{number}", **LARGE)
        results = at_once([partial(decide, item, firm.eve, now) for item in items_of(order)])
        (lost,) = refused(results)
        assert isinstance(lost, FourEyes)
        assert (request_of(order).state, Decision.objects.filter(request__order=order).count()) == ("open", 1)


def test_whoever_lent_and_their_delegate_at_both_seats_at_once_sign_one(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    lend(firm.eve, firm.dee, now)
    for number in range(ROUNDS):
        order = validated(firm, now, key=f"key-{number}", **LARGE)
        first, second = items_of(order)
        results = at_once([partial(decide, first, firm.eve, now), partial(decide, second, firm.dee, now)])
        (lost,) = refused(results)
        assert isinstance(lost, FourEyes)
        assert (request_of(order).state, Decision.objects.filter(request__order=order).count()) == ("open", 1)
    assert sound() == []


def test_a_no_beside_a_yes_ends_it_once(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    for number in range(ROUNDS):
        order = validated(firm, now, key=f"key-{number}", **LARGE)
        first, second = items_of(order)
        no = partial(decide, second, firm.omar, now, choice="reject")
        results = at_once([partial(decide, first, firm.eve, now), no])
        assert all(isinstance(lost, AlreadyDecided) for lost in refused(results))
        assert request_of(order).state == "rejected"
        assert not WorkItem.objects.open().filter(order=order).exists()
    assert sound() == []


def test_processes_that_sign_all_that_is_open_give_each_seat_one_signature(firm, now):
    governed(firm, now, roles=TWO_LEADS)
    orders = [validated(firm, now, key=f"key-{number}", **LARGE) for number in range(6)]
    signed = in_processes("tests.approvals.signing.sign_what_is_open", now, 3)
    assert sum(signed) == 2 * len(orders)
    for order in orders:
        people = Decision.objects.filter(request__order=order).values_list("by", flat=True)
        assert sorted(people) == sorted([firm.eve.pk, firm.omar.pk])
        assert request_of(order).state == "approved"
    assert sound() == []


def test_who_takes_back_and_who_acts_next_do_not_both_win(firm, now):
    for number in range(ROUNDS):
        order = validated(firm, now, key=f"key-{number}", **LARGE)
        first = items_of(order)[0]
        decide(first, firm.eve, now)
        by = {"reason": "Wrong button.", "actor": Actor.of(firm.eve), "now": now}
        back = partial(take_decision_back, first.public_id, **by)
        results = at_once([back, partial(decide, items_of(order)[0], firm.max, now)])
        (lost,) = refused(results)
        assert isinstance(lost, TooLate | AlreadyDecided)
        states = list(Request.objects.filter(order=order).order_by("pk").values_list("state", flat=True))
        assert states in (["approved"], ["void", "open"])
    assert sound() == []


def test_a_signer_is_not_both_taken_out_and_signed(firm, now):
    for number in range(3):  # a fourth would be more than one lead may sign in a day
        order = validated(firm, now, key=f"key-{number}")
        own = items_of(order)[0]
        by = {"reason": "A second look.", "actor": Actor.of(firm.eve), "now": now}
        add_signers(own.public_id, people=[firm.fay.pk], any_of=False, **by)
        decide(own, firm.eve, now)
        item = items_of(order)[0]
        request = request_of(order)
        out = partial(remove_signer, request.public_id, tier=item.tier, seat=item.seat, **by)
        results = at_once([out, partial(decide, item, firm.fay, now)])
        assert len(refused(results)) == 1
        request.refresh_from_db()
        assert request.state == "approved"
    assert sound() == []


def test_of_two_leads_who_void_one_request_one_does(firm, now):
    order = validated(firm, now, **LARGE)
    item = items_of(order)[0]
    void = [
        partial(void_request, item.public_id, reason="Asked wrongly.", actor=Actor.of(who), now=now)
        for who in (firm.max, firm.max)
    ]
    assert len(refused(at_once(void))) == 1
    assert Request.objects.filter(order=order).count() == 2
