"""Reads of decision models: what is in force, compiled, and which cases hold."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from accounts.authority import held
from rulebook.change_control import State
from rulebook.dmn import Model, read_model
from rulebook.dmn.acceptance import broken
from rulebook.dmn.document import Document, open_document
from rulebook.dmn.wholeness import Checked, check_model
from rulebook.models import DecisionModel, ModelCase, ModelVersion

GOVERNED = (State.IN_FORCE, State.SUPERSEDED)


def model_in_force(key: str, at: datetime) -> ModelVersion | None:
    """The version of a model that governed at an instant, without its file: one statement."""
    return models_at(DecisionModel.objects.filter(key=key), at).first()


def models_at(models: QuerySet[DecisionModel], at: datetime) -> QuerySet[ModelVersion]:
    """The versions that governed at an instant, with who made and checked them, without their files; by key."""
    governed = ModelVersion.objects.filter(model__in=models, in_force_at__lte=at, state__in=GOVERNED)
    governed = governed.filter(Q(superseded_at=None) | Q(superseded_at__gt=at))
    return governed.select_related("model", "maker", "checker").defer("xml").order_by("model__key", "-in_force_at")


def model_of(version: ModelVersion) -> Model:
    """The compiled model of a version; a file never changes once it is kept, so it is read once per process."""
    return _compiled(version.pk, version.digest)


def checked_tables(version: ModelVersion) -> tuple[Checked, ...]:
    """What the check says of each table of a version's file; it is checked once per process."""
    return _checked(version.pk, version.digest)


def document_of(version: ModelVersion) -> Document:
    """The elements of a version's file; the tree is new each time, as reading it notes things in it."""
    return open_document(bytes(version.xml))


def models_visible_to(user: Any) -> QuerySet[DecisionModel]:
    """Models that the user may edit or approve; overseers and examiners read all."""
    if held(user, "oversee_branch") or held(user, "examine_branch"):
        return DecisionModel.objects.all()
    return DecisionModel.objects.filter(pk__in=held(user, "edit_model") | held(user, "approve_model"))


def model_versions_of(model: DecisionModel) -> QuerySet[ModelVersion]:
    """All versions of a model, the newest first, with who made and checked them, without their files: one statement."""
    return model.versions.select_related("maker", "checker", "model").defer("xml").order_by("-number")


def model_cases_of(model: DecisionModel) -> QuerySet[ModelCase]:
    """The acceptance cases of a model that are in use, by name, with who saved them: one statement."""
    return model.cases.filter(retired_at=None).select_related("saved_by").order_by("name")


def judged(version: ModelVersion) -> list[tuple[ModelCase, str]]:
    """Every acceptance case in use with why it does not hold on the version ("" where it does): one statement."""
    model = model_of(version)
    return [(case, broken(model, case.facts, case.expected, case.saved_at)) for case in model_cases_of(version.model)]


@lru_cache(maxsize=64)
def _compiled(version_id: int, digest: str) -> Model:
    """digest: so that a row that tests took away and another that has its id are not taken for each other."""
    return read_model(bytes(ModelVersion.objects.values_list("xml", flat=True).get(pk=version_id)))


@lru_cache(maxsize=64)
def _checked(version_id: int, digest: str) -> tuple[Checked, ...]:
    """digest: as `_compiled`."""
    return check_model(bytes(ModelVersion.objects.values_list("xml", flat=True).get(pk=version_id)))
