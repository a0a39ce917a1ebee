"""Process models, their versions, and running instances."""

from django.db import models
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

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

    model = models.ForeignKey(ProcessModel, models.PROTECT, related_name="versions")
    xml = models.BinaryField()
    forms = models.JSONField(default=dict)  # form key → JSON Schema
    digest = models.CharField(max_length=64)

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


class Instance(FSMModelMixin, models.Model):
    """A running process: where it stands. `subject` names what it is for ("orders.order:<ref>")."""

    class Status(models.TextChoices):
        RUNNING = "running"
        COMPLETED = "completed"
        CANCELLED = "cancelled"
        ERROR = "error"

    version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="instances")
    subject = models.CharField(max_length=80, unique=True)
    status = FSMField(default=Status.RUNNING, choices=Status.choices, protected=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    state = models.JSONField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["version", "status"], name="instance_by_version")]

    def __str__(self) -> str:
        return f"instance {self.pk}"

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
    """A due time that an instance waits for."""

    instance = models.ForeignKey(Instance, models.CASCADE, related_name="timers")
    number = models.PositiveIntegerField()
    node = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    fired = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "number"], name="timer_number")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(ended_at=None), name="timer_waiting")
        ]  # the timer sweep

    def __str__(self) -> str:
        return f"timer {self.pk}"


class Incident(models.Model):
    """A step that failed and was rolled back; waits for a retry or a person."""

    instance = models.ForeignKey(Instance, models.CASCADE, related_name="incidents")
    node = models.CharField(max_length=120)
    cause = models.TextField()
    event = models.JSONField()
    happened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance"], condition=models.Q(resolved_at=None), name="incident_one_open")
        ]

    def __str__(self) -> str:
        return f"incident {self.pk}"
