"""Builders of one small model in the ways in which modelling tools write it.

Nothing here is a copy of a file: each style keeps a tool's prefixes, attributes, extensions and habits of drawing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True)
class Style:
    """How one tool writes. prefix: of the model's elements; di, dc, dd: of the diagram's; ids: how it makes
    one of a name; root: attributes of definitions; extra: what it adds inside a node, by tag; xmlns: namespaces."""

    name: str
    prefix: str = "bpmn:"
    di: str = "bpmndi:"
    dc: str = "dc:"
    dd: str = "di:"
    ids: str = "{}"
    xmlns: dict[str, str] = field(default_factory=dict)
    root: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>\n'
    refs: bool = True
    drawn: bool = True
    executable: str = ' isExecutable="true"'
    condition: str = "amount > 5"
    condition_attributes: str = f' xmlns:xsi="{XSI}" xsi:type="{{}}tFormalExpression"'
    label: str = ""
    waypoint: str = ""
    local_refs: str = ""


STYLES = (
    Style(
        "Camunda Modeler for Camunda 7",
        ids="Activity_{}",
        xmlns={"camunda": "http://camunda.org/schema/1.0/bpmn", "modeler": "http://camunda.org/schema/modeler/1.0"},
        root=' exporter="Camunda Modeler" exporterVersion="5.20.0" modeler:executionPlatform="Camunda Platform" '
        'modeler:executionPlatformVersion="7.20.0"',
        attributes={
            "process": ' camunda:historyTimeToLive="180" camunda:versionTag="1.0"',
            "userTask": ' camunda:assignee="${starter}" camunda:formKey="embedded:a.html"',
            "serviceTask": ' camunda:type="external" camunda:topic="booking" camunda:asyncBefore="true"',
        },
        extra={
            "userTask": '<camunda:formData><camunda:formField id="a" label="A" type="string" /></camunda:formData>'
            '<camunda:taskListener delegateExpression="${listener}" event="create" />',
            "serviceTask": '<camunda:inputOutput><camunda:inputParameter name="x">${amount}</camunda:inputParameter>'
            '<camunda:outputParameter name="y"><camunda:list><camunda:value>1</camunda:value></camunda:list>'
            "</camunda:outputParameter></camunda:inputOutput>",
        },
        condition="${amount &gt; 5}",
    ),
    Style(
        "Camunda Modeler for Camunda 8",
        ids="Activity_{}",
        xmlns={"zeebe": "http://camunda.org/schema/zeebe/1.0", "modeler": "http://camunda.org/schema/modeler/1.0"},
        root=' exporter="Camunda Modeler" exporterVersion="5.31.0" modeler:executionPlatform="Camunda Cloud" '
        'modeler:executionPlatformVersion="8.6.0"',
        extra={
            "userTask": '<zeebe:userTask /><zeebe:formDefinition formId="form" />'
            '<zeebe:assignmentDefinition candidateGroups="=groups" />',
            "serviceTask": '<zeebe:taskDefinition type="booking" retries="3" /><zeebe:ioMapping>'
            '<zeebe:input source="=amount * 2" target="doubled" /></zeebe:ioMapping><zeebe:taskHeaders />',
        },
        condition="=amount &gt; 5",
    ),
    Style(
        "bpmn.io",
        ids="Task_{}",
        root=' exporter="bpmn-js (https://demo.bpmn.io)" exporterVersion="17.9.1"',
        xmlns={
            "bioc": "http://bpmn.io/schema/bpmn/biocolor/1.0",
            "color": "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        },
        executable=' isExecutable="false"',
        label='<bpmndi:BPMNLabel><dc:Bounds x="1" y="2" width="0" height="13" /></bpmndi:BPMNLabel>',
    ),
    Style(
        "Signavio",
        prefix="",
        dc="omgdc:",
        dd="omgdi:",
        ids="sid-7AE22CBD-7F99-4865-B3F7-{}",
        xmlns={"signavio": "http://www.signavio.com"},
        root=' exporter="Signavio Process Editor, http://www.signavio.com" exporterVersion="15.9.0" '
        'expressionLanguage="http://www.w3.org/TR/XPath" typeLanguage="http://www.w3.org/2001/XMLSchema"',
        extra={
            "userTask": '<signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffcc"/>'
            '<signavio:signavioLabel ref="text" align="center" x="50.0" y="40.0"/>',
            "process": '<signavio:signavioDiagramMetaData metaKey="processowner" metaValue=""/>',
        },
        attributes={"userTask": ' completionQuantity="1" isForCompensation="false" implementation="webService"'},
        executable=' processType="None" isClosed="false" isExecutable="false"',
        condition="<![CDATA[amount > 5]]>",
        label='<bpmndi:BPMNLabel labelStyle="sid-style"><omgdc:Bounds height="12.0" width="48.0" x="4.0" y="4.0"/>'
        "</bpmndi:BPMNLabel>",
    ),
    Style(
        "Visio with a BPMN add-in",
        prefix="semantic:",
        ids="_6-{}",
        declaration='<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?>\r\n',
        xmlns={"bpsim": "http://www.bpsim.org/schemas/1.0"},
        root=' name="Untitled Diagram"',
        executable=' isExecutable="false"',
        waypoint=f' xmlns:xsi="{XSI}" xsi:type="dc:Point"',
        label='<bpmndi:BPMNLabel labelStyle="LS1"><dc:Bounds height="12.804751171875008" width="94.93333333333335" '
        'x="153.67766754457273" y="371.3333333333333"/></bpmndi:BPMNLabel>',
    ),
    Style(
        "Bizagi",
        prefix="",
        di="",
        ids="Id_{}",
        xmlns={"bizagi": "http://www.bizagi.com/bpmn20", "xsd": "http://www.w3.org/2001/XMLSchema"},
        root=' exporter="Bizagi Modeler"',
        extra={
            "userTask": '<bizagi:BizagiExtensions><bizagi:BizagiProperties><bizagi:BizagiProperty name="bgColor" '
            'value="#ECEFFF" /></bizagi:BizagiProperties></bizagi:BizagiExtensions>'
        },
        declaration='\ufeff<?xml version="1.0"?>\r\n',
        executable="",
    ),
    Style(
        "jBPM",
        prefix="bpmn2:",
        ids="_{}-4C31-A1B6",
        xmlns={"drools": "http://www.jboss.org/drools", "bpsim": "http://www.bpsim.org/schemas/1.0"},
        root=' exporter="jBPM Process Modeler" exporterVersion="2.0" typeLanguage="http://www.java.com/javaTypes"',
        attributes={
            "process": ' drools:packageName="com.example" drools:version="1.0" drools:adHoc="false"',
            "serviceTask": ' drools:serviceimplementation="Java" implementation="Java"',
        },
        extra={
            "userTask": '<drools:metaData name="elementname"><drools:metaValue><![CDATA[Check]]></drools:metaValue>'
            "</drools:metaData>",
        },
        condition="<![CDATA[return amount > 5;]]>",
        condition_attributes=f' xmlns:xsi="{XSI}" xsi:type="{{}}tFormalExpression" language="http://www.java.com/java"',
    ),
    Style(
        "Activiti and Flowable",
        prefix="",
        dc="omgdc:",
        dd="omgdi:",
        xmlns={"activiti": "http://activiti.org/bpmn", "flowable": "http://flowable.org/bpmn"},
        root=' typeLanguage="http://www.w3.org/2001/XMLSchema" expressionLanguage="http://www.w3.org/1999/XPath"',
        attributes={"userTask": ' activiti:candidateGroups="ops"', "serviceTask": ' flowable:class="com.example.Book"'},
        extra={"userTask": '<flowable:formProperty id="a" name="A" required="true"></flowable:formProperty>'},
        condition="<![CDATA[${amount > 5}]]>",
        refs=False,
    ),
    Style(
        "ADONIS",
        prefix="",
        dc="omgdc:",
        dd="omgdi:",
        ids="obj.{}",
        xmlns={"adonis": "http://www.boc-group.com", "semantic": MODEL},
        root=' exporter="ADONIS" exporterVersion="6.0.1.4" expressionLanguage="http://www.w3.org/1999/XPath"',
        extra=dict.fromkeys(("process", "userTask", "serviceTask"), "<adonis:instance/>"),
        executable=' isExecutable="false"',
    ),
    Style(
        "A tool that qualifies its references and draws nothing",
        ids="bpmnid-e393f0fc-{}",
        xmlns={"xmi": "http://www.omg.org/XMI", "Process": "urn:example"},
        root=' xmi:version="2.0" exporter="http://www.example.com/BPM" exporterVersion="8.0.1"',
        drawn=False,
        refs=False,
        executable="",
        local_refs="Process:",
    ),
    Style(
        "JAXB",
        prefix="ns0:",
        di="ns1:",
        dc="ns2:",
        dd="ns3:",
        declaration="",
        ids="ID_{}",
        executable=' isExecutable="1"',
    ),
)


class Writer:
    """Writes the model in one style."""

    def __init__(self, style: Style) -> None:
        self.style = style

    def id(self, name: str) -> str:
        return self.style.ids.format(name)

    def ref(self, name: str) -> str:
        return self.style.local_refs + self.id(name)

    def node(
        self, tag: str, name: str, label: str = "", inner: str = "", ins: str = "", outs: str = "", more: str = ""
    ) -> str:
        s = self.style
        extra = f"<{s.prefix}extensionElements>{s.extra[tag]}</{s.prefix}extensionElements>" if tag in s.extra else ""
        refs = ""
        if s.refs:
            refs += "".join(f"<{s.prefix}incoming>{self.id(one)}</{s.prefix}incoming>" for one in ins.split())
            refs += "".join(f"<{s.prefix}outgoing>{self.id(one)}</{s.prefix}outgoing>" for one in outs.split())
        title = f' name="{label}"' if label else ""
        return (
            f'\n    <{s.prefix}{tag} id="{self.id(name)}"{title}{s.attributes.get(tag, "")}{more}>'
            f"{extra}{refs}{inner}</{s.prefix}{tag}>"
        )

    def flow(self, name: str, source: str, target: str, condition: bool = False) -> str:
        s = self.style
        inner = ""
        if condition:
            given = s.condition_attributes.format(s.prefix)
            inner = f"<{s.prefix}conditionExpression{given}>{s.condition}</{s.prefix}conditionExpression>"
        ends = f'sourceRef="{self.ref(source)}" targetRef="{self.ref(target)}"'
        return f'\n    <{s.prefix}sequenceFlow id="{self.id(name)}" {ends}>{inner}</{s.prefix}sequenceFlow>'

    def shape(self, name: str, x: float, y: float, width: float = 100, height: float = 80, more: str = "") -> str:
        s = self.style
        bounds = f'<{s.dc}Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
        open_tag = f'<{s.di}BPMNShape id="{self.id(name)}_di" bpmnElement="{self.ref(name)}"{more}>'
        return f"\n      {open_tag}{bounds}{s.label}</{s.di}BPMNShape>"

    def edge(self, name: str, *points: tuple[float, float]) -> str:
        s = self.style
        stops = "".join(f'<{s.dd}waypoint{s.waypoint} x="{x}" y="{y}"/>' for x, y in points)
        return (
            f'\n      <{s.di}BPMNEdge id="{self.id(name)}_di" bpmnElement="{self.ref(name)}">{stops}</{s.di}BPMNEdge>'
        )

    def definitions(self, body: str) -> str:
        s = self.style
        spaces = {s.di: DI, s.dc: DC, s.dd: DD, s.prefix: MODEL} | {f"{name}:": uri for name, uri in s.xmlns.items()}
        given = "".join(
            f' xmlns:{prefix[:-1]}="{uri}"' if prefix else f' xmlns="{MODEL}"' for prefix, uri in spaces.items()
        )
        return (
            f'{s.declaration}<{s.prefix}definitions{given} id="Definitions_1" targetNamespace="urn:example"{s.root}>'
            f"{body}\n</{s.prefix}definitions>\n"
        )


def small(style: Style, label: str = "Check the order") -> str:
    """start → user task (boundary timer) → gateway → service task or end; in a pool beside a black box, two lanes."""
    w, p = Writer(style), style.prefix
    timer = f"<{p}timerEventDefinition><{p}timeDuration>PT1H</{p}timeDuration></{p}timerEventDefinition>"
    nodes = "".join((
        w.node("startEvent", "s", "Received", outs="f1"),
        w.node("userTask", "a", label, ins="f1", outs="f2"),
        w.node("boundaryEvent", "b", "Late", inner=timer, outs="f6", more=f' attachedToRef="{w.ref("a")}"'),
        w.node("exclusiveGateway", "g", "Large?", ins="f2", outs="f3 f4", more=f' default="{w.ref("f4")}"'),
        w.node("serviceTask", "c", "Book", ins="f3", outs="f5"),
        w.node("endEvent", "e", "Done", ins="f4 f5"),
        w.node("endEvent", "late", "Too late", ins="f6"),
        w.flow("f1", "s", "a"), w.flow("f2", "a", "g"), w.flow("f3", "g", "c", condition=True),
        w.flow("f4", "g", "e"), w.flow("f5", "c", "e"), w.flow("f6", "b", "late"),
    ))  # fmt: skip
    members = "".join(f"<{p}flowNodeRef>{w.id(name)}</{p}flowNodeRef>" for name in ("s", "a", "b", "late"))
    lanes = f'\n    <{p}laneSet><{p}lane id="{w.id("l1")}" name="Client">{members}</{p}lane></{p}laneSet>'
    note = f'\n    <{p}textAnnotation id="{w.id("n")}"><{p}text>Note</{p}text></{p}textAnnotation>'
    process = w.node("process", "p", "Order", inner=lanes + nodes + note, more=style.executable)
    people = (
        w.node("participant", "us", "Bank", more=f' processRef="{w.ref("p")}"')
        + w.node("participant", "them", "Client")
        + w.node("messageFlow", "m", more=f' sourceRef="{w.ref("them")}" targetRef="{w.ref("s")}"')
    )
    collaboration = w.node("collaboration", "k", inner=people)
    return w.definitions(collaboration + process + (diagram(w) if style.drawn else ""))


def diagram(w: Writer) -> str:
    """Its places as a tool draws them."""
    d = w.style.di
    places = "".join((
        w.shape("us", 0, 0, 900, 300, ' isHorizontal="true"'), w.shape("them", 0, 350, 900, 60, ' isHorizontal="true"'),
        w.shape("l1", 30, 0, 870, 300, ' isHorizontal="true"'), w.shape("s", 80, 82, 36, 36), w.shape("a", 180, 60),
        w.shape("b", 212, 122, 36, 36), w.shape("g", 340, 75, 50, 50, ' isMarkerVisible="true"'), w.shape("c", 450, 60),
        w.shape("e", 620, 82, 36, 36), w.shape("late", 300, 222, 36, 36), w.shape("n", 500, 200, 100, 30),
        w.edge("f1", (116, 100), (180, 100)), w.edge("f2", (280, 100), (340, 100)),
        w.edge("f3", (390, 100), (450, 100)),
        w.edge("f4", (365, 125), (365, 180), (638, 180), (638, 118)), w.edge("f5", (550, 100), (620, 100)),
        w.edge("f6", (230, 158), (230, 240), (300, 240)), w.edge("m", (98, 350), (98, 118)),
    ))  # fmt: skip
    plane = f'<{d}BPMNPlane id="plane" bpmnElement="{w.ref("k")}">{places}\n    </{d}BPMNPlane>'
    space = "" if d else f' xmlns="{DI}"'  # a default namespace of its own for the diagram
    return f'\n  <{d}BPMNDiagram id="diagram"{space}>\n    {plane}\n  </{d}BPMNDiagram>'


Change = Callable[[str], bytes]

ENCODINGS: dict[str, Change] = {
    "UTF-8": lambda text: _declared(text, "UTF-8").encode(),
    "UTF-8 with a mark": lambda text: ("\ufeff" + _declared(text, "UTF-8")).encode(),
    "UTF-16": lambda text: _declared(text, "UTF-16").encode("utf-16"),
    "Latin-1": lambda text: _declared(text, "ISO-8859-1").encode("latin-1", "xmlcharrefreplace"),
    "Windows-1252": lambda text: _declared(text, "windows-1252").encode("cp1252", "xmlcharrefreplace"),
    "GB18030": lambda text: _declared(text, "GB18030").encode("gb18030"),
}


def _declared(text: str, encoding: str) -> str:
    body = text.lstrip("\ufeff")
    body = body.partition("?>")[2] if body.startswith("<?xml") else body
    return f'<?xml version="1.0" encoding="{encoding}"?>{body}'
