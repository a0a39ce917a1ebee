"""Automatic layout, left to right, for models without a drawing: pools one under the other, messages between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from processes.engine.document import Bounds, Document, Drawing, Frame, Point
from processes.engine.picture.channels import stack
from processes.engine.picture.placed import Placed
from processes.engine.picture.plan import Plan
from processes.engine.picture.scenery import Link, Scenery, Thing, scenery_of
from processes.engine.picture.sizes import BESIDE, thing_shape, thing_size

POOL_GAP, POOL_PAD, POOL_HEADER, BLACK_BOX, NARROW_POOL = 64.0, 24.0, 30.0, 60.0, 300.0
MESSAGE_STEP = 12.0


def lay_out(document: Document, scenery: Scenery | None = None) -> Drawing:
    """Shapes, edges and places of names of everything in a document."""
    return _Sheet(document, scenery if scenery is not None else scenery_of(document)).drawing()


@dataclass(slots=True)
class _Sheet:
    document: Document
    scenery: Scenery
    shapes: dict[str, Bounds] = field(default_factory=dict)
    edges: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    labels: dict[str, Bounds] = field(default_factory=dict)
    pool_of: dict[str, str] = field(default_factory=dict)

    def drawing(self) -> Drawing:
        """The whole sheet."""
        plan = Plan(self.document, self.scenery)
        placed = {process.id: Placed(plan, self.document.scopes[process.id]) for process in self.document.processes}
        frames = self._frames()
        left = POOL_HEADER if frames else 0.0
        wide = max([NARROW_POOL, *(one.width for one in placed.values())]) + 2 * POOL_PAD
        top = 0.0
        for process, frame in self._rows(frames):
            held = placed.get(process)
            height = BLACK_BOX if held is None else held.height + (2 * POOL_PAD if frame else 0.0)
            if frame is not None:
                self.shapes[frame.id] = Bounds(0.0, top, left + wide, max(height, BLACK_BOX))
            if held is not None:
                self._keep(held, left + (POOL_PAD if frame else 0.0), top + (POOL_PAD if frame else 0.0))
                self._snug_lanes(plan, process, frame)
            top += max(height, BLACK_BOX if frame else 0.0) + POOL_GAP
        self._keep_loose(plan, top)
        self._keep_groups()
        self._keep_messages()
        return Drawing(self.shapes, self.edges, self.labels)

    def _frames(self) -> dict[str, Frame]:
        """The pool of each process; black boxes by their own id."""
        pools = [frame for frame in self.document.frames if frame.tag == "participant"]
        if not self.scenery.pools and len(pools) == len(self.document.processes) == 1:
            return {self.document.processes[0].id: pools[0]}
        found: dict[str, Frame] = {}
        for frame in pools:
            process = self.scenery.pools.get(frame.id, "")
            found[process if process in self.document.scopes and process not in found else f"box {frame.id}"] = frame
        return found

    def _rows(self, frames: dict[str, Frame]) -> list[tuple[str, Frame | None]]:
        """Pools in their own order, then processes that have none."""
        bare = [process.id for process in self.document.processes if process.id not in frames]
        return [*frames.items(), *((process, None) for process in bare)]

    def _keep(self, placed: Placed, x: float, y: float) -> None:
        kept: dict[str, dict] = {"shape": self.shapes, "edge": self.edges, "label": self.labels}
        for kind, name, place in placed.moved(x, y):
            kept[kind][name] = place

    def _snug_lanes(self, plan: Plan, process: str, frame: Frame | None) -> None:
        """Lanes of a pool fill it to its edges."""
        lanes = plan.lanes.get(process, ())
        if frame is None or not lanes:
            return
        pool = self.shapes[frame.id]
        names = {name for lane in lanes for name in plan.parents(lane.id)}
        boxes = {name: self.shapes[name] for name in names}
        left, top = min(box.x for box in boxes.values()), min(box.y for box in boxes.values())
        bottom = max(box.y + box.height for box in boxes.values())
        for name, box in boxes.items():
            x = pool.x + POOL_HEADER + (box.x - left)
            y = pool.y if box.y == top and not self._above(process, top) else box.y
            low = pool.y + pool.height if box.y + box.height == bottom else box.y + box.height
            self.shapes[name] = Bounds(x, y, pool.x + pool.width - x, low - y)

    def _above(self, process: str, top: float) -> bool:
        """Whether nodes of the process stand over its first lane, being in none."""
        elements = self.document.scopes[process].elements
        return any(self.shapes[element.id].y < top for element in elements)

    def _keep_loose(self, plan: Plan, top: float) -> None:
        """Notes and data of no process stand under everything."""
        left = 0.0
        known = set(self.document.scopes)
        for scope, things in plan.loose.items():
            for thing in things if scope not in known else ():
                room, _ = thing_size(thing)
                self.shapes[thing.id] = Bounds(left, top, *thing_shape(thing))
                left += room + BESIDE

    def _keep_groups(self) -> None:
        for thing in self.scenery.things.values():
            if thing.tag == "group" and (boxes := self._boxes(thing)):
                x, y = min(box.x for box in boxes) - 12, min(box.y for box in boxes) - 12
                right = max(box.x + box.width for box in boxes) + 12
                bottom = max(box.y + box.height for box in boxes) + 12
                self.shapes[thing.id] = Bounds(x, y, right - x, bottom - y)

    def _boxes(self, thing: Thing) -> list[Bounds]:
        return [self.shapes[name] for name in thing.members if name in self.shapes]

    def _keep_messages(self) -> None:
        """Message flows leave their pool upright, change their place between the pools, and come in upright."""
        pools = [frame.id for frame in self.document.frames if frame.tag == "participant" and frame.id in self.shapes]
        flows = [link for link in self.scenery.links.values() if link.tag == "messageFlow"]
        ends = {link.id: self._message_ends(link, pools) for link in flows}
        whole = {name: pair for name, pair in ends.items() if pair is not None}
        between: dict[float, list[tuple[str, int, int]]] = {}
        for name, (start, end, gap) in whole.items():
            left, right = sorted((int(start[0]), int(end[0])))
            between.setdefault(gap, []).append((name, left, right))
        for gap, stretches in between.items():
            for name, track in stack(stretches).items():
                start, end, _ = whole[name]
                level = gap + POOL_GAP / 4 + (track * MESSAGE_STEP) % (POOL_GAP / 2)
                self.edges[name] = self._message_way(start, end, level)

    def _message_ends(self, link: Link, pools: list[str]) -> tuple[Point, Point, float] | None:
        """Where a message flow begins and ends, and the upper edge of the gap that it crosses."""
        if link.source not in self.shapes or link.target not in self.shapes:
            return None
        source, target = self.shapes[link.source], self.shapes[link.target]
        downward = source.centre[1] <= target.centre[1]
        upper = self._pool_around(source if downward else target, pools)
        x = target.centre[0] if link.source in pools else source.centre[0]
        x_end = x if link.target in pools else target.centre[0]
        start = (x, source.y + source.height if downward else source.y)
        end = (x_end, target.y if downward else target.y + target.height)
        return start, end, upper.y + upper.height

    def _pool_around(self, box: Bounds, pools: list[str]) -> Bounds:
        around = (self.shapes[pool] for pool in pools)
        return next((pool for pool in around if pool.y <= box.centre[1] <= pool.y + pool.height), box)

    def _message_way(self, start: Point, end: Point, level: float) -> tuple[Point, ...]:
        if start[0] == end[0]:
            return start, end
        return start, (start[0], level), (end[0], level), end
