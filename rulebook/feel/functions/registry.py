"""How a built-in function is declared and found by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rulebook.feel.limits import Steps
from rulebook.feel.values import Function

Body = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Builtin:
    """parameters: their names in order; required: how many must be given; rest: the last takes any number of values.

    types: the type that each parameter must have (None: any); another value, also null, makes the answer null.
    also: other names for parameters, as some functions have several ways to be called.
    may_find_nothing: null is an answer like others, no sign that the values don't fit.
    The body gets the steps that are left, then the arguments.
    """

    name: str
    body: Body
    parameters: tuple[str, ...]
    required: int
    rest: bool = False
    types: tuple[type | None, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    may_find_nothing: bool = False


BUILTINS: dict[str, Builtin] = {}


def builtin(
    name: str,
    parameters: str,
    *types: type | None,
    required: int | None = None,
    also: Mapping[str, str] | None = None,
    may_find_nothing: bool = False,
) -> Callable[[Body], Body]:
    """Declare a function of the language.

    parameters: the names parted by commas; one that ends in `…` takes all values that are left.
    """
    names = tuple(part.strip() for part in parameters.split(",") if part.strip())
    rest = bool(names) and names[-1].endswith("…")
    names = tuple(part.removesuffix("…") for part in names)

    def declare(body: Body) -> Body:
        least = len(names) if required is None else required
        BUILTINS[name] = Builtin(name, body, names, least, rest, types, also or {}, may_find_nothing)
        return body

    return declare


def call(function: Function, values: list[Any], steps: Steps) -> Any:
    """Call a function that was given as a value; null where it takes another number of values."""
    if len(function.parameters) != len(values):
        return None
    with steps.one_deeper():
        return function.body(values, steps)
