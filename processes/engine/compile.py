"""A checked process of a document becomes a Graph."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from processes.engine.check import check_process
from processes.engine.document import Document, Element, Flow, Process
from processes.engine.errors import NotExecutable
from processes.engine.graph import Graph, MilestoneDef, Node
from processes.engine.report import Finding, Report
from processes.engine.timers import TimerRule


def compile_graph(document: Document, process: str | None = None) -> Graph:
    """The graph of one process of the file; without an id of the one that is meant to run.

    Raises NotExecutable with every reason: broken model, elements that do not run here, no or several processes.
    """
    chosen = _choose(document, process)
    findings = [*document.errors, *check_process(document, chosen)]
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
    names = ", ".join(known) or "none"
    wanted = f'a process "{process}"' if process else "exactly one process to run"
    finding = Finding("", 1, f"Expected {wanted}, but the file has: {names}.", blocks=True)
    raise NotExecutable(Report(errors=(*document.errors, finding), elements=document.counts))


class _Compiler:
    def __init__(self, document: Document, process: Process) -> None:
        self.document = document
        self.process = process
        self.scopes = document.inside(process.id)
        self.outgoing: dict[str, list[Flow]] = {}
        self.incoming: dict[str, int] = {}
        self.boundary: dict[str, list[str]] = {}
        self.starts = {e.scope: e.id for s in self.scopes for e in s.elements if e.tag == "startEvent"}

    def graph(self) -> Graph:
        elements = [element for scope in self.scopes for element in scope.elements]
        flows = [flow for scope in self.scopes for flow in scope.flows]
        self._index(elements, flows)
        return Graph(
            process=self.process.id,
            name=self.process.name,
            start=self.starts[self.process.id],
            nodes=MappingProxyType({element.id: self._node(element) for element in elements}),
            flows=MappingProxyType({flow.id: flow for flow in flows}),
            milestones=_milestones(elements),
        )

    def _index(self, elements: Iterable[Element], flows: Iterable[Flow]) -> None:
        for flow in flows:
            self.outgoing.setdefault(flow.source, []).append(flow)
            self.incoming[flow.target] = self.incoming.get(flow.target, 0) + 1
        for element in elements:
            if element.attached_to:
                self.boundary.setdefault(element.attached_to, []).append(element.id)

    def _node(self, element: Element) -> Node:
        timer = next((TimerRule(t.form, t.text) for t in element.triggers if t.kind == "timer"), None)
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
            timer=timer,
            interrupting=element.interrupting,
            incoming=self.incoming.get(element.id, 0),
            outgoing=tuple(self.outgoing.get(element.id, ())),
            default=element.default,
            boundary=tuple(self.boundary.get(element.id, ())),
            start=self.starts.get(element.id, ""),
        )


def _milestones(elements: Iterable[Element]) -> tuple[MilestoneDef, ...]:
    given = [element for element in elements if element.attributes.get("milestone", {}).get("key")]
    found: dict[str, MilestoneDef] = {}
    for element in sorted(given, key=lambda element: element.line):
        texts = element.attributes["milestone"]
        key = texts["key"]
        found.setdefault(key, MilestoneDef(key, texts.get("en", ""), texts.get("zh-Hans", "")))
    return tuple(found.values())
