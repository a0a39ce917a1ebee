"""Names broken into lines that fit, by an estimate of the width of each character at 12 px."""

from __future__ import annotations

import unicodedata

NARROW = frozenset("iljtfrI.,:;'|!()[] ")
WIDE = frozenset("mwMW@%")
NARROWEST, LONGEST = 3.8, 2000


def text_width(text: str) -> float:
    """Estimated width in px at 12 px; a Chinese character is as wide as high. No more than a page is looked at."""
    return sum(_character_width(character) for character in text[:LONGEST])


def wrap(text: str, width: float, most: int) -> list[str]:
    """At most `most` lines of at most `width` px; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    room = most * (int(width / NARROWEST) + 2)  # more cannot stand there: a name may be as long as a file
    for piece in _pieces(text[:room]):
        if lines and text_width((lines[-1] + piece).rstrip()) <= width:
            lines[-1] += piece
        elif piece.strip():
            lines.extend(_broken(piece, width))
    lines = [line.strip() for line in lines]
    return lines if len(lines) <= most else [*lines[: most - 1], _cut(lines[most - 1], width)]


def _character_width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 12.0
    if character in NARROW:
        return NARROWEST
    if character in WIDE:
        return 10.0
    return 8.0 if character.isupper() else 6.6


def _pieces(text: str) -> list[str]:
    """Words with the space after them; every Chinese character may begin a line, its punctuation may not."""
    pieces: list[str] = []
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        begins = wide and not unicodedata.category(character).startswith("P")
        after_break = not pieces or pieces[-1][-1] == " " or (_is_wide(pieces[-1][-1]) and not wide)
        if begins or after_break:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _broken(word: str, width: float) -> list[str]:
    """A word cut into parts that fit."""
    parts = [""]
    for character in word:
        if parts[-1] and text_width((parts[-1] + character).rstrip()) > width:
            parts.append("")
        parts[-1] += character
    return parts


def _cut(line: str, width: float) -> str:
    while line and text_width(line + "…") > width:
        line = line[:-1]
    return line.rstrip() + "…"
