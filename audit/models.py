"""The ledger's tables. Entries and seals can only be added: triggers of `audit/triggers.py` hold that."""

import hashlib

from django.db import models
from django.db.models.functions import Now

from audit.canonical import canonical, iso
from audit.ids import uuid7

# What an entry's digest covers.
SEALED_FIELDS = (
    "public_id",
    "action_id",
    "fact",
    "subject",
    "order_ref",
    "order_seq",
    "actor",
    "actor_name",
    "on_behalf_of",
    "via",
    "reason",
    "before",
    "after",
    "data",
    "person",
    "personal",
    "replayed",
    "happened_at",
)


class Entry(models.Model):
    """One fact: who did what, when, why, before and after."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    action_id = models.UUIDField()
    fact = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    # The order that the fact belongs to, and its number in that order's own sequence without gaps.
    order_ref = models.CharField(max_length=40, blank=True, default="")
    order_seq = models.PositiveIntegerField(null=True)
    actor = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=150)
    on_behalf_of = models.CharField(max_length=120, blank=True, default="")
    via = models.CharField(max_length=20)
    reason = models.TextField(blank=True, default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    data = models.JSONField(default=dict)
    person = models.CharField(max_length=60, blank=True, default="")
    personal = models.TextField(blank=True, default="")
    replayed = models.BooleanField(default=False)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_ref", "order_seq"], condition=~models.Q(order_ref=""), name="entry_one_number_per_order"
            ),
            models.CheckConstraint(
                condition=models.Q(order_ref="", order_seq=None) | ~models.Q(order_ref="") & models.Q(order_seq__gte=1),
                name="entry_order_is_numbered",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "id"], name="entry_by_subject"),
            models.Index(fields=["fact", "happened_at"], name="entry_by_fact"),
            models.Index(fields=["actor", "happened_at"], name="entry_by_actor"),
            models.Index(fields=["happened_at", "id"], name="entry_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.subject}"

    def content(self) -> dict:
        """What the digest covers, as plain JSON: all but the row's key and the database's own time.

        The seal covers those.
        What was changed and its data are plain already, as `record` and the database give them.
        """
        content = {name: getattr(self, name) for name in SEALED_FIELDS}
        ids = {name: str(content[name]) for name in ("public_id", "action_id")}
        return content | ids | {"happened_at": iso(self.happened_at)}

    def content_digest(self) -> str:
        """SHA-256 of the content, in hex: what `digest` must be."""
        return hashlib.sha256(canonical(self.content())).hexdigest()


class Delivery(models.Model):
    """A later reaction to an entry that still waits, or is done; the worker's record, the queue is only the bell."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="deliveries")
    reaction = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "reaction"], name="delivery_once_per_reaction")]
        indexes = [
            models.Index(  # the delivery sweep
                fields=["due_at", "id"],
                condition=models.Q(done_at=None, parked_at=None),
                name="delivery_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reaction} for entry {self.entry_id}"


class Seal(models.Model):
    """Proof that a run of entries is unchanged: a hash over them chained to the seal before, and signed."""

    number = models.PositiveBigIntegerField(unique=True)
    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    key_id = models.CharField(max_length=16)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seal {self.number}"


class PersonKey(models.Model):
    """The wrapped key of one person's personal fields."""

    person = models.CharField(max_length=60, unique=True)
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return self.person


class Heartbeat(models.Model):
    """When a task of the worker last ran: what the watchdog and the health page look at."""

    name = models.CharField(max_length=60, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
