"""The verbs of `manage.py rules`: one module each, listed here by the word that calls it.

A verb has `HELP`, `add_arguments(parser)` and `run(options, out)`, which answers the exit status and may raise
CallRefused. `out` writes one line on standard output.
"""

from types import ModuleType

from rulebook.management.verbs import check, decide, evaluate, replay, run

VERBS: dict[str, ModuleType] = {
    "check": check,
    "decide": decide,
    "eval": evaluate,
    "replay": replay,
    "run": run,
}
