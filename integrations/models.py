"""Connectors, what goes out and what comes in."""

from __future__ import annotations

from django.db import models
from django_fsm import FSMField, FSMModelMixin, transition

from audit.actors import Actor
from audit.ids import uuid7
from audit.texts import both_languages
from orders.models import Order


class Connector(models.Model):
    """A connected system and the way to reach it."""

    class Way(models.TextChoices):
        REST = "rest"
        FILE = "file"

    code = models.SlugField(unique=True)
    name = models.JSONField(validators=[both_languages])
    way = models.CharField(max_length=10, choices=Way)
    settings = models.JSONField(default=dict)
    secret = models.CharField(max_length=100)  # shared key that signs messages both ways

    def __str__(self) -> str:
        return self.code

    def as_actor(self) -> Actor:
        """The connected system as one who acts."""
        return Actor(id=f"custodian:{self.code}", name=self.code, via="custodian")


class OutboxCall(FSMModelMixin, models.Model):
    """A call that waits to go out, or went out; written in the step's transaction, sent by the worker."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        ANSWERED = "answered"
        WITHDRAWN = "withdrawn"
        PARKED = "parked"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)  # the call's idempotency key
    connector = models.ForeignKey(Connector, models.PROTECT, related_name="calls")
    order = models.ForeignKey(Order, models.PROTECT, related_name="outbox_calls")
    task = models.PositiveIntegerField()
    node = models.CharField(max_length=120)
    operation = models.CharField(max_length=60)
    payload = models.JSONField()
    state = FSMField(default=State.QUEUED, choices=State.choices, protected=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=40, blank=True, default="")  # the other side's own, when it acknowledged
    last_error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "task"], name="call_once_per_task")]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], condition=models.Q(state="queued"), name="call_to_send"
            ),  # the outbox sweep
            models.Index(
                fields=["connector", "answered_at"], condition=~models.Q(reference=""), name="call_confirmed"
            ),  # what a system confirmed in a time
            models.Index(
                fields=["connector", "reference"], condition=~models.Q(reference=""), name="call_by_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.public_id}"

    @transition(state, source=State.QUEUED, target=State.SENT)
    def send(self) -> None:
        """The other side has it."""

    @transition(state, source=[State.QUEUED, State.SENT, State.PARKED], target=State.ANSWERED)
    def answer(self) -> None:
        """The other side answered, perhaps to a call that we believe it never got."""

    @transition(state, source=[State.QUEUED, State.SENT, State.PARKED], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The process no longer waits for it."""

    @transition(state, source=State.QUEUED, target=State.PARKED)
    def park(self) -> None:
        """It failed too often and waits for a person."""

    @transition(state, source=State.PARKED, target=State.QUEUED)
    def retry(self) -> None:
        """A person sends it again."""


class InboxMessage(models.Model):
    """A message received; takes effect once however often it is delivered.

    kind: an answer to one of our calls (`call_id`), or one of the kinds of the wiring, which come unasked.
    """

    ANSWER = "answer"

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        APPLIED = "applied"
        LATE = "late"  # the process had moved on
        UNKNOWN = "unknown"  # answers no call of ours, or says what we know already

    connector = models.ForeignKey(Connector, models.PROTECT, related_name="messages")
    message_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, default=ANSWER)
    call_id = models.CharField(max_length=40, blank=True)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connector", "message_id"], name="message_received_once")]
        indexes = [
            models.Index(fields=["received_at", "id"], condition=models.Q(handled_at=None), name="message_to_handle")
        ]

    def __str__(self) -> str:
        return f"message {self.message_id}"
