"""If this person is away, which orders stall: open requests, chains that may be asked for, and what would help."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from guardian.models import GroupObjectPermission

from accounts.absences import is_away
from accounts.authority import forget
from accounts.delegates import SEEING, WORKING
from accounts.models import User
from approvals.stalls import stalls_without
from audit.actors import Actor
from tests.accounts.test_absences import away
from tests.accounts.test_delegating import lend
from tests.approvals.test_signers import add, item_for, take_out
from tests.approvals.transfers import THIRD, decide, validated
from tests.firm import open_item
from work import actions as work

DAY = timedelta(days=1)


def asked(person, now, *, reader):
    return stalls_without(person, now, now + 5 * DAY, reader=reader, now=now)


def above_two_million(firm, now, **about):
    return validated(firm, now, amount="2500000.00", **about)


def test_an_order_that_another_holder_can_sign_does_not_stall(firm, now):
    validated(firm, now)
    found = asked(firm.eve, now, reader=firm.max)
    assert not found.requests
    assert found.is_quiet


def test_with_the_other_lead_away_as_well_it_waits_for_the_manager(firm, now):
    order = validated(firm, now)
    away(firm.omar, now, ends=now + DAY)
    (waiting,) = asked(firm.eve, now, reader=firm.max).requests
    assert (waiting.order, waiting.stalls, waiting.relief) == (order, False, ("Helen Brandt",))


def test_what_is_still_to_be_signed_counts_not_what_was(firm, now):
    order = above_two_million(firm, now)
    assert [each.order for each in asked(firm.max, now, reader=firm.hal).requests] == [order]
    decide(open_item(order), firm.eve, now)
    found = asked(firm.max, now, reader=firm.hal)
    assert [(each.order, each.relief) for each in found.requests] == [(order, ("Ingrid Solberg",))]
    decide(open_item(order), firm.max, now)
    assert not asked(firm.max, now, reader=firm.hal).requests


def test_who_signed_a_tier_is_nobody_for_the_next(firm, now):
    """Helen signed for the leads when it pressed: then nobody but Ingrid can sign as manager."""
    order = above_two_million(firm, now)
    item = open_item(order)
    type(item).objects.filter(pk=item.pk).update(band="red")
    decide(open_item(order), firm.max, now)
    assert not asked(firm.max, now, reader=firm.hal).requests  # she is barred anyway, away or not


def test_where_nobody_stands_above_it_stalls_until_somebody_is_lent_the_authority(firm, now):
    firm.rob.groups.remove(Group.objects.get(name="role:chief_compliance_officer"))
    forget(firm.rob)
    order = validated(firm, now, **THIRD)
    decide(open_item(order), firm.eve, now)
    found = asked(firm.fay, now, reader=firm.max)
    assert [(each.order, each.stalls, each.relief) for each in found.requests] == [(order, True, ())]
    assert found.helpers
    assert firm.eve.pk not in found.requests[0].helpers  # she signed already
    lend(firm.fay, found.helpers[0], now, ends=now + 6 * DAY)
    found = asked(firm.fay, now, reader=firm.max)
    assert not found.requests
    assert len(found.lent) == 1


def test_what_is_lent_for_a_part_of_the_time_or_up_to_an_amount_does_not_count(firm, now):
    lend(firm.fay, firm.dee, now, ends=now + DAY)
    lend(firm.fay, firm.dov, now, ends=now + 9 * DAY, most=(100, "USD"))
    found = asked(firm.fay, now, reader=firm.max)
    assert found.chains
    assert not found.lent


def test_chains_that_may_be_asked_for_come_with_an_example(firm, now):
    found = asked(firm.fay, now, reader=firm.max)
    assert {each.version.table.key for each in found.chains} == {"firm", "transfers"}
    example = next(each for each in found.chains if each.version.table.key == "firm").example
    assert example["task"] == "journal_entry_different_registration"
    assert {each.relief for each in found.chains} == {("Robert Achterberg",)}


def test_orders_that_the_reader_may_not_see_are_left_out(firm, now):
    above_two_million(firm, now)
    assert asked(firm.max, now, reader=firm.hal).requests
    assert not asked(firm.max, now, reader=firm.alan).requests


def test_what_they_hold_stays_with_them(firm, now):
    order = validated(firm, now)
    item = work.claim(open_item(order).public_id, actor=Actor.of(firm.omar), now=now)
    assert asked(firm.omar, now, reader=firm.max).held == [item]


def test_nobody_who_is_away_then_is_said_to_help(firm, now):
    first = asked(firm.fay, now, reader=firm.max).helpers[0]
    away(first, now, by=firm.alan, begins=now + DAY, ends=now + 2 * DAY)
    assert first not in asked(firm.fay, now, reader=firm.max).helpers


@pytest.mark.parametrize("who", ["zhoumin", "evelyn", "helen", "ingrid", "robert"])
def test_nobody_of_the_demo_stops_an_order(firm, now, who):
    person = User.objects.get(username=who)
    assert not is_away(person, now)
    assert not [each for each in asked(person, now, reader=firm.hal).chains if each.stalls]


def test_it_costs_a_fixed_number_of_statements(firm, now, django_assert_num_queries):
    for number in range(4):
        above_two_million(firm, now, key=f"key-{number}")
        asked(firm.max, now, reader=firm.hal)  # the matrices are read once a process
        person, reader = fresh(firm.max, firm.hal)
        with django_assert_num_queries(21):
            assert len(stalls_without(person, now, now + 5 * DAY, reader=reader, now=now).requests) == number + 1


def fresh(*people):
    """The same people as another request would read them."""
    return [User.objects.select_related("team").get(pk=person.pk) for person in people]


def test_an_added_signer_is_missed_by_name(firm, now):
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.fay)
    (waiting,) = asked(firm.fay, now, reader=firm.max).requests
    assert (waiting.order, waiting.stalls, waiting.relief) == (order, True, ())
    assert [(tier.asked, tier.added_by) for tier in waiting.named] == [(firm.fay, firm.eve)]
    assert not asked(firm.rob, now, reader=firm.max).requests  # of the role above, whom nobody asked
    lend(firm.fay, firm.dee, now, ends=now + 6 * DAY)
    assert not asked(firm.fay, now, reader=firm.max).requests


def test_of_any_one_who_was_added_all_are_missed_before_it_stalls(firm, now):
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.fay, firm.max, any_of=True)
    assert not asked(firm.fay, now, reader=firm.max).requests
    away(firm.max, now, by=firm.hal, ends=now + DAY)
    (waiting,) = asked(firm.fay, now, reader=firm.hal).requests
    assert waiting.stalls
    assert {tier.asked for tier in waiting.named} == {firm.fay}


def test_a_signer_who_was_taken_out_or_signed_is_missed_no_more(firm, now):
    order = validated(firm, now)
    add(open_item(order), firm.eve, now, firm.fay)
    take_out(order, item_for(order, firm.fay), firm.eve, now)
    assert not asked(firm.fay, now, reader=firm.max).requests
    add(open_item(order), firm.eve, now, firm.fay)
    decide(item_for(order, firm.fay), firm.fay, now)
    assert not asked(firm.fay, now, reader=firm.max).requests


def test_a_delegate_who_does_not_see_the_branch_signs_nothing_there(firm, now):
    order = validated(firm, now, **THIRD)
    decide(open_item(order), firm.eve, now)
    lend(firm.fay, firm.dee, now, ends=now + 9 * DAY)
    assert not asked(firm.fay, now, reader=firm.hal).requests
    seeing = GroupObjectPermission.objects.filter(permission__codename__in=SEEING, group__user=firm.dee)
    seeing.filter(object_pk=str(order.branch_id)).delete()
    found = asked(firm.fay, now, reader=firm.hal)
    assert [each.order for each in found.requests] == [order]
    assert firm.dee.pk not in found.requests[0].helpers


def test_a_delegate_who_may_sign_for_nobody_any_more_does_not_count(firm, now):
    order = validated(firm, now, **THIRD)
    decide(open_item(order), firm.eve, now)
    lend(firm.fay, firm.dee, now, ends=now + 9 * DAY)
    GroupObjectPermission.objects.filter(permission__codename__in=WORKING, group__user=firm.dee).delete()
    assert [each.order for each in asked(firm.fay, now, reader=firm.hal).requests] == [order]
