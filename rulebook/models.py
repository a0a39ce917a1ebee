"""Decision tables and their versions."""

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
