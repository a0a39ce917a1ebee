"""The picture in words: what is done, where it stands, what is still ahead, what is marked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from processes.engine.document import ACTIVITIES, EVENTS, Bounds, Document, Element
from processes.engine.picture.marking import Mark, Marks
from processes.engine.picture.scenery import scenery_of
from processes.engine.picture.svg import drawing_of
from processes.engine.words import called


@dataclass(frozen=True, slots=True)
class Marked:
    """One mark in words. name: as drawn, or the id where it has none; classes: as of the mark; told: its words."""

    id: str
    name: str
    classes: str
    told: str


@dataclass(frozen=True, slots=True)
class Description:
    """Names of activities and events, from left to right as drawn, one without a name by what it is and its id;
    the template makes the sentence of them.

    called_off: those that a token reached but that were taken away and never done.

    marked: everything that bears a mark, nodes first, then what has no place of its own.
    """

    done: tuple[str, ...]
    now: tuple[str, ...]
    later: tuple[str, ...]
    called_off: tuple[str, ...] = ()
    marked: tuple[Marked, ...] = ()


def describe(
    document: Document,
    active: Collection[str] = (),
    visited: Collection[str] = (),
    called_off: Collection[str] = (),
    language: str = "en",
    marks: Marks | None = None,
    unnamed: Callable[[Element], str] = lambda element: called(element.tag, element.id),
) -> Description:
    """Names of the activities and events that are done, active, called off, and not reached, and the marks' words.

    unnamed: what an element without a name is called.
    """
    shapes = drawing_of(document).shapes
    drawn = [e for e in document.elements.values() if e.tag in ACTIVITIES | EVENTS and e.id in shapes]
    drawn.sort(key=lambda element: (shapes[element.id].x, shapes[element.id].y))

    def names(chosen: Collection[Element]) -> tuple[str, ...]:
        return tuple(element.label(language) or unnamed(element) for element in chosen)

    return Description(
        done=names([e for e in drawn if e.id in visited and e.id not in active]),
        now=names([e for e in drawn if e.id in active]),
        later=names([e for e in drawn if e.id not in {*visited, *active, *called_off}]),
        called_off=names([e for e in drawn if e.id in called_off and e.id not in {*visited, *active}]),
        marked=_marked(document, shapes, language, marks or {}),
    )


def _marked(
    document: Document, shapes: Mapping[str, Bounds], language: str, marks: Mapping[str, Mark]
) -> tuple[Marked, ...]:
    frames = {frame.id: frame for frame in document.frames}
    places = {name: (0, shapes[name].x, shapes[name].y) for name in marks if name in shapes}
    found = []
    for name in sorted(marks, key=lambda name: places.get(name, (1, 0.0, 0.0))):
        thing = (
            document.elements.get(name)
            or document.flows.get(name)
            or frames.get(name)
            or scenery_of(document).things.get(name)
        )
        mark = marks[name]
        label = thing.label(language) if thing is not None else ""
        found.append(Marked(name, label or name, mark.classes, mark.told or mark.badge))
    return tuple(found)
