"""Asking us to hurry."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orders.actions import urge_order
from orders.refusals import AskedAlready
from orders.urging import can_be_urged
from portal_customer.access import PageRequest, actor, client_page
from portal_customer.views.orders import order_for_client


@require_POST
@client_page
def urge(request: PageRequest, number: str) -> HttpResponse:
    """Tell the team; the order's page then says what comes of it, and from when one may ask again."""
    row = order_for_client(request, number)
    if not can_be_urged(row):
        messages.info(request, _("There is nothing to hurry at the moment."))
        return redirect("customer:order", row.number)
    try:
        urge_order(row.public_id, actor=actor(request), now=timezone.now())
    except AskedAlready as refusal:
        messages.info(request, _("We have told the team already. %(again)s") % {"again": refusal.next_step})
    else:
        messages.success(request, _("We have told the team."))
    return redirect("customer:order", row.number)
