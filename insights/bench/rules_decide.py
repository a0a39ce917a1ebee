"""Decisions a second of a table with fifty rows and six columns, against zen-engine on the same table and cases.

Both get facts as values of Python and give their output as such; ours also says which row decided. Every case is
answered alike, or the benchmark stops.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from statistics import median
from time import perf_counter
from typing import Any

from insights.bench.fifty_rows import KEY, OUTPUT, as_jdm, cases, table
from insights.bench.peers import Peer, peer
from insights.bench.results import PeerFigure, Result, Run
from rulebook.tables import decide, load_table, read_facts

SIZE, ROUNDS = 4_000, 7
WARM = 0.2  # seconds decided unmeasured first: so long a core is slow that slept while the other was measured
WAYS = {"kept": "its loader keeps the table", "created": "a decision created once"}
Facts = Mapping[str, Any]


def run(size: int | None = None) -> Result:
    """Decide `size` cases seven times, alternating with the peer in both of its ways; the faster one counts."""
    ours_table, given = load_table(table()), cases(size or SIZE)
    typed = [_typed(facts) for facts in given]
    answers = [decide(ours_table, facts).outputs[0][OUTPUT] for facts in typed]
    theirs: dict[str, list[float]] = {way: [] for way in WAYS}
    ours: list[float] = []
    from_json: list[float] = []
    version = ""
    with peer("zen_peer") as other:
        if other is not None:
            version = _same_answers(other, given, answers)
        for _round in range(ROUNDS):
            ours.append(_rate(lambda facts: decide(ours_table, facts), typed))
            from_json.append(_rate(lambda facts: decide(ours_table, read_facts(ours_table, facts)), _as_texts(given)))
            for way, rates in theirs.items():
                rates += [other.ask(do="measure", way=way, warm=WARM)["rate"]] if other else []
    of_peer = {way: median(rates) for way, rates in theirs.items() if rates}
    runs = [_run("decisions/s", given, ours), _run("decisions/s, facts read from JSON first", given, from_json)]
    runs += [_run(f"decisions/s: zen-engine {version}, {WAYS[way]}", given, theirs[way]) for way in of_peer]
    rival = PeerFigure("zen-engine", version, max(of_peer.values())) if of_peer else None
    return Result("rules-decide", len(given), "decisions/s", median(ours), runs, peer=rival)


def _typed(facts: Facts) -> dict[str, Any]:
    """Facts as the product's rooms hand them over: numbers are decimals."""
    return {name: Decimal(str(value)) if type(value) in (int, float) else value for name, value in facts.items()}


def _as_texts(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Facts as `rules decide` reads them: numbers are texts."""
    return [{name: str(v) if isinstance(v, Decimal) else v for name, v in _typed(facts).items()} for facts in given]


def _same_answers(other: Peer, given: list[dict[str, Any]], answers: list[Any]) -> str:
    """The peer's version. Raises RuntimeError for the first case that it decides otherwise."""
    said = other.ask(do="table", model=as_jdm(table()), cases=given)
    for facts, answer, theirs in zip(given, answers, said["answers"], strict=True):
        if answer != theirs.get(OUTPUT):
            raise RuntimeError(f"Expected {answer} for {facts} of {KEY}, but zen-engine says {theirs}.")
    return str(said["version"])


def _rate(decide_one: Callable[[Facts], Any], given: list[dict[str, Any]]) -> float:
    began = perf_counter()
    while perf_counter() - began < WARM:
        decide_one(given[0])
    began = perf_counter()
    for facts in given:
        decide_one(facts)
    return len(given) / (perf_counter() - began)


def _run(what: str, given: list[Any], rates: list[float]) -> Run:
    return Run(what, len(given), round(median(rates)))
