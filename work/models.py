"""Queues and work items."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from accounts.authority import held
from accounts.models import Branch, Client, Team
from audit.fields import OrderedJSONField
from audit.ids import uuid7
from audit.texts import both_languages
from catalog.models import Product
from orders.models import Order
from work.lent import lent_items


class Queue(models.Model):
    """Where work items wait; owned by a team."""

    code = models.SlugField(unique=True)
    name = models.JSONField(validators=[both_languages])
    team = models.ForeignKey(Team, models.PROTECT, related_name="queues")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="queues")
    role = models.CharField(max_length=40, blank=True, default="")  # holds the approval tiers of that role
    overfull_since = models.DateTimeField(null=True, blank=True)  # more waits in it than the routing table allows

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role", "branch"], condition=~models.Q(role=""), name="queue_once_per_role_and_branch"
            )
        ]
        permissions = [
            ("work_queue", "Claims and completes items of the queue"),
            ("lead_queue", "Assigns, reassigns and reprioritises items of the queue"),
        ]

    def __str__(self) -> str:
        return self.code


class State(models.TextChoices):
    QUEUED = "queued"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    PENDING = "pending"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


OPEN = (State.QUEUED, State.ASSIGNED, State.IN_PROGRESS, State.PENDING)
HELD = (State.ASSIGNED, State.IN_PROGRESS, State.PENDING)


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def visible_to(self, user: Any, at: datetime | None = None) -> WorkItemQuerySet:
        """Items of the queues that the user works, leads or views, and of branches that they oversee or examine.

        at: with an instant, also the decisions that others let them take then.
        """
        lent = lent_items(user, at) if at is not None else None
        return self.filter(_own(user) | lent if lent is not None else _own(user))

    def open(self) -> WorkItemQuerySet:
        return self.filter(state__in=OPEN)


def _own(user: Any) -> models.Q:
    queues = held(user, "work_queue") | held(user, "lead_queue") | held(user, "view_queue")
    branches = held(user, "oversee_branch") | held(user, "examine_branch")
    if getattr(user, "is_client_side", True):  # an advisor: only items about their own clients
        return models.Q(queue_id__in=queues, client_id__in=held(user, "view_client"))
    if not branches:
        return models.Q(queue_id__in=queues)
    return models.Q(queue_id__in=queues) | models.Q(queue__branch_id__in=branches)


class WorkItem(FSMModelMixin, models.Model):
    """A piece of work for one person, opened by a node of the order's process."""

    class Kind(models.TextChoices):
        WORK = "work"
        APPROVAL = "approval"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="work_items")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="items")
    # Copied from the order so that the queue page reads one table.
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    order_number = models.CharField(max_length=13)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WORK)
    task = models.PositiveIntegerField()  # number of the instance's task
    tier = models.PositiveSmallIntegerField(default=0)  # of an approval; 0 for other work
    seat = models.PositiveSmallIntegerField(default=1)  # which of the signatures that the tier needs
    node = models.CharField(max_length=120)
    name = models.JSONField(validators=[both_languages])
    form = OrderedJSONField(default=dict)  # JSON Schema of what completing asks for
    skill = models.CharField(max_length=40, blank=True, default="")
    role = models.CharField(max_length=40, blank=True, default="")  # whose decision an approval needs
    matrix = models.CharField(max_length=60, blank=True, default="")  # key of the table that asks for it
    amount_minor = models.BigIntegerField(null=True)  # what an approval is about, at most: delegations have limits
    currency = models.CharField(max_length=3, blank=True, default="")
    effort_minutes = models.PositiveIntegerField(default=0)
    priority = models.PositiveSmallIntegerField(default=3)
    state = FSMField(default=State.QUEUED, choices=State.choices, protected=True)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="held_items")
    draft = models.JSONField(default=dict)  # what the holder typed and has not sent
    typed_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")  # whose words a draft was made of
    result = models.JSONField(null=True)
    pend_reason = models.CharField(max_length=500, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    band = models.CharField(max_length=10, blank=True, default="")
    opened_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    awaits_decision = models.BooleanField(default=False)  # its holder asked for one; it is not completed before
    acted_at = models.DateTimeField(null=True)  # last action of the holder: "actively being worked"
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = WorkItemQuerySet.as_manager()
    history = HistoricalRecords(
        history_change_reason_field=models.UUIDField(null=True),
        excluded_fields=["draft", "result", "form", "name", "matrix", "amount_minor", "currency"],
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "task"], condition=models.Q(tier=0), name="item_once_per_task"),
            models.UniqueConstraint(  # a decision that a step asks for may be asked again
                fields=["order", "task", "tier", "seat"],
                condition=models.Q(state__in=OPEN),
                name="item_open_once_per_seat",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=HELD) & ~models.Q(holder=None)
                | ~models.Q(state__in=HELD) & models.Q(holder=None),
                name="item_held_by_one_when_held",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.COMPLETED) | ~models.Q(completed_by=None), name="item_completed_by_one"
            ),
        ]
        indexes = [
            # the queue page, sorted by what is due or by priority, so that its cost does not grow with the queue
            models.Index(fields=["queue", "due_at", "id"], condition=models.Q(state__in=OPEN), name="item_queue_due"),
            models.Index(
                fields=["queue", "due_at", "id"], condition=models.Q(state=State.QUEUED), name="item_queue_unowned"
            ),
            models.Index(
                fields=["queue", "priority", "due_at", "id"],
                condition=models.Q(state=State.QUEUED, due_at__isnull=False),
                name="item_queue_next",
            ),
            models.Index(
                fields=["queue", "priority", "id"],
                condition=models.Q(state=State.QUEUED, due_at__isnull=True),
                name="item_queue_next_undated",
            ),
            models.Index(
                fields=["queue", "band", "due_at", "id"], condition=models.Q(state__in=OPEN), name="item_queue_band"
            ),
            models.Index(fields=["holder", "due_at", "id"], condition=models.Q(state__in=HELD), name="item_mine"),
            models.Index(fields=["order", "id"], name="item_of_order"),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"

    @property
    def subject(self) -> str:
        return f"work.item:{self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @transition(state, source=State.QUEUED, target=State.IN_PROGRESS)
    def claim(self) -> None:
        """Somebody took it."""

    @transition(state, source=[State.QUEUED, State.ASSIGNED, State.IN_PROGRESS, State.PENDING], target=State.ASSIGNED)
    def assign(self) -> None:
        """It was given to somebody."""

    @transition(state, source=State.ASSIGNED, target=State.IN_PROGRESS)
    def start(self) -> None:
        """Its holder began."""

    @transition(state, source=HELD, target=State.QUEUED)
    def release(self) -> None:
        """It was given back."""

    @transition(state, source=[State.ASSIGNED, State.IN_PROGRESS], target=State.PENDING)
    def pend(self) -> None:
        """It waits for somebody else."""

    @transition(state, source=State.PENDING, target=State.IN_PROGRESS)
    def resume(self) -> None:
        """It goes on."""

    @transition(state, source=[State.QUEUED, *HELD], target=State.COMPLETED)
    def complete(self) -> None:
        """Done."""

    @transition(state, source=OPEN, target=State.CANCELLED)
    def cancel(self) -> None:
        """No longer needed."""


class Advice(models.Model):
    """A question about an item to a colleague: their answer comes back to it, and decides nothing."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="advice")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="asked_advice")
    question = models.TextField(max_length=2000)
    asked_at = models.DateTimeField()
    answer = models.TextField(max_length=2000, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "asked"], condition=models.Q(answered_at=None), name="advice_one_open_question"
            ),
            models.CheckConstraint(condition=~models.Q(asked=models.F("asked_by")), name="advice_of_somebody_else"),
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answer="")
                | models.Q(answered_at__isnull=False) & ~models.Q(answer=""),
                name="advice_answered_in_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked", "asked_at"], condition=models.Q(answered_at=None), name="advice_waiting"
            ),  # what is asked of a person
        ]

    def __str__(self) -> str:
        return f"advice {self.pk}"
