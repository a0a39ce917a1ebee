"""How high each node of the automatic layout stands: level with its neighbours, as far as its row leaves room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from processes.engine.picture.layers import Layers

ROUNDS = 6
NEARLY = 16.0

Neighbours = Mapping[str, Sequence[str]]
Apart = Callable[[str, str], float]


def settle(layers: Layers, apart: Apart) -> dict[str, float]:
    """The middle of every node of the rows. apart: the least distance of two neighbours of a row, the upper first."""
    levels = _stacked(layers.rows, apart)
    for number in range(ROUNDS):
        forward = number % 2 == 0
        near = layers.before if forward else layers.after
        for row in layers.rows if forward else reversed(layers.rows):
            _settle_row(row, [_wanted(name, near, levels) for name in row], apart, levels)
    for near, rows in ((layers.before, layers.rows), (layers.after, layers.rows[::-1])):
        for row in rows:
            _straighten(row, near, apart, levels)
    return levels


def _stacked(rows: Sequence[Sequence[str]], apart: Apart) -> dict[str, float]:
    levels: dict[str, float] = {}
    for row in rows:
        for above, name in zip((None, *row), row):
            levels[name] = levels[above] + apart(above, name) if above is not None else 0.0
    return levels


def _wanted(name: str, near: Neighbours, levels: Mapping[str, float]) -> float:
    found = [levels[other] for other in near.get(name, ())]
    return sum(found) / len(found) if found else levels[name]


def _settle_row(row: Sequence[str], wanted: Sequence[float], apart: Apart, levels: dict[str, float]) -> None:
    """The places nearest to the wanted ones (least squares) that keep the order and the distances of a row."""
    offset, offsets = 0.0, []
    blocks: list[list[float]] = []  # sum of what is wanted less the offset, how many
    for position, name in enumerate(row):
        offset += apart(row[position - 1], name) if position else 0.0
        offsets.append(offset)
        blocks.append([wanted[position] - offset, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    places = [total / count for total, count in blocks for _ in range(int(count))]
    levels.update({name: place + offset for name, place, offset in zip(row, places, offsets)})


def _straighten(row: Sequence[str], near: Neighbours, apart: Apart, levels: dict[str, float]) -> None:
    """Take out small jogs where there is room."""
    for position, name in enumerate(row):
        others = [levels[other] for other in near.get(name, ()) if abs(levels[other] - levels[name]) <= NEARLY]
        if not others:
            continue
        level = min(others, key=lambda other: abs(other - levels[name]))
        lowest = levels[row[position - 1]] + apart(row[position - 1], name) if position else level
        highest = levels[row[position + 1]] - apart(name, row[position + 1]) if position + 1 < len(row) else level
        if lowest <= level <= highest:
            levels[name] = level
