"""DMN files, put together by hand: one function for each element, in the order of a sentence."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from rulebook.dmn import DmnRefused, Outcome, read_model
from rulebook.dmn.document import VERSIONS
from rulebook.feel.json_text import read_json

V13, V14, V15 = VERSIONS


def attributes(given: dict[str, Any]) -> str:
    return "".join(f" {name.rstrip('_')}={quoteattr(str(value))}" for name, value in given.items() if value)


def tag(element: str, /, *parts: str, **given: Any) -> str:
    return f"<{element}{attributes(given)}>{''.join(parts)}</{element}>"


def key(name: str) -> str:
    return "i_" + "".join(sign if sign.isalnum() else "_" for sign in name)


def model(*parts: str, version: str = V15) -> bytes:
    body = "\n".join(parts)
    return f'<definitions xmlns="{version}" name="m" namespace="urn:m" id="m">\n{body}\n</definitions>'.encode()


def text(words: str) -> str:
    return tag("text", escape(words))


def literal(words: str, kind: str = "") -> str:
    return tag("literalExpression", text(words), typeRef=kind)


def variable(name: str, kind: str = "") -> str:
    return tag("variable", name=name, typeRef=kind)


def needs(*names: str, by: str = "requiredInput") -> str:
    holder = "knowledgeRequirement" if by == "requiredKnowledge" else "informationRequirement"
    return "".join(tag(holder, tag(by, href=f"#{key(name)}")) for name in names)


def given(name: str, kind: str = "") -> str:
    return tag("inputData", variable(name, kind), name=name, id=key(name))


def decision(name: str, *parts: str, kind: str = "") -> str:
    """The last part is its logic; words by themselves are a literal expression."""
    parts = tuple(part if part.lstrip().startswith("<") else literal(part) for part in parts if part)
    return tag("decision", variable(name, kind), *parts, name=name, id=key(name))


def knowledge(name: str, formals: dict[str, str], logic: str, *needed: str, kind: str = "") -> str:
    parameters = "".join(tag("formalParameter", name=one, typeRef=of) for one, of in formals.items())
    held = logic if logic.startswith("<") else literal(logic)
    body = tag("encapsulatedLogic", parameters, held)
    return tag("businessKnowledgeModel", variable(name, kind), body, *needed, name=name, id=key(name))


def service(name: str, kind: str = "", **asks: list[str]) -> str:
    parts = (tag(by, href=f"#{key(one)}") for by, names in asks.items() for one in names)
    return tag("decisionService", variable(name, kind), *parts, name=name, id=key(name))


def item(name: str, kind: str = "", *parts: str, allowed: str = "", constraint: str = "", many: bool = False) -> str:
    return definition("itemDefinition", name, kind, *parts, allowed=allowed, constraint=constraint, many=many)


def component(name: str, kind: str = "", *parts: str, allowed: str = "", many: bool = False) -> str:
    return definition("itemComponent", name, kind, *parts, allowed=allowed, many=many)


def definition(
    element: str, name: str, kind: str, *parts: str, allowed: str = "", constraint: str = "", many: bool = False
) -> str:
    inner = tag("typeRef", kind) if kind else ""
    inner += tag("allowedValues", text(allowed)) if allowed else ""
    inner += tag("typeConstraint", text(constraint)) if constraint else ""
    return tag(element, inner, *parts, name=name, isCollection="true" if many else "")


def column(words: str, kind: str = "", values: str = "") -> str:
    held = tag("inputExpression", text(words), typeRef=kind)
    return tag("input", held, tag("inputValues", text(values)) if values else "")


def out(name: str = "", kind: str = "", values: str = "", default: str = "") -> str:
    inner = tag("outputValues", text(values)) if values else ""
    inner += tag("defaultOutputEntry", text(default)) if default else ""
    return tag("output", inner, name=name, typeRef=kind)


def row(tests: list[str], results: list[str]) -> str:
    entries = "".join(tag("inputEntry", text(cell)) for cell in tests)
    return tag("rule", entries, "".join(tag("outputEntry", text(cell)) for cell in results))


def table(*parts: str, policy: str = "", aggregation: str = "") -> str:
    return tag("decisionTable", *parts, hitPolicy=policy, aggregation=aggregation)


def entry(name: str, logic: str, kind: str = "") -> str:
    """A context's entry; without a name its result."""
    held = logic if logic.startswith("<") else literal(logic)
    return tag("contextEntry", variable(name, kind) if name else "", held)


def decided(data: bytes, facts: str = "{}", only: str | None = None) -> Outcome:
    """What a model makes of facts in JSON."""
    return read_model(data).evaluate(read_json(facts), only)


def value(data: bytes, facts: str = "{}", name: str = "d") -> Any:
    """The value of one decision, made without an error."""
    outcome = decided(data, facts)
    assert outcome.errors == ()
    return outcome.results[name]


def failed(data: bytes, facts: str = "{}") -> list[str]:
    """What went wrong, all decisions together."""
    return [f"{name}: {message}" for name, message in decided(data, facts).errors]


def refused(data: bytes) -> list[str]:
    """Line, element and message of everything that is wrong with a file."""
    with pytest.raises(DmnRefused) as caught:
        read_model(data)
    return [f"{one.line} {one}" for one in caught.value.problems]
