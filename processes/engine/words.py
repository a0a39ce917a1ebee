"""Words for what a drawing holds: they stand in sentences about it, and are translated with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rulebook.said import Said
from rulebook.said import gettext_noop as _

WORDS: Mapping[str, str] = {
    name: name
    for name in (
        _("process"),
        _("task"),
        _("userTask"),
        _("manualTask"),
        _("serviceTask"),
        _("scriptTask"),
        _("sendTask"),
        _("receiveTask"),
        _("businessRuleTask"),
        _("callActivity"),
        _("subProcess"),
        _("transaction"),
        _("adHocSubProcess"),
        _("startEvent"),
        _("endEvent"),
        _("intermediateCatchEvent"),
        _("intermediateThrowEvent"),
        _("implicitThrowEvent"),
        _("boundaryEvent"),
        _("exclusiveGateway"),
        _("parallelGateway"),
        _("inclusiveGateway"),
        _("complexGateway"),
        _("eventBasedGateway"),
        _("sequenceFlow"),
        _("lane"),
        _("choreography"),
        _("choreographyTask"),
        _("subChoreography"),
        _("callChoreography"),
        _("globalChoreographyTask"),
        _("conversation"),
        _("subConversation"),
        _("callConversation"),
        _("globalConversation"),
        _("globalTask"),
        _("globalUserTask"),
        _("globalManualTask"),
        _("globalScriptTask"),
        _("globalBusinessRuleTask"),
        _("activity"),
        _("message"),
        _("signal"),
        _("error"),
        _("escalation"),
        _("timer"),
        _("conditional"),
        _("compensate"),
        _("cancel"),
        _("terminate"),
        _("link"),
        _("multiple"),
        _("referenced"),
    )
}


def word(name: str) -> str:
    """A tag or a kind of trigger, as the reader's language has it; what the standard does not have stays."""
    return Said(WORDS[name]) if name in WORDS else name


def called(tag: str, id: str, name: str = "") -> str:
    """How sentences name a thing: what it is, its name and its id."""
    if name:
        return Said(_('%(tag)s "%(name)s" (%(id)s)'), tag=word(tag), name=name, id=id)
    return Said(_("%(tag)s %(id)s"), tag=word(tag), id=id)


def either(names: Sequence[str]) -> str:
    """`a or b or c`."""
    said, *others = names
    for other in others:
        said = Said(_("%(one)s or %(other)s"), one=said, other=other)
    return said
