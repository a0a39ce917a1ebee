"""The diagram's coordinates as the modelling tool left them (BPMN DI)."""

from __future__ import annotations

import math
from types import MappingProxyType

from lxml import etree

from processes.engine.document import Bounds, Drawing, Point

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SUB_PROCESSES = tuple(f"{MODEL}{tag}" for tag in ("subProcess", "transaction", "adHocSubProcess"))
LIMIT = 1_000_000.0


def read_drawing(root: etree._Element) -> Drawing:
    """Shapes, waypoints and label places by element id; entries without usable numbers are left out.

    A sub-process drawn closed, or on a page of its own, counts as collapsed; a page of its own is passed over.
    """
    drawing = _Pages({str(node.get("id")) for node in root.iter(*SUB_PROCESSES)})
    for plane in root.iter(f"{DI}BPMNPlane"):
        drawing.read(plane)
    return drawing.result()


class _Pages:
    def __init__(self, sub_processes: set[str]) -> None:
        self.sub_processes = sub_processes
        self.shapes: dict[str, Bounds] = {}
        self.edges: dict[str, tuple[Point, ...]] = {}
        self.labels: dict[str, Bounds] = {}
        self.collapsed: set[str] = set()

    def read(self, plane: etree._Element) -> None:
        subject = _subject(plane)
        if subject in self.sub_processes:
            self.collapsed.add(subject)
            return
        for node in plane.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge"):
            self._entry(node, _subject(node))

    def result(self) -> Drawing:
        places = (MappingProxyType(self.shapes), MappingProxyType(self.edges), MappingProxyType(self.labels))
        return Drawing(*places, frozenset(self.collapsed))

    def _entry(self, node: etree._Element, name: str) -> None:
        if (bounds := _bounds(node.find(f"{DC}Bounds"))) is not None:
            self.shapes.setdefault(name, bounds)
        if len(points := _points(node)) > 1:
            self.edges.setdefault(name, points)
        if (label := _bounds(node.find(f"{DI}BPMNLabel/{DC}Bounds"))) is not None:
            self.labels.setdefault(name, label)
        if node.get("isExpanded") == "false":
            self.collapsed.add(name)


def _subject(node: etree._Element) -> str:
    return node.get("bpmnElement", "").rpartition(":")[2]


def _bounds(node: etree._Element | None) -> Bounds | None:
    if node is None:
        return None
    numbers = [_number(node.get(key)) for key in ("x", "y", "width", "height")]
    x, y, width, height = (math.nan if number is None else number for number in numbers)
    return None if math.isnan(x + y + width + height) else Bounds(x, y, max(width, 0.0), max(height, 0.0))


def _points(node: etree._Element) -> tuple[Point, ...]:
    pairs = ((_number(point.get("x")), _number(point.get("y"))) for point in node.iterchildren(f"{DD}waypoint"))
    return tuple((x, y) for x, y in pairs if x is not None and y is not None)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if abs(number) <= LIMIT else None  # also drops NaN and infinity
