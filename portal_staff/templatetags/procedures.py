"""Words of written procedures: `{% load procedures %}`."""

from __future__ import annotations

from django import template
from django.urls import reverse

from portal_staff.procedures.chapters import Chapter
from processes.models import ProcessVersion
from rulebook.models import ModelVersion, TableVersion

register = template.Library()


@register.filter
def source_url(chapter: Chapter) -> str:
    """The page of the version that a chapter is made from."""
    version = chapter.version
    if isinstance(version, ProcessVersion):
        return reverse("staff:process_version", args=[version.model.key, version.number])
    if isinstance(version, ModelVersion):
        return reverse("staff:model_version", args=[version.model.key, version.number])
    assert isinstance(version, TableVersion)  # noqa: S101 - there is no fourth kind
    return reverse("staff:version", args=[version.table.key, version.number])


@register.filter
def grouped(number: int) -> str:
    """A whole number with its thousands parted."""
    return f"{number:,}"
