"""Search or jump: an order number leads to the order, a name to the client's orders."""

from __future__ import annotations

from allauth.core.ratelimit import consume
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Client
from audit.refusals import TooOften
from orders.models import Order
from orders.numbers import read_number
from orders.words import STATES as ORDER_STATES
from portal_staff.access import ORDERS, requires
from portal_staff.rows import client_name
from portal_staff.words import ORDER_CHIPS, word
from work.queries import MOST_CLIENTS

SHOWN = 50


@require_safe
@requires(*ORDERS)
def search(request: HttpRequest) -> HttpResponse:
    """Orders that the reader may see, by number or by client."""
    if not consume(request, action="search", user=request.user):
        raise TooOften(_("Expected at most 60 searches a minute, but there were more."), next_step=_("Wait a minute."))
    text = request.GET.get("q", "").strip()[:80]
    visible = Order.objects.visible_to(request.user)
    number = read_number(text)
    if number and visible.filter(number=number).exists():
        return redirect("staff:order", number)
    lines = []
    if len(text) > 1 and not number:
        named = Q(name__icontains=text) | Q(native_name__contains=text) | Q(ref__iexact=text) | Q(account__iexact=text)
        theirs = Exists(visible.filter(client_id=OuterRef("pk")))
        clients = Client.objects.filter(named).filter(theirs).order_by("name", "pk").values("pk")[:MOST_CLIENTS]
        found = visible.filter(client_id__in=clients).select_related("client", "product")
        lines = [
            {
                "order": each,
                "client": client_name(each.client),
                "state": word(ORDER_STATES, each.state),
                "chip": ORDER_CHIPS.get(each.state, "line"),
            }
            for each in found.defer("answers", "product__form").order_by("-submitted_at")[:SHOWN]
        ]
    return render(request, "portal_staff/search.html", {"q": text, "lines": lines})
