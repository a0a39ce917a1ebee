"""Why an order is late or has a new date, in the client's words: an allow-list of root causes, else the slow step."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from orders.models import Order
from orders.projection import ClientOrder
from sla.models import Breach, Clock
from ui.words import pick_text

WHY: dict[str, str | Promise] = {
    "custodian": gettext_lazy("The other institution has not answered us yet."),
    "volume": gettext_lazy("We received many more orders than usual."),
    "absence": gettext_lazy("Some of us were away."),
    "system": gettext_lazy("One of our systems was not available."),
    "error": gettext_lazy("We made a mistake, and are putting it right."),
}


def why_not_as_promised(order: Order, view: ClientOrder) -> str:
    """The reason of an order that is late or has a new date, empty for any other, which costs no statement."""
    if view.status == "new_date":
        return _why_moved(order)
    if view.status != "late":
        return ""
    named = Breach.objects.filter(clock__order=order, clock__work_item=None).exclude(cause="")
    said = WHY.get(named.order_by("-breached_at").values_list("cause", flat=True).first() or "")
    return str(said) if said else _slow_step(view)


def _why_moved(order: Order) -> str:
    waited = Clock.objects.filter(order=order, work_item=None, kind=Clock.Kind.SERVICE, paused_seconds__gt=0)
    if waited.exists():
        return _("It moved while we waited for an answer.")
    return _("We changed the time for such orders.")


def _slow_step(view: ClientOrder) -> str:
    step = next((step.name for step in view.milestones if step.status == "now"), None)
    if step is None:
        return ""
    return _("This step takes longer than planned: %(step)s.") % {"step": pick_text(step, get_language())}
