"""Lending the authority to sign: who may, to whom, for when; it ends by itself; the database holds what it can."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.authority import forget
from accounts.delegates import branches_seen, delegates_for, may_sign_for_others
from accounts.delegating import delegate_authority, revoke_delegation
from accounts.delegations import lent_to, over_for, window_of_days
from accounts.models import Delegation, User
from accounts.queries import delegations_seen
from accounts.refusals import (
    CircularDelegation,
    DelegationOver,
    DelegationReasonMissing,
    NoSuchDelegation,
    NothingToLend,
    NotYoursToLend,
    UnknownMatrix,
    WrongDelegate,
    WrongLimit,
    WrongTimes,
)
from audit.actors import Actor
from audit.models import Entry
from audit.refusals import Refusal

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def lend(lender, delegate, now, *, by=None, begins=None, ends=None, **about):
    about.setdefault("reason", "On leave.")
    return delegate_authority(
        delegator=lender.pk,
        delegate=delegate.pk,
        begins_at=begins or now,
        ends_at=ends or now + DAY,
        actor=Actor.of(by or lender),
        now=now,
        **about,
    )


def test_an_approver_lends_and_it_is_on_record_with_both_names(firm, now):
    made = lend(firm.eve, firm.dee, now, matrix="transfers", most=(2_500_000, "USD"))
    assert [each.pk for each in lent_to(firm.dee, now)] == [made.pk]
    entry = Entry.objects.get(subject=made.subject)
    assert (entry.fact, entry.reason) == ("accounts.delegation.given", "On leave.")
    assert entry.data == {"delegator": firm.eve.pk, "to": firm.dee.pk}
    assert entry.after["matrix"] == "transfers"
    assert (entry.after["most_minor"], entry.after["currency"]) == (2_500_000, "USD")
    assert made.history.count() == 1


def test_it_begins_and_ends_by_itself_to_the_microsecond(firm, now):
    lend(firm.eve, firm.dee, now, begins=now + DAY, ends=now + 2 * DAY)
    moments = (now, now + DAY - MICROSECOND, now + DAY, now + 2 * DAY - MICROSECOND, now + 2 * DAY)
    assert [bool(lent_to(firm.dee, at)) for at in moments] == [False, False, True, True, False]
    forget(firm.dee)
    assert [bool(over_for(firm.dee, at)) for at in moments] == [False, False, False, False, True]


def test_an_administrator_of_the_branch_lends_for_somebody_else(firm, now):
    made = lend(firm.eve, firm.omar, now, by=firm.alan)
    assert (made.given_by, made.delegator) == (firm.alan, firm.eve)


@pytest.mark.parametrize("who", ["omar", "max", "rob", "judith", "dee"])
def test_nobody_else_lends_for_somebody(firm, now, who):
    with pytest.raises(NotYoursToLend):
        lend(firm.eve, firm.tia, now, by=getattr(firm, who))


def test_who_signs_nothing_has_nothing_to_lend_and_what_was_lent_is_not_passed_on(firm, now):
    lend(firm.eve, firm.dee, now)
    for by in (firm.dee, firm.alan):
        with pytest.raises(NothingToLend, match="Dana Whitfield holds none"):
            lend(firm.dee, firm.dov, now, by=by)


def test_what_was_lent_is_not_part_of_what_one_lends(firm, now):
    """Omar may lend his own authority; what Evelyn lent him stays with him."""
    lend(firm.eve, firm.omar, now)
    lend(firm.omar, firm.tia, now)
    assert [each.delegator for each in lent_to(firm.tia, now)] == [firm.omar]


def test_not_to_oneself_not_to_a_client_not_to_who_left(firm, now):
    User.objects.filter(pk=firm.dov.pk).update(is_active=False)
    for delegate in (firm.eve, firm.ana, firm.adam, firm.dov):
        with pytest.raises(WrongDelegate):
            lend(firm.eve, delegate, now)


def test_no_administrator_gives_authority_to_themselves(firm, now):
    with pytest.raises(WrongDelegate, match="nobody gives authority to themselves"):
        lend(firm.eve, firm.alan, now, by=firm.alan)


@pytest.mark.parametrize("who", ["judith", "nadia"])
def test_who_only_reads_or_administers_is_lent_nothing(firm, now, who):
    for by in (firm.omar, firm.alan):
        with pytest.raises(WrongDelegate, match="only reads or administers"):
            lend(firm.omar, getattr(firm, who), now, by=by)


def test_who_works_in_another_branch_is_lent_nothing(firm, now):
    with pytest.raises(WrongDelegate, match="sees the orders of the same branch, but Xu Jie does not"):
        lend(firm.omar, firm.cora, now)
    assert lend(firm.max, firm.cora, now).delegate == firm.cora  # whose authority reaches every branch


def test_the_people_offered_are_those_who_may_be_lent_it(firm, now):
    for lender in (firm.omar, firm.max, firm.fay):
        offered = set(delegates_for([lender]))
        for person in User.objects.exclude(pk=lender.pk):
            fits = may_sign_for_others(person) and bool(branches_seen(person) & branches_seen(lender))
            assert (person in offered) is fits, person


def test_no_circle_of_several_people_at_the_same_time(firm, now):
    """Nobody of three would be there: each signs for the next."""
    lend(firm.eve, firm.omar, now, ends=now + 5 * DAY)
    lend(firm.omar, firm.max, now, begins=now + DAY, ends=now + 3 * DAY)
    with pytest.raises(CircularDelegation, match="Evelyn Carter lends on, and Omar Haddad lends it back then"):
        lend(firm.max, firm.eve, now, begins=now + 2 * DAY, ends=now + 4 * DAY)
    lend(firm.max, firm.eve, now, begins=now + 3 * DAY, ends=now + 4 * DAY)  # Omar is back then


def test_a_matrix_that_nobody_knows_is_refused(firm, now):
    with pytest.raises(UnknownMatrix):
        lend(firm.eve, firm.dee, now, matrix="nonsense")
    with pytest.raises(UnknownMatrix):
        lend(firm.eve, firm.dee, now, matrix="routing")  # a table, but no matrix


def test_nobody_lends_what_an_inactive_person_holds(firm, now):
    lend(firm.eve, firm.dee, now, ends=now + 9 * DAY)
    User.objects.filter(pk=firm.eve.pk).update(is_active=False)
    assert lent_to(firm.dee, now) == []
    with pytest.raises(NothingToLend):
        lend(firm.eve, firm.tia, now, by=firm.alan)


def test_two_people_do_not_sign_for_each_other_at_the_same_time(firm, now):
    first = lend(firm.eve, firm.omar, now, begins=now + DAY, ends=now + 3 * DAY)
    with pytest.raises(CircularDelegation, match="Evelyn Carter"):
        lend(firm.omar, firm.eve, now, begins=now, ends=now + DAY + MICROSECOND)
    lend(firm.omar, firm.eve, now, begins=now, ends=now + DAY)  # one after the other is fine
    revoke_delegation(first.public_id, reason="Stays.", actor=Actor.of(firm.eve), now=now)
    lend(firm.omar, firm.eve, now, begins=now + DAY, ends=now + 2 * DAY)


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        ({"ends": -DAY}, WrongTimes),
        ({"ends": timedelta(0)}, WrongTimes),
        ({"begins": 2 * DAY, "ends": 2 * DAY}, WrongTimes),
        ({"begins": 3 * DAY, "ends": 2 * DAY}, WrongTimes),
        ({"ends": 400 * DAY}, WrongTimes),
        ({"most": (0, "USD")}, WrongLimit),
        ({"most": (-1, "USD")}, WrongLimit),
        ({"most": (1, "usd")}, WrongLimit),
        ({"most": (1, "")}, WrongLimit),
        ({"reason": "  "}, DelegationReasonMissing),
        ({"reason": "x" * 501}, DelegationReasonMissing),
        ({"reason": "a\x00b"}, DelegationReasonMissing),
    ],
)
def test_what_is_no_delegation_is_refused(firm, now, about, refusal):
    times = {name: now + about.pop(name) for name in ("begins", "ends") if name in about}
    with pytest.raises(refusal) as refused:
        lend(firm.eve, firm.dee, now, **times, **about)
    assert refused.value.fields
    assert not Delegation.objects.exists()


def test_what_begins_in_the_past_begins_now(firm, now):
    assert lend(firm.eve, firm.dee, now, begins=now - 5 * DAY).begins_at == now


def test_revoking_ends_it_at_once_and_is_on_record(firm, now):
    made = lend(firm.eve, firm.dee, now)
    later = now + timedelta(hours=1)
    revoke_delegation(made.public_id, reason="Back early.", actor=Actor.of(firm.alan), now=later)
    forget(firm.dee)
    assert [bool(lent_to(firm.dee, at)) for at in (now, later - MICROSECOND, later)] == [True, True, False]
    entry = Entry.objects.filter(subject=made.subject).latest("pk")
    assert (entry.fact, entry.reason, entry.actor_name) == ("accounts.delegation.revoked", "Back early.", "alan")


@pytest.mark.parametrize(
    ("who", "after", "refusal"),
    [
        ("dov", 0, NoSuchDelegation),
        ("dee", 0, NotYoursToLend),
        ("judith", 0, NotYoursToLend),
        ("eve", 1, DelegationOver),
    ],
)
def test_who_may_not_revoke_or_no_more(firm, now, who, after, refusal):
    made = lend(firm.eve, firm.dee, now)
    with pytest.raises(refusal):
        revoke_delegation(made.public_id, reason="No.", actor=Actor.of(getattr(firm, who)), now=now + after * DAY)


def test_it_is_revoked_once(firm, now):
    made = lend(firm.eve, firm.dee, now)
    revoke_delegation(made.public_id, reason="Back.", actor=Actor.of(firm.eve), now=now)
    with pytest.raises(DelegationOver, match="was revoked"):
        revoke_delegation(made.public_id, reason="Back.", actor=Actor.of(firm.eve), now=now)


def test_people_see_what_they_gave_and_were_given_and_administrators_their_branches(firm, now):
    lend(firm.eve, firm.dee, now)
    people = {"eve": 1, "dee": 1, "alan": 1, "judith": 1, "omar": 0, "max": 0, "ana": 0}
    assert {who: delegations_seen(getattr(firm, who)).count() for who in people} == people


def test_reading_costs_one_statement_and_three_where_something_is_lent(firm, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        lent_to(firm.dee, now)
    forget(firm.dee)
    for lender in (firm.eve, firm.omar, firm.max, firm.fay):
        lend(lender, firm.dee, now)
    with django_assert_num_queries(3):
        assert len(lent_to(firm.dee, now)) == 4
    with django_assert_num_queries(0):
        lent_to(firm.dee, now + timedelta(hours=1))


def test_days_are_those_of_the_zone_and_the_last_one_is_included():
    begins, ends = window_of_days(date(2026, 3, 7), date(2026, 3, 8), "America/New_York")  # the clocks go forward
    assert begins.astimezone(UTC) == datetime(2026, 3, 7, 5, tzinfo=UTC)
    assert ends.astimezone(UTC) == datetime(2026, 3, 9, 4, tzinfo=UTC)
    begins, ends = window_of_days(date(2026, 12, 31), date(2026, 12, 31), "Asia/Shanghai")
    assert (begins.astimezone(UTC), ends - begins) == (datetime(2026, 12, 30, 16, tzinfo=UTC), DAY)


def test_the_database_refuses_what_no_delegation_can_be(firm, now):
    base = {"delegator": firm.eve, "delegate": firm.dee, "begins_at": now, "ends_at": now + DAY, "reason": "x"}
    base |= {"given_by": firm.eve, "given_at": now}
    wrong = [
        {"ends_at": now},
        {"delegate": firm.eve, "given_by": firm.alan},
        {"given_by": firm.dee},
        {"most_minor": 1},
        {"currency": "USD"},
        {"most_minor": 0, "currency": "USD"},
        {"revoked_at": now},
    ]
    for about in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.create(**{**base, **about})
    Delegation.objects.create(**base)


def test_every_refusal_says_what_was_expected(firm, now):
    made = lend(firm.eve, firm.dee, now)
    tries = [
        lambda: lend(firm.eve, firm.eve, now),
        lambda: lend(firm.eve, firm.ana, now),
        lambda: lend(firm.dee, firm.dov, now),
        lambda: lend(firm.eve, firm.omar, now, by=firm.max),
        lambda: revoke_delegation(made.public_id, reason="", actor=Actor.of(firm.eve), now=now),
        lambda: revoke_delegation(made.public_id, reason="x", actor=Actor.of(firm.eve), now=now + DAY),
    ]
    for attempt in tries:
        with pytest.raises(Refusal, match=r"^Expected "):
            attempt()
