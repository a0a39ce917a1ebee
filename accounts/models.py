"""Users, clients, branches and teams."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

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
