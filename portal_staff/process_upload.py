"""The files of an upload: a drawing, and forms for its steps; each bounded, and refused at its field."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from audit.refusals import Invalid
from audit.texts import is_storable
from processes.engine.harden import MAX_BYTES

MOST_FORMS, LARGEST_FORM = 40, 256 * 1024


def drawing_in(files: MultiValueDict[str, UploadedFile]) -> tuple[str, bytes]:
    """Name and content of the drawing. Raises Invalid."""
    sent = files.get("file")
    if sent is None:
        raise _wrong("file", _("Choose the file of the drawing."))
    if (sent.size or 0) > MAX_BYTES:
        raise _wrong("file", _("Use a file of at most %(count)s MB.") % {"count": MAX_BYTES // 1024 // 1024})
    return sent.name or "", sent.read()


def forms_in(files: MultiValueDict[str, UploadedFile]) -> dict[str, dict[str, Any]]:
    """The forms, each by its file's name without the ending. Raises Invalid."""
    sent = files.getlist("forms")
    if len(sent) > MOST_FORMS:
        raise _wrong("forms", _("Send at most %(count)s forms at once.") % {"count": MOST_FORMS})
    return dict(_form(each) for each in _named(sent))


def _named(sent: Iterable[UploadedFile]) -> Iterable[UploadedFile]:
    return (each for each in sent if each.name)


def _form(sent: UploadedFile) -> tuple[str, dict[str, Any]]:
    name = sent.name or ""
    if (sent.size or 0) > LARGEST_FORM:
        raise _wrong("forms", _("%(name)s: use at most %(count)s kB.") % {"name": name, "count": LARGEST_FORM // 1024})
    try:
        form = json.loads(sent.read().decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):  # also what is no UTF-8
        form = None
    if not isinstance(form, dict) or not is_storable(form):
        raise _wrong("forms", _("%(name)s is not a form: it has to be a JSON Schema.") % {"name": name})
    return PurePath(name).stem, form


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _wrong(field: str, said: str) -> Invalid:
    return Invalid(_("Expected the files of a drawing, but something is wrong with them."), fields={field: said})
