"""`process publish MODEL --key K --justification TEXT`: keeps a drawing as a draft and proposes it.

Its forms are the files `forms/*.json` beside it. A second person approves it on the page; then it comes into force.
"""

from __future__ import annotations

import getpass
import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.actors import Actor
from audit.context import action
from audit.management.input import json_object, read_bytes, read_text
from audit.management.one_line import CallRefused
from audit.refusals import Invalid, Refusal
from processes import actions
from processes.commands.files import read_model
from processes.engine import Document
from processes.models import ProcessModel, ProcessVersion
from processes.refusals import NotPublishable


def add_arguments(parser: ArgumentParser) -> None:
    """The drawing, the process that it is a version of, and why."""
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--key", required=True, metavar="K")
    parser.add_argument("--justification", required=True, metavar="TEXT")
    parser.add_argument("--json", action="store_true")


def run(options: Mapping[str, Any], stdout: TextIO) -> int:
    """Draft and propose. Raises CallRefused; all that is wrong with the drawing is printed first."""
    file = options["model"]
    try:
        version = _propose(file, options["key"], options["justification"])
    except NotPublishable as refused:
        raise _refused(options, str(refused).splitlines(), stdout) from refused
    except (Refusal, ValidationError) as refused:
        raise CallRefused(f"{file}:1", _said(refused)) from refused
    next_step = "Somebody else approves it on the page of the process; then it comes into force."
    answer = {"key": options["key"], "version": version.number, "state": version.state, "next": next_step}
    line = f"{options['key']} v{version.number} is proposed. {next_step}"
    stdout.write((json.dumps(answer) if options["json"] else line) + "\n")
    return 0


def _refused(options: Mapping[str, Any], lines: list[str], stdout: TextIO) -> CallRefused:
    """The one line of a refusal, after the answer with every finding: lines as `FILE:LINE: message`."""
    file = options["model"]
    parted = [line.removeprefix(f"{file}:").partition(": ") for line in lines]
    errors = [{"line": int(line), "message": message} for line, _colon, message in parted]
    stdout.write(
        (json.dumps({"file": file, "errors": errors}, ensure_ascii=False) if options["json"] else "\n".join(lines))
        + "\n"
    )
    more = f" ({len(lines) - 1} more on standard output)" if len(lines) > 1 else ""
    return CallRefused(f"{file}:{errors[0]['line']}", f"{errors[0]['message']}{more}")


def _said(refused: Refusal | ValidationError) -> str:
    if isinstance(refused, ValidationError):
        return "; ".join(refused.messages)
    fields = refused.fields.values() if isinstance(refused, Invalid) else ()
    return " ".join((refused.sentence, *fields))


def commander() -> Actor:
    """Who sits at the command line, by the name that the operating system has."""
    name = getpass.getuser()
    return Actor(id=f"command:{name}", name=name, via="command")


@action
def _propose(file: str, key: str, justification: str) -> ProcessVersion:
    actor, now = commander(), timezone.now()
    document, xml = read_model(file), read_bytes(file)
    if not ProcessModel.objects.filter(key=key).exists():
        actions.open_model(key=key, name=_name(document, key), actor=actor, now=now)
    version = actions.draft_version(key, xml=xml, forms=_forms(Path(file)), actor=actor, now=now, file=file)
    return actions.propose_version(version.pk, justification=justification, effective_at=now, actor=actor, now=now)


def _name(document: Document, key: str) -> dict[str, str]:
    process = next(iter(document.governing(key).runnable()), None)
    english, chinese = (process.label("en"), process.label("zh")) if process else ("", "")
    return {"en": english or key, "zh-Hans": chinese or key}


def _forms(file: Path) -> dict[str, dict]:
    return {form.stem: _form(form) for form in sorted(file.parent.glob("forms/*.json"))}


def _form(form: Path) -> dict:
    return json_object(read_text(str(form)), str(form))
