"""Business calendars that are not the shipped ones, or that replace them."""

from django.db import models

from audit.texts import both_languages


class CalendarRow(models.Model):
    """A calendar kept by the firm: its body is the inline JSON of the command-line contract."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.JSONField(validators=[both_languages])
    body = models.JSONField()

    def __str__(self) -> str:
        return self.code
