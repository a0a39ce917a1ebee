"""Ordering: fill in, save on the way, check, send. What was typed is kept before anything is judged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url

from accounts.models import Client
from accounts.queries import clients_to_order_for
from audit.refusals import Invalid
from catalog.models import Product
from catalog.queries import products_for
from orders import client_queries, schemas
from orders.actions import discard_draft, save_draft, submit_order
from orders.actions.submission import wrong_answers
from orders.models import Order
from orders.projection import details
from orders.refusals import DraftChanged, WrongMoment
from portal_customer.access import CHANNEL, NoSuchPage, PageRequest, actor, client_named, client_page
from portal_customer.checked import marks_of, said_changed
from portal_customer.ordering import Ordering, order_form, prefilled
from portal_customer.papers import keep_papers
from sla.queries import promise_for
from ui.conflict import beaten, version_of
from ui.typed import ALL, judges

LONGEST_KEY = 64


@judges(ALL)
@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def new_order(request: PageRequest, product: str) -> HttpResponse:
    """An empty form, filled in with what the client's last order says; posting it makes the draft."""
    client = client_named(request, request.POST.get("client") or request.GET.get("client", ""))
    if client is None:
        return _choose_client(request, product)
    found = products_for(client, CHANNEL).filter(code=product).first()
    if found is None:
        raise NoSuchPage()
    if request.method == "POST":
        return _keep(request, found, client)
    return _form_page(request, Ordering(found, client, prefilled(found.form, client), uuid4().hex))


@judges(ALL)
@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def draft(request: PageRequest, draft: UUID) -> HttpResponse:
    """Go on with a draft; one that was sent is its order now."""
    order = _own(request, draft)
    if order.number and request.method == "POST":
        return _where_it_went(request, order.idempotency_key)
    if order.number:
        return redirect("customer:order", order.number)
    if request.method == "POST":
        return _keep(request, order.product, order.client, order)
    return _form_page(request, _ordering(order))


@require_safe
@client_page
def check(request: PageRequest, draft: UUID) -> HttpResponse:
    """All answers once more, with the date that we promise, before the order is sent."""
    order = _own(request, draft)
    if order.number:
        return redirect("customer:order", order.number)
    return _check_page(request, order)


@require_POST
@client_page
def submit(request: PageRequest, draft: UUID) -> HttpResponse:
    """Send the draft. A second press finds the order that the first one made."""
    order = _own(request, draft)
    if order.number:
        return redirect("customer:order", order.number)
    try:
        by: dict[str, Any] = {"actor": actor(request), "now": timezone.now()}
        sent = submit_order(order.public_id, version=version_of(request), **by)
    except DraftChanged:
        order.refresh_from_db()
        return _check_page(request, order, stale=said_changed(order, request.POST.getlist("shown")))
    except Invalid as refusal:
        return _form_page(request, _ordering(order, refusal.fields or {"": refusal.sentence}), status=422)
    messages.success(request, _("We have your order. Its number is %(number)s.") % {"number": sent.number})
    return redirect("customer:order", sent.number)


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def discard(request: PageRequest, draft: UUID) -> HttpResponse:
    """Say what is lost, and throw a draft away."""
    order = _own(request, draft)
    if order.number:
        return redirect("customer:order", order.number)
    if request.method != "POST":
        papers = sorted(client_queries.document_names(request.user, order).values())
        return render(request, "portal_customer/discard.html", {"draft": order, "papers": papers})
    discard_draft(order.public_id, actor=actor(request), now=timezone.now())
    messages.success(request, _("The draft is discarded."))
    return redirect("customer:home")


def _keep(request: PageRequest, product: Product, client: Client, order: Order | None = None) -> HttpResponse:
    """Save first; then say what is wrong, or go where the pressed button leads."""
    key = order.idempotency_key if order else request.POST.get("key", "")[:LONGEST_KEY] or uuid4().hex
    typed, version = schemas.clean(product.form, request.POST), version_of(request)
    try:
        order = _save(request, product, client, typed, key, version)
        answers, errors = keep_papers(request, order, product.form, typed, timezone.now())
        if answers != typed:
            order = _save(request, product, client, answers, key, order.version)
    except WrongMoment:  # sent in the meantime, perhaps in another window
        return _where_it_went(request, key)
    except DraftChanged as refusal:
        return _beaten(request, Ordering(product, client, typed, key), refusal)
    except Invalid as refusal:
        if request.POST.get("then") == "autosave":
            return render(request, "ui/refusal.html", {"refusal": refusal}, status=422)
        wrong = Ordering(product, client, typed, key, refusal.fields or {"": refusal.sentence}, order, version)
        return _form_page(request, wrong, status=422)
    return _go_on(request, order, errors)


def _go_on(request: PageRequest, order: Order, errors: dict[str, str]) -> HttpResponse:
    then = request.POST.get("then", "check")
    if then == "autosave":
        context = {"saved_at": timezone.now(), "draft": order}
        return render(request, "portal_customer/order_form.html#saved", context)
    if then == "check":
        errors = wrong_answers(order, timezone.now()) | errors
    if errors:
        return _form_page(request, _ordering(order, errors), status=422)
    if then == "later":
        messages.success(request, _("Saved. You find it under “Begun and not sent”."))
        return redirect("customer:home")
    if then == "here":
        return redirect("customer:draft", order.public_id)
    return redirect("customer:check", order.public_id)


def _save(
    request: PageRequest, product: Product, client: Client, answers: dict, key: str, version: int | None
) -> Order:
    by: dict[str, Any] = {"actor": actor(request), "now": timezone.now(), "version": version}
    return save_draft(product=product, client=client, channel=CHANNEL, answers=answers, idempotency_key=key, **by)


def _beaten(request: PageRequest, typed: Ordering, refusal: DraftChanged) -> HttpResponse:
    """Other answers were saved since the form was shown: both are offered, and what was typed here stays.

    Where the whole page is sent anew, its papers are kept now: a browser does not fill files in again.
    """
    order = client_queries.draft_by_key(request.user, typed.key)
    if order is None:
        raise NoSuchPage()
    errors: dict[str, str] = {}
    if not request.htmx:
        answers, errors = keep_papers(request, order, typed.product.form, typed.answers, timezone.now())
        typed = replace(typed, answers=answers)
    then = request.POST.get("then", "check")
    context = _form_context(request, replace(typed, errors=errors, draft=order)) | {
        "conflict": refusal,
        "own": True,
        "on_top": refusal.facts["version"],
        "then": "here" if then == "autosave" else then,
        "theirs_url": reverse("customer:draft", args=[order.public_id]),
    }
    return beaten(request, "portal_customer/order_form.html", context, place="#order-form [data-conflict]")


def _check_page(request: PageRequest, order: Order, stale: str = "") -> HttpResponse:
    """The answers to be checked. stale: what changed since they were checked, so that nothing was sent."""
    wrong = wrong_answers(order, timezone.now())
    if wrong:
        return _form_page(request, _ordering(order, wrong), status=422)
    context = {
        "draft": order,
        "marks": marks_of(order),
        "stale": stale,
        "details": list(details(order.product.form, order.answers, order.branch.timezone)),
        "papers": _papers(request, order),
        "promised_at": promise_for(order.product, order.client, timezone.now()),
    }
    if not stale:
        return render(request, "portal_customer/check.html", context)
    response = render(request, "portal_customer/check.html", context, status=409)
    return push_url(response, reverse("customer:check", args=[order.public_id]))  # reloading finds the page


def _where_it_went(request: PageRequest, key: str) -> HttpResponse:
    order = client_queries.draft_by_key(request.user, key)
    if order is None or order.number is None:
        raise NoSuchPage()
    messages.info(request, _("This order has been sent already."))
    address = reverse("customer:order", args=[order.number])
    if request.POST.get("then") == "autosave":
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _own(request: PageRequest, draft: UUID) -> Order:
    order = client_queries.own_draft(request.user, draft)
    if order is None:
        raise NoSuchPage()
    return order


def _ordering(order: Order, errors: dict[str, str] | None = None) -> Ordering:
    return Ordering(order.product, order.client, order.answers, order.idempotency_key, errors or {}, order)


def _form_page(request: PageRequest, ordering: Ordering, status: int = 200) -> HttpResponse:
    response = render(request, "portal_customer/order_form.html", _form_context(request, ordering), status=status)
    if ordering.draft and request.method == "POST":
        response["HX-Push-Url"] = reverse(
            "customer:draft", args=[ordering.draft.public_id]
        )  # reloading finds the draft
    return response


def _form_context(request: PageRequest, ordering: Ordering) -> dict[str, Any]:
    now = timezone.now()
    return {
        "ordering": ordering,
        "form": order_form(ordering, request.user, now),
        "promised_at": promise_for(ordering.product, ordering.client, now),
    }


def _choose_client(request: PageRequest, product: str) -> HttpResponse:
    clients = clients_to_order_for(request.user).select_related("branch").order_by("name", "pk")
    offered = {}  # one look at the shelf for each branch and kind of client
    for client in clients:
        place = (client.branch_id, client.kind)
        if place not in offered:
            offered[place] = products_for(client, CHANNEL).filter(code=product).first()
    fitting = [client for client in clients if offered[client.branch_id, client.kind]]
    if not fitting:
        raise NoSuchPage()
    chosen = next(found for found in offered.values() if found)
    return render(request, "portal_customer/choose_client.html", {"clients": fitting, "product": chosen})


def _papers(request: PageRequest, order: Order) -> list[tuple[dict, str]]:
    names = client_queries.document_names(request.user, order)
    fields = order.product.form.get("properties", {})
    papers = schemas.fields_with(order.product.form, "document")
    return [
        (fields[name]["x-tl"]["title"], names[order.answers[name]])
        for name in papers
        if order.answers.get(name) in names
    ]
