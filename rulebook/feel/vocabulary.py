"""What a text may use beside the language itself: names around it, types of its model, a clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from rulebook.feel.types import Type


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """names: what is in scope, also of several words; each may be called, as it may hold a function. types: by name.

    has_clock: whether now() and today() have an answer; where rules are replayed they are facts instead.
    """

    names: frozenset[str] = frozenset()
    types: Mapping[str, Type] = field(default_factory=dict, compare=False)
    has_clock: bool = False

    def plus(self, names: Collection[str]) -> "Vocabulary":
        """The same with more names."""
        return Vocabulary(self.names | frozenset(names), self.types, self.has_clock)


LANGUAGE_ONLY = Vocabulary()
