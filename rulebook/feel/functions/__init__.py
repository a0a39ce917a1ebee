"""The built-in functions of the language, by kind of value; importing this package declares them all."""

from rulebook.feel.functions import (
    contexts,
    conversions,
    dates,
    lists,
    numbers,
    ranges,
    sorting,
    statistics,
    strings,
    texts,
)
from rulebook.feel.functions.registry import BUILTINS, Builtin

__all__ = [
    "BUILTINS",
    "Builtin",
    "contexts",
    "conversions",
    "dates",
    "lists",
    "numbers",
    "ranges",
    "sorting",
    "statistics",
    "strings",
    "texts",
]
