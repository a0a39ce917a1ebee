"""Calling a command as the command line does, in this process and on the test's own database."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.management import get_commands, load_command_class


@dataclass(frozen=True)
class Answer:
    """What a call came to."""

    status: int
    out: str
    err: str

    @property
    def is_refused_in_one_line(self) -> bool:
        """Exit status 2, and one line on standard error that is not long and no traceback."""
        return (self.status, self.err.count("\n")) == (2, 1) and len(self.err) < 600 and "Traceback" not in self.err


def called(capsys: pytest.CaptureFixture[str], name: str, *words: object) -> Answer:
    """`manage.py NAME WORD …`."""
    capsys.readouterr()
    command = load_command_class(get_commands()[name], name)
    status = 0
    try:
        options = vars(command.create_parser("manage.py", name).parse_args([str(word) for word in words]))
        command.execute(*options.pop("args", ()), **{**options, "skip_checks": True})
    except SystemExit as ended:
        status = int(ended.code or 0)
    return Answer(status, *capsys.readouterr())
