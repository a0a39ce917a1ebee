"""Patterns for `matches`, found in time that grows with the text only: no pattern can make it hang.

Python's own `re` tries alternatives one after the other and can take years over a short text. Here all
alternatives are followed at once (Thompson's construction). What needs memory of the text (back-references,
look-around) is refused by name.
"""

from collections.abc import Callable
from functools import lru_cache

from rulebook.feel.errors import FeelError
from rulebook.feel.limits import Steps
from rulebook.said import Said
from rulebook.said import gettext_noop as _

Accepts = Callable[[str], bool]
MAX_PROGRAM = 5_000
_MAX_GROUPS = 50
MOST_KEPT = 9
_CLASSES: dict[str, Accepts] = {
    "d": str.isdigit,
    "D": lambda c: not c.isdigit(),
    "w": lambda c: c.isalnum() or c == "_",
    "W": lambda c: not (c.isalnum() or c == "_"),
    "s": str.isspace,
    "S": lambda c: not c.isspace(),
}
_CONTROL = {"n": "\n", "t": "\t", "r": "\r"}
_BLANKS = frozenset(" \t\n\r")


class Program:
    """The steps of a pattern: one character accepted, a fork, a jump, or an edge of text or line."""

    def __init__(self, flags: str) -> None:
        self.code: list[tuple[str, object, int]] = []
        self.ignore_case = "i" in flags
        self.dot_all = "s" in flags
        self.lines = "m" in flags
        self.spaced = "x" in flags  # blanks are for the reader
        self.groups = 0

    def emit(self, what: str, detail: object = None, target: int = 0) -> int:
        if len(self.code) >= MAX_PROGRAM:
            raise FeelError(Said(_("The pattern is too large.")))
        self.code.append((what, detail, target))
        return len(self.code) - 1

    def aim(self, at: int, target: int) -> None:
        what, detail, _target = self.code[at]
        self.code[at] = (what, detail, target)

    def accept(self, test: Accepts) -> None:
        if self.ignore_case:
            self.emit("accept", lambda c: test(c) or test(c.lower()) or test(c.upper()[:1]))
        else:
            self.emit("accept", test)


class _Reader:
    """Reads a pattern from left to right into a program."""

    def __init__(self, pattern: str, program: Program) -> None:
        self.pattern, self.at, self.depth, self.program = pattern, 0, 0, program
        self.in_class = False  # where a blank is always a blank

    def peek(self) -> str:
        while self.program.spaced and not self.in_class and self.pattern[self.at : self.at + 1] in _BLANKS:
            self.at += 1
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        found = self.peek()
        if not found:
            raise FeelError(Said(_("The pattern ends too early.")))
        self.at += 1
        return found

    def alternatives(self) -> None:
        exits: list[int] = []
        start = len(self.program.code)
        self.sequence()
        while self.peek() == "|":
            self.take()
            self._insert_fork(start)
            exits.append(self.program.emit("jump"))
            self.program.aim(start, len(self.program.code))
            start = len(self.program.code)
            self.sequence()
        for jump in exits:
            self.program.aim(jump, len(self.program.code))

    def _insert_fork(self, start: int) -> None:
        self.program.emit("fork")
        code = self.program.code
        body = code[start:-1]
        code[start:] = [code[-1], *(_shifted(step, start, 1) for step in body)]

    def sequence(self) -> None:
        while self.peek() not in ("", "|", ")"):
            start = len(self.program.code)
            self.piece()
            self.repetition(start)

    def piece(self) -> None:
        found = self.take()
        if found == "(":
            self.group()
        elif found == "[":
            self.in_class = True
            self.program.accept(self.char_class())
            self.in_class = False
        elif found == ".":
            self.program.accept((lambda c: True) if self.program.dot_all else (lambda c: c != "\n"))
        elif found in "^$":
            self.program.emit("begin" if found == "^" else "end")
        elif found == "\\":
            self.program.accept(self.escaped())
        elif found in "*+?{":
            raise FeelError(Said(_("The pattern repeats nothing at character %(place)s."), place=self.at))
        else:
            self.program.accept(found.__eq__)

    def group(self) -> None:
        self.depth += 1
        if self.depth > _MAX_GROUPS:
            raise FeelError(Said(_("The pattern has more than %(most)s groups inside each other."), most=_MAX_GROUPS))
        number = self._group_number()
        if number:
            self.program.emit("save", None, 2 * number)
        self.alternatives()
        if self.take() != ")":
            raise FeelError(Said(_("A group of the pattern is not closed.")))
        if number:
            self.program.emit("save", None, 2 * number + 1)
        self.depth -= 1

    def _group_number(self) -> int:
        """From 1, as `replace` calls them; 0 for a group that is only for order."""
        if self.peek() == "?":
            self.take()
            if self.take() != ":":
                raise FeelError(Said(_("Look-around and named groups are not part of the language's patterns.")))
            return 0
        self.program.groups += 1
        return self.program.groups if self.program.groups <= MOST_KEPT else 0

    def escaped(self) -> Accepts:
        found = self.take()
        if found in _CLASSES:
            return _CLASSES[found]
        if found.isalnum() and found not in _CONTROL:
            raise FeelError(Said(_("The pattern uses %(sign)s, which the language does not have."), sign=f"\\{found}"))
        return _CONTROL.get(found, found).__eq__

    def char_class(self) -> Accepts:
        negative = self.peek() == "^"
        if negative:
            self.take()
        tests: list[Accepts] = []
        while not tests or self.peek() != "]":
            tests.append(self.class_item())
        self.take()
        if negative:
            return lambda c: not any(test(c) for test in tests)
        return lambda c: any(test(c) for test in tests)

    def class_item(self) -> Accepts:
        first = self.take()
        if first == "\\":
            if self.peek() in _CLASSES:
                return self.escaped()
            first = self._escaped_character()
        if self.peek() != "-" or self.pattern[self.at + 1 : self.at + 2] in ("]", ""):
            return first.__eq__
        self.take()
        last = self.take()
        last = self._escaped_character() if last == "\\" else last
        if last < first:
            raise FeelError(Said(_("The range %(range)s of the pattern is upside down."), range=f"{first}-{last}"))
        return lambda c: first <= c <= last

    def _escaped_character(self) -> str:
        found = self.take()
        return _CONTROL.get(found, found)

    def repetition(self, start: int) -> None:
        bounds = self._bounds()
        if bounds is None:
            return
        lazy = None
        if self.peek() == "?":
            self.take()
            lazy = "lazy"
        least, most = bounds
        body = self.program.code[start:]
        del self.program.code[start:]
        for _time in range(least):
            self._copy(body, start)
        if most is None:
            fork = self.program.emit("fork", lazy)
            self._copy(body, start)
            self.program.emit("jump", None, fork)
            self.program.aim(fork, len(self.program.code))
            return
        forks = []
        for _time in range(most - least):
            forks.append(self.program.emit("fork", lazy))
            self._copy(body, start)
        for fork in forks:
            self.program.aim(fork, len(self.program.code))

    def _copy(self, body: list[tuple[str, object, int]], start: int) -> None:
        offset = len(self.program.code) - start
        for step in body:
            self.program.emit(*_shifted(step, start, offset))

    def _bounds(self) -> tuple[int, int | None] | None:
        sign = self.peek()
        if sign in ("*", "+", "?") and sign:
            self.take()
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        if sign != "{":
            return None
        end = self.pattern.find("}", self.at)
        inside = self.pattern[self.at + 1 : end]
        if self.program.spaced:
            inside = "".join(sign for sign in inside if sign not in _BLANKS)
        parts = inside.split(",") if end > 0 else []
        if not 1 <= len(parts) <= 2 or not all(p.isdecimal() and len(p) < 5 for p in parts[:1]):
            raise FeelError(Said(_("A repetition of the pattern is not written {n}, {n,} or {n,m}.")))
        self.at = end + 1
        return _range(parts)


def _range(parts: list[str]) -> tuple[int, int | None]:
    least = int(parts[0])
    if len(parts) == 1:
        return least, least
    if not parts[1]:
        return least, None
    if not parts[1].isdecimal() or len(parts[1]) > 4 or int(parts[1]) < least:
        raise FeelError(Said(_("A repetition of the pattern is not written {n}, {n,} or {n,m}.")))
    return least, int(parts[1])


def _shifted(step: tuple[str, object, int], start: int, offset: int) -> tuple[str, object, int]:
    what, detail, target = step
    return (what, detail, target + offset) if what in ("fork", "jump") and target >= start else step


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str) -> Program:
    """The program of a pattern, made once. Raises FeelError for one that can't be read."""
    if not set(flags) <= set("ismx"):
        raise FeelError(Said(_("The flags of a pattern are i, s, m and x.")))
    program = Program(flags)
    reader = _Reader(pattern, program)
    reader.alternatives()
    if reader.peek():
        raise FeelError(Said(_("The pattern has a ) too many at character %(place)s."), place=reader.at + 1))
    program.groups = min(program.groups, MOST_KEPT)
    program.emit("found")
    return program


def searches(pattern: str, flags: str, text: str, steps: Steps) -> bool:
    """Whether the pattern is found anywhere in the text; FeelError for a pattern that can't be read."""
    program = compiled(pattern, flags)
    steps.charge(1 + len(program.code))
    current: set[int] = set()
    for at in range(len(text) + 1):
        reached: set[int] = set()
        if _follow([*current, 0], program, text, at, steps, reached):
            return True
        if at < len(text):
            current = {pc + 1 for pc in reached if program.code[pc][1](text[at])}  # type: ignore[operator]
    return False


def _follow(pending: list[int], program: Program, text: str, at: int, steps: Steps, reached: set[int]) -> bool:
    """Collect the character tests that can be next; True if the pattern's end is reached."""
    seen: set[int] = set()
    while pending:
        pc = pending.pop()
        if pc in seen:
            continue
        seen.add(pc)
        what, _detail, target = program.code[pc]
        if what == "found":
            return True
        if what == "accept":
            reached.add(pc)
        elif what == "jump":
            pending.append(target)
        elif what == "fork":
            pending += (target, pc + 1)
        elif what == "save" or at_edge(what, text, at, program.lines):
            pending.append(pc + 1)
    steps.charge(1 + len(seen))
    return False


def at_edge(what: str, text: str, at: int, lines: bool) -> bool:
    """Whether a place is the beginning or end that `^` or `$` asks for."""
    if what == "begin":
        return at == 0 or (lines and text[at - 1] == "\n")
    return at == len(text) or (lines and text[at] == "\n")
