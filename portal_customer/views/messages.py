"""Writing to the people who work on an order."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.refusals import Invalid
from orders.actions import send_message
from portal_customer.access import PageRequest, actor, client_page
from portal_customer.forms import MessageForm
from portal_customer.views.orders import order_for_client, order_response

LONGEST_KEY = 64


@require_POST
@client_page
def send(request: PageRequest, number: str) -> HttpResponse:
    """Send one message; the form's key makes a second press harmless."""
    order = order_for_client(request, number)
    body = request.POST.get("body", "")
    key = request.POST.get("key", "")[:LONGEST_KEY] or uuid4().hex
    try:
        send_message(order.public_id, body=body, idempotency_key=key, actor=actor(request), now=timezone.now())
    except Invalid as refusal:
        form = MessageForm(initial={"body": body})
        form.refuse(refusal.fields or {"": refusal.sentence})
        return order_response(request, order, message_form=form, status=422)
    return HttpResponseRedirect(reverse("customer:order", args=[order.number]) + "#messages")
