"""Compile the message catalogues: with msgfmt where it is installed, in plain Python where it is not."""

from __future__ import annotations

from os import getpid
from pathlib import Path
from typing import Any

from django.conf import settings

from audit.management.one_line import OneLineCommand


class Command(OneLineCommand):
    help = "Compile locale/*/LC_MESSAGES/*.po to .mo (needs no gettext tools)."
    requires_system_checks: list[str] = []

    def answer(self, options: dict[str, Any]) -> int:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                _compile(source, source.with_suffix(".mo"))
        return 0


def _compile(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as text:
        catalogue = read_po(text)
    draft = target.with_suffix(f".mo.{getpid()}")  # two may compile at once
    with draft.open("wb") as binary:
        write_mo(binary, catalogue)
    draft.replace(target)
