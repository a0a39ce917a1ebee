"""Clocks, escalations and breaches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from orders.models import Order
from work.models import WorkItem


class Clock(FSMModelMixin, models.Model):
    """Measures one target for one order or one work item, from the moment it enters the workflow."""

    class Kind(models.TextChoices):
        SERVICE = "service"
        REGULATORY = "regulatory"  # never pauses
        DECISION = "decision"  # how long a tier of an approval waits before others are asked; no promise, never pauses

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        MET = "met"
        BREACHED = "breached"
        CANCELLED = "cancelled"

    order = models.ForeignKey(Order, models.PROTECT, related_name="clocks")
    work_item = models.ForeignKey(WorkItem, models.PROTECT, null=True, related_name="clocks")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SERVICE)
    target = models.CharField(max_length=20)
    calendar = models.CharField(max_length=40)
    cadence = models.CharField(max_length=20, blank=True, default="")
    state = FSMField(default=State.RUNNING, choices=State.choices, protected=True)
    band = models.CharField(max_length=10, default="green")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    yellow_at = models.DateTimeField()
    red_at = models.DateTimeField()
    window_seconds = models.PositiveIntegerField()
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=40, blank=True, default="")
    paused_seconds = models.PositiveIntegerField(default=0)  # business seconds
    stopped_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)
    escalation_tier = models.PositiveSmallIntegerField(default=0)
    escalates_at = models.DateTimeField(null=True)  # when the next tier is told if nobody acts
    reckoned_at = models.DateTimeField()  # by the targets and calendars that were in force then

    history = HistoricalRecords(
        history_change_reason_field=models.UUIDField(null=True), excluded_fields=["reckoned_at"]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"], condition=models.Q(work_item=None), name="clock_once_per_order"
            ),
            models.UniqueConstraint(
                fields=["work_item", "kind"], condition=~models.Q(work_item=None), name="clock_once_per_item"
            ),
        ]
        indexes = [
            # the sweep: what is due, not what is open
            models.Index(
                fields=["next_check_at", "id"], condition=~models.Q(next_check_at=None), name="clock_to_check"
            ),
            models.Index(fields=["stopped_at"], name="clock_by_stop"),
            # after a change of targets or calendars: the open ones that were reckoned before it
            models.Index(fields=["reckoned_at", "id"], condition=models.Q(stopped_at=None), name="clock_to_reckon"),
        ]

    def __str__(self) -> str:
        return f"clock {self.pk}"

    @property
    def subject(self) -> str:
        return f"sla.clock:{self.pk}"

    @transition(state, source=State.RUNNING, target=State.PAUSED)
    def pause(self) -> None:
        """It waits for somebody outside."""

    @transition(state, source=State.PAUSED, target=State.RUNNING)
    def resume(self) -> None:
        """It runs again."""

    @transition(state, source=[State.RUNNING, State.PAUSED], target=State.MET)
    def meet(self) -> None:
        """Done in time."""

    @transition(state, source=[State.RUNNING, State.PAUSED], target=State.BREACHED)
    def breach(self) -> None:
        """The due instant passed."""

    @transition(state, source=[State.RUNNING, State.PAUSED], target=State.CANCELLED)
    def cancel(self) -> None:
        """What it measured was called off before it was due."""


class Escalation(models.Model):
    """Who was told next, exactly once per clock and tier."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="escalations")
    tier = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)  # the moment that called for it; unknown for old ones
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "tier"], name="escalation_once_per_tier")]

    def __str__(self) -> str:
        return f"escalation {self.tier} of clock {self.clock_id}"


class Breach(models.Model):
    """A target missed, with its root cause."""

    clock = models.OneToOneField(Clock, models.PROTECT, related_name="breach_record")
    breached_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=40, blank=True, default="")
    explanation = models.TextField(max_length=2000, blank=True, default="")
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField(null=True)

    history = HistoricalRecords(history_change_reason_field=models.UUIDField(null=True))

    class Meta:
        indexes = [
            models.Index(fields=["breached_at"], name="breach_by_time"),
            models.Index(fields=["breached_at"], condition=models.Q(cause=""), name="breach_unexplained"),
        ]

    def __str__(self) -> str:
        return f"breach of clock {self.clock_id}"
