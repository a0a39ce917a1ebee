"""django-viewflow with a database: a person takes each task of the ten nodes and completes it, each a transaction."""

from __future__ import annotations

import gc
import json
import sys
from importlib.metadata import version
from time import perf_counter
from typing import Any

import django
from django.conf import settings

APPS = ("django.contrib.auth", "django.contrib.contenttypes", "viewflow", "viewflow.workflow", "viewflow_flow")


def set_up(database: dict[str, Any]) -> None:
    """Django with nothing but what the flow needs, on a database that is there and empty."""
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=APPS,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        SECRET_KEY="of no use",  # noqa: S106 - nothing is signed
    )
    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    User.objects.create(username="dana")
    gc.freeze()


def measure(warm: float, instances: int) -> dict[str, Any]:
    """Completed tasks a second, and statements an instance. warm: seconds played before."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    user = User.objects.get()
    began = perf_counter()
    while perf_counter() - began < warm:
        play(user)
    began = perf_counter()
    done = sum(play(user) for _ in range(instances))
    rate = done / (perf_counter() - began)
    with CaptureQueriesContext(connection) as caught:
        play(user)
    return {"rate": rate, "statements": len(caught) / 3}


def play(user: Any) -> int:
    """One instance from its start to its end; how many tasks were completed."""
    from viewflow.workflow.status import STATUS
    from viewflow_flow.flows import TenNodes

    process = TenNodes.received.run()
    done = 0
    while task := process.task_set.filter(flow_task_type="HUMAN", status=STATUS.NEW).order_by("pk").first():
        with task.activation() as activation:
            activation.assign(user)
        with task.activation() as activation:
            activation.start(None)
            activation.execute()
        done += 1
    process.refresh_from_db()
    if process.finished is None or done != 3:
        raise RuntimeError(f"Expected three tasks and an end, but {done} were completed.")
    return done


def main() -> None:
    """Answer until nobody asks any more."""
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "database":
            set_up(request["database"])
            answer: dict[str, Any] = {"version": version("django-viewflow")}
        else:
            answer = measure(request["warm"], request["instances"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
