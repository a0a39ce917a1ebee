"""zen-engine by its Python binding: decisions of one table, in the two ways that its documentation shows.

Kept: the compiled content comes from the engine's loader each time, its faster way. Created: a decision made once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from time import perf_counter
from typing import Any

import zen

KEY = "table"
Decide = Callable[[dict[str, Any]], dict[str, Any]]


class Ways:
    """One table, ready to decide."""

    def __init__(self, model: dict[str, Any]) -> None:
        text = json.dumps(model)
        content = zen.ZenDecisionContent(text)
        keeper = zen.ZenEngine({"loader": lambda key: content})
        created = zen.ZenEngine().create_decision(text)
        self.by_name: dict[str, Decide] = {
            "kept": lambda facts: keeper.evaluate(KEY, facts)["result"],
            "created": lambda facts: created.evaluate(facts)["result"],
        }

    def answers(self, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What each case is decided, the same in both ways."""
        found = [[decide(facts) for facts in cases] for decide in self.by_name.values()]
        if found[0] != found[1]:
            raise SystemExit("Expected the same answers in both ways, but they differ.")
        return found[0]

    def rate(self, way: str, cases: list[dict[str, Any]], warm: float) -> float:
        """Decisions a second. warm: seconds decided before."""
        decide = self.by_name[way]
        began = perf_counter()
        while perf_counter() - began < warm:
            decide(cases[0])
        began = perf_counter()
        for facts in cases:
            decide(facts)
        return len(cases) / (perf_counter() - began)


def main() -> None:
    """Answer until nobody asks any more."""
    ways: Ways | None = None
    cases: list[dict[str, Any]] = []
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "table":
            ways, cases = Ways(request["model"]), request["cases"]
            answer: dict[str, Any] = {"version": version("zen-engine"), "answers": ways.answers(cases)}
        elif ways is not None:
            answer = {"rate": ways.rate(request["way"], cases, request["warm"])}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
