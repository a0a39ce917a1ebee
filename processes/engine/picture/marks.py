"""Pieces of SVG text: classes only, no colours, numbers rounded to a tenth."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from processes.engine.document import Bounds, Point

LINE = 14.0


def number(value: float) -> str:
    """A coordinate: at most one decimal."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tag(name: str, inner: str = "", **attributes: str | float) -> str:
    """An element; an underscore at the end of an attribute is dropped, others become hyphens."""
    given = "".join(f" {_spelt(key)}={_quoted(value)}" for key, value in attributes.items())
    return f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>"


def title(text: str) -> str:
    """A <title> element."""
    return f"<title>{escape(text)}</title>"


def rect(box: Bounds, css: str, **attributes: str | float) -> str:
    """A rectangle."""
    return tag("rect", "", class_=css, x=box.x, y=box.y, width=box.width, height=box.height, **attributes)


def circle(centre: Point, radius: float, css: str, **attributes: str | float) -> str:
    """A circle."""
    return tag("circle", "", class_=css, cx=centre[0], cy=centre[1], r=radius, **attributes)


def path(d: str, css: str, **attributes: str | float) -> str:
    """A path."""
    return tag("path", "", class_=css, d=d, **attributes)


def lines_to(points: Iterable[Point]) -> str:
    """Path data of a line through points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def arrow(points: Sequence[Point]) -> str:
    """Path data of a line through points with an open arrow head at its end."""
    (x0, y0), (x, y) = points[-2], points[-1]
    length = math.hypot(x - x0, y - y0) or 1.0
    ux, uy = (x - x0) / length, (y - y0) / length
    left = (x - 7 * ux - 3.5 * uy, y - 7 * uy + 3.5 * ux)
    right = (x - 7 * ux + 3.5 * uy, y - 7 * uy - 3.5 * ux)
    return lines_to(points) + lines_to([left, (x, y), right])


def words(lines: Sequence[str], x: float, top: float, anchor: str = "middle", **attributes: str | float) -> str:
    """Lines of a label, the first with its top at `top`."""
    return "".join(
        tag("text", escape(line), class_="lbl", x=x, y=top + 11 + i * LINE, text_anchor=anchor, **attributes)
        for i, line in enumerate(lines)
    )


def _spelt(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _quoted(value: str | float) -> str:
    return quoteattr(value if isinstance(value, str) else number(value))
