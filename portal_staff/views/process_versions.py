"""A version of a process: its drawing, what may be done with it, and what differs from another one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal_staff.access import PROCESSES, requires
from portal_staff.change_control import WAITING, Pages
from portal_staff.difference_words import HOW, MOST_LINES, difference_lines, form_lines
from portal_staff.drawing_words import Words
from portal_staff.process_drawing import found, in_words, marks_of, picture
from portal_staff.process_models import model_seen, version_of
from portal_staff.retired_cases import retired_cases
from processes import actions
from processes.engine.difference import difference
from processes.engine.picture.marking import marks_of_difference
from processes.models import ProcessVersion
from processes.publishing import findings
from processes.queries import document

EDIT, APPROVE = ("edit_process",), ("approve_process",)


@require_safe
@requires(*PROCESSES)
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version of a model, with what the check found while it is not in force."""
    return PAGES.show(request, _version(request.user, key, number))


@require_safe
@requires(*PROCESSES)
def file(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The version's BPMN file, for a drawing tool."""
    shown = version_of(model_seen(request.user, key), number, "xml")
    name = f'attachment; filename="{key}-{number}.bpmn"'
    return HttpResponse(bytes(shown.xml), content_type="application/xml", headers={"Content-Disposition": name})


@require_safe
@requires(*PROCESSES)
def compare(request: HttpRequest, key: str, before: int, after: int) -> HttpResponse:
    """Two versions side by side, every difference marked, and the same in words."""
    model = model_seen(request.user, key)
    one, other = version_of(model, before, "xml"), version_of(model, after, "xml")
    old, new = document(one.pk), document(other.pk)
    differs = difference(old, new)
    marks = marks_of_difference(differs)
    lines = [*difference_lines(differs, Words(old), Words(new)), *form_lines(one.forms, other.forms)]
    context = {
        "model": model,
        "before": one,
        "after": other,
        "pictures": [(one, picture(old, model, marks[0])), (other, picture(new, model, marks[1]))],
        "lines": list(islice(lines, MOST_LINES)),
        "more_lines": max(len(lines) - MOST_LINES, 0),
        "counts": {how: len({(line.name, line.kind) for line in lines if line.how == how}) for how in HOW},
    }
    return render(request, "portal_staff/process_difference.html", context)


def _about(request: HttpRequest, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a version shows of its drawing. shown: the version and the one that it is compared with."""
    version, base, moved = shown["version"], shown["base"], shown["moved"]
    model, drawn = version.model, document(version.pk)
    report = findings(drawn, version.forms) if version.state in WAITING else None
    return {
        "model": model,
        "compare_url": _difference(base, version) if base else "",
        "since_url": _difference(shown["begun_from"], moved) if moved and shown["begun_from"] else "",
        "diagram": picture(drawn, model, marks_of(report) if report else None),
        **in_words(drawn),
        **(found(drawn, report) if report else {}),
        "retired": retired_cases(version, model.versions, f"processes.model:{model.pk}", "processes.case.retired"),
        "is_checked": report is not None,
    }


def _difference(before: ProcessVersion, after: ProcessVersion) -> str:
    return reverse("staff:process_change", args=[after.model.key, before.number, after.number])


def _version(user: Any, key: str, number: int) -> ProcessVersion:
    return version_of(model_seen(user, key), number, "xml")


PAGES = Pages(
    control=actions.PROCESSES,
    noun="process",
    page="staff:process_version",
    template="portal_staff/process_version.html",
    find=_version,
    about=_about,
    keeps=gettext_lazy("Somebody else has to approve it. Orders under way keep the version that they started with."),
    edit=EDIT,
    check=APPROVE,
)
