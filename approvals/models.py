"""Requests for a decision, their tiers and the decisions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from audit.ids import uuid7
from orders.models import Order
from rulebook.models import TableVersion
from work.models import WorkItem


class Request(FSMModelMixin, models.Model):
    """One decision point of an order: which rules matched, which tiers must sign."""

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        REJECTED = "rejected"
        RETURNED = "returned"  # more information was asked for
        VOID = "void"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="approval_requests")
    task = models.PositiveIntegerField()
    node = models.CharField(max_length=120)
    table_version = models.ForeignKey(TableVersion, models.PROTECT, related_name="+")
    facts = models.JSONField()
    rules = models.JSONField()  # ids of the matched rows: the reasons
    evidence = models.JSONField(default=list)
    log_only = models.BooleanField(default=False)
    in_bulk = models.BooleanField(default=False)  # every rule that asks for it lets it be decided with others
    asked_from = models.ForeignKey(  # the step whose holder asked; null: the process did
        WorkItem, models.PROTECT, null=True, related_name="asked_decisions"
    )
    question = models.TextField(max_length=2000, blank=True, default="")  # of whoever asked
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = FSMField(default=State.OPEN, choices=State.choices, protected=True)
    again_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="asked_again")
    basis = models.JSONField(default=dict)  # digests of all that a signature was given on, by what it is
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    history = HistoricalRecords(
        history_change_reason_field=models.UUIDField(null=True), excluded_fields=["facts", "basis", "question"]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "task"], condition=models.Q(asked_from=None), name="approval_once_per_task"
            ),
            models.UniqueConstraint(  # whoever was asked back may ask again
                fields=["asked_from"], condition=~models.Q(state="returned"), name="approval_one_question_per_step"
            ),
        ]

    def __str__(self) -> str:
        return f"approval {self.pk}"

    @transition(state, source=State.OPEN, target=State.APPROVED)
    def approve(self) -> None:
        """Every tier approved, or none was needed."""

    @transition(state, source=State.OPEN, target=State.REJECTED)
    def reject(self) -> None:
        """One tier said no."""

    @transition(state, source=State.OPEN, target=State.RETURNED)
    def send_back(self) -> None:
        """One tier asked for more information."""

    @transition(state, source=State.OPEN, target=State.VOID)
    def void(self) -> None:
        """The order ended or changed under it."""


class Tier(models.Model):
    """One signature of a level of the chain; its work item stands in a queue like any other.

    number: of the level, which needs `needs` signatures of its role, one a `seat`. stage: those of one stage are open
    at once. rules: the rows that ask for it, each attested by itself. A rule asks for it, or somebody added it
    (`added_by`) and named who is `asked`; only of the latter may one be removed. any_of: of the seats of an added level
    one is enough. carried: a signature on an earlier request about the same, which still stands.
    """

    request = models.ForeignKey(Request, models.CASCADE, related_name="tiers")
    number = models.PositiveSmallIntegerField()
    seat = models.PositiveSmallIntegerField(default=1)
    stage = models.PositiveSmallIntegerField(default=1)
    needs = models.PositiveSmallIntegerField(default=1)
    role = models.CharField(max_length=40)
    rules = models.JSONField(default=list)
    time_limit = models.CharField(max_length=20, blank=True, default="")
    remind_after = models.CharField(max_length=20, blank=True, default="")
    escalate_after = models.CharField(max_length=20, blank=True, default="")
    escalate_to = models.CharField(max_length=40, blank=True, default="")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    any_of = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)
    carried = models.ForeignKey("Decision", models.PROTECT, null=True, related_name="carried_to")
    work_item = models.OneToOneField(WorkItem, models.PROTECT, null=True, related_name="approval_tier")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "number", "seat"], name="tier_seat"),
            models.CheckConstraint(
                condition=models.Q(removed_at=None) | models.Q(added_by__isnull=False), name="tier_of_a_rule_stays"
            ),
            models.CheckConstraint(
                condition=models.Q(any_of=False) | models.Q(added_by__isnull=False), name="tier_of_a_rule_is_no_choice"
            ),
            models.CheckConstraint(
                condition=models.Q(added_by=None, asked=None) | models.Q(added_by__isnull=False, asked__isnull=False),
                name="tier_added_names_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(carried=None) | models.Q(work_item=None), name="tier_carried_is_not_asked"
            ),
        ]
        ordering = ["request", "number", "seat"]

    def __str__(self) -> str:
        return f"tier {self.number} of {self.request_id}"


class Part(models.Model):
    """What somebody had to do with a request; whoever is named here signs no more of it, for nobody.

    Who placed or prepared is written when the request opens; who signs, and who lent the authority, with the decision.
    """

    class Kind(models.TextChoices):
        PLACED = "placed"
        PREPARED = "prepared"
        SIGNED = "signed"
        LENT = "lent"  # somebody signed for them
        ADVISED = "advised"  # an approver asked them

    request = models.ForeignKey(Request, models.CASCADE, related_name="parts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="part_once_per_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}"


class Decision(models.Model):
    """Who decided a tier's seat, how and why, perhaps for somebody else. One decision a seat, one seat a person.

    attested: the rows that an approval names one by one. sent_to: the node to which a rejection leads back. One that
    was taken back counts no more: its request is void or over, and the next one asks for that signature anew.
    """

    class Choice(models.TextChoices):
        APPROVE = "approve"
        REJECT = "reject"
        MORE_INFORMATION = "more_information"

    request = models.ForeignKey(Request, models.PROTECT, related_name="decisions")
    tier = models.OneToOneField(Tier, models.PROTECT, related_name="decision")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    choice = models.CharField(max_length=20, choices=Choice)
    reason = models.TextField(max_length=2000)
    evidence = models.JSONField(default=dict)
    attested = models.JSONField(default=list)
    sent_to = models.CharField(max_length=120, blank=True, default="")
    decided_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "by"], name="decision_one_tier_per_person"),
            models.UniqueConstraint("request", Coalesce("on_behalf_of", "by"), name="decision_one_tier_per_authority"),
            models.CheckConstraint(
                condition=models.Q(maker=None) | ~models.Q(by=models.F("maker")), name="decision_maker_is_not_checker"
            ),
            models.CheckConstraint(
                condition=models.Q(maker=None)
                | models.Q(on_behalf_of=None)
                | ~models.Q(on_behalf_of=models.F("maker")),
                name="decision_not_for_the_maker",
            ),
            models.CheckConstraint(
                condition=models.Q(on_behalf_of=None) | ~models.Q(on_behalf_of=models.F("by")),
                name="decision_for_somebody_else",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="decision_has_reason"),
            models.CheckConstraint(
                condition=models.Q(sent_to="") | models.Q(choice="reject"), name="decision_sends_back_by_a_no"
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class SupervisoryLog(models.Model):
    """A self-reviewed order that a supervisor acknowledges by the next business day (seed decision 4)."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="supervisory_logs")
    request = models.OneToOneField(Request, models.PROTECT, related_name="supervisory_log")
    logged_at = models.DateTimeField()
    due_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(signed_at=None), name="supervisory_log_unsigned")]

    def __str__(self) -> str:
        return f"supervisory log {self.pk}"
