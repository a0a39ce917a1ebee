"""Which decision is made before which: what one asks for comes first, and nothing may ask for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rulebook.dmn.document import Document
from rulebook.dmn.elements import Element
from rulebook.said import Said
from rulebook.said import gettext_noop as _

Asks = Callable[[Element], Iterable[Element]]


def in_order(elements: Iterable[Element], asks: Asks) -> tuple[list[Element], list[Element]]:
    """The elements and all they ask for, each after what it asks for; and those that ask for themselves in the end.

    Goes on a list of its own instead of by calls of itself, so that no chain is too long.
    """
    done: dict[Element, bool] = {}
    order: list[Element] = []
    circular: list[Element] = []
    pending = [(element, False) for element in reversed(list(elements))]
    while pending:
        element, is_left = pending.pop()
        if is_left:
            done[element] = True
            order.append(element)
        elif element not in done:
            done[element] = False
            pending.append((element, True))
            for asked in reversed(list(asks(element))):
                if done.get(asked) is False:
                    circular.append(element)
                else:
                    pending.append((asked, False))
    return order, circular


def refuse_cycles(document: Document, elements: list[Element]) -> None:
    """Note each requirement that closes a circle. Source: DMN 1.5, clause 6.3.2 (requirement graphs are acyclic).

    Business knowledge may call itself; that is no requirement.
    """
    for element in in_order(elements, _required)[1]:
        document.refuse(
            element.node,
            Said(_("Expected requirements without a circle, but %(name)s requires itself."), name=element.name),
        )


def _required(element: Element) -> Iterable[Element]:
    tags = ("requiredDecision", "requiredKnowledge", "outputDecision", "encapsulatedDecision")
    return [asked for asked in element.named(*tags) if not (asked is element and element.kind != "decision")]
