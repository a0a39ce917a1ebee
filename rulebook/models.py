"""Decision tables and decision models (DMN), with their versions and acceptance cases."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from audit.texts import both_languages
from rulebook.change_control import ControlledVersion, State, four_eyes


class Table(models.Model):
    """A decision table under change control; `kind` says what it is for (approval_matrix, sla_targets, …)."""

    key = models.SlugField(unique=True)
    kind = models.SlugField()
    name = models.JSONField(validators=[both_languages])

    class Meta:
        permissions = [("edit_table", "Drafts and proposes versions"), ("approve_table", "Approves versions of others")]

    def __str__(self) -> str:
        return self.key


class TableVersion(ControlledVersion):
    """One version of a table; the body is the JSON format of `rulebook.tables`."""

    OF = "table"

    table = models.ForeignKey(Table, models.PROTECT, related_name="versions")
    body = models.JSONField()
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    history = HistoricalRecords(history_change_reason_field=models.UUIDField(null=True))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="table_version_number"),
            models.UniqueConstraint(
                fields=["table"], condition=models.Q(state=State.IN_FORCE), name="table_one_version_in_force"
            ),
            four_eyes("table_version_four_eyes"),
        ]

    def __str__(self) -> str:
        return f"{self.table.key} v{self.number}"


class AcceptanceCase(models.Model):
    """Facts for which every version of a table must decide the same before it is approved.

    facts: as JSON has them (decimals and dates as texts). expected: `outputs` as cells of the table, and `rules`, the
    ids of the rows that answer (null: whichever); see `rulebook.acceptance`.
    """

    table = models.ForeignKey(Table, models.PROTECT, related_name="cases")
    name = models.CharField(max_length=120)
    facts = models.JSONField()
    expected = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "name"], condition=models.Q(retired_at=None), name="table_case_one_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class DecisionModel(models.Model):
    """A model of decisions that require each other, under change control; processes ask it by its key."""

    key = models.SlugField(unique=True)
    name = models.JSONField(validators=[both_languages])

    class Meta:
        permissions = [("edit_model", "Drafts and proposes versions"), ("approve_model", "Approves versions of others")]

    def __str__(self) -> str:
        return self.key


class ModelVersion(ControlledVersion):
    """One version of a decision model: its DMN file as it was sent. file: its name; base: the version it changes."""

    OF = "model"

    model = models.ForeignKey(DecisionModel, models.PROTECT, related_name="versions")
    xml = models.BinaryField()
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=200, blank=True, default="")
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    history = HistoricalRecords(history_change_reason_field=models.UUIDField(null=True), excluded_fields=["xml"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="model_version_number"),
            models.UniqueConstraint(
                fields=["model"], condition=models.Q(state=State.IN_FORCE), name="model_one_version_in_force"
            ),
            four_eyes("model_version_four_eyes"),
        ]

    def __str__(self) -> str:
        return f"{self.model.key} v{self.number}"


class ModelCase(models.Model):
    """Facts for which every version of a model must decide the same before it is approved.

    facts: a JSON object as text, so that no number loses a digit. expected: decision → its value as JSON text.
    The moment for `now()` and `today()` is that at which the case was saved, so that it can be repeated.
    """

    model = models.ForeignKey(DecisionModel, models.PROTECT, related_name="cases")
    name = models.CharField(max_length=120)
    facts = models.TextField()
    expected = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "name"], condition=models.Q(retired_at=None), name="model_case_one_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
