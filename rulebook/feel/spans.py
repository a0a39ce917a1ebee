"""Where a pattern is found in a text, with its groups: for `replace` and `split`, in time that grows with both.

All alternatives are followed at once, in the order in which the pattern prefers them (Pike's construction).
"""

from collections.abc import Iterator

from rulebook.feel.limits import Steps
from rulebook.feel.patterns import Program, at_edge, compiled

Span = tuple[int, ...]  # start and end of the whole, then of each group; -1 where a group took no part
Thread = tuple[int, Span]


def spans(pattern: str, flags: str, text: str, steps: Steps) -> Iterator[Span]:
    """The places from left to right, none inside another. Raises FeelError for a pattern that can't be read."""
    program = compiled(pattern, flags)
    at = 0
    while at <= len(text):
        found = _first(program, text, at, steps)
        if found is None:
            return
        if found[1] == found[0]:  # an empty find moves nothing on
            at = found[1] + 1
            yield found
            continue
        yield found
        at = found[1]


def _first(program: Program, text: str, start: int, steps: Steps) -> Span | None:
    """The leftmost find from a place on, the longest that the pattern prefers."""
    threads: list[Thread] = []
    best: Span | None = None
    blank = (-1,) * (2 + 2 * program.groups)
    for at in range(start, len(text) + 1):
        entries = threads if best is not None else [*threads, (0, (at, *blank[1:]))]
        if not entries:
            break
        reached, found = _follow(entries, program, text, at, steps)
        best = found or best
        if at == len(text):
            break
        threads = [(pc + 1, span) for pc, span in reached if program.code[pc][1](text[at])]  # type: ignore[operator]
    return best


def _follow(
    entries: list[Thread], program: Program, text: str, at: int, steps: Steps
) -> tuple[list[Thread], Span | None]:
    """The character tests that can be next, in order; and a find, which ends what is less preferred."""
    reached: list[Thread] = []
    seen: set[int] = set()
    pending = entries[::-1]
    while pending:
        pc, span = pending.pop()
        if pc in seen:
            continue
        seen.add(pc)
        what, detail, target = program.code[pc]
        if what == "found":
            steps.charge(1 + len(seen))
            return reached, (span[0], at, *span[2:])
        if what == "accept":
            reached.append((pc, span))
        elif what == "jump":
            pending.append((target, span))
        elif what == "fork":
            ways = [(target, span), (pc + 1, span)]
            pending += ways[::-1] if detail == "lazy" else ways
        elif what == "save":
            pending.append((pc + 1, (*span[:target], at, *span[target + 1 :])))
        elif at_edge(what, text, at, program.lines):
            pending.append((pc + 1, span))
    steps.charge(1 + len(seen))
    return reached, None
