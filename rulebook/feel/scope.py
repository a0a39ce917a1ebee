"""What a compiled expression runs in: a plain dict of names, with the steps that are left under the empty name."""

from collections.abc import Callable
from typing import Any

from rulebook.feel.limits import Steps

Scope = dict[str, Any]
Run = Callable[[Scope], Any]
Test = Callable[[Any, Scope], bool | None]
STEPS = ""  # no name of the language can be empty


def steps_of(scope: Scope) -> Steps:
    """The steps that the evaluation of this scope has left."""
    found: Steps = scope[STEPS]
    return found
