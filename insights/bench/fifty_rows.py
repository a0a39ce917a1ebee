"""A decision table of fifty rows and six columns, cases for it, and the same table in JDM, zen-engine's JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle, islice, product
from typing import Any

KEY, OUTPUT = "fifty_rows", "tier"
COLUMNS = {
    "transfer": "text",
    "destination": "text",
    "amount": "number",
    "client_age": "number",
    "channel": "text",
    "advisor_changed": "boolean",
}
TRANSFERS = ("full_acat", "partial_acat", "journal", "wire", "dtc")
DESTINATIONS = {"own": '"own"', "third_party": 'not("own")'}
AMOUNTS = ("< 25000", "[25000..100000]", "(100000..500000)", "[500000..2000000]", "> 2000000")
AGES = ("-", ">= 18", "< 65", "-", "[18..120]", "-", ">= 65")
CHANNELS = ("-", '"web", "branch"', "-", '"branch", "phone", "web"')
CHANGED = ("-", "false", "-", "-", "true")


def table() -> dict[str, Any]:
    """The body: one row for each kind of transfer, destination and band of amounts; the other cells vary."""
    ways = product(TRANSFERS, DESTINATIONS.values(), AMOUNTS)
    others = zip(cycle(AGES), cycle(CHANNELS), cycle(CHANGED))
    rows = [
        {
            "id": f"R{number}",
            "when": dict(zip(COLUMNS, (f'"{transfer}"', *rest, *other))),
            "then": {OUTPUT: str(number)},
        }
        for number, ((transfer, *rest), other) in enumerate(zip(ways, others), 1)
    ]
    return {
        "key": KEY,
        "hit_policy": "first",
        "inputs": [{"name": name, "type": kind} for name, kind in COLUMNS.items()],
        "outputs": [{"name": OUTPUT, "type": "number"}],
        "rules": rows,
        "default": {OUTPUT: "null"},
    }


def cases(count: int) -> list[dict[str, Any]]:
    """Facts as JSON has them, on the edges of every band too; about one in three is covered by no row."""
    return list(islice(_facts(), count))


def _facts() -> Iterator[dict[str, Any]]:
    amounts = cycle((0.01, 24_999.99, 25_000, 100_000, 100_000.01, 499_999.99, 500_000, 2_000_000, 2_000_000.01))
    ages, channels = cycle((17, 18, 42, 64, 65, 90, 42)), cycle(("web", "branch", "phone", "web"))
    changed = cycle((False, True, False, False, False))
    for transfer, destination in cycle(product(TRANSFERS, DESTINATIONS)):
        values = (transfer, destination, next(amounts), next(ages), next(channels), next(changed))
        yield dict(zip(COLUMNS, values))


def as_jdm(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same table as a JDM graph: input, table, output."""
    names = [column["name"] for column in body["inputs"]]
    rules = [
        {"_id": rule["id"]} | {name: _cell(rule["when"][name]) for name in names} | rule["then"]
        for rule in body["rules"]
    ]
    content = {
        "hitPolicy": body["hit_policy"],
        "inputs": [{"id": name, "name": name, "field": name} for name in names],
        "outputs": [
            {"id": column["name"], "name": column["name"], "field": column["name"]} for column in body["outputs"]
        ],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in (("in", "table"), ("table", "out"))
    ]
    return {"nodes": nodes, "edges": edges}


def _cell(text: str) -> str:
    """A cell in JDM's words: empty for any value, another word for `not`; all else is written alike."""
    if text == "-":
        return ""
    return f"not in [{text[len('not(') : -1]}]" if text.startswith("not(") else text
