"""Other engines, each a script that runs in the benchmarks' own environment (`make bench` installs it in var/peers).

A script reads one JSON object a line and answers with one a line; nothing here imports what it measures against.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

HERE = Path(__file__).parent


@dataclass
class Peer:
    """A running script."""

    process: subprocess.Popen[str]

    def ask(self, **request: Any) -> dict[str, Any]:
        """One request and its answer. Raises RuntimeError when the script ended, with its last words."""
        if self.process.stdin is None or self.process.stdout is None or self.process.stderr is None:
            raise RuntimeError("Expected a peer that can be talked to.")
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RuntimeError(f"Expected an answer of the peer, but it ended: {self.process.stderr.read()[-2000:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def peer(name: str) -> Iterator[Peer | None]:
    """The script of a peer while it is needed; None where its environment is not installed."""
    python = settings.VAR_DIR / "peers" / "bin" / "python"
    if not python.exists():
        yield None
        return
    command = [str(python), str(HERE / f"{name}.py")]
    with subprocess.Popen(  # noqa: S603 - our own script
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Peer(process)
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """Let it end by itself, so that its connections are closed; a script that hangs is killed."""
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
