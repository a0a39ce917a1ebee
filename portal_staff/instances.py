"""Which running processes a member of staff sees, and where: those of orders by the order's number, the others by an id
of their own that nobody can guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.refusals import NotFound
from orders.models import Order
from orders.numbers import read_number
from portal_staff.access import ORDERS, PROCESSES
from portal_staff.process_models import models_seen
from processes.models import Instance

WAITS = tuple(dict.fromkeys(ORDERS + PROCESSES))  # rights of which one opens the pages of instances
RUN = "processes.run:"  # subject of an instance that runs for no order


@dataclass(frozen=True)
class Seen:
    """An instance at the top of its calls, and the order that it runs for. ref: by what its address names it."""

    ref: str
    root: Instance
    order: Order | None

    def part(self, serial: int) -> Instance:
        """The instance itself (0) or one that was called below it. Raises NotFound."""
        if not serial:
            return self.root
        below = Instance.objects.select_related("version__model", "parent__version__model")
        found = below.filter(root=self.root, serial=serial).first()
        if found is None:
            raise _no_instance()
        return found


def instance_seen(user: Any, ref: str) -> Seen:
    """The process of an order that the user may see, or a run of a process that they may see. Raises NotFound."""
    number = read_number(ref)
    if number is not None:
        orders = (
            Order.objects.visible_to(user)
            .select_related("client", "product", "branch", "channel", "process__version__model")
            .defer("process__version__xml")
        )
        order = orders.filter(number=number).exclude(process=None).first()
        if order is not None and order.process is not None:
            return Seen(number, order.process, order)
    elif run := _run(user, ref):
        return Seen(ref, run, None)
    raise _no_instance()


def instances_seen(user: Any) -> QuerySet[Instance]:
    """All instances that the user may see, called ones too."""
    of_orders = Order.objects.visible_to(user).filter(process=Coalesce(OuterRef("root"), OuterRef("pk")))
    models = models_seen(user).values("pk")
    top = Q(root=None, version__model__in=models) | Q(root__version__model__in=models)
    return Instance.objects.filter(Exists(of_orders) | Q(subject__startswith=RUN) & top)


def orders_of(instances: Iterable[Instance], user: Any) -> dict[int, Order]:
    """The orders that the user may see, by the key of their instance at the top: one statement."""
    roots = {instance.root_key for instance in instances}
    orders = Order.objects.visible_to(user).filter(process__in=roots).select_related("product")
    return {order.process_id: order for order in orders if order.process_id is not None}


def ref_of(instance: Instance, order: Order | None) -> str:
    """By what an instance's address names it; "" for one of an order that is not given."""
    if order is not None:
        return str(order.number)
    return instance.subject.removeprefix(RUN) if instance.subject.startswith(RUN) else ""


def page_of(ref: str, serial: int) -> str:
    """The address of an instance's page."""
    return reverse("staff:called_instance", args=[ref, serial]) if serial else reverse("staff:instance", args=[ref])


def _run(user: Any, ref: str) -> Instance | None:
    try:
        subject = f"{RUN}{UUID(ref)}"
    except ValueError:
        return None
    runs = Instance.objects.filter(subject=subject, parent=None, version__model__in=models_seen(user).values("pk"))
    return runs.select_related("version__model").first()


def _no_instance() -> NotFound:
    return NotFound(_("Expected a running process that you may see, but there is none."))
