"""The diagram's coordinates as the modelling tool left them (BPMN DI)."""

from __future__ import annotations

import math
from types import MappingProxyType

from lxml import etree

from processes.engine.document import Bounds, Drawing, Point

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
LIMIT = 1_000_000.0


def read_drawing(root: etree._Element) -> Drawing:
    """Shapes, waypoints and label places by element id; entries without usable numbers are left out."""
    shapes, edges, labels, collapsed = {}, {}, {}, set()
    for node in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge"):
        name = node.get("bpmnElement", "").rpartition(":")[2]
        if (bounds := _bounds(node.find(f"{DC}Bounds"))) is not None:
            shapes[name] = bounds
        if len(points := _points(node)) > 1:
            edges[name] = points
        if (label := _bounds(node.find(f"{DI}BPMNLabel/{DC}Bounds"))) is not None:
            labels[name] = label
        if node.get("isExpanded") == "false":
            collapsed.add(name)
    return Drawing(MappingProxyType(shapes), MappingProxyType(edges), MappingProxyType(labels), frozenset(collapsed))


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
