"""Why an order is late, in the client's words: an allow-list of root causes, else the step that takes longer."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from orders.models import Order
from orders.projection import ClientOrder
from sla.models import Breach
from ui.words import pick_text

WHY: dict[str, str | Promise] = {
    "custodian": gettext_lazy("The other institution has not answered us yet."),
    "volume": gettext_lazy("We received many more orders than usual."),
    "absence": gettext_lazy("Some of us were away."),
    "system": gettext_lazy("One of our systems was not available."),
    "error": gettext_lazy("We made a mistake, and are putting it right."),
}


def why_late(order: Order, view: ClientOrder) -> str:
    """The reason of a late order, empty for any other. One statement for a late one."""
    if view.status != "late":
        return ""
    named = Breach.objects.filter(clock__order=order, clock__work_item=None).exclude(cause="")
    said = WHY.get(named.order_by("-breached_at").values_list("cause", flat=True).first() or "")
    return str(said) if said else _slow_step(view)


def _slow_step(view: ClientOrder) -> str:
    step = next((step.name for step in view.milestones if step.status == "now"), None)
    if step is None:
        return ""
    return _("This step takes longer than planned: %(step)s.") % {"step": pick_text(step, get_language())}
