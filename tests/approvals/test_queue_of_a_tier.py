"""In which queue a tier waits when several queues hold the same role: its branch's own, else the firm's first.

Only who works that queue decides it.
"""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.authority import forget
from accounts.models import Branch, Team, User
from approvals.queries import waiting_for
from audit.actors import Actor
from orders.models import Order
from tests.approvals.transfers import decide, done, ordered, request_of, validated
from tests.firm import open_item
from tests.portal_customer.rows import both
from work import actions as work
from work.access import expect_worker
from work.models import Queue
from work.queries import can_work, people_for, queue_of_role
from work.refusals import NoSuchItem, RightMissing

SYSTEM = Actor.system("tests")


@pytest.fixture
def second(firm, now):
    """Nanjing has its own queue for what its team lead approves."""
    return Queue.objects.get(code="approvals_team_lead_nanjing")


def opened(branch, now, *, code):
    branch = Branch.objects.get(code=branch)
    team = Team.objects.get(code="corporate")
    return work.open_queue(
        code=code, name=both("Approvals"), team=team, branch=branch, role="team_lead", actor=SYSTEM, now=now
    )


def test_a_second_queue_of_a_role_leaves_the_other_branches_where_they_were(firm, now, second):
    order = validated(firm, now)
    assert open_item(order).queue.code == "approvals_team_lead"
    assert request_of(order).state == "open"


@pytest.fixture
def of_nanjing(firm, now, second):
    """A transfer of Nanjing that waits for its team lead."""
    order = ordered(firm, now)
    Order.objects.filter(pk=order.pk).update(branch=second.branch)
    done(open_item(order), firm.tia, now, transfer_check="valid")
    return order


def test_a_tier_waits_in_the_queue_of_its_orders_branch(second, of_nanjing):
    assert open_item(of_nanjing).queue == second


@pytest.mark.parametrize(("who", "decides"), [("eve", False), ("omar", False), ("zhoumin", True)])
def test_a_lead_decides_for_their_own_branch_only(firm, now, of_nanjing, who, decides):
    of_new_york = open_item(validated(firm, now, key="key-2"))
    user = getattr(firm, who, None) or User.objects.get(username=who)
    far = open_item(of_nanjing)
    mine, others = (far, of_new_york) if decides else (of_new_york, far)
    assert list(waiting_for(user, now)) == [mine]
    assert (can_work(user, mine), can_work(user, others)) == (True, False)
    assert (user in people_for(mine, now), user in people_for(others, now)) == (True, False)
    expect_worker(mine, user)
    with pytest.raises(RightMissing):
        expect_worker(others, user)
    with pytest.raises(NoSuchItem):
        decide(others, user, now)
    decide(mine, user, now)


def test_nobody_is_given_a_tier_of_another_branch(firm, now, of_nanjing):
    """Not even one who oversees every branch and therefore sees it."""
    firm.max.groups.add(Group.objects.get(name="role:team_lead"))
    firm.max.groups.remove(Group.objects.get(name="role:operations_manager"))
    firm.max.groups.add(Group.objects.get(name="role:examiner"))
    forget(firm.max)
    item = open_item(of_nanjing)
    assert item not in waiting_for(firm.max, now)
    with pytest.raises(RightMissing):
        decide(item, firm.max, now)


def test_a_branch_without_one_is_served_by_the_queue_opened_first(firm, second, django_assert_num_queries):
    loans = Branch.objects.get(code="amsterdam")
    with django_assert_num_queries(1):
        assert queue_of_role("team_lead", loans.pk).code == "approvals_team_lead"
    with pytest.raises(Queue.DoesNotExist):
        queue_of_role("night_watch", loans.pk)


def test_a_branch_has_one_queue_of_a_role(firm, now, second):
    with pytest.raises(ValidationError):
        opened("nanjing", now, code="leads_again")
    with pytest.raises(IntegrityError), transaction.atomic():
        Queue.objects.create(
            code="leads_again", name=both("Again"), team=second.team, branch=second.branch, role="team_lead"
        )
