"""The diagram as SVG, drawn on the server. Classes only, so that both themes work; see the chart styles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from processes.engine.document import SUB_PROCESSES, Bounds, Document, Drawing, Element, Flow, Frame, Point
from processes.engine.picture import marks
from processes.engine.picture.labels import text_width, wrap
from processes.engine.picture.layout import lay_out
from processes.engine.picture.nodes import draw_node, outside_label

MARGIN = 14.0


def render_svg(
    document: Document,
    *,
    active: Collection[str] = (),
    visited: Collection[str] = (),
    language: str = "en",
    title: str = "",
) -> str:
    """The picture of a document, fitted to its content.

    active, visited: element ids where tokens stand and have been; without any the drawing shows no progress.
    title: what the picture is called for people who hear it; by default the process's name. Text is escaped.
    """
    drawing = drawing_of(document)
    picture = _Picture(document, drawing, frozenset(active), frozenset(visited), language)
    name = title or next(filter(None, (process.label(language) for process in document.processes)), "")
    x, y, width, height = picture.extent()
    box = " ".join(marks.number(value) for value in (x, y, width, height))
    inner = marks.title(name) + picture.content()
    size = {"width": marks.number(width), "height": marks.number(height)}
    return marks.tag(
        "svg", inner, xmlns="http://www.w3.org/2000/svg", class_="diagram", viewBox=box, role="img", **size
    )


def drawing_of(document: Document) -> Drawing:
    """The tool's drawing where it shows every node, otherwise an automatic layout."""
    drawn = document.drawing
    shown = [element for element in document.elements.values() if not _hidden(document, drawn, element)]
    complete = bool(shown) and all(element.id in drawn.shapes for element in shown)
    return drawn if complete else lay_out(document)


def _hidden(document: Document, drawing: Drawing, element: Element) -> bool:
    """Whether a collapsed sub-process holds it."""
    while element.scope in document.elements:
        if element.scope in drawing.collapsed:
            return True
        element = document.elements[element.scope]
    return False


@dataclass(slots=True)
class _Picture:
    document: Document
    drawing: Drawing
    active: frozenset[str]
    visited: frozenset[str]
    language: str

    def content(self) -> str:
        """Frames and sub-processes lie under the flows, nodes above them, names of flows on top."""
        shown = [element for element in self.document.elements.values() if self._is_shown(element)]
        opened = [element for element in shown if self._is_open(element)]
        opened.sort(key=lambda element: -self._area(element))
        frames = [self._frame(frame) for frame in self.document.frames]
        flows = [flow for flow in self.document.flows.values() if self._has_edge(flow)]
        parts = [*frames, *map(self._node, opened), *map(self._flow, flows)]
        parts += [self._node(element) for element in shown if element not in opened]
        return "".join([*parts, *map(self._flow_name, flows)])

    def extent(self) -> tuple[float, float, float, float]:
        """x, y, width and height of everything with a margin."""
        points = [point for box in self._boxes() for point in _corners(box)]
        points += [point for edge in self.drawing.edges.values() for point in edge]
        xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
        left, top = min(xs) - MARGIN, min(ys) - MARGIN
        return left, top, max(xs) + MARGIN - left, max(ys) + MARGIN - top

    def _boxes(self) -> list[Bounds]:
        boxes = [box for name, box in self.drawing.shapes.items() if name in self._known()]
        for element in self.document.elements.values():
            if self._is_shown(element) and not self._is_open(element):
                boxes += outside_label(element, self._box(element), self._place(element.id), self.language)[1:]
        return boxes

    def _known(self) -> set[str]:
        return {*self.document.elements, *(frame.id for frame in self.document.frames)}

    def _is_shown(self, element: Element) -> bool:
        return element.id in self.drawing.shapes and not _hidden(self.document, self.drawing, element)

    def _is_open(self, element: Element) -> bool:
        return element.tag in SUB_PROCESSES and element.id not in self.drawing.collapsed

    def _has_edge(self, flow: Flow) -> bool:
        source = self.document.elements.get(flow.source)
        return flow.id in self.drawing.edges and source is not None and self._is_shown(source)

    def _box(self, element: Element) -> Bounds:
        return self.drawing.shapes[element.id]

    def _place(self, name: str) -> Bounds | None:
        return self.drawing.labels.get(name)

    def _area(self, element: Element) -> float:
        return self._box(element).width * self._box(element).height

    def _state(self, name: str) -> str:
        if name in self.active:
            return " now"
        if name in self.visited:
            return " done"
        return " later" if self.active or self.visited else ""

    def _node(self, element: Element) -> str:
        state = self._state(element.id)
        return draw_node(
            element,
            self._box(element),
            self._place(element.id),
            state="" if state == " later" and element.tag == "endEvent" else state,
            language=self.language,
            is_open=self._is_open(element),
        )

    def _frame(self, frame: Frame) -> str:
        box = self.drawing.shapes.get(frame.id)
        if box is None:
            return ""
        x, y = box.x + 8, box.centre[1]
        lines = wrap(frame.label(self.language), max(box.height - 8, 40), 1)
        turned = marks.words(lines, x, y, transform=f"rotate(-90 {marks.number(x)} {marks.number(y)})")
        return marks.rect(box, "grid", fill="none") + turned

    def _flow(self, flow: Flow) -> str:
        went = flow.source in self.visited and (flow.target in self.visited or flow.target in self.active)
        points = self.drawing.edges[flow.id]
        source = self.document.elements[flow.source]
        slash = _slash(points) if source.default == flow.id else ""
        return marks.path(marks.arrow(points) + slash, "edge done" if went else "edge")

    def _flow_name(self, flow: Flow) -> str:
        place, name = self._place(flow.id), flow.label(self.language)
        if place is not None:
            lines = wrap(name, max(place.width, 60), 3)
            return marks.words(lines, place.centre[0], place.y)
        x, y = _beside(self.drawing.edges[flow.id], text_width(name))
        return marks.words(wrap(name, 150, 1), x, y - 17)


def _corners(box: Bounds) -> tuple[Point, Point]:
    return (box.x, box.y), (box.x + box.width, box.y + box.height)


def _beside(points: tuple[Point, ...], width: float) -> Point:
    """Where a name stands: over the last level stretch that is long enough, else over the longest one."""
    level = [(a, b) for a, b in zip(points, points[1:]) if a[1] == b[1]] or list(zip(points, points[1:]))
    fitting = [pair for pair in level if abs(pair[0][0] - pair[1][0]) >= width]
    (x0, y0), (x, y) = fitting[-1] if fitting else max(level, key=lambda pair: abs(pair[0][0] - pair[1][0]))
    return (x0 + x) / 2, (y0 + y) / 2


def _slash(points: tuple[Point, ...]) -> str:
    """The stroke across the beginning of a default flow."""
    (x0, y0), (x1, y1) = points[0], points[1]
    length = max(abs(x1 - x0) + abs(y1 - y0), 1.0)
    x, y = x0 + (x1 - x0) * 10 / length, y0 + (y1 - y0) * 10 / length
    return marks.lines_to([(x - 4, y - 4), (x + 4, y + 4)])
