"""Texts in data: one sentence in every language of the product, and what of a typed text can be kept."""

import re
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError

LANGUAGES = ("en", "zh-Hans")
MOST_LEVELS = 100  # of lists and objects in each other: the engine keeps no more, and deeper ones exhaust the stack

# What turns the direction of a text, and what has no width: pasting brings them along, nobody sees or misses them. The
# zero-width joiner and non-joiner stay, since scripts and emoji are written with them.
_MARKS = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# Control characters but for tabs and ends of lines. PostgreSQL keeps NUL in no text.
_SURROGATES = re.compile(r"[\ud800-\udfff]")  # halves of a character, which no encoding has
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def visible(text: str) -> str:
    """A text as it was typed, without marks that nobody sees: every door takes texts in through here."""
    return _MARKS.sub("", text)


def is_readable(text: str) -> bool:
    """Whether a text has no control characters: what holds them is no text, and is refused."""
    return _CONTROLS.search(text) is None


def is_storable(value: Any, most_levels: int = MOST_LEVELS) -> bool:
    """Whether a value as JSON has it can be kept: its texts are readable, its numbers finite, and its lists and objects
    stand in at most so many levels."""
    if isinstance(value, str):
        return is_readable(value) and not _SURROGATES.search(value)
    if isinstance(value, float):
        return isfinite(value)
    if not isinstance(value, dict | list):
        return True
    inner = [each for pair in value.items() for each in pair] if isinstance(value, dict) else value
    return most_levels > 0 and all(is_storable(each, most_levels - 1) for each in inner)


def readable(text: str) -> str:
    """A text without its control characters, to be shown and copied."""
    return _CONTROLS.sub("", text)


def both_languages(value: object) -> None:
    """Validate `{"en": …, "zh-Hans": …}`, both present and not empty."""
    if not isinstance(value, dict) or any(
        not isinstance(value.get(name), str) or not value[name] for name in LANGUAGES
    ):
        raise ValidationError(f"Expected a text in {' and '.join(LANGUAGES)}, but got {value!r}.")
