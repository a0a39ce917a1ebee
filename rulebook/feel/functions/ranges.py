"""Built-in functions on how points and ranges lie to each other. Source: DMN 1.5, clause 10.3.4.9 (table 80)."""

from collections.abc import Callable
from typing import Any

from rulebook.feel.functions.registry import builtin
from rulebook.feel.limits import Steps
from rulebook.feel.literals import read_literal
from rulebook.feel.operators import ordered
from rulebook.feel.values import ORDERED, Interval

Relation = Callable[[Interval, Interval], bool | None]


def _span(value: Any) -> Interval:
    return value if type(value) is Interval else Interval(value, value)


def _below(one: Any, other: Any) -> bool:
    return ordered("<", one, other) is True


def _ends_before(a: Interval, b: Interval) -> bool:
    """Whether all of a lies before all of b."""
    return _below(a.end, b.start) or (a.end == b.start and not (a.end_closed and b.start_closed))


def _starts_no_later(a: Interval, b: Interval) -> bool:
    return _below(a.start, b.start) or (a.start == b.start and (a.start_closed or not b.start_closed))


def _ends_no_later(a: Interval, b: Interval) -> bool:
    return _below(a.end, b.end) or (a.end == b.end and (b.end_closed or not a.end_closed))


def _same_start(a: Interval, b: Interval) -> bool:
    return bool(a.start == b.start and a.start_closed == b.start_closed)


def _same_end(a: Interval, b: Interval) -> bool:
    return bool(a.end == b.end and a.end_closed == b.end_closed)


def _overlaps(a: Interval, b: Interval) -> bool:
    return not _ends_before(a, b) and not _ends_before(b, a)


def _overlaps_before(a: Interval, b: Interval) -> bool:
    return _overlaps(a, b) and _starts_no_later(a, b) and not _same_start(a, b) and _ends_no_later(a, b)


def _includes(a: Interval, b: Interval) -> bool:
    return _starts_no_later(a, b) and _ends_no_later(b, a)


def _meets(a: Interval, b: Interval) -> bool:
    return bool(a.end == b.start and a.end_closed and b.start_closed)


def _starts(a: Interval, b: Interval) -> bool:
    return _same_start(a, b) and _ends_no_later(a, b)


def _finishes(a: Interval, b: Interval) -> bool:
    return _same_end(a, b) and _starts_no_later(b, a)


def _point_starts(a: Interval, b: Interval) -> bool:
    return bool(a.start == b.start and b.start_closed)


def _point_finishes(a: Interval, b: Interval) -> bool:
    return bool(a.start == b.end and b.end_closed)


def _turned(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


def _declare(name: str, parameters: str, relation: Relation, of_point: Relation | None = None) -> None:
    """of_point: the relation where the first (turned: the second) value is a point."""
    also = {"point": parameters.split(",")[0], "range": parameters.split(",")[1].strip()}
    also |= {"point1": also["point"], "point2": also["range"]}

    @builtin(name, parameters, also=also)
    def body(steps: Steps, one: Any, other: Any) -> bool | None:
        a, b = _span(one), _span(other)
        kinds = {type(end) for end in (a.start, a.end, b.start, b.end)}
        if len(kinds) > 1 or not kinds <= ORDERED or ordered("<", a.start, b.start) is None:
            return None
        is_point = of_point is not None and (type(one) is not Interval or type(other) is not Interval)
        return of_point(a, b) if is_point and of_point is not None else relation(a, b)


_declare("before", "range1, range2", _ends_before)
_declare("after", "range1, range2", _turned(_ends_before))
_declare("meets", "range1, range2", _meets)
_declare("met by", "range1, range2", _turned(_meets))
_declare("overlaps", "range1, range2", _overlaps)
_declare("overlaps before", "range1, range2", _overlaps_before)
_declare("overlaps after", "range1, range2", _turned(_overlaps_before))
_declare("finishes", "range1, range2", _finishes, _point_finishes)
_declare("finished by", "range1, range2", _turned(_finishes), _turned(_point_finishes))
_declare("includes", "range1, range2", _includes)
_declare("during", "range1, range2", _turned(_includes))
_declare("starts", "range1, range2", _starts, _point_starts)
_declare("started by", "range1, range2", _turned(_starts), _turned(_point_starts))
_declare("coincides", "range1, range2", lambda a, b: _same_start(a, b) and _same_end(a, b))


@builtin("range", "from", str)
def range_of(steps: Steps, text: str) -> Interval | None:
    """A range from its text, such as `[18..65)`, with numbers, quoted texts or dates and times as its ends."""
    opening, closing, inner = text[:1], text[-1:], text[1:-1]
    low, dots, high = inner.partition("..")
    if opening not in ("[", "(", "]") or closing not in ("]", ")", "[") or not dots:
        return None
    start, end = _endpoint(low.strip()), _endpoint(high.strip())
    if start is None or end is None or ordered("<=", start, end) is not True:
        return None
    return Interval(start, end, opening == "[", closing == "]")


def _endpoint(text: str) -> Any:
    from rulebook.feel.functions.strings import number_of  # texts and ranges speak of each other

    plain = text.removeprefix("@")
    if len(plain) > 1 and plain[0] == plain[-1] == '"':
        quoted = plain[1:-1]
        return quoted if plain == text else read_literal(quoted)
    found = read_literal(text)
    return number_of(Steps(), text) if found is None else found
