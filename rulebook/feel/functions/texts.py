"""Built-in functions that take texts apart and put them together by patterns. Source: DMN 1.5, clause 10.3.4.3."""

import re
from typing import Any

from rulebook.feel.functions.lists import as_list
from rulebook.feel.functions.registry import builtin
from rulebook.feel.limits import CHARACTERS_PER_STEP, Steps
from rulebook.feel.patterns import searches
from rulebook.feel.spans import Span, spans
from rulebook.feel.values import checked_list, checked_text

_REFERENCE = re.compile(r"\\(.)|\$(\d)", re.DOTALL)


@builtin("replace", "input, pattern, replacement, flags", str, str, str, str, required=3)
def replace(steps: Steps, text: str, pattern: str, replacement: str, flags: str = "") -> str | None:
    """The text with other words at each place where a pattern is found; $1 stands for the pattern's first group.

    Null for a pattern that an empty text fits. Source: XPath functions, error FORX0003.
    """
    if searches(pattern, flags, "", steps):
        return None
    parts, start = [], 0
    for span in spans(pattern, flags, text, steps):
        parts += [text[start : span[0]], _filled(replacement, text, span)]
        steps.charge(1 + len(parts[-1]) // CHARACTERS_PER_STEP)
        start = span[1]
    return checked_text("".join([*parts, text[start:]]))


def _filled(replacement: str, text: str, span: Span) -> str:
    def one(found: re.Match[str]) -> str:
        if found[1] is not None:
            return found[1]
        group = int(found[2]) * 2
        return text[span[group] : span[group + 1]] if group < len(span) and span[group] >= 0 else ""

    return _REFERENCE.sub(one, replacement)


@builtin("split", "string, delimiter", str, str)
def split(steps: Steps, text: str, delimiter: str) -> list[str]:
    """The parts of a text between the places where a pattern is found."""
    parts, start = [], 0
    for span in spans(delimiter, "", text, steps):
        if span[1] == span[0]:  # nothing stands between two signs
            continue
        parts.append(text[start : span[0]])
        start = span[1]
    return checked_list([*parts, text[start:]])


@builtin("string join", "list, delimiter, prefix, suffix", required=1)
def string_join(steps: Steps, values: Any, between: Any = None, before: Any = None, after: Any = None) -> str | None:
    """Texts put together with something between them; nulls are left out. Null where an item is no text."""
    items = [item for item in as_list(values) if item is not None]
    joints = [joint for joint in (between, before, after) if joint is not None]
    if any(type(one) is not str for one in (*items, *joints)):
        return None
    size = sum(map(len, items)) + len(between or "") * len(items)
    checked_text("" if size < 10**5 else "x" * min(size, 10**6))
    return checked_text((before or "") + (between or "").join(items) + (after or ""))
