"""`manage.py demo_custodians`: the two simulated custodians, in the foreground."""

import signal
import sys
import threading
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from demo.custodian_live import Desk, connected, pick_up, server


class Command(BaseCommand):
    help = "Play the demo's custodians: take calls by HTTP and by file, answer a little later."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--speed", type=float, default=600, help="how much faster than business time (600)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["speed"] <= 0:
            self.stderr.write("--speed: expected a number above 0.")
            sys.exit(2)
        custodians = connected()
        connection.close()
        desk = Desk(settings.BASE_URL, speed=options["speed"])
        try:
            door = server(desk, custodians, urlsplit(settings.CUSTODIAN_URL).port or 8901)
        except OSError as error:
            self.stderr.write(f"{settings.CUSTODIAN_URL}: {error}")
            sys.exit(2)
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        threading.Thread(target=door.serve_forever, daemon=True).start()
        self.stderr.write(f"{len(custodians)} custodians answer at {settings.CUSTODIAN_URL} and in their folders.")
        while not stopped.wait(0.5):
            pick_up(desk, custodians)
            desk.give_out()
        door.shutdown()
