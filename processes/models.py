"""Process models, their versions, running instances and what these wait for."""

from django.conf import settings
from django.db import models
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from audit.fields import OrderedJSONField, QuickJSONField
from audit.texts import both_languages
from rulebook.change_control import ControlledVersion, State, four_eyes


class ProcessModel(models.Model):
    """A process that products name by key."""

    key = models.SlugField(unique=True)
    name = models.JSONField(validators=[both_languages])

    class Meta:
        permissions = [
            ("edit_process", "Drafts and proposes versions"),
            ("approve_process", "Approves versions of others"),
        ]

    def __str__(self) -> str:
        return self.key


class ProcessVersion(ControlledVersion):
    """One version of a process: the drawing and the forms of its tasks."""

    OF = "model"

    model = models.ForeignKey(ProcessModel, models.PROTECT, related_name="versions")
    xml = models.BinaryField()
    forms = OrderedJSONField(default=dict)  # form key → JSON Schema
    digest = models.CharField(max_length=64)
    withheld = models.JSONField(default=dict, blank=True)  # why its date came and it did not: acceptance case → why

    history = HistoricalRecords(
        history_change_reason_field=models.UUIDField(null=True), excluded_fields=["xml", "forms"]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="process_version_number"),
            models.UniqueConstraint(
                fields=["model"], condition=models.Q(state=State.IN_FORCE), name="process_one_version_in_force"
            ),
            four_eyes("process_version_four_eyes"),
        ]

    def __str__(self) -> str:
        return f"{self.model.key} v{self.number}"


class AcceptanceCase(models.Model):
    """A run that every version of a process must be able to repeat before it is published.

    plan: a steps file as `process run` takes it. Source: commands.md, `process run`.
    """

    model = models.ForeignKey(ProcessModel, models.PROTECT, related_name="cases")
    name = models.CharField(max_length=120)
    plan = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "name"], condition=models.Q(retired_at=None), name="case_one_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


NAMED = "processes.instance:"  # and the key: how the ledger names an instance


class Instance(FSMModelMixin, models.Model):
    """A running process: where it stands. `subject` names what it is for ("orders.order:<ref>").

    A called process is an instance of its own: `parent` waits for it at the task `call`; `root` is the instance at the
    top, and `serial` counts the called ones below it. passing: what a person may let pass, see `Skip`.
    """

    class Status(models.TextChoices):
        RUNNING = "running"
        COMPLETED = "completed"
        CANCELLED = "cancelled"
        ERROR = "error"

    version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="instances")
    subject = models.CharField(max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="called")
    root = models.ForeignKey("self", models.PROTECT, null=True, related_name="below")
    call = models.PositiveIntegerField(default=0)
    serial = models.PositiveIntegerField(default=0)
    status = FSMField(default=Status.RUNNING, choices=Status.choices, protected=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    state = QuickJSONField()
    passing = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=models.Q(parent=None), name="instance_one_root_per_subject"
            ),
            models.UniqueConstraint(fields=["parent", "call"], name="instance_once_per_call"),
            models.UniqueConstraint(fields=["root", "serial"], name="instance_serial_below_root"),
            models.CheckConstraint(
                condition=models.Q(parent=None, root=None, call=0, serial=0)
                | ~models.Q(parent=None) & ~models.Q(root=None) & models.Q(call__gt=0, serial__gt=0),
                name="instance_root_or_called",
            ),
        ]
        indexes = [models.Index(fields=["version", "status"], name="instance_by_version")]

    def __str__(self) -> str:
        return f"instance {self.pk}"

    @property
    def ledger_subject(self) -> str:
        """Under which subject its steps stand in the ledger."""
        return f"{NAMED}{self.pk}"

    @property
    def root_key(self) -> int:
        """Key of the instance at the top of the calls."""
        return self.root_id or self.pk

    @transition(status, source=Status.RUNNING, target=Status.COMPLETED)
    def complete(self) -> None:
        """No token is left."""

    @transition(status, source=[Status.RUNNING, Status.ERROR], target=Status.CANCELLED)
    def cancel(self) -> None:
        """Ended from outside."""

    @transition(status, source=Status.RUNNING, target=Status.ERROR)
    def fail(self) -> None:
        """Waits for a person."""

    @transition(status, source=Status.ERROR, target=Status.RUNNING)
    def resume(self) -> None:
        """A person repaired it."""


class Timer(models.Model):
    """A due time that an instance waits for. leased_until: a worker has it in hand."""

    instance = models.ForeignKey(Instance, models.CASCADE, related_name="timers")
    number = models.PositiveIntegerField()
    node = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fired = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "number"], name="timer_number")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(ended_at=None), name="timer_waiting")
        ]  # the timer sweep

    def __str__(self) -> str:
        return f"timer {self.pk}"


class Subscription(models.Model):
    """A message or signal that an instance waits for. keys: what a message must say; key: the same as one text."""

    instance = models.ForeignKey(Instance, models.CASCADE, related_name="subscriptions")
    number = models.PositiveIntegerField()
    node = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    keys = models.JSONField(default=dict)
    key = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "number"], name="subscription_number")]
        indexes = [
            models.Index(
                fields=["kind", "name", "key", "id"], condition=models.Q(ended_at=None), name="subscription_waiting"
            )
        ]  # who waits for what came

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Start(models.Model):
    """A start event of the version in force that waits for a message, a signal, its time or a condition.

    holds: the condition was so when somebody last told; it begins an instance when it turns so.
    left: times that a cycle comes after `due_at` (-1: for ever), each `every` after the one before.
    last_error: why no instance could begin when it was tried last, so many attempts ago; "" when it could.
    """

    version = models.ForeignKey(ProcessVersion, models.CASCADE, related_name="starts")
    node = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=200, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    left = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    every = models.CharField(max_length=40, blank=True, default="")
    holds = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "node"], name="start_once_per_event")]
        indexes = [
            models.Index(fields=["kind", "name"], condition=models.Q(ended_at=None), name="start_waiting"),
            models.Index(fields=["due_at", "id"], condition=models.Q(ended_at=None), name="start_due"),
        ]

    def __str__(self) -> str:
        return f"start {self.pk}"


class Message(models.Model):
    """A message, or a signal's copy for one receiver: it takes effect once, waits for its receiver, or expires.

    target, start: whom a signal is for. next_attempt_at: when a worker may try again; it is also its lease.
    """

    class Kind(models.TextChoices):
        MESSAGE = "message"
        SIGNAL = "signal"

    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200)
    keys = models.JSONField(default=dict)
    key = models.CharField(max_length=300)
    payload = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, unique=True)
    target = models.ForeignKey(Instance, models.CASCADE, null=True, related_name="signals")
    start = models.ForeignKey(Start, models.CASCADE, null=True, related_name="signals")
    received_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True, default="")
    delivered_at = models.DateTimeField(null=True)
    delivered_to = models.ForeignKey(Instance, models.PROTECT, null=True, related_name="messages")
    expired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivered_at=None) | models.Q(expired_at=None), name="message_delivered_or_expired"
            )
        ]
        indexes = [
            models.Index(
                fields=["kind", "name", "key", "id"],
                condition=models.Q(delivered_at=None, expired_at=None),
                name="message_parked",
            ),  # what came before its receiver
            models.Index(
                fields=["expires_at"], condition=models.Q(delivered_at=None, expired_at=None), name="message_expiring"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Incident(models.Model):
    """A step that failed and was rolled back; waits for a retry or a person.

    node: where the step began; element, of version `failed_in`: what failed. message: what the step was about to take.
    """

    instance = models.ForeignKey(Instance, models.CASCADE, related_name="incidents")
    node = models.CharField(max_length=120)
    element = models.CharField(max_length=120, blank=True, default="")
    failed_in = models.ForeignKey(ProcessVersion, models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    cause = models.TextField()
    event = models.JSONField()
    happened_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_retry_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance"], condition=models.Q(resolved_at=None), name="incident_one_open")
        ]
        indexes = [
            models.Index(fields=["next_retry_at"], condition=models.Q(resolved_at=None), name="incident_to_retry")
        ]

    @property
    def is_calling_off(self) -> bool:
        """It was not a step that failed, but ending the process from outside."""
        return str(self.event["kind"]) == "Cancelled"

    def __str__(self) -> str:
        return f"incident {self.pk}"


class Skip(models.Model):
    """A wish to let the failed element of an incident pass with given variables: proposed by one, approved by another.

    decided_at without approved_by: rejected, or the incident was resolved otherwise.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="skips")
    node = models.CharField(max_length=120)
    variables = models.JSONField(default=dict)
    reason = models.CharField(max_length=2000)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident"], condition=models.Q(decided_at=None), name="skip_one_open"),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("proposed_by")),
                name="skip_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"skip {self.pk}"


class Passage(models.Model):
    """A token's stay at a node, read from the sealed ledger (`processes/passages.py`). seconds: how long it was.

    order: public id of the order that the instance is for, null where it is for none.
    """

    instance = models.ForeignKey(Instance, models.CASCADE, related_name="passages")
    version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="passages")
    node = models.CharField(max_length=120)
    order = models.UUIDField(null=True)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    seconds = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_at=None, seconds=None)
                | models.Q(left_at__isnull=False, seconds__isnull=False, left_at__gte=models.F("entered_at")),
                name="passage_left_after_entered",
            )
        ]
        indexes = [
            models.Index(fields=["version", "left_at", "node"], name="passage_of_version"),
            models.Index(fields=["instance"], condition=models.Q(left_at=None), name="passage_open"),
        ]

    def __str__(self) -> str:
        return f"{self.node} of instance {self.instance_id}"


class PassagesRead(models.Model):
    """Up to which seal of the ledger the passages are read: one row."""

    seal = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="passages_read_one_row")]

    def __str__(self) -> str:
        return f"passages up to seal {self.seal}"
