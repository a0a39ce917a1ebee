"""The diagram as SVG, drawn on the server. Classes only, so that both themes work; see the diagram's styles."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from processes.engine.document import SUB_PROCESSES, Bounds, Document, Drawing, Element, Flow, Frame, Point
from processes.engine.picture import marks as pieces
from processes.engine.picture.labels import text_width, wrap
from processes.engine.picture.layout import lay_out
from processes.engine.picture.lines import between, draw_flow, draw_link, middle, outside, shared_stretches
from processes.engine.picture.marking import Mark, Marks
from processes.engine.picture.nodes import Look, draw_badge, draw_node, outside_label
from processes.engine.picture.scenery import Link, Scenery, Thing, scenery_of
from processes.engine.picture.things import draw_frame, draw_thing, name_box

MARGIN = 14.0
UNMARKED = Mark()
NOWHERE = Bounds(0.0, 0.0, 0.0, 0.0)


def render_svg(
    document: Document,
    *,
    active: Collection[str] = (),
    visited: Collection[str] = (),
    called_off: Collection[str] = (),
    marks: Marks | None = None,
    language: str = "en",
    title: str = "",
) -> str:
    """The picture of a document, fitted to its content.

    active, visited, called_off: element ids where tokens stand, have been, and were only ever taken away; without
    any the drawing shows no progress.
    marks: by id of a node, flow, pool or thing, what else is to be seen on it.
    title: what the picture is called for people who hear it; by default the process's name. Text is escaped.
    """
    picture = _Picture(
        document,
        drawing_of(document),
        scenery_of(document),
        frozenset(active),
        frozenset(visited),
        frozenset(called_off),
        marks or {},
        language,
    )
    name = title or next(filter(None, (process.label(language) for process in document.processes)), "")
    x, y, width, height = picture.extent()
    box = " ".join(pieces.number(value) for value in (x, y, width, height))
    inner = pieces.title(name) + picture.content()
    size = {"width": pieces.number(width), "height": pieces.number(height)}
    return pieces.tag(
        "svg", inner, xmlns="http://www.w3.org/2000/svg", class_="diagram", viewBox=box, role="img", **size
    )


def drawing_of(document: Document) -> Drawing:
    """The tool's drawing where it shows every node, otherwise an automatic layout.

    A sub-process is closed where the tool says so, where it holds nothing, and where nothing in it has a place.
    """
    drawn = document.drawing
    closed = {name for name in document.scopes if name in drawn.shapes and not _has_content(document, drawn, name)}
    drawn = replace(drawn, collapsed=drawn.collapsed | closed)
    shown = [element for element in document.elements.values() if not _hidden(document, drawn, element.scope)]
    complete = bool(shown) and all(element.id in drawn.shapes for element in shown)
    return drawn if complete else lay_out(document)


def _has_content(document: Document, drawing: Drawing, scope: str) -> bool:
    return any(element.id in drawing.shapes for element in document.scopes[scope].elements)


def _hidden(document: Document, drawing: Drawing, scope: str) -> bool:
    """Whether a scope lies in a collapsed sub-process."""
    while scope in document.elements:
        if scope in drawing.collapsed:
            return True
        scope = document.elements[scope].scope
    return False


@dataclass(slots=True)
class _Picture:
    document: Document
    drawing: Drawing
    scenery: Scenery
    active: frozenset[str]
    visited: frozenset[str]
    called_off: frozenset[str]
    marks: Marks
    language: str

    def content(self) -> str:
        """Frames and sub-processes lie under the lines, nodes above them, names of lines on top."""
        shown = [element for element in self.document.elements.values() if self._is_shown(element)]
        opened = [element for element in shown if self._is_open(element)]
        opened.sort(key=lambda element: -self._area(element))
        inside = {element.id for element in opened}
        flows = [(flow, points) for flow in self.document.flows.values() if (points := self._points(flow))]
        links = [(link, points) for link in self.scenery.links.values() if (points := self._link_points(link))]
        parts = [*map(self._frame, self.document.frames), *map(self._node, opened), *map(self._thing, self._things())]
        parts += [self._flow(flow, points) for flow, points in flows]
        parts += [self._node(element) for element in shown if element.id not in inside]
        parts += [draw_link(link, points, self._flags(link.id), self._css(link.id)) for link, points in links]
        parts += [self._line_name(flow, points) for flow, points in flows]
        return "".join([*parts, *(self._line_name(link, points) for link, points in links)])

    def extent(self) -> tuple[float, float, float, float]:
        """x, y, width and height of everything with a margin."""
        points = [point for box in self._boxes() for point in _corners(box)]
        points += [point for edge in self.drawing.edges.values() for point in edge]
        xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
        left, top = min(xs) - MARGIN, min(ys) - MARGIN
        return left, top, max(xs) + MARGIN - left, max(ys) + MARGIN - top

    def _boxes(self) -> Iterator[Bounds]:
        known = {*self.document.elements, *(frame.id for frame in self.document.frames)}
        yield from (box for name, box in self.drawing.shapes.items() if name in known)
        for element in self.document.elements.values():
            if self._is_shown(element) and not self._is_open(element):
                yield from outside_label(element, self._box(element.id), self._place(element.id), self.language)[1:]
        for thing in self._things():
            yield self._box(thing.id)
            yield name_box(thing, self._box(thing.id), self._place(thing.id), self.language)

    def _things(self) -> Iterator[Thing]:
        for thing in self.scenery.things.values():
            if thing.id in self.drawing.shapes and not _hidden(self.document, self.drawing, thing.scope):
                yield thing

    def _is_shown(self, element: Element) -> bool:
        return element.id in self.drawing.shapes and not _hidden(self.document, self.drawing, element.scope)

    def _is_open(self, element: Element) -> bool:
        return element.tag in SUB_PROCESSES and element.id not in self.drawing.collapsed

    def _points(self, flow: Flow) -> tuple[Point, ...]:
        """The tool's way points, a straight line where it left them out, nothing where its beginning is not shown."""
        ends = [self.document.elements[end] for end in (flow.source, flow.target) if end in self.document.elements]
        if flow.source not in self.document.elements or not all(map(self._is_shown, ends)):
            return ()
        boxes = [self._box(end.id) for end in ends]
        if flow.id not in self.drawing.edges:
            return between(*boxes) if len(boxes) == 2 else ()
        points = self.drawing.edges[flow.id]
        return outside(points, *boxes) if len(boxes) == 2 else points

    def _link_points(self, link: Link) -> tuple[Point, ...]:
        if link.id in self.drawing.edges:
            return self.drawing.edges[link.id]
        boxes = [box for end in (link.source, link.target) if (box := self._end(end)) is not None]
        return between(*boxes) if len(boxes) == 2 else ()

    def _end(self, name: str) -> Bounds | None:
        """What a link ends at: a shape, or the middle of a flow."""
        element = self.document.elements.get(name)
        if element is not None and not self._is_shown(element):
            return None
        if name in self.drawing.edges:
            return Bounds(*middle(self.drawing.edges[name]), 0.0, 0.0)
        return self.drawing.shapes.get(name)

    def _box(self, name: str) -> Bounds:
        return self.drawing.shapes[name]

    def _place(self, name: str) -> Bounds | None:
        """Where the tool put a name; some write a rectangle of no size at the corner for "nowhere"."""
        place = self.drawing.labels.get(name)
        return None if place == NOWHERE else place

    def _area(self, element: Element) -> float:
        return self._box(element.id).width * self._box(element.id).height

    def _flags(self, name: str) -> frozenset[str]:
        return self.scenery.flags.get(name, frozenset())

    def _state(self, name: str) -> str:
        if name in self.active:
            return " now"
        if name in self.visited:
            return " done"
        if name in self.called_off:
            return " off"
        return " later" if self.active or self.visited else ""

    def _css(self, name: str) -> str:
        mark = self.marks.get(name, UNMARKED)
        return f" {mark.classes}" if mark.classes else ""

    def _badge(self, name: str) -> str:
        return self.marks.get(name, UNMARKED).badge

    def _node(self, element: Element) -> str:
        state = self._state(element.id)
        look = Look(
            language=self.language,
            css=("" if state == " later" and element.tag == "endEvent" else state) + self._css(element.id),
            is_open=self._is_open(element),
            is_done=state == " done",
            is_called_off=state == " off",
            flags=self._flags(element.id),
            bands=self.scenery.bands.get(element.id, ()),
            badge=self._badge(element.id),
        )
        return draw_node(element, self._box(element.id), self._place(element.id), look)

    def _thing(self, thing: Thing) -> str:
        box, place = self._box(thing.id), self._place(thing.id)
        drawn = draw_thing(thing, box, place, self.language, self._flags(thing.id), self._css(thing.id))
        return drawn + draw_badge(box, self._badge(thing.id))

    def _frame(self, frame: Frame) -> str:
        box = self.drawing.shapes.get(frame.id)
        if box is None:
            return ""
        badge = draw_badge(box, self._badge(frame.id))
        return draw_frame(frame, box, self.scenery, self.language, self._css(frame.id), badge)

    def _flow(self, flow: Flow, points: tuple[Point, ...]) -> str:
        reached = self.active | self.visited | self.called_off
        went = flow.source in self.visited and flow.target in reached
        css = (" done" if went else "") + self._css(flow.id)
        source = self.document.elements[flow.source]
        if source.default != flow.id:
            return draw_flow(flow, points, source, css)
        edges = self.drawing.edges
        others = [edges[other.id] for other in self._siblings(flow) if other.id in edges]
        return draw_flow(flow, points, source, css, shared_stretches(points, others))

    def _siblings(self, flow: Flow) -> Iterator[Flow]:
        scope = self.document.scopes.get(flow.scope)
        flows = scope.flows if scope else ()
        return (other for other in flows if other.source == flow.source and other.id != flow.id)

    def _line_name(self, line: Flow | Link, points: tuple[Point, ...]) -> str:
        place, name = self._place(line.id), line.label(self.language)
        if place is not None:
            lines = wrap(name, max(place.width, 60), 3)
            return pieces.words(lines, place.centre[0], place.y)
        if all(x0 == x1 for (x0, _), (x1, _) in zip(points, points[1:])):
            x, y = middle(points)
            return pieces.words(wrap(name, 150, 1), x + 6, y - 7, "start")
        x, y = _beside(points, text_width(name))
        return pieces.words(wrap(name, 150, 1), x, y - 17)


def _corners(box: Bounds) -> tuple[Point, Point]:
    return (box.x, box.y), (box.x + box.width, box.y + box.height)


def _beside(points: tuple[Point, ...], width: float) -> Point:
    """Where a name stands: over the last level stretch that is long enough, else over the longest one."""
    level = [(a, b) for a, b in zip(points, points[1:]) if a[1] == b[1]] or list(zip(points, points[1:]))
    fitting = [pair for pair in level if abs(pair[0][0] - pair[1][0]) >= width]
    (x0, y0), (x, y) = fitting[-1] if fitting else max(level, key=lambda pair: abs(pair[0][0] - pair[1][0]))
    return (x0 + x) / 2, (y0 + y) / 2
