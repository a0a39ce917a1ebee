"""`rules eval EXPRESSION --facts JSON`: the value of one expression."""

from argparse import ArgumentParser
from typing import Any

from audit.management.one_line import CallRefused
from rulebook.feel import FeelError, compile_expression
from rulebook.feel.json_text import write_json
from rulebook.feel.vocabulary import LANGUAGE_ONLY
from rulebook.management.verbs.input import Out, facts_of

HELP = "Evaluate one FEEL expression."


def add_arguments(parser: ArgumentParser) -> None:
    """The expression and its facts."""
    parser.add_argument("expression", metavar="EXPRESSION")
    parser.add_argument("--facts", default="{}", metavar="JSON", help="a JSON object of facts")


def run(options: dict[str, Any], out: Out) -> int:
    """0: a value, also null. Raises CallRefused for an expression or facts that can't be read or have no value."""
    facts = facts_of(options["facts"], "--facts")
    text = options["expression"]
    try:
        shown = write_json(compile_expression(text, words=LANGUAGE_ONLY.plus(_names(facts))).evaluate(facts))
    except FeelError as error:
        line = text.count("\n", 0, error.position or 0) + 1
        raise CallRefused(f"EXPRESSION:{line}", str(error)) from None
    out(f'{{"value": {shown}}}' if options["json"] else shown)
    return 0


def _names(facts: Any) -> frozenset[str]:
    """The names of facts and of what is in them, as they may hold several words."""
    names: set[str] = set()
    pending = [facts]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            names.update(value)
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return frozenset(names)
