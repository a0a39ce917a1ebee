"""How every command of ours ends: an exit status, and one line on standard error where the call or its input is wrong.

0 as asked, 1 the thing checked does not hold, 2 a wrong call or input. Source: commands.md.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from django.core.management import CommandParser, ManagementUtility, get_commands
from django.core.management.base import BaseCommand
from django.db import DatabaseError

LONGEST_LINE = 500
INTERRUPTED = 130


def one_line(text: str) -> str:
    """The text in one line of bounded length; what a terminal would take as a command becomes visible."""
    line = "".join(sign if sign.isprintable() else "�" for sign in " ".join(text.split()))
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"


class CallRefused(Exception):
    """The call or its input is wrong. where: the option, `FILE` or `FILE:LINE`."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(one_line(f"{where}: {message}"))


class OneLineParser(CommandParser):
    """Says in one line what is wrong with a call."""

    def error(self, message: str) -> NoReturn:
        """Exit status 2."""
        self.exit(2, f"{one_line(f'{self.prog}: {message}')}\n")


class OneLineCommand(BaseCommand):
    """A command that answers an exit status; the verbs of those that have some are sub-parsers of `verbs(parser)`."""

    # What the room itself raises for wrong input, beside CallRefused; its text is the line.
    refusals: tuple[type[Exception], ...] = ()

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """Django names the class of its parser in the middle of this and leaves no other place to say another."""
        parser = super().create_parser(prog_name, subcommand, **options)
        parser.__class__ = OneLineParser
        return parser

    def verbs(self, parser: CommandParser) -> Any:
        """Where a command adds a sub-parser for each of its verbs."""
        return parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=OneLineParser)

    def answer(self, options: dict[str, Any]) -> int:
        """Do what is asked and return the exit status. May raise CallRefused."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer; a refusal and a database that does not are one line."""
        wrong: tuple[type[Exception], ...] = (CallRefused, *self.refusals)
        try:
            status = self.answer(options)
        except wrong as refused:
            status = self.refuse(str(refused))
        except DatabaseError as error:
            status = self.refuse(f"database: {error}")
        if status:
            sys.exit(status)

    def refuse(self, line: str) -> int:
        """Say on standard error why not; returns the exit status."""
        self.stderr.write(one_line(line))
        return 2


class _Utility(ManagementUtility):
    """Django's, but an unknown command is one line."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        if subcommand not in get_commands() and _settings_load():
            _end(f"{self.prog_name}: expected a command, but there is no {subcommand!r}: see {self.prog_name} help.")
        return super().fetch_command(subcommand)


def execute(argv: Sequence[str]) -> None:
    """What manage.py runs. Text that the terminal cannot show is written as its escapes, which JSON reads as well."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
    try:
        if any("\udc80" <= sign <= "\udcff" for word in argv for sign in word):
            _end("manage.py: expected UTF-8 text, but an argument holds other bytes.")
        _Utility(list(argv)).execute()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _settings_load() -> bool:
    from django.conf import settings

    return settings.configured  # if not, Django's own words say why


def _end(line: str) -> NoReturn:
    sys.stderr.write(f"{one_line(line)}\n")
    sys.exit(2)
