"""The built-in functions of the language, by kind of value; importing this package declares them all."""

from rulebook.feel.functions import dates, lists, numbers, strings
from rulebook.feel.functions.registry import BUILTINS, Builtin

__all__ = ["BUILTINS", "Builtin", "dates", "lists", "numbers", "strings"]
