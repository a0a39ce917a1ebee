"""`manage.py demo_custodians`: the two simulated custodians, in the foreground."""

import signal
import threading
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import connection
from django.utils import timezone

from audit.management.input import number
from audit.management.one_line import CallRefused, OneLineCommand
from demo.custodian_live import Desk, connected, pick_up, server
from demo.mornings_live import Mornings


class Command(OneLineCommand):
    help = "Play the demo's custodians: take calls by HTTP and by file, answer a little later."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--speed", type=number(1_000_000), default=600, help="how often faster than business time (600)"
        )

    def answer(self, options: dict[str, Any]) -> int:
        custodians = connected()
        connection.close()
        desk = Desk(settings.BASE_URL, speed=options["speed"])
        try:
            door = server(desk, custodians, urlsplit(settings.CUSTODIAN_URL).port or 8901)
        except OSError as error:
            raise CallRefused(settings.CUSTODIAN_URL, str(error)) from None
        stopped, mornings = threading.Event(), Mornings(desk)
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: stopped.set())
        threading.Thread(target=door.serve_forever, daemon=True).start()
        self.stderr.write(f"{len(custodians)} custodians answer at {settings.CUSTODIAN_URL} and in their folders.")
        while not stopped.wait(0.5):
            pick_up(desk, custodians)
            if mornings.is_time(now := timezone.now()):
                mornings.look(now)
                connection.close()
            desk.give_out()
        door.shutdown()
        return 0
