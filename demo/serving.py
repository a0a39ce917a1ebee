"""Serving the demo: web server, worker and custodians together in the foreground, stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic, sleep
from types import FrameType
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.conf import settings
from django.core.management import get_commands
from django.db import connection

from demo.building import built_key
from demo.load import PASSWORD

HOST = "127.0.0.1"
READY_SECONDS, STOP_SECONDS = 60, 15
LOGINS = (
    ("client", "ana", "her orders, drafts and messages"),
    ("client, in Chinese", "liufang", "the same in Chinese"),
    ("company of the bank", "xinhe", "account opening with an appointment"),
    ("advisor", "caroline", "her clients' orders, her approvals"),
    ("analyst", "dana", "the maintenance queue and her own work"),
    ("analyst, transfers", "grace", "transfers and custodian exceptions"),
    ("analyst, in Chinese", "xujie", "pre-review and counter in Nanjing"),
    ("team lead", "evelyn", "her team's work, approvals, supervisory log"),
    ("operations manager", "helen", "depth, bands, breaches, second approvals"),
    ("compliance", "fay", "approvals of compliance"),
    ("chief compliance officer", "robert", "approves what is supervisory: matrices, and processes that ask them"),
    ("head of operations", "ingrid", "every branch, every queue"),
    ("administrator", "alan", "rules and processes: draft and propose"),
    ("administrator", "nadia", "approves what alan proposed, but for what is supervisory: robert"),
    ("examiner", "judith", "the ledger of every branch, read only"),
)


class ServeRefused(Exception):
    """The demo cannot be served; one line."""


@dataclass
class Part:
    """One of the processes that make up the running demo."""

    name: str
    process: subprocess.Popen[bytes]


def serve(port: int, say: Callable[[str], object]) -> int:
    """Run everything until Ctrl-C or SIGTERM, or until one part dies; returns the exit status.

    Raises ServeRefused: the port is taken, there is no demo to serve, or its static files cannot be gathered.
    """
    _expect_free(port)
    if built_key() is None:
        raise ServeRefused("Expected a built demo, but there is none: run `manage.py demo build` first.")
    connection.close()
    environment = as_a_product(os.environ, port)
    _gather_files(environment)
    asked: list[int] = []
    before = {number: signal.signal(number, _note(asked)) for number in (signal.SIGINT, signal.SIGTERM)}
    parts: list[Part] = []
    try:
        parts += [Part(name, _start(command, environment)) for name, command in _commands(port).items()]
        if _wait_until_ready(port, parts, asked):
            say(greeting(port))
        return _watch(parts, asked, say)
    finally:
        _stop(parts)
        for number, handler in before.items():
            signal.signal(number, handler)


def as_a_product(given: Mapping[str, str], port: int) -> dict[str, str]:
    """The environment of what is served: not debugging, unless the caller asks for it, and with this process's keys.

    Cookies go over plain HTTP, since the demo is served to this machine only. Custodians answer at the port that is
    served, and listen at another one than usual where somebody else (a second demo) listens there.
    """
    addresses = {"BASE_URL": f"http://{HOST}:{port}", "CUSTODIAN_URL": _custodians_address()}
    keys = {name: getattr(settings, name) for name in ("SECRET_KEY", "PERSONAL_KEY", "SEAL_KEY")}
    return {"DEBUG": "0", "SECURE_COOKIES": "0", **addresses, **given, **keys}


def greeting(port: int) -> str:
    """The address, and who can log in to see what."""
    widths = [max(len(row[column]) for row in LOGINS) for column in (0, 1)]
    lines = [f"  {role:<{widths[0]}}  {name:<{widths[1]}}  {see}" for role, name, see in LOGINS]
    head = f"Throughline stands on http://{HOST}:{port}/   password of everybody: {PASSWORD}"
    return "\n".join(["", head, "", *lines, "", "Ctrl-C stops it.", ""])


def _commands(port: int) -> dict[str, list[str]]:
    python, manage = sys.executable, str(settings.BASE_DIR / "manage.py")
    web = [
        python,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        HOST,
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    commands = {
        "web server": [*web, "--workers", "1", "--blocking-threads", "4", "config.wsgi:application"],
        "worker": [python, manage, "worker"],
        "custodians": [python, manage, "demo_custodians"],
    }
    known = get_commands()
    return {name: command for name, command in commands.items() if command[1] == "-m" or command[2] in known}


def _gather_files(environment: dict[str, str]) -> None:
    """Put the static files where a server that does not debug looks for them."""
    collect = [sys.executable, str(settings.BASE_DIR / "manage.py"), "collectstatic", "--no-input", "--verbosity", "0"]
    done = subprocess.run(collect, cwd=settings.BASE_DIR, env=environment, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise ServeRefused("Expected to gather the static files, but that failed: see above.")


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this process only, which stops the others in order.
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)  # noqa: S603 - our own commands


def _note(asked: list[int]) -> Callable[[int, FrameType | None], None]:
    return lambda number, _frame: asked.append(number)


def _custodians_address() -> str:
    usual = urlsplit(settings.CUSTODIAN_URL)
    free = usual.hostname != HOST or usual.port is None or _bound(usual.port) is not None
    return settings.CUSTODIAN_URL if free else f"http://{HOST}:{_bound(0)}"


def _expect_free(port: int) -> None:
    if _bound(port) is None:
        raise ServeRefused(f"Expected a free port, but {HOST}:{port} is in use: choose another with PORT=….")


def _bound(port: int) -> int | None:
    """The port when it can be taken (0: any free one); None when it is in use."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return None
        return int(probe.getsockname()[1])


def _wait_until_ready(port: int, parts: list[Part], asked: list[int]) -> bool:
    until = monotonic() + READY_SECONDS
    while monotonic() < until and not asked and all(part.process.poll() is None for part in parts):
        if _answers(port):
            return True
        sleep(0.2)
    return False


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://{HOST}:{port}/", timeout=5):  # noqa: S310 - our own address
            return True
    except HTTPError:  # it answers, if only with a refusal
        return True
    except OSError:
        return False


def _watch(parts: list[Part], asked: list[int], say: Callable[[str], object]) -> int:
    while not asked:
        for part in parts:
            status = part.process.poll()
            if status is not None:
                say(f"The {part.name} ended with status {status}: everything is stopped.")
                return 1
        sleep(0.3)
    return 0


def _stop(parts: list[Part]) -> None:
    for part in parts:
        if part.process.poll() is None:
            part.process.send_signal(signal.SIGTERM)
    until = monotonic() + STOP_SECONDS
    for part in parts:
        try:
            part.process.wait(max(until - monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(part.process.pid, signal.SIGKILL)
            part.process.wait()
