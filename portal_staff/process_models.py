"""Process models as a member of staff may see them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.authority import held
from audit.refusals import NotFound
from processes.models import ProcessModel, ProcessVersion
from rulebook.change_control import State


def models_seen(user: Any) -> QuerySet[ProcessModel]:
    """Models that the reader oversees, examines, may edit or may approve."""
    if held(user, "oversee_branch") or held(user, "examine_branch"):
        return ProcessModel.objects.all()
    return ProcessModel.objects.filter(pk__in=held(user, "edit_process") | held(user, "approve_process"))


def model_seen(user: Any, key: str) -> ProcessModel:
    """One of them by its key. Raises NotFound, also for one that is there and not seen."""
    model = models_seen(user).filter(key=key).first()
    if model is None:
        raise NotFound(_("Expected a process that you may see, but there is none."))
    return model


def version_of(model: ProcessModel, number: int, *without: str) -> ProcessVersion:
    """A version of a model that is seen, with its people. without: fields that are not needed. Raises NotFound."""
    found = model.versions.select_related("model", "maker", "checker").defer(*without).filter(number=number).first()
    if found is None:
        raise NotFound(_("Expected a version of this process, but there is none with this number."))
    return found


def in_force(model: ProcessModel) -> ProcessVersion | None:
    """The version that governs now, without its file."""
    return model.versions.filter(state=State.IN_FORCE).defer("xml", "forms").first()
