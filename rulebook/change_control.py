"""One life for everything under change control: draft, proposed, approved, in force, superseded.

The maker and the checker are never the same person; the database refuses it as well.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django_fsm import FSMField, FSMModelMixin, transition


class State(models.TextChoices):
    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ControlledVersion(FSMModelMixin, models.Model):
    """A version of something that governs work; `number` counts per thing.

    OF: the field that names the thing.
    """

    OF: ClassVar[str]

    number = models.PositiveIntegerField()
    state = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    justification = models.TextField(blank=True, default="")
    effective_at = models.DateTimeField(null=True)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)  # counts saves of the draft: two editors see each other

    class Meta:
        abstract = True

    @property
    def thing(self) -> Any:
        """What it is a version of."""
        return getattr(self, self.OF)

    @property
    def siblings(self) -> models.QuerySet[Any]:
        """All versions of the same thing, itself included."""
        return type(self)._default_manager.filter(**{self.OF: getattr(self, f"{self.OF}_id")})

    @transition(state, source=State.DRAFT, target=State.PROPOSED)
    def propose(self) -> None:
        """The maker is done."""

    @transition(state, source=State.PROPOSED, target=State.APPROVED)
    def approve(self) -> None:
        """A second person agrees."""

    @transition(state, source=State.PROPOSED, target=State.REJECTED)
    def reject(self) -> None:
        """A second person disagrees."""

    @transition(state, source=[State.DRAFT, State.PROPOSED, State.APPROVED], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The maker takes it back before it governs anything."""

    @transition(state, source=State.APPROVED, target=State.IN_FORCE)
    def put_in_force(self) -> None:
        """Its date has come."""

    @transition(state, source=State.IN_FORCE, target=State.SUPERSEDED)
    def supersede(self) -> None:
        """The next one took over."""


def four_eyes(name: str) -> models.CheckConstraint:
    """The constraint that no version is checked by its maker."""
    return models.CheckConstraint(
        condition=models.Q(checker=None) | models.Q(maker=None) | ~models.Q(checker=models.F("maker")), name=name
    )
