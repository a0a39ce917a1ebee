"""What the client thinks of a completed order: the stars in one press, the words if they like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.refusals import Invalid
from orders.actions import explain_rating, rate_order
from orders.refusals import AlreadyRated
from portal_customer.access import PageRequest, actor, client_page
from portal_customer.forms import RatingForm
from portal_customer.views.orders import order_for_client, order_response


@require_POST
@client_page
def rate(request: PageRequest, number: str) -> HttpResponse:
    """Keep the stars."""
    stars = request.POST.get("stars", "")
    return _kept(request, number, rate_order, stars=int(stars) if len(stars) == 1 and stars.isdecimal() else 0)


@require_POST
@client_page
def explain(request: PageRequest, number: str) -> HttpResponse:
    """Keep the words to the stars; what was typed stays when it cannot be kept."""
    return _kept(request, number, explain_rating, comment=request.POST.get("comment", ""))


def _kept(request: PageRequest, number: str, keep: Callable[..., Any], **given: Any) -> HttpResponse:
    order = order_for_client(request, number)
    try:
        keep(order.public_id, **given, actor=actor(request), now=timezone.now())
    except Invalid as refusal:
        form = RatingForm(initial=given)
        form.refuse(refusal.fields or {"": refusal.sentence})
        return order_response(request, order, rating_form=form, status=422)
    except AlreadyRated:
        messages.info(request, _("We have your rating already. Thank you."))
    else:
        messages.success(request, _("Thank you. The people who worked on it will see it."))
    return HttpResponseRedirect(reverse("customer:order", args=[order.number]) + "#rating")
