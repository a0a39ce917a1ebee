"""How a built-in function is declared and found by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Body = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Builtin:
    """parameters: their names in order; required: how many must be given; rest: the last takes any number of values.

    types: the type that each parameter must have (None: any); another value, also null, makes the answer null.
    The body gets the steps that are left, then the arguments.
    """

    name: str
    body: Body
    parameters: tuple[str, ...]
    required: int
    rest: bool = False
    types: tuple[type | None, ...] = ()


BUILTINS: dict[str, Builtin] = {}


def builtin(name: str, parameters: str, *types: type | None, required: int | None = None) -> Callable[[Body], Body]:
    """Declare a function of the language.

    parameters: the names parted by commas; one that ends in `…` takes all values that are left.
    """
    names = tuple(part.strip() for part in parameters.split(",") if part.strip())
    rest = bool(names) and names[-1].endswith("…")
    names = tuple(part.removesuffix("…") for part in names)

    def declare(body: Body) -> Body:
        least = len(names) if required is None else required
        BUILTINS[name] = Builtin(name, body, names, least, rest, types)
        return body

    return declare
