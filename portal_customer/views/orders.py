"""The list of orders, an order's page, taking it back, and the same page under the eyes of staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.queries import clients_visible_to
from audit.refusals import NotFound, Refusal
from orders import client_queries
from orders.actions import cancel_order, look_as_client
from orders.models import Order, State
from orders.numbers import read_number
from orders.projection import client_view
from orders.queries import order_for
from portal_customer.access import NoSuchPage, PageRequest, actor, client_page, told, zone_of
from portal_customer.decisions import waiting
from portal_customer.forms import MessageForm, RatingForm, ReasonForm
from portal_customer.holders import holder_of
from portal_customer.lateness import why_not_as_promised
from portal_customer.questions import AskedAt, questions
from ui.schema_form import SchemaForm


@require_safe
@vary_on_headers("HX-Request")
@client_page
def orders(request: PageRequest) -> HttpResponse:
    """Open or ended orders, newest first; `after` is the number to go on after."""
    ended = request.GET.get("show") == "ended"
    client, after = request.GET.get("client", ""), request.GET.get("after", "")
    lines, more = client_queries.order_page(request.user, timezone.now(), ended=ended, client=client, after=after)
    context = {"lines": lines, "more": more, "ended": ended, "chosen": client, "after": after}
    if request.htmx and not request.htmx.boosted:
        return render(request, "portal_customer/orders.html#lines", context)
    context |= {
        "counts": client_queries.count_orders(request.user),
        "clients": list(clients_visible_to(request.user).order_by("name", "pk")),
        "drafts": client_queries.drafts(request.user),
    }
    return render(request, "portal_customer/orders.html", context)


@require_safe
@vary_on_headers("HX-Request")
@client_page
def order(request: PageRequest, number: str) -> HttpResponse:
    """An order's page; asked by htmx it is the promise and the steps only."""
    canonical = read_number(number)
    if canonical and canonical != number:
        return redirect("customer:order", canonical)
    row = order_for_client(request, number)
    if request.htmx and not request.htmx.boosted:
        view = client_view(row, request.user, timezone.now())
        context = {"order": view, "why": why_not_as_promised(row, view)}
        return render(request, "portal_customer/order.html#progress", context)
    return order_response(request, row)


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def cancel(request: PageRequest, number: str) -> HttpResponse:
    """Say why, and take the order back."""
    row = order_for_client(request, number)
    if not row.is_open:
        return _ended_already(request, row)
    form, status = ReasonForm(initial={"reason": request.POST.get("reason", "")}), 200
    if request.method == "POST":
        try:
            cancel_order(row.public_id, reason=request.POST.get("reason", ""), actor=actor(request), now=timezone.now())
        except NotFound:
            raise
        except Refusal as refusal:
            row = order_for_client(request, number)
            if row.state == State.CANCELLED:  # another press was faster
                return _ended_already(request, row)
            form.refuse(told(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Your order is cancelled."))
            return redirect("customer:order", row.number)
    view = client_view(row, request.user, timezone.now())
    return render(request, "portal_customer/cancel.html", {"order": view, "form": form}, status=status)


@require_safe
@login_required
def client_preview(request: PageRequest, number: str) -> HttpResponse:
    """The client's page read-only, for staff who see the order; that they looked is on record."""
    if request.user.is_client_side:
        return redirect("customer:order", number)
    row = order_for(request.user, number)
    now = timezone.now()
    view = client_view(row, None, now)
    shell = {"layout": "portal_customer/preview_shell.html", "read_only": True}
    context = {"order": view, "why": why_not_as_promised(row, view), **shell}
    with timezone.override(zone_of(request.user)):
        response = render(request, "portal_customer/order.html", context)
    if request.method == "GET":  # a HEAD request shows nothing
        look_as_client(row.public_id, actor=actor(request), now=now)
    return response


def order_for_client(request: PageRequest, number: str) -> Order:
    """The submitted order of a client of the reader's. Raises NotFound for any other."""
    row = order_for(request.user, number)
    if row.number is None:
        raise NoSuchPage()
    return row


def _ended_already(request: PageRequest, row: Order) -> HttpResponse:
    """A second press, or one that came too late: the order's page says what happened."""
    cancelled = row.state == State.CANCELLED
    said = _("This order is cancelled already.") if cancelled else _("This order has ended already.")
    messages.info(request, said)
    return redirect("customer:order", row.number)


def order_response(
    request: PageRequest,
    row: Order,
    *,
    task_form: tuple[Any, SchemaForm] | None = None,
    message_form: MessageForm | None = None,
    rating_form: RatingForm | None = None,
    kept: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """The order's page. task_form: a request's public id and its form with errors; the other forms with errors.

    kept: what was typed for a request that is no longer open.
    """
    view = client_view(row, request.user, timezone.now(), holder=holder_of(row, request.user))
    given, about = dict([task_form]) if task_form else {}, AskedAt(row.product, row.branch, timezone.now())
    papers = {str(document.public_id): document.name for document in view.documents}
    forms = [
        given.get(task.public_id)
        or questions(task.form, task.draft, about, papers=papers, ids=f"r{task.public_id.hex}")
        for task in view.tasks
    ]
    context = {
        "order": view,
        "why": why_not_as_promised(row, view),
        "layout": "shell_customer.html",
        "asked": waiting(request.user, row),
        "tasks": list(zip(view.tasks, forms, strict=True)),
        "message_form": message_form or MessageForm(),
        "rating_form": rating_form or RatingForm(),
        "message_key": uuid4().hex,  # a new one also after a refusal: nothing was written under the old one
        "kept": kept,
    }
    response = render(request, "portal_customer/order.html", context, status=status)
    if request.method == "POST":
        response["HX-Push-Url"] = reverse("customer:order", args=[row.number])  # reloading finds the order
    return response
