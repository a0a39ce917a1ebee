"""Custodians' statements of a day, their lines, and the breaks between them and our own records."""

from __future__ import annotations

from django.db import models

from audit.ids import uuid7
from integrations.models import Connector, InboxMessage
from orders.models import Order
from orders.money import Money
from reconciliation.rules import at_stake


class Statement(models.Model):
    """What a custodian says it confirmed on one working day; the row stands as soon as it is expected or received."""

    connector = models.ForeignKey(Connector, models.PROTECT, related_name="statements")
    day = models.DateField()
    expected_at = models.DateTimeField(null=True)  # since when a process waits for it
    received_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)
    message = models.OneToOneField(InboxMessage, models.PROTECT, null=True, related_name="statement")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connector", "day"], name="statement_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(received_at=None, message=None)
                | ~models.Q(received_at=None) & ~models.Q(message=None),
                name="statement_received_as_message",
            ),
            models.CheckConstraint(
                condition=models.Q(compared_at=None) | ~models.Q(received_at=None),
                name="statement_compared_when_received",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.connector.code} {self.day}"

    @property
    def subject(self) -> str:
        return f"reconciliation.statement:{self.pk}"


class Line(models.Model):
    """One thing that a statement lists."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=40)
    order_number = models.CharField(max_length=40)
    operation = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "position"], name="line_position")]
        indexes = [models.Index(fields=["reference"], name="line_by_reference")]  # listed on another day as well

    def __str__(self) -> str:
        return f"line {self.pk}"


class Break(models.Model):
    """One difference between a statement and our records; an order is opened for it.

    reference: the custodian's; "" where the whole statement is missing. ours, theirs: amounts, null where none is.
    """

    class Kind(models.TextChoices):
        MISSING = "missing"  # we have a confirmation that the statement does not list
        UNKNOWN = "unknown"  # it lists one that we do not have
        AMOUNT = "amount"
        DOUBLED = "doubled"
        DIFFERS = "differs"  # another order, or another kind of thing
        NO_STATEMENT = "no_statement"

    class Severity(models.TextChoices):
        STANDARD = "standard"
        CRITICAL = "critical"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="breaks")
    kind = models.CharField(max_length=20, choices=Kind)
    reference = models.CharField(max_length=40, blank=True, default="")
    order_number = models.CharField(max_length=40, blank=True, default="")
    operation = models.CharField(max_length=60, blank=True, default="")
    ours_minor = models.BigIntegerField(null=True)
    theirs_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    severity = models.CharField(max_length=10, choices=Severity)
    found_at = models.DateTimeField()
    order = models.OneToOneField(Order, models.PROTECT, null=True, related_name="reconciliation_break")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "kind", "reference"], name="break_once"),
        ]

    def __str__(self) -> str:
        return f"break {self.public_id}"

    @property
    def subject(self) -> str:
        return f"reconciliation.break:{self.public_id}"

    @property
    def ours(self) -> Money | None:
        """What we know to be confirmed."""
        return None if self.ours_minor is None else Money(self.ours_minor, self.currency)

    @property
    def theirs(self) -> Money | None:
        """What the statement says."""
        return None if self.theirs_minor is None else Money(self.theirs_minor, self.currency)

    @property
    def at_stake(self) -> Money | None:
        """The amount in question; None where no amount is."""
        minor = at_stake(self.kind, self.ours_minor, self.theirs_minor)
        return Money(minor, self.currency) if minor else None
