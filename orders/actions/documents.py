"""Documents: the row exists if and only if its complete bytes do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from audit.actions import record
from audit.actors import Actor
from audit.context import action, running
from audit.ids import uuid7
from orders import schemas
from orders.access import expect_part
from orders.models import ENDED, Document, Order
from orders.queries import locked
from orders.refusals import AnswersWrong, UploadRefused, WrongMoment

# What a file of each accepted kind begins with: the name and the browser's word are not trusted.
BEGINNINGS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
# How the name of each kind may end; the first is given to a name that ends otherwise.
ENDINGS = {"application/pdf": ("pdf",), "image/jpeg": ("jpg", "jpeg"), "image/png": ("png",)}
MOST_PER_ORDER = 40
LONGEST_NAME = 120
_ENDING = re.compile(r"\.([a-z][a-z0-9]{0,4})$", re.ASCII | re.IGNORECASE)


@action
def add_document(order: UUID, *, upload: UploadedFile, field: str, actor: Actor, now: datetime) -> Document:
    """Keep a file with an order. PDF, JPEG or PNG by content, at most `DOCUMENT_MAX_BYTES`.

    Raises UploadRefused, WrongMoment (the order has ended), NoSuchOrder.
    """
    row = locked(actor, order)
    expect_part(row, actor)
    if row.state in ENDED:
        raise WrongMoment(row.state, "added to")
    kind = _kind_of(upload, field)
    if row.documents.count() >= MOST_PER_ORDER:
        sentence = _("Expected at most 40 files with one order, but it has as many.")
        raise UploadRefused(sentence, fields={field: _("No more files can be added.")})
    public_id = uuid7()
    name = f"{row.public_id}/{public_id}.{ENDINGS[kind][0]}"
    # The bytes come first; when they or the row cannot be written whole, they are taken away again.
    running().after_rollback.append(lambda: default_storage.delete(name))
    stored_as = default_storage.save(name, upload)
    document = Document.objects.create(
        public_id=public_id,
        order=row,
        field=field[:60],
        name=_safe_name(upload.name or "", kind),
        content_type=kind,
        size=upload.size or 0,
        sha256=_sha256(upload),
        stored_as=stored_as,
        uploaded_by=actor.user,
        uploaded_at=now,
    )
    record(
        "orders.document.added",
        subject=f"orders.document:{document.public_id}",
        order=row,
        actor=actor,
        now=now,
        data={"field": field, "size": document.size, "sha256": document.sha256, "type": kind},
        person=row.client.person_key,
        personal={"name": document.name},
    )
    return document


def expect_papers(order: Order, form: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
    """Every document field that is answered names a document of this very order. Raises AnswersWrong at the field."""
    wrong = foreign_papers(order, form, answers)
    if wrong:
        raise AnswersWrong(wrong)


def foreign_papers(order: Order, form: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, str]:
    """Document fields whose answer is no document of this very order, each with what to do."""
    named = {field: answers[field] for field in schemas.fields_with(form, "document") if answers.get(field)}
    if not named:
        return {}
    known = {str(public_id) for public_id in order.documents.values_list("public_id", flat=True)}
    return {field: _("Choose a PDF, JPG or PNG.") for field, value in named.items() if str(value) not in known}


def _kind_of(upload: UploadedFile, field: str) -> str:
    if not upload.size:
        raise UploadRefused(_("Expected a file, but it is empty."), fields={field: _("This file is empty.")})
    if upload.size > settings.DOCUMENT_MAX_BYTES:
        sentence = _("Expected a file of at most 10 MB, but this one is larger.")
        raise UploadRefused(sentence, fields={field: _("Choose a file of at most 10 MB.")})
    start = upload.read(16)
    upload.seek(0)
    kind = next((kind for beginning, kind in BEGINNINGS.items() if start.startswith(beginning)), "")
    if not kind:
        sentence = _("Expected a PDF, JPG or PNG, but this file is of another kind.")
        raise UploadRefused(sentence, fields={field: _("Choose a PDF, JPG or PNG.")})
    return kind


def _safe_name(name: str, kind: str) -> str:
    """The name without a folder and without what no name should hold; its ending says what the file is."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in base if character.isprintable() and character not in '<>:"|?*/').rstrip(
        " ."
    )
    found = _ENDING.search(kept)
    stem, ending = (kept[: found.start()], found[1]) if found else (kept, "")
    if ending.lower() not in ENDINGS[kind]:
        ending = ENDINGS[kind][0]
    stem = stem.strip(" .")[: LONGEST_NAME - len(ending) - 1] or "document"
    return f"{stem}.{ending}"


def _sha256(upload: UploadedFile) -> str:
    upload.seek(0)
    whole = hashlib.sha256()
    for chunk in upload.chunks():
        whole.update(chunk)
    return whole.hexdigest()
