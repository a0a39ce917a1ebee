"""Business calendars of the firm's own, beside the shipped ones; they change by versions under change control."""

from django.db import models
from simple_history.models import HistoricalRecords

from audit.texts import both_languages
from rulebook.change_control import ControlledVersion, State, four_eyes


class CalendarRow(models.Model):
    """A calendar kept by the firm, under a code that no shipped one has."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.JSONField(validators=[both_languages])

    def __str__(self) -> str:
        return self.code


class CalendarVersion(ControlledVersion):
    """One version of a calendar; its body is the inline JSON of the command-line contract."""

    OF = "calendar"

    calendar = models.ForeignKey(CalendarRow, models.PROTECT, related_name="versions")
    body = models.JSONField()

    history = HistoricalRecords(history_change_reason_field=models.UUIDField(null=True))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number"),
            models.UniqueConstraint(
                fields=["calendar"], condition=models.Q(state=State.IN_FORCE), name="calendar_one_version_in_force"
            ),
            four_eyes("calendar_version_four_eyes"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar.code} v{self.number}"
