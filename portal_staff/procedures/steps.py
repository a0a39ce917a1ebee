"""The elements of a drawing as sentences: what is done, by whom, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from portal_staff.drawing_words import TRIGGERS, Step, Words
from portal_staff.procedures.cells import inside, quoted
from processes.engine.document import GATEWAYS, Element, Flow

PASSED_OVER = frozenset({"startEvent", "endEvent"})
DOES: Mapping[str, str | Promise] = {
    "exclusiveGateway": gettext_lazy("one of the ways is taken"),
    "inclusiveGateway": gettext_lazy("one or more of the ways are taken"),
    "parallelGateway": gettext_lazy("all ways are taken at once"),
    "eventBasedGateway": gettext_lazy("whatever comes first is followed"),
    "callActivity": gettext_lazy("another process does it"),
    "businessRuleTask": gettext_lazy("a table decides it"),
    "intermediateThrowEvent": gettext_lazy("this is reached"),
}


def step_sentences(words: Words) -> Iterator[tuple[str, str]]:
    """Id and sentence of every element that does something, in the order of the flow.

    Where a drawing begins and ends, and where ways only meet, nothing is done.
    """
    for step in words.steps():
        element = words.document.elements[step.id]
        if element.tag not in PASSED_OVER and not _only_meets(words, element):
            yield step.id, _sentence(words, element, step)


def _only_meets(words: Words, element: Element) -> bool:
    return element.tag in GATEWAYS and len(words.leaving.get(element.id, ())) < 2


def _sentence(words: Words, element: Element, step: Step) -> str:
    about = {"name": _name(words, element), "does": _does(words, element, step)}
    parts = [_("“%(name)s”: %(does)s.") % about, _ways(words, element)]
    if step.milestone:
        parts.append(_("The client sees “%(name)s”.") % {"name": step.milestone})
    return ("" if words.language == "zh-Hans" else " ").join(part for part in parts if part)


def _name(words: Words, element: Element) -> str:
    """What an element is called; by its id, which stands beside its sentence, where nobody gave it a name."""
    return " ".join(element.label(words.language).split()) or element.id


def _does(words: Words, element: Element, step: Step) -> str:
    match step.kind:
        case "approval":
            return _("approved by those whom the table “%(matrix)s” names") % {"matrix": step.matrix}
        case "client":
            return _("the client is asked")
        case "custodian":
            return _("the custodian is asked, and the process waits for the answer")
        case "work":
            return _work(step)
    if step.on:
        about = {"name": step.on, "trigger": _trigger(words, element)}
        return _("this may come while “%(name)s” is under way (%(trigger)s)") % about
    return str(DOES.get(element.tag, "")) or inside(step.what)


def _trigger(words: Words, element: Element) -> str:
    trigger = str(TRIGGERS.get(element.trigger, element.trigger))
    text = " ".join(element.triggers[0].text.split()) if len(element.triggers) == 1 else ""
    return f"{trigger}{pgettext('between the words of a list', ', ')}{words.time(text)}" if text else trigger


def _work(step: Step) -> str:
    does = _("done by hand by a colleague of the queue “%(queue)s”") % {"queue": step.queue or "–"}
    if step.skill:
        does = _("%(does)s with the skill “%(skill)s”") % {"does": does, "skill": step.skill}
    if step.effort.isdecimal():
        minutes = int(step.effort)
        planned = ngettext("%(does)s, planned for %(count)s minute", "%(does)s, planned for %(count)s minutes", minutes)
        does = planned % {"does": does, "count": minutes}
    return does


def _ways(words: Words, element: Element) -> str:
    ways = [_way(words, element, flow) for flow in words.leaving.get(element.id, ())]
    said = pgettext("between the ways that follow", "; ").join(ways)
    return _("Then: %(ways)s.") % {"ways": said} if said else ""


def _way(words: Words, element: Element, flow: Flow) -> str:
    """A line and what it leads to. A way that has a condition but no name is said by its condition."""
    about = {"target": _target(words, flow), "name": " ".join((flow.label(words.language) or flow.condition).split())}
    if element.default == flow.id:
        return _("otherwise %(target)s") % about
    return _("%(target)s if “%(name)s”") % about if about["name"] else about["target"]


def _target(words: Words, flow: Flow) -> str:
    """What a line leads to, past the places where ways only meet."""
    seen: set[str] = set()
    target = words.document.elements[flow.target]
    while _only_meets(words, target) and target.id not in seen and words.leaving.get(target.id):
        seen.add(target.id)
        target = words.document.elements[words.leaving[target.id][0].target]
    if target.tag == "endEvent":
        return _("the end “%(name)s”") % {"name": _name(words, target)}
    return quoted(_name(words, target))
