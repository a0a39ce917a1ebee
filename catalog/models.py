"""Products and where they can be ordered."""

from django.db import models
from simple_history.models import HistoricalRecords

from accounts.models import Branch
from audit.fields import OrderedJSONField
from audit.texts import both_languages


class Channel(models.Model):
    """A door through which orders come: web, mobile, counter, staff."""

    code = models.SlugField(unique=True)
    name = models.JSONField(validators=[both_languages])

    def __str__(self) -> str:
        return self.code


class Product(models.Model):
    """Something a client can order: a form, a process and a promise."""

    code = models.SlugField(unique=True)
    name = models.JSONField(validators=[both_languages])
    summary = models.JSONField(validators=[both_languages])
    family = models.SlugField()  # maintenance, transfer, opening, lending
    icon = models.CharField(max_length=30, default="file")
    audience = models.CharField(max_length=10)  # "person", "company", "any" of them, or "house"
    form = OrderedJSONField()  # JSON Schema 2020-12 with x-tl
    process_key = models.SlugField()
    parameters = models.JSONField(default=dict)
    is_listed = models.BooleanField(default=True)
    history = HistoricalRecords(history_change_reason_field=models.UUIDField(null=True))

    def __str__(self) -> str:
        return self.code


class Listing(models.Model):
    """A product on a channel's shelf."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="listings")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="listings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "channel"], name="listing_once")]

    def __str__(self) -> str:
        return f"{self.product.code} on {self.channel.code}"


class BranchOffering(models.Model):
    """A branch's own parameters for a product; without one the branch does not offer it."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="offerings")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="offerings")
    parameters = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "branch"], name="offering_once")]

    def __str__(self) -> str:
        return f"{self.product.code} at {self.branch.code}"


class Slot(models.Model):
    """A quota: so many places of a branch's offering at a time (appointment numbers)."""

    offering = models.ForeignKey(BranchOffering, models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offering", "starts_at"], name="slot_once"),
            models.CheckConstraint(condition=models.Q(taken__lte=models.F("capacity")), name="slot_not_oversold"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="slot_has_length"),
        ]
        indexes = [models.Index(fields=["offering", "starts_at"], name="slot_by_time")]

    def __str__(self) -> str:
        return f"slot {self.pk}"


class Hold(models.Model):
    """A place taken in a slot by an order (its internal reference), until it is given back."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="holds")
    order_ref = models.CharField(max_length=40)
    taken_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_ref"], condition=models.Q(released_at=None), name="hold_one_open_per_order"
            )
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"
