"""What needs the client, what runs, and what can be ordered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import Client
from accounts.queries import clients_to_order_for
from catalog.models import Product
from catalog.queries import products_for
from orders import client_queries
from portal_customer.access import CHANNEL, NoSuchPage, PageRequest, client_page
from portal_customer.decisions import waiting
from portal_customer.words import FAMILIES
from ui.words import is_chinese

SHOWN, TO_RATE = 6, 2


@require_safe
@vary_on_headers("HX-Request")
@client_page
def home(request: PageRequest) -> HttpResponse:
    """The first page; asked by htmx it is the list of services only, as found by `q` for `client`."""
    context = _services(request)
    if request.htmx and not request.htmx.boosted:
        return render(request, "portal_customer/home.html#services", context)
    now = timezone.now()
    context |= {
        "greeting": _greeting(timezone.localtime(now).hour, _called(request.user)),
        "asked": waiting(request.user),
        "todos": client_queries.to_dos(request.user),
        "drafts": client_queries.drafts(request.user),
        "lines": [
            *client_queries.open_lines(request.user, now, size=SHOWN),
            *client_queries.lines_to_rate(request.user, now, size=TO_RATE),
        ],
        "counts": client_queries.count_orders(request.user),
    }
    return render(request, "portal_customer/home.html", context)


def _services(request: PageRequest) -> dict[str, Any]:
    clients = list(clients_to_order_for(request.user).order_by("name", "pk"))
    client = _chosen(clients, request.GET.get("client", ""))
    query = request.GET.get("q", "").strip()[:80]
    products = products_for(client, CHANNEL) if client else []
    found = [product for product in products if _fits(product, query)]
    return {"clients": clients, "client": client, "query": query, "families": _by_family(found)}


def _chosen(clients: list[Client], ref: str) -> Client | None:
    if not ref:
        return clients[0] if len(clients) == 1 else None
    chosen = next((client for client in clients if client.ref == ref), None)
    if chosen is None:
        raise NoSuchPage()
    return chosen


def _fits(product: Product, query: str) -> bool:
    texts = " ".join([*product.name.values(), *product.summary.values()]).casefold()
    return all(word in texts for word in query.casefold().split())


def _by_family(products: Iterable[Product]) -> list[tuple[Any, list[Product]]]:
    families: dict[str, list[Product]] = {}
    for product in products:
        families.setdefault(product.family, []).append(product)
    order = [*FAMILIES, *sorted(set(families) - set(FAMILIES))]
    return [(FAMILIES.get(key, _("More services")), families[key]) for key in order if key in families]


def _called(user: Any) -> str:
    return user.native_name if is_chinese(get_language()) and user.native_name else user.given_name


def _greeting(hour: int, name: str) -> str:
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}
