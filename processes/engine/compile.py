"""A checked process of a document becomes a Graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from processes.engine.check import CompileCondition, check_process
from processes.engine.compile_rules import (
    assigned,
    call_rule,
    decide_rule,
    event_rule,
    keys_of,
    loop_rule,
    payload_of,
)
from processes.engine.details import Formula
from processes.engine.document import Document, Element, Flow, Process
from processes.engine.elements import BEHAVIOURS
from processes.engine.errors import NotExecutable
from processes.engine.expressions import in_feel
from processes.engine.graph import Graph, MilestoneDef, Node
from processes.engine.report import Finding, Report
from processes.engine.rules import Content
from processes.engine.structure import WAITING_KINDS, Structure
from rulebook.said import Said
from rulebook.said import gettext_noop as _


def compile_graph(
    document: Document, process: str | None = None, compile_condition: CompileCondition | None = None
) -> Graph:
    """The graph of one process of the file; without an id of the one that is meant to run. compile_condition: as for
    `check`.

    Raises NotExecutable with every reason: broken model, elements that do not run here, no or several processes.
    """
    chosen = _choose(document, process)
    findings = [*document.errors, *document.warnings, *check_process(document, chosen, compile_condition)]
    errors = tuple(finding for finding in findings if finding.blocks)
    if errors:
        raise NotExecutable(Report(errors=errors, elements=document.counts))
    return _Compiler(document, chosen).graph()


def _choose(document: Document, process: str | None) -> Process:
    known = {candidate.id: candidate for candidate in document.processes}
    if process is not None and process in known:
        return known[process]
    runnable = document.runnable()
    if process is None and len(runnable) == 1:
        return runnable[0]
    names = ", ".join(known) or Said(_("none"))
    wanted = Said(_('a process "%(id)s"'), id=process) if process else Said(_("exactly one process to run"))
    message = Said(_("Expected %(wanted)s, but the file has: %(names)s."), wanted=wanted, names=names)
    finding = Finding("", 1, message, blocks=True)
    raise NotExecutable(Report(errors=(*document.errors, finding), elements=document.counts))


class _Compiler:
    def __init__(self, document: Document, process: Process) -> None:
        self.document = document
        self.process = process
        self.scopes = document.inside(process.id)
        self.elements = [element for scope in self.scopes for element in scope.elements]
        self.flows = {flow.id: _translated(flow) for scope in self.scopes for flow in scope.flows}
        self.structure = Structure(document, self.elements, tuple(self.flows.values()))

    def graph(self) -> Graph:
        content = self.structure.content(self.document.scopes[self.process.id])
        triggers = self.structure.triggers(self.document.scopes[self.process.id])
        starts = content.starts or triggers[:1]
        return Graph(
            process=self.process.id,
            name=self.process.name,
            start=starts[0] if starts else "",
            nodes=MappingProxyType({e.id: self._node(number, e) for number, e in enumerate(self.elements)}),
            flows=MappingProxyType(self.flows),
            milestones=_milestones(self.elements),
            content=replace(content, starts=starts),
            triggers=triggers,
            sources=MappingProxyType(self.structure.sources),
            leads=MappingProxyType(self.structure.leads),
        )

    def _node(self, number: int, element: Element) -> Node:
        built, details, boundary = self.structure, element.details, self.structure.boundary.get(element.id, ())
        event = event_rule(element, self.document)
        return Node(
            id=element.id,
            element=element.tag,
            name=element.name,
            name_zh=element.name_zh,
            kind=element.kind,
            attributes=element.attributes,
            line=element.line,
            outcome=element.outcome,
            trigger=element.trigger,
            interrupting=element.interrupting or element.trigger in ("error", "cancel", "compensate"),
            incoming=len(built.sources.get(element.id, ())),
            outgoing=tuple(built.outgoing.get(element.id, ())),
            default=element.default,
            boundary=tuple(boundary),
            behaviour=BEHAVIOURS[element.tag, "" if built.is_activity(element) else element.trigger],
            number=number,
            scope=element.scope,
            watching=tuple(name for name in boundary if self.document.elements[name].trigger in WAITING_KINDS),
            event=event,
            content=self._content(element),
            handler=built.handlers.get(element.id, ""),
            follows=built.follows(element),
            loop=loop_rule(details.loop),
            inputs=() if element.trigger else assigned(details.inputs),
            outputs=assigned(details.outputs),
            script=assigned(details.script),
            keys=assigned(keys_of(element, self.document, self.process.id)),
            payload=assigned(payload_of(element)),
            call=call_rule(details.call),
            decide=decide_rule(details.decide),
            event_sub_process=element.event_sub_process,
            milestone=element.attributes.get("milestone", {}).get("key", ""),
            chooses=bool(element.default) or any(flow.condition for flow in built.outgoing.get(element.id, ())),
        )

    def _content(self, element: Element) -> Content | None:
        scope = self.document.scopes.get(element.id)
        return None if scope is None else self.structure.content(scope)


def _translated(flow: Flow) -> Flow:
    return replace(flow, condition=in_feel(Formula(flow.condition, flow.language))) if flow.condition else flow


def _milestones(elements: Iterable[Element]) -> tuple[MilestoneDef, ...]:
    given = [element for element in elements if element.attributes.get("milestone", {}).get("key")]
    found: dict[str, MilestoneDef] = {}
    for element in sorted(given, key=lambda element: element.line):
        texts = element.attributes["milestone"]
        key = texts["key"]
        found.setdefault(key, MilestoneDef(key, texts.get("en", ""), texts.get("zh-Hans", "")))
    return tuple(found.values())
