"""Taking back a claim or an assignment at once: the words of a result with the button that undoes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from work.models import Queue, WorkItem


@dataclass(frozen=True)
class Step:
    """An item as a deed left it, and who had it before; before: a person's public id, "" for nobody."""

    item: UUID
    version: int
    before: str

    @classmethod
    def of(cls, done: WorkItem, before: Any) -> Step:
        """done: the item after the deed. before: who held it until then, or None."""
        return cls(done.public_id, done.version, str(before.public_id) if before else "")

    @classmethod
    def read(cls, text: str) -> Step | None:
        """A step as a form sends it back; None when it is none."""
        item, version, before = (text.split("~") + ["", ""])[:3]
        try:
            return cls(UUID(item), int(version), str(UUID(before)) if before else "")
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.item}~{self.version}~{self.before}"


def with_undo(request: HttpRequest, said: str, queue: Queue, steps: Iterable[Step], back: str) -> SafeString:
    """The words with the button beside them. back: where the page goes on after undoing."""
    context = {"said": said, "queue": queue, "steps": list(steps), "next_url": back}
    return SafeString(render_to_string("portal_staff/_undo.html", context, request).strip())
