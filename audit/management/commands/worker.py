"""`manage.py worker`: the queue's cluster under a watchdog."""

import signal
from typing import Any

from django.utils import timezone

from audit.management.one_line import OneLineCommand
from audit.schedules import keep_schedules
from audit.watchdog import Watchdog


class Command(OneLineCommand):
    help = "Run the worker: django-q2's cluster under a watchdog that starts it again when it no longer works."

    def answer(self, options: dict[str, Any]) -> int:
        keep_schedules(timezone.now())
        watchdog = Watchdog()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, watchdog.stop)
        self.stderr.write("Worker started; Ctrl-C stops it.")
        watchdog.run()
        self.stderr.write("Worker stopped.")
        return 0
