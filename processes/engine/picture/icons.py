"""The small signs of the notation, as path data around 0, 0 and about one unit wide to each side.

A sign is a row of strokes: (class, path data). `mark` is an outline, `mark full` is filled, `mark paper` has the
paper's colour, upon a filled sign.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from processes.engine.picture.marks import number

Strokes = tuple[tuple[str, str], ...]
Points = Iterable[tuple[float, float]]
LINE, FULL, PAPER = "mark", "mark full", "mark paper"


def draw(strokes: Strokes, x: float, y: float, size: float) -> str:
    """A sign with its middle at x, y, reaching `size` to each side."""
    return "".join(f'<path class="{css}" d="{_scaled(d, x, y, size)}"/>' for css, d in strokes)


def _scaled(d: str, x: float, y: float, size: float) -> str:
    """Path data of absolute M, L, C and A commands, moved and enlarged; only the ends of arcs are places."""
    out = []
    for command, numbers in _commands(d):
        if command == "A":
            radius = number(numbers[0] * size)
            flags = f"{numbers[3]:.0f} {numbers[4]:.0f}"
            place = f"{number(x + numbers[5] * size)} {number(y + numbers[6] * size)}"
            out.append(f"A{radius} {radius} 0 {flags} {place}")
        else:
            pairs = zip(numbers[::2], numbers[1::2])
            out.append(command + " ".join(f"{number(x + a * size)} {number(y + b * size)}" for a, b in pairs))
    return "".join(out)


def _commands(d: str) -> Iterable[tuple[str, list[float]]]:
    for part in d.replace("M", "|M").replace("L", "|L").replace("C", "|C").replace("A", "|A").split("|")[1:]:
        closed = part.endswith("Z")
        yield part[0], [float(one) for one in part[1:].rstrip("Z").replace(",", " ").split()]
        if closed:
            yield "Z", []


def _line(points: Points, *, closed: bool = False) -> str:
    text = "M" + "L".join(f"{a:.3f},{b:.3f}" for a, b in points)
    return text + ("Z" if closed else "")


def _ring(radius: float, x: float = 0, y: float = 0) -> str:
    r = radius
    return f"M{x - r},{y}A{r} {r} 0 1 1 {x + r},{y}A{r} {r} 0 1 1 {x - r},{y}Z"


def _polygon(corners: int, radius: float) -> str:
    turns = (2 * math.pi * corner / corners for corner in range(corners))
    return _line([(radius * math.sin(turn), -radius * math.cos(turn)) for turn in turns], closed=True)


ENVELOPE = _line([(-1, -0.65), (1, -0.65), (1, 0.65), (-1, 0.65)], closed=True)
FLAP = _line([(-1, -0.65), (0, 0.1), (1, -0.65)])
BOLT = _line([(-0.8, 0.75), (-0.3, -0.55), (0.2, 0.15), (0.8, -0.8), (0.3, 0.65), (-0.25, -0.05)], closed=True)
HOOK = _line([(0, -0.9), (0.75, 0.8), (0, 0.1), (-0.75, 0.8)], closed=True)
REWIND = _line([(-0.9, 0), (-0.05, -0.6), (-0.05, 0.6)], closed=True) + _line(
    [(-0.05, 0), (0.8, -0.6), (0.8, 0.6)], closed=True
)
CROSS = _line(
    [(-0.8, -0.5), (-0.5, -0.8), (0, -0.3), (0.5, -0.8), (0.8, -0.5), (0.3, 0)]
    + [(0.8, 0.5), (0.5, 0.8), (0, 0.3), (-0.5, 0.8), (-0.8, 0.5), (-0.3, 0)],
    closed=True,
)
PLUS = _line(
    [(-0.25, -0.9), (0.25, -0.9), (0.25, -0.25), (0.9, -0.25), (0.9, 0.25), (0.25, 0.25)]
    + [(0.25, 0.9), (-0.25, 0.9), (-0.25, 0.25), (-0.9, 0.25), (-0.9, -0.25), (-0.25, -0.25)],
    closed=True,
)
ARROW = _line(
    [(-0.85, -0.35), (0.1, -0.35), (0.1, -0.75), (0.9, 0), (0.1, 0.75), (0.1, 0.35), (-0.85, 0.35)], closed=True
)
SHEET = _line([(-0.7, -0.85), (0.7, -0.85), (0.7, 0.85), (-0.7, 0.85)], closed=True)
SHEET_LINES = "".join(_line([(-0.45, level), (0.45, level)]) for level in (-0.5, -0.17, 0.17, 0.5))
CLOCK_TICKS = "".join(
    _line([(0.78 * math.sin(turn), -0.78 * math.cos(turn)), (0.95 * math.sin(turn), -0.95 * math.cos(turn))])
    for turn in (math.pi * hour / 6 for hour in range(12))
)
TRIANGLE = _line([(0, -0.85), (0.85, 0.65), (-0.85, 0.65)], closed=True)

CATCHING: dict[str, Strokes] = {
    "message": ((LINE, ENVELOPE), (LINE, FLAP)),
    "timer": ((LINE, _ring(0.95)), (LINE, CLOCK_TICKS), (LINE, _line([(0.1, -0.65), (0, 0), (0.5, 0)]))),
    "signal": ((LINE, TRIANGLE),),
    "conditional": ((LINE, SHEET), (LINE, SHEET_LINES)),
    "link": ((LINE, ARROW),),
    "escalation": ((LINE, HOOK),),
    "error": ((LINE, BOLT),),
    "cancel": ((LINE, CROSS),),
    "compensate": ((LINE, REWIND),),
    "multiple": ((LINE, _polygon(5, 0.95)),),
    "parallel": ((LINE, PLUS),),
}
THROWING: dict[str, Strokes] = {
    "message": ((FULL, ENVELOPE), (PAPER, FLAP)),
    "signal": ((FULL, TRIANGLE),),
    "link": ((FULL, ARROW),),
    "escalation": ((FULL, HOOK),),
    "error": ((FULL, BOLT),),
    "cancel": ((FULL, CROSS),),
    "compensate": ((FULL, REWIND),),
    "terminate": ((FULL, _ring(0.95)),),
    "multiple": ((FULL, _polygon(5, 0.95)),),
}

_TEETH = _line(
    [
        (
            (0.95 if tooth % 4 in (0, 1) else 0.68) * math.cos(turn),
            (0.95 if tooth % 4 in (0, 1) else 0.68) * math.sin(turn),
        )
        for tooth, turn in ((tooth, 2 * math.pi * tooth / 32) for tooth in range(32))
    ],
    closed=True,
)
TASKS: dict[str, Strokes] = {
    "userTask": (
        (LINE, _ring(0.42, 0, -0.5)),
        (LINE, "M-0.9,0.9C-0.9,0.1 -0.5,-0.05 0,-0.05C0.5,-0.05 0.9,0.1 0.9,0.9Z"),
    ),
    "manualTask": (
        (
            LINE,
            "M-0.95,0.1C-0.6,-0.5 -0.3,-0.75 0.05,-0.7C0.3,-0.65 0.25,-0.4 0,-0.4L-0.25,-0.35L0.85,-0.35"
            "C1,-0.3 1,-0.05 0.85,0L0.95,0C1,0.1 1,0.25 0.85,0.3L0.8,0.3C0.85,0.45 0.8,0.55 0.65,0.6L0.55,0.6"
            "C0.6,0.75 0.5,0.85 0.35,0.85L-0.4,0.85C-0.7,0.85 -0.8,0.75 -0.95,0.6Z",
        ),
        (LINE, "M0.2,0L0.85,0M0.2,0.3L0.8,0.3M0.2,0.6L0.6,0.6"),
    ),
    "serviceTask": ((LINE, _TEETH), (LINE, _ring(0.3))),
    "sendTask": ((FULL, ENVELOPE), (PAPER, FLAP)),
    "receiveTask": ((LINE, ENVELOPE), (LINE, FLAP)),
    "scriptTask": (
        (LINE, "M0.75,-0.9L-0.25,-0.9C-1.05,-0.3 0.35,0.3 -0.75,0.9L0.3,0.9C1.15,0.3 -0.2,-0.3 0.75,-0.9Z"),
        (LINE, "M-0.3,-0.5L0.3,-0.5M-0.15,-0.15L0.35,-0.15M-0.05,0.2L0.4,0.2M-0.3,0.55L0.3,0.55"),
    ),
    "businessRuleTask": (
        (LINE, "M-0.95,-0.7L0.95,-0.7L0.95,0.75L-0.95,0.75Z"),
        (FULL, "M-0.95,-0.7L0.95,-0.7L0.95,-0.25L-0.95,-0.25Z"),
        (LINE, "M-0.95,0.25L0.95,0.25M-0.4,-0.25L-0.4,0.75"),
    ),
}

MARKERS: dict[str, Strokes] = {
    "loop": ((LINE, "M-0.35,0.8A0.85 0.85 0 1 1 0.3,0.8"), (LINE, "M-0.85,0.85L-0.35,0.85L-0.35,0.3")),
    "parallel": ((LINE, "M-0.6,-0.85L-0.6,0.85M0,-0.85L0,0.85M0.6,-0.85L0.6,0.85"),),
    "sequential": ((LINE, "M-0.85,-0.6L0.85,-0.6M-0.85,0L0.85,0M-0.85,0.6L0.85,0.6"),),
    "compensation": ((LINE, REWIND),),
    "ad_hoc": (
        (FULL, "M-0.9,0.35C-0.6,-0.5 -0.3,-0.45 0,-0.1C0.3,0.2 0.6,0.15 0.9,-0.4L0.9,0C0.6,0.6 0.3,0.6 0,0.25"
               "C-0.3,-0.1 -0.6,-0.1 -0.9,0.7Z"),
    ),
    "collapsed": ((LINE, "M-0.85,-0.85L0.85,-0.85L0.85,0.85L-0.85,0.85Z"), (LINE, "M-0.5,0L0.5,0M0,-0.5L0,0.5")),
}  # fmt: skip
GATEWAYS: dict[str, Strokes] = {
    "parallelGateway": (("mark bold", "M-0.9,0L0.9,0M0,-0.9L0,0.9"),),
    "exclusiveGateway": (("mark bold", "M-0.6,-0.7L0.6,0.7M-0.6,0.7L0.6,-0.7"),),
    "inclusiveGateway": (("mark bold", _ring(0.85)),),
    "complexGateway": (("mark bold", "M-0.9,0L0.9,0M0,-0.9L0,0.9M-0.64,-0.64L0.64,0.64M-0.64,0.64L0.64,-0.64"),),
}
EVENT_GATEWAY = {
    "": ((LINE, _ring(1)), (LINE, _ring(0.82)), (LINE, _polygon(5, 0.5))),
    "instantiating": ((LINE, _ring(1)), (LINE, _polygon(5, 0.6))),
    "parallel": ((LINE, _ring(1)), (LINE, PLUS.replace("0.9", "0.55").replace("0.25", "0.15"))),
}
IN_A_RING: Strokes = ((LINE, _ring(1)),)
