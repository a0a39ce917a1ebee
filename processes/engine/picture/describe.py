"""The picture in words: what is done, where it stands, what is still ahead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from processes.engine.document import ACTIVITIES, Document, Element
from processes.engine.picture.svg import drawing_of


@dataclass(frozen=True, slots=True)
class Description:
    """Names of activities, from left to right as drawn; the template makes the sentence of them."""

    done: tuple[str, ...]
    now: tuple[str, ...]
    later: tuple[str, ...]


def describe(
    document: Document, active: Collection[str] = (), visited: Collection[str] = (), language: str = "en"
) -> Description:
    """Names of the tasks and sub-processes that are done, active, and not reached."""
    shapes = drawing_of(document).shapes
    drawn = [e for e in document.elements.values() if e.tag in ACTIVITIES and e.id in shapes and e.label(language)]
    drawn.sort(key=lambda element: (shapes[element.id].x, shapes[element.id].y))

    def names(chosen: Collection[Element]) -> tuple[str, ...]:
        return tuple(element.label(language) for element in chosen)

    return Description(
        done=names([e for e in drawn if e.id in visited and e.id not in active]),
        now=names([e for e in drawn if e.id in active]),
        later=names([e for e in drawn if e.id not in visited and e.id not in active]),
    )
