"""Users, clients, branches, teams, authority lent from one person to another, and who is away when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.authority import held
from audit.ids import uuid7
from audit.texts import both_languages


class Branch(models.Model):
    """An office; object permissions on it carry the authority over its orders."""

    code = models.SlugField(unique=True)
    name = models.JSONField(validators=[both_languages])
    timezone = models.CharField(max_length=40)
    calendar = models.CharField(max_length=40)

    class Meta:
        permissions = [
            ("serve_branch", "Sees the branch's orders of the products that they may see"),
            ("oversee_branch", "Sees every order and the manager's board of the branch"),
            ("examine_branch", "Reads every record of the branch, changes nothing"),
            ("administer_branch", "Manages people and settings of the branch"),
        ]

    def __str__(self) -> str:
        return self.code

    def day(self, now: datetime) -> date:
        """The calendar day at the branch."""
        return now.astimezone(ZoneInfo(self.timezone)).date()


class Team(models.Model):
    """People who share queues; its lead and its manager are who escalations reach."""

    code = models.SlugField(unique=True)
    name = models.JSONField(validators=[both_languages])
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="teams")
    lead = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="leads")
    manager = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="manages")

    def __str__(self) -> str:
        return self.code


class User(AbstractUser):
    """Somebody who logs in: staff, an advisor or a client's person."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    display_name = models.CharField(max_length=120)
    native_name = models.CharField(max_length=120, blank=True)  # in the person's own script
    language = models.CharField(max_length=10, default="en")
    timezone = models.CharField(max_length=40, default="America/New_York")
    is_client_side = models.BooleanField(default=False)  # lands in the customer portal: clients and advisors
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="members")
    skills = models.JSONField(default=list)  # codes of skills
    title = models.JSONField(default=dict)  # bilingual job title
    single_keys = models.BooleanField(default=True)  # WCAG 2.1.4: single-letter shortcuts can be switched off

    history = HistoricalRecords(
        history_change_reason_field=models.UUIDField(null=True),
        excluded_fields=["password", "last_login", "email", "first_name", "last_name", "display_name", "native_name"],
    )

    def __str__(self) -> str:
        return self.username

    @property
    def given_name(self) -> str:
        """What a client sees of a member of staff."""
        return self.first_name or self.display_name.split(" ")[0]


class Client(models.Model):
    """The person or company served; of kind house: the firm itself, for what it does on its own behalf."""

    class Kind(models.TextChoices):
        PERSON = "person"
        COMPANY = "company"
        HOUSE = "house"

    class Tier(models.TextChoices):
        STANDARD = "standard", pgettext_lazy("client tier", "Standard")
        PREMIER = "premier", pgettext_lazy("client tier", "Premier")
        PRIVATE = "private", pgettext_lazy("client tier", "Private")

    ref = models.SlugField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=160)
    native_name = models.CharField(max_length=160, blank=True)  # in the client's own script
    account = models.CharField(max_length=20, blank=True)
    custodian = models.CharField(max_length=40, blank=True)  # code of the connected custodian that keeps the account
    tier = models.CharField(max_length=10, choices=Tier)
    birth_date = models.DateField(null=True, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="clients")
    advisor = models.ForeignKey(User, models.PROTECT, null=True, related_name="advised_clients")
    advisor_since = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=10, default="en")
    email = models.EmailField(blank=True)

    history = HistoricalRecords(
        history_change_reason_field=models.UUIDField(null=True),
        excluded_fields=["name", "native_name", "account", "birth_date", "email"],
    )

    class Meta:
        permissions = [("order_for_client", "Orders for the client")]
        indexes = [models.Index(fields=["name"], name="client_by_name")]

    def __str__(self) -> str:
        return self.ref

    @property
    def person_key(self) -> str:
        """Under which key the ledger keeps this client's personal fields."""
        return f"client:{self.pk}"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, user: Any) -> DelegationQuerySet:
        """What the user gave or was given, and what people of the branches that they administer or examine gave."""
        branches = held(user, "administer_branch") | held(user, "examine_branch")
        key = getattr(user, "pk", None)
        mine = models.Q(delegator_id=key) | models.Q(delegate_id=key)
        return self.filter(mine | models.Q(delegator__team__branch_id__in=branches))

    def not_over(self, at: datetime) -> DelegationQuerySet:
        """Those under which somebody may sign at an instant or later."""
        return self.filter(models.Q(revoked_at=None) | models.Q(revoked_at__gt=at), ends_at__gt=at)


class Delegation(models.Model):
    """Authority to sign, lent by one person to another for a time. It ends by itself and cannot be passed on."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    delegator = models.ForeignKey(User, models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(User, models.PROTECT, related_name="delegations_held")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # from then on it is over
    matrix = models.CharField(max_length=60, blank=True, default="")  # key of the only approval matrix; "" for all
    most_minor = models.BigIntegerField(null=True)  # the largest amount, in minor units
    currency = models.CharField(max_length=3, blank=True, default="")
    reason = models.CharField(max_length=500)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = DelegationQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.UUIDField(null=True))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~models.Q(delegate=models.F("delegator")), name="delegation_not_to_oneself"
            ),
            models.CheckConstraint(
                condition=~models.Q(given_by=models.F("delegate")), name="delegation_not_given_by_who_gains"
            ),
            models.CheckConstraint(
                condition=models.Q(most_minor=None, currency="")
                | models.Q(most_minor__isnull=False, most_minor__gt=0) & ~models.Q(currency=""),
                name="delegation_money_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by=None)
                | ~models.Q(revoked_at=None) & ~models.Q(revoked_by=None),
                name="delegation_revoked_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["delegate", "ends_at"], name="delegation_held"),  # what is lent to somebody now
            models.Index(fields=["delegator", "ends_at"], name="delegation_given"),  # who stands in for somebody
        ]

    def __str__(self) -> str:
        return f"delegation {self.pk}"

    @property
    def subject(self) -> str:
        return f"accounts.delegation:{self.public_id}"

    def is_in_force(self, at: datetime) -> bool:
        """Whether somebody may sign under it at an instant."""
        return self.begins_at <= at < self.over_at

    @property
    def over_at(self) -> datetime:
        """From when on nobody may sign under it."""
        return min(self.ends_at, self.revoked_at or self.ends_at)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, user: Any) -> AbsenceQuerySet:
        """One's own, those of the teams that one leads or manages, and those of one's branches."""
        branches = held(user, "administer_branch") | held(user, "oversee_branch") | held(user, "examine_branch")
        key = getattr(user, "pk", None) or 0
        led = models.Q(person__team__lead_id=key) | models.Q(person__team__manager_id=key)
        return self.filter(models.Q(person_id=key) | led | models.Q(person__team__branch_id__in=branches))

    def standing(self) -> AbsenceQuerySet:
        """Those that were not called off."""
        return self.filter(cancelled_at=None)

    def touching(self, begins_at: datetime, ends_at: datetime) -> AbsenceQuerySet:
        """Those that share a moment with a time; ends_at is excluded."""
        return self.standing().filter(begins_at__lt=ends_at, ends_at__gt=begins_at)


class Absence(models.Model):
    """Somebody is away for a time: they are given no work. Called off instead of deleted.

    kind says what it means for planning, never more: why somebody is ill is nobody's business here.
    """

    class Kind(models.TextChoices):
        LEAVE = "leave", pgettext_lazy("absence", "Leave")
        UNPLANNED = "unplanned", pgettext_lazy("absence", "Not planned")
        BUSINESS = "business", pgettext_lazy("absence", "Business trip or training")
        OTHER = "other", pgettext_lazy("absence", "Other")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="absences")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # from then on they are back
    kind = models.CharField(max_length=12, choices=Kind)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.UUIDField(null=True))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at=None, cancelled_by=None)
                | ~models.Q(cancelled_at=None) & ~models.Q(cancelled_by=None),
                name="absence_cancelled_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["person", "begins_at"], condition=models.Q(cancelled_at=None), name="absence_begins_once"
            ),
        ]
        indexes = [
            # who of some people is away at a moment
            models.Index(fields=["person", "ends_at"], condition=models.Q(cancelled_at=None), name="absence_standing"),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"

    @property
    def subject(self) -> str:
        return f"accounts.absence:{self.public_id}"

    def is_standing(self, at: datetime) -> bool:
        """Whether it lies before or around an instant and was not called off: it can still be changed."""
        return self.cancelled_at is None and self.ends_at > at
