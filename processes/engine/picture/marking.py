"""Marks put onto a picture: a class that the style sheet colours, and a few words in a badge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from processes.engine.difference import Difference
from processes.engine.report import Finding

HEAT_LEVELS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be seen on one node, flow, pool or thing.

    classes: of `added`, `removed`, `changed`, `wrong`, `doubtful`, `heat-1` … `heat-5`, separated by spaces.
    badge: a few words at its upper edge, "" for none; the page's language is the caller's affair.
    told: what a person who hears the picture is told instead ("" for the badge).
    """

    classes: str = ""
    badge: str = ""
    told: str = ""


Marks = Mapping[str, Mark]


def marks_of_difference(found: Difference) -> tuple[dict[str, Mark], dict[str, Mark]]:
    """Marks for the picture of the earlier version and for that of the later one."""
    changed_before = {one.before.id: Mark("changed", "~") for one in found.changed}
    changed_after = {one.after.id: Mark("changed", "~") for one in found.changed}
    return (
        {thing.id: Mark("removed", "−") for thing in found.removed} | changed_before,
        {thing.id: Mark("added", "+") for thing in found.added} | changed_after,
    )


def marks_of_findings(errors: Iterable[Finding], warnings: Iterable[Finding] = ()) -> dict[str, Mark]:
    """Marks with the number of findings of each element; what is wrong outshines what is doubtful."""
    told: dict[str, list[str]] = {}
    wrong: set[str] = set()
    for css, findings in (("wrong", errors), ("doubtful", warnings)):
        for finding in findings:
            told.setdefault(finding.element, []).append(finding.message)
            if css == "wrong":
                wrong.add(finding.element)
    return {
        element: Mark("wrong" if element in wrong else "doubtful", str(len(messages)), " ".join(messages))
        for element, messages in told.items()
        if element
    }


def marks_of_heat(counts: Mapping[str, int], texts: Mapping[str, str] | None = None) -> dict[str, Mark]:
    """Marks in five degrees by a count of each node, the highest count the hottest.

    texts: what stands beside the count, such as the median time, in the page's language.
    """
    most = max(counts.values(), default=0)
    if most <= 0:
        return {}
    words = texts or {}
    return {
        name: Mark(f"heat-{-(-count * HEAT_LEVELS // most)}", " · ".join(filter(None, (str(count), words.get(name)))))
        for name, count in counts.items()
        if count > 0
    }
