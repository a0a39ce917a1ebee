"""Writing to the people who work on an order."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.refusals import NotFound, Refusal
from orders.actions import send_message
from orders.models import Order
from orders.projection import client_view
from portal_customer.access import PageRequest, actor, client_page, is_fragment, told
from portal_customer.forms import MessageForm
from portal_customer.views.orders import order_for_client, order_response
from ui.typed import judges

LONGEST_KEY = 64


@judges("body")
@require_POST
@client_page
def send(request: PageRequest, number: str) -> HttpResponse:
    """Send one message; the form's key makes a second press harmless."""
    order = order_for_client(request, number)
    body = request.POST.get("body", "")
    key = request.POST.get("key", "")[:LONGEST_KEY] or uuid4().hex
    try:
        send_message(order.public_id, body=body, idempotency_key=key, actor=actor(request), now=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        form = MessageForm(initial={"body": body})
        form.refuse(told(refusal))
        if is_fragment(request):
            return _thread(request, order, form, status=422)
        return order_response(request, order, message_form=form, status=refusal.status)
    if is_fragment(request):
        return _thread(request, order, MessageForm(is_next=True))
    return HttpResponseRedirect(reverse("customer:order", args=[order.number]) + "#messages")


def _thread(request: PageRequest, order: Order, form: MessageForm, status: int = 200) -> HttpResponse:
    """The thread alone, so that nothing else on the page is lost."""
    view = client_view(order, request.user, timezone.now())
    context = {"order": view, "message_form": form, "message_key": uuid4().hex}
    return render(request, "portal_customer/_messages.html", context, status=status)
