"""The firm's house for one file of stories: its own database, papers, web server and, when asked, worker."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 60
SETTINGS = "config.settings"


class NotReady(Exception):
    """What was started does not answer; with what it said."""


def environment(folder: Path) -> dict[str, str]:
    """The surroundings of every process of a house."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))},
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATABASE_URL": f"sqlite:///{folder / 'firm.sqlite3'}",
        "MEDIA_ROOT": str(folder / "papers"),
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "CUSTODIAN_FILES": str(folder / "custodian"),
        "LOG_LEVEL": "ERROR",
    }


def build_template(folder: Path) -> dict[str, Any]:
    """The firm's file, from which each house gets its copy; returns what stands in it."""
    return _printed([sys.executable, "-m", "tests.journeys.firm_file"], environment(folder))


@dataclass
class House:
    """One copy of the firm with its processes. `scene`: what stands there, by name."""

    folder: Path
    scene: SimpleNamespace
    parts: list[subprocess.Popen[bytes]] = field(default_factory=list)
    url: str = ""
    days_later: int = 0

    @classmethod
    def of(cls, template: Path, folder: Path, scene: dict[str, Any]) -> House:
        shutil.copytree(template, folder, dirs_exist_ok=True)
        return cls(folder, SimpleNamespace(**scene))

    @property
    def database(self) -> Path:
        return self.folder / "firm.sqlite3"

    def open(self, *, days_later: int = 0) -> None:
        """Start the web server, with a clock that may stand some days ahead, and wait until it answers."""
        self.close()
        self.days_later = days_later
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        web = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
        self._start([*web, "--blocking-threads", "4", "--log-level", "warning", "tests.journeys.later:application"])
        self._wait_until_answers()

    def start_worker(self) -> subprocess.Popen[bytes]:
        """The real worker with its watchdog."""
        return self._start([str(ROOT / "manage.py"), "worker"])

    def close(self) -> None:
        """Stop everything that was started here."""
        for part in self.parts:
            part.terminate()
        for part in self.parts:
            try:
                part.wait(20)
            except subprocess.TimeoutExpired:
                part.kill()
                part.wait()
        self.parts.clear()

    def meanwhile(self, deed: str) -> dict[str, Any]:
        """Let something happen beside the story."""
        return _printed([sys.executable, "-m", "tests.journeys.meanwhile", deed], self._surroundings())

    def violations(self) -> list[Any]:
        """What `invariants` finds; nothing, always."""
        command = [sys.executable, str(ROOT / "manage.py"), "invariants", "--json"]
        report = _printed(command, self._surroundings(), accept=(0, 1))
        assert report["checked"], "invariants checked nothing"
        return report["violations"]

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database answers to a question."""
        with closing(sqlite3.connect(self.database, timeout=30)) as database:
            return database.execute(sql, values).fetchall()

    def change(self, sql: str) -> None:
        """Try to change rows by SQL. Raises what the database raises."""
        with closing(sqlite3.connect(self.database, timeout=30)) as database, database:
            database.execute(sql)

    def said(self) -> str:
        """The end of what the house's processes wrote."""
        log = self.folder / "processes.log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else ""

    def _start(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "processes.log").open("ab") as log:
            part = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self._surroundings(), stdout=log, stderr=log
            )
        self.parts.append(part)
        return part

    def _surroundings(self) -> dict[str, str]:
        return {**environment(self.folder), "DAYS_LATER": str(self.days_later), "BASE_URL": self.url}

    def _wait_until_answers(self) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            try:
                with urlopen(f"{self.url}/account/login/", timeout=20):
                    return
            except HTTPError as error:
                raise NotReady(f"the log-in page answers {error.code}: {self.said()}") from error
            except (URLError, OSError):
                if self.parts[-1].poll() is not None:
                    break
                time.sleep(0.2)
        raise NotReady(f"the web server does not answer: {self.said()}")


def _printed(command: list[str], surroundings: dict[str, str], accept: tuple[int, ...] = (0,)) -> dict[str, Any]:
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=300)
    if done.returncode not in accept:
        raise NotReady(f"{' '.join(command[-3:])} ended with {done.returncode}: {done.stderr[-4000:]}")
    return json.loads(done.stdout)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
