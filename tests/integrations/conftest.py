"""The other side: a real server on this machine, and folders for files."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class OtherSide:
    """What a connected system got, and how it answers."""

    url: str = ""
    status: int = 202
    location: str = ""
    drips: bool = False
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def other_side(settings) -> Iterator[OtherSide]:
    side = OtherSide()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            side.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if side.drips:
                return self._drip()
            self.send_response(side.status)
            if side.location:
                self.send_header("location", side.location)
            self.send_header("content-length", "0")
            return self.end_headers()

        def _drip(self) -> None:
            try:
                for letter in b"HTTP/1.1 202 Accepted\r\nx-slow: " + b"x" * 100:
                    self.wfile.write(bytes([letter]))
                    time.sleep(0.05)
            except OSError:  # the caller has left
                return

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    side.url = settings.CUSTODIAN_URL = f"http://127.0.0.1:{server.server_port}"
    yield side
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folders(settings, tmp_path):
    settings.CUSTODIAN_FILES = str(tmp_path / "custodian")
    return tmp_path / "custodian"
