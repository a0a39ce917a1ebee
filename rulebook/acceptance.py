"""Acceptance cases of a table: facts, and what every version must decide for them. Pure functions.

What is expected is kept as the table's own cells would say it, so that a case can be read like a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulebook.feel import FeelError
from rulebook.feel.writing import as_expression
from rulebook.said import Named, Said, sentence_of
from rulebook.said import gettext_noop as _
from rulebook.tables import DecisionTable, FactError, NoRule, TooManyRules, decide, needed_fact, read_facts

IN_ORDER = ("rule_order", "output_order")  # policies whose answers stand in an order that means something
Outputs = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a table says for facts. rules: the rows that decided, none where the default did.

    outputs: cells in FEEL, one mapping for each row that counts, or one for all; problem: why it says nothing.
    """

    rules: tuple[str, ...] = ()
    outputs: tuple[dict[str, str], ...] = ()
    problem: str = ""


def answer_of(table: DecisionTable, raw: Mapping[str, Any]) -> Answer:
    """What the table decides for facts as JSON has them; a problem where it can't."""
    try:
        facts = read_facts(table, raw)
        if needed := needed_fact(table, facts):
            rule, name = needed
            sentence = _("Rule %(rule)s asks for “%(fact)s”, and the case does not say it.")
            return Answer(problem=Said(sentence, rule=rule, fact=_called(table, name)))
        decision = decide(table, facts)
    except FactError as error:
        sentence = _("“%(fact)s” has a value that this version does not take.")
        return Answer(problem=Said(sentence, fact=_called(table, error.fact)))
    except NoRule:
        return Answer(problem=Said(_("No rule covers it.")))
    except TooManyRules as error:
        sentence = _("The rules %(rules)s all match, and the table allows only one answer.")
        return Answer(problem=Said(sentence, rules=", ".join(error.rules)))
    except FeelError as error:
        return Answer(problem=sentence_of(error))
    return Answer(decision.rules, tuple(written(each) for each in decision.outputs))


def written(output: Mapping[str, Any]) -> dict[str, str]:
    """An output's values as cells; what is null is left out."""
    return {name: as_expression(value) for name, value in output.items() if value is not None}


def broken(table: DecisionTable, facts: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    """Why a case does not hold on a table, or nothing.

    expected: `outputs` as cells, and `rules`, the ids of the rows that answer (None: whichever).
    """
    found = answer_of(table, facts)
    if found.problem:
        return found.problem
    wanted = expected["rules"]
    if wanted is not None and _ordered(table, wanted) != _ordered(table, found.rules):
        sentence = _("Expected %(wanted)s, but decided by %(found)s: %(outputs)s")
        return Said(sentence, wanted=_rules(wanted), found=_rules(found.rules), outputs=_told(found.outputs))
    if _ordered(table, expected["outputs"]) == _ordered(table, found.outputs):
        return ""
    sentence = _("Expected %(wanted)s, but decided was %(found)s")
    return Said(sentence, wanted=_told(expected["outputs"]), found=_told(found.outputs))


def _ordered(table: DecisionTable, given: Sequence[Any]) -> list[Any]:
    """Answers as they are compared: under most policies their order says nothing."""
    return list(given) if table.hit_policy in IN_ORDER else sorted(given, key=_key)


def _key(value: Any) -> str:
    return value if isinstance(value, str) else repr(sorted(value.items()))


def _rules(rules: Sequence[str]) -> str:
    return ", ".join(rules) if rules else Said(_("no rule"))


def _told(outputs: Outputs) -> str:
    return "; ".join(", ".join(f"{name} = {text}" for name, text in each.items()) or "null" for each in outputs)


def _called(table: DecisionTable, name: str) -> str:
    label = next((column.label for column in table.inputs if column.name == name), {})
    return Named(label.get("en") or name, label.get("zh-Hans", ""))
