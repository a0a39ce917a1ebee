"""Notices to people."""

from django.conf import settings
from django.db import models

from audit.ids import uuid7


class Notice(models.Model):
    """One thing told to one person; sent at most once per channel, recipient and dedupe key."""

    class Channel(models.TextChoices):
        INBOX = "inbox"
        EMAIL = "email"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=10, choices=Channel)
    dedupe_key = models.CharField(max_length=120)
    template = models.CharField(max_length=60)  # name of the sentence in notifications/sentences.py
    context = models.JSONField(default=dict)  # order number and plain facts, never personal data
    url = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "recipient", "dedupe_key"], name="notice_at_most_once")
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(
                fields=["created_at", "id"], condition=models.Q(channel="email", sent_at=None), name="notice_to_send"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} for {self.recipient_id}"
