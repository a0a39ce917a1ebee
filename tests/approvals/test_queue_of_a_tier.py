"""In which queue a tier waits when several queues hold the same role: its branch's own, else the firm's first."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Branch, Team
from audit.actors import Actor
from orders.models import Order
from tests.approvals.transfers import done, ordered, request_of, validated
from tests.firm import open_item
from tests.portal_customer.rows import both
from work import actions as work
from work.models import Queue
from work.queries import queue_of_role

SYSTEM = Actor.system("tests")


@pytest.fixture
def second(firm, now):
    """Nanjing opens its own queue for what its team leads approve."""
    return opened("nanjing", now, code="leads_in_nanjing")


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


def test_a_tier_waits_in_the_queue_of_its_orders_branch(firm, now, second):
    order = ordered(firm, now)
    Order.objects.filter(pk=order.pk).update(branch=second.branch)
    done(open_item(order), firm.tia, now, transfer_check="valid")
    assert open_item(order).queue == second


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
