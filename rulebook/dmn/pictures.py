"""The requirement graph of a model as SVG, and the same in words: what is asked stands below what asks for it. Pure.

Classes only, no styles, so that the page's own style sheet draws it in both themes. Source of the shapes: DMN 1.5,
clause 6.2 (a box decides, a rounded one is given, one with cut corners is knowledge; broken lines lead from knowledge).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from rulebook.dmn.elements import Element
from rulebook.exchange.dmn_names import OWN

WIDTH, HEIGHT, BESIDE, ABOVE, MARGIN = 172, 56, 28, 56, 14
LINE, IN_A_LINE, MOST_LINES = 15, 24, 3
MOST_SWEEPS = 4
KNOWLEDGE = ("requiredKnowledge",)
OUR_NAME = f"{{{OWN}}}name"
WIDE = "\u2e80"  # from here on signs take about twice the room


@dataclass(frozen=True, slots=True)
class Box:
    """An element where it stands. asks: what it requires, each with whether it is knowledge."""

    element: Element
    x: float
    y: float
    asks: tuple[tuple[Element, bool], ...]


def label_of(element: Element, language: str) -> str:
    """What people call an element: its name, or what the file says beside it for their language."""
    for node in element.node.iter(OUR_NAME):
        if language in node.attrib:
            return str(node.get(language))
    return element.name


def asked_by(element: Element) -> list[tuple[Element, bool]]:
    """What an element requires, each once, with whether it is knowledge."""
    found: dict[Element, bool] = {}
    for tag, references in element.asks.items():
        for asked, _node in references:
            if asked is not element:
                found.setdefault(asked, tag in KNOWLEDGE)
    return list(found.items())


def draw(elements: Sequence[Element], title: str, language: str = "en") -> str:
    """The picture, fitted to its content; every text is escaped. title: what it is called for who hears it."""
    boxes = _placed(elements)
    by_element = {box.element: box for box in boxes}
    width = max((box.x + WIDTH for box in boxes), default=0) + MARGIN
    height = max((box.y + HEIGHT for box in boxes), default=0) + MARGIN
    lines = [_line(by_element[asked], box, is_knowledge) for box in boxes for asked, is_knowledge in box.asks]
    drawn = [_box(box, label_of(box.element, language)) for box in boxes]
    inner = f"<title>{escape(title)}</title>{''.join(lines)}{''.join(drawn)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img">{inner}</svg>'
    )


def _placed(elements: Sequence[Element]) -> list[Box]:
    rows = _ordered(_rows(elements))
    widest = max(map(len, rows), default=0)
    boxes = []
    for level, row in enumerate(rows):
        y = MARGIN + (len(rows) - 1 - level) * (HEIGHT + ABOVE)
        left = MARGIN + (widest - len(row)) * (WIDTH + BESIDE) / 2
        for place, element in enumerate(row):
            boxes.append(Box(element, left + place * (WIDTH + BESIDE), y, tuple(asked_by(element))))
    return boxes


def _rows(elements: Sequence[Element]) -> list[list[Element]]:
    """By how far above what is given an element stands; one that is required by a single level stands just below it."""
    level: dict[Element, int] = {}
    for _round in elements:  # at most as many levels as elements: a circle ends there
        moved = False
        for element in elements:
            wanted = 1 + max((level.get(asked, 0) for asked, _knowledge in asked_by(element)), default=-1)
            if wanted != level.get(element):
                level[element], moved = min(wanted, len(elements)), True
        if not moved:
            break
    rows: list[list[Element]] = [[] for _level in range(max(level.values(), default=-1) + 1)]
    for element in elements:
        rows[level[element]].append(element)
    return [row for row in rows if row]


def _ordered(rows: list[list[Element]]) -> list[list[Element]]:
    """Each row in the order of the middles of what its elements stand over, so that fewer lines cross."""
    for _sweep in range(MOST_SWEEPS):
        place = {element: at for row in rows for at, element in enumerate(row)}
        rows = [sorted(row, key=lambda element: _middle(element, place)) for row in rows]
    return rows


def _middle(element: Element, place: Mapping[Element, int]) -> float:
    asked = [place[one] for one, _knowledge in asked_by(element) if one in place]
    return sum(asked) / len(asked) if asked else float(place[element])


def _line(below: Box, above: Box, is_knowledge: bool) -> str:
    start, end = below.x + WIDTH / 2, above.x + WIDTH / 2
    bottom, top = below.y, above.y + HEIGHT
    bend = (bottom + top) / 2
    style = "edge dashed" if is_knowledge else "edge"
    path = f"M{start:g} {bottom:g}C{start:g} {bend:g} {end:g} {bend:g} {end:g} {top + 8:g}"
    head = f"M{end - 5:g} {top + 9:g}L{end:g} {top:g}L{end + 5:g} {top + 9:g}"
    arrow = f'<path class="edge" d="{head}"/>' if is_knowledge else f'<path class="arrow" d="{head}Z"/>'
    return f'<path class="{style}" d="{path}"/>{arrow}'


def _box(box: Box, label: str) -> str:
    x, y = box.x, box.y
    match box.element.kind:
        case "inputData":
            shape = f'<rect class="node" x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="{HEIGHT / 2:g}"/>'
        case "businessKnowledgeModel":
            cut = 14
            corners = [
                (x + cut, y), (x + WIDTH, y), (x + WIDTH, y + HEIGHT - cut), (x + WIDTH - cut, y + HEIGHT),
                (x, y + HEIGHT), (x, y + cut),
            ]  # fmt: skip
            shape = f'<polygon class="node" points="{" ".join(f"{left:g},{top:g}" for left, top in corners)}"/>'
        case kind:
            round_by = 12 if kind == "decisionService" else 0
            shape = f'<rect class="node" x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="{round_by}"/>'
    return f"<g><title>{escape(label)}</title>{shape}{_label(box, label)}</g>"


def _label(box: Box, label: str) -> str:
    longest = IN_A_LINE if max(label, default="") < WIDE else IN_A_LINE // 2
    lines = wrap(label, longest) or [""]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1][: longest - 1]}…"]
    middle, first = box.x + WIDTH / 2, box.y + HEIGHT / 2 - (len(lines) - 1) * LINE / 2 + 4
    spans = "".join(
        f'<tspan x="{middle:g}" y="{first + at * LINE:g}">{escape(line)}</tspan>' for at, line in enumerate(lines)
    )
    return f'<text text-anchor="middle">{spans}</text>'
