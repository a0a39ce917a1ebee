"""Random well-structured models: blocks in each other, every block with one way in and one way out."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from .bpmn import element, end, flow, path, process, start, timer

LEAVES = ("task", "userTask", "serviceTask", "wait", "guarded", "many", "loop", "message", "choice", "undone", "beside")
HOLDERS = ("sequence", "xor", "and", "or", "sub", "each", "apart")
Block = tuple[str, Sequence]


def blocks(leaves: Sequence[str] = LEAVES, holders: Sequence[str] = HOLDERS) -> st.SearchStrategy[Block]:
    """Blocks of these kinds, at most twelve leaves."""
    return st.recursive(
        st.sampled_from(leaves).map(lambda leaf: (leaf, ())),
        lambda inner: st.tuples(st.sampled_from(holders), st.lists(inner, min_size=1, max_size=3)),
        max_leaves=12,
    )


def twice(*, sequential: bool) -> str:
    tag, order = "bpmn:multiInstanceLoopCharacteristics", str(sequential).lower()
    return f'<{tag} isSequential="{order}"><bpmn:loopCardinality>two</bpmn:loopCardinality></{tag}>'


class Writer:
    """Writes a nested block as BPMN; every block has one way in and one way out."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.count = 0

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def add(self, tag: str, inner: str = "", **attributes: str) -> str:
        name = self.name(tag)
        self.parts.append(element(tag, name, inner, **attributes))
        return name

    def block(self, block: tuple) -> tuple[str, str]:
        kind, inner = block
        return (
            getattr(self, f"write_{kind}")(inner)
            if kind not in ("task", "userTask", "serviceTask")
            else self.leaf(kind)
        )

    def leaf(self, tag: str) -> tuple[str, str]:
        name = self.add(tag)
        return name, name

    def write_wait(self, inner) -> tuple[str, str]:
        name = self.add("intermediateCatchEvent", timer("timeDuration", "PT1H"))
        return name, name

    def write_guarded(self, inner) -> tuple[str, str]:
        task, meet = self.add("userTask"), self.add("exclusiveGateway")
        stop = self.add("boundaryEvent", timer("timeDuration", "PT2H"), attachedToRef=task)
        beside = self.add("boundaryEvent", timer("timeDuration", "PT1H"), attachedToRef=task, cancelActivity="false")
        self.parts += [
            path(f"{task} -> {meet}"),
            path(f"{stop} -> {meet}"),
            path(f"{beside} -> {self.add('endEvent')}"),
        ]
        return task, meet

    def write_many(self, inner) -> tuple[str, str]:
        name = self.add("userTask", twice(sequential=False))
        stop = self.add("boundaryEvent", timer("timeDuration", "PT2H"), attachedToRef=name)
        meet = self.add("exclusiveGateway")
        self.parts += [path(f"{name} -> {meet}"), path(f"{stop} -> {meet}")]
        return name, meet

    def write_loop(self, inner) -> tuple[str, str]:
        name = self.add("userTask", '<bpmn:standardLoopCharacteristics loopMaximum="2"/>')
        return name, name

    def write_message(self, inner) -> tuple[str, str]:
        name = self.add("intermediateCatchEvent", '<bpmn:messageEventDefinition messageRef="paid"/>')
        return name, name

    def write_choice(self, inner) -> tuple[str, str]:
        gate, meet = self.add("eventBasedGateway"), self.add("exclusiveGateway")
        for event in (self.write_message(()), self.write_wait(())):
            self.parts += [path(f"{gate} -> {event[0]}"), path(f"{event[1]} -> {meet}")]
        return gate, meet

    def write_undone(self, inner) -> tuple[str, str]:
        task, undo = self.add("userTask"), self.add("userTask", isForCompensation="true")
        asked = self.add("boundaryEvent", "<bpmn:compensateEventDefinition/>", attachedToRef=task)
        throw = self.add("intermediateThrowEvent", f'<bpmn:compensateEventDefinition activityRef="{task}"/>')
        self.parts += [path(f"{task} -> {throw}")]
        self.add("association", sourceRef=asked, targetRef=undo)
        return task, throw

    def write_beside(self, inner) -> tuple[str, str]:
        """A sub-process with an event sub-process that may run beside its task."""
        begin, task, finish = self.name("begin"), self.name("inner"), self.name("finish")
        at, late, over = self.name("at"), self.name("late"), self.name("over")
        extra = element("startEvent", at, timer("timeCycle", "R2/PT1H"), isInterrupting="false")
        extra += element("userTask", late) + end(over) + path(f"{at} -> {late} -> {over}")
        content = start(begin) + element("userTask", task) + end(finish) + path(f"{begin} -> {task} -> {finish}")
        content += element("subProcess", self.name("aside"), extra, triggeredByEvent="true")
        name = self.add("subProcess", content)
        return name, name

    def write_or(self, inner) -> tuple[str, str]:
        split, join = self.name("some"), self.add("inclusiveGateway")
        for number, item in enumerate(inner):
            first, last = self.block(item)
            self.parts += [
                flow(f"{split} -> {first}", f"choice < {number + 1}" if number else "true"),
                path(f"{last} -> {join}"),
            ]
        self.parts.append(element("inclusiveGateway", split))
        return split, join

    def write_each(self, inner) -> tuple[str, str]:
        return self.write_sub(inner, twice(sequential=True))

    def write_apart(self, inner) -> tuple[str, str]:
        return self.write_sub(inner, tag="transaction")

    def write_sequence(self, inner) -> tuple[str, str]:
        ends = [self.block(item) for item in inner]
        self.parts += [path(f"{a[1]} -> {b[0]}") for a, b in zip(ends, ends[1:])]
        return ends[0][0], ends[-1][1]

    def write_and(self, inner) -> tuple[str, str]:
        split, join = self.add("parallelGateway"), self.add("parallelGateway")
        for item in inner:
            first, last = self.block(item)
            self.parts += [path(f"{split} -> {first}"), path(f"{last} -> {join}")]
        return split, join

    def write_xor(self, inner) -> tuple[str, str]:
        split, meet = self.name("choose"), self.add("exclusiveGateway")
        ends = [self.block(item) for item in inner]
        for number, (first, last) in enumerate(ends):
            condition = f"choice = {number}" if number < len(ends) - 1 else ""
            self.parts += [flow(f"{split} -> {first}", condition), path(f"{last} -> {meet}")]
        self.parts.append(element("exclusiveGateway", split, default=f"{split}-{ends[-1][0]}"))
        return split, meet

    def write_sub(self, inner, more: str = "", tag: str = "subProcess") -> tuple[str, str]:
        outside, self.parts = self.parts, []
        self.scope(("sequence", inner))
        content, self.parts = "".join(self.parts), outside
        name = self.add(tag, more + content)
        return name, name

    def scope(self, block: tuple) -> None:
        first, last = self.block(block)
        begin, finish = self.add("startEvent"), self.add("endEvent")
        self.parts += [path(f"{begin} -> {first}"), path(f"{last} -> {finish}")]


def model(block: Block) -> bytes:
    """A file whose one process `p` is the block."""
    writer = Writer()
    writer.scope(block)
    message = element("message", "paid", name="paid").encode()
    return process(*writer.parts).replace(b"</bpmn:definitions>", message + b"</bpmn:definitions>")
