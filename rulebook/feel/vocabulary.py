"""What a text may use beside the language itself: names around it, types of its model, a clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from rulebook.feel.spaced import is_word
from rulebook.feel.types import Type


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """names: what is in scope; each may be called, as it may hold a function. spaced: names of several words, in scope
    or after a dot. types: by name.

    has_clock: whether now() and today() have an answer; where rules are replayed they are facts instead.
    """

    names: frozenset[str] = frozenset()
    spaced: frozenset[str] = frozenset()
    types: Mapping[str, Type] = field(default_factory=dict, compare=False)
    has_clock: bool = False

    def plus(self, names: Collection[str]) -> "Vocabulary":
        """The same with more names."""
        spaced = frozenset(name for name in names if not is_word(name))
        return Vocabulary(self.names | frozenset(names), self.spaced | spaced, self.types, self.has_clock)


LANGUAGE_ONLY = Vocabulary()
