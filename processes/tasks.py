"""What the worker runs for processes. Each may run twice and derives what to do from the tables."""

from datetime import datetime

from django.utils import timezone
from django.utils.module_loading import import_string

from audit.actors import Actor
from audit.context import action
from audit.reactions import wiring
from audit.refusals import Refusal
from processes import actions
from processes.models import Instance, Timer

BATCH = 500


def fire_timers(now: datetime | None = None) -> int:
    """Fire the timers that are due, oldest first, each in its own transaction."""
    now = now or timezone.now()
    due = Timer.objects.filter(ended_at=None, due_at__lte=now, instance__status=Instance.Status.RUNNING)
    return sum(_fire(pk, now) for pk in list(due.order_by("due_at", "id").values_list("id", flat=True)[:BATCH]))


def _fire(pk: int, now: datetime) -> bool:
    try:
        _fire_one(pk, actor=Actor.system("timers"), now=now)
    except Refusal:  # kept as an incident, or the instance ended meanwhile
        return False
    return True


@action
def _fire_one(pk: int, *, actor: Actor, now: datetime) -> None:
    timer = Timer.objects.select_related("instance").get(pk=pk)
    order = import_string(wiring().ENGINE["order"])(timer.instance.subject)
    actions.fire_timer(timer, order=order, actor=actor, now=now)


def put_in_force(now: datetime | None = None) -> int:
    """Put approved versions in force whose date has come."""
    return actions.put_in_force(actor=Actor.system("change control"), now=now or timezone.now())
