"""The simulated custodians as they run in the demo: calls come in by HTTP or as files, answers go back later."""

from __future__ import annotations

import heapq
import itertools
import json
import logging
import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import httpx

from demo.custodian import answer_for
from integrations import signing
from integrations.connectors import file_drop
from integrations.messages import LARGEST
from integrations.models import Connector
from integrations.refusals import BadMessage

AGAIN_SECONDS, MOST_TRIES = 5, 60  # while the web server is not there yet
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Custodian:
    """One simulated custodian, as its connector knows it."""

    code: str
    way: str
    secret: str
    habits: dict[str, Any]


@dataclass(order=True)
class Due:
    """An answer that is on its way."""

    at: float
    number: int
    custodian: Custodian = field(compare=False)
    body: bytes = field(compare=False)
    message_id: str = field(compare=False)
    tries: int = field(default=0, compare=False)


class Desk:
    """Takes calls, each once, decides on them, and gives the answers out when their time has come."""

    def __init__(self, base_url: str, *, speed: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.base_url, self.speed, self.clock = base_url.rstrip("/"), speed, clock
        self.random = random.Random()
        self.seen: set[str] = set()
        self.due: list[Due] = []
        self.numbers = itertools.count()
        self.lock = threading.Lock()

    def take(self, custodian: Custodian, body: bytes) -> None:
        """Take a call; the same call again changes nothing."""
        call = json.loads(body)
        with self.lock:
            if call["call"] in self.seen:
                return
            self.seen.add(call["call"])
            reply = answer_for(call["operation"], self.random, custodian.habits)
            log.warning("%s: %s of %s will be %s", custodian.code, call["operation"], call.get("order"), reply.outcome)
            if reply.outcome != "silent":
                answer = json.dumps({"call": call["call"], **reply.payload}).encode()
                at = self.clock() + reply.delay.total_seconds() / self.speed
                heapq.heappush(self.due, Due(at, next(self.numbers), custodian, answer, uuid4().hex))

    def say(self, custodian: Custodian, body: bytes, message_id: str) -> None:
        """Say something unasked, at once."""
        with self.lock:
            heapq.heappush(self.due, Due(self.clock(), next(self.numbers), custodian, body, message_id))

    def give_out(self) -> int:
        """Give out the answers that are due; returns how many arrived."""
        with self.lock:
            ready = []
            while self.due and self.due[0].at <= self.clock():
                ready.append(heapq.heappop(self.due))
        return sum(self._give(due) for due in ready)

    def _give(self, due: Due) -> bool:
        try:
            WAYS_BACK[due.custodian.way](self, due)
        except (httpx.HTTPError, OSError) as error:
            log.warning("%s: answer not taken: %s", due.custodian.code, error)
            self._later(due)
            return False
        return True

    def _later(self, due: Due) -> None:
        due.tries += 1
        due.at = self.clock() + AGAIN_SECONDS
        if due.tries < MOST_TRIES:
            with self.lock:
                heapq.heappush(self.due, due)

    def post(self, due: Due) -> None:
        """Send an answer over HTTP, signed."""
        headers = signing.headers(due.custodian.secret, due.message_id, int(time.time()), due.body)
        url = f"{self.base_url}/in/{due.custodian.code}/"
        headers["content-type"] = "application/json"
        httpx.post(url, content=due.body, headers=headers, timeout=10, trust_env=False).raise_for_status()

    def drop(self, due: Due) -> None:
        """Leave an answer as a file, signed."""
        path = file_drop.folder(due.custodian.code, "in") / f"{due.message_id}.json"
        file_drop.write_whole(path, file_drop.sealed(due.custodian.secret, due.message_id, due.body))


WAYS_BACK: dict[str, Callable[[Desk, Due], None]] = {Connector.Way.REST: Desk.post, Connector.Way.FILE: Desk.drop}


def connected() -> list[Custodian]:
    """The custodians that the installation is connected to."""
    rows = Connector.objects.order_by("code")
    return [Custodian(row.code, row.way, row.secret, row.settings) for row in rows if "operations" in row.settings]


def pick_up(desk: Desk, custodians: Iterable[Custodian]) -> None:
    """Take the calls that lie in the folders of the custodians that work by file."""
    for custodian in custodians:
        if custodian.way != Connector.Way.FILE:
            continue
        taken = file_drop.folder(custodian.code, "taken")
        for path in sorted(file_drop.folder(custodian.code, "out").glob("*.json")):
            try:
                _call, body = file_drop.opened(custodian.secret, path.read_bytes())
                desk.take(custodian, body)
            except BadMessage as refused:
                log.warning("%s: %s: %s", custodian.code, path.name, refused.sentence)
            path.replace(taken / path.name)


def server(desk: Desk, custodians: Iterable[Custodian], port: int) -> ThreadingHTTPServer:
    """The HTTP door of the custodians that have one; whose call it is, the signature says."""
    rest = [custodian for custodian in custodians if custodian.way == Connector.Way.REST]

    class Door(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = self.rfile.read(length) if length <= LARGEST else b""
            whose = next((custodian for custodian in rest if _is_from_us(self.headers, custodian, body)), None)
            if whose is not None:
                desk.take(whose, body)
            self.send_response(202 if whose else 401)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Calls are logged by the desk."""

    return ThreadingHTTPServer(("127.0.0.1", port), Door)


def _is_from_us(headers: Any, custodian: Custodian, body: bytes) -> bool:
    timestamp = headers.get("webhook-timestamp", "")
    return timestamp.isdigit() and signing.is_signed(
        custodian.secret, headers.get("webhook-id", ""), int(timestamp), body, headers.get("webhook-signature", "")
    )
