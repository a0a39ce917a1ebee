"""A work item's page and its preview."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.authority import holds
from accounts.queries import clients_visible_to
from calendars.queries import calendar
from orders import schemas
from orders.access import has_part
from orders.models import Order
from orders.projection import details
from portal_staff.access import WORK, WRITE, may, requires
from portal_staff.activity import entries_of, events, names_in
from portal_staff.doing import verbs_of_step
from portal_staff.listing import asked, beside, here, listing_of
from portal_staff.request_lines import question_of
from portal_staff.rows import client_name, url_of
from portal_staff.vocabulary import Vocabulary
from portal_staff.words import CLOCK_KINDS, time_left, timing, word
from processes.queries import diagram, trail_of
from sla.models import Clock
from sla.queries import clocks_of
from ui.schema_form import SchemaForm, schema_form
from ui.words import duration_text, moment_text, pick_text
from ui.zones import is_named, shows
from work.models import WorkItem
from work.queries import advice_on, can_work, item_for, people_for
from work.words import STATES as ITEM_STATES

MINE_TO_DO = ("assigned", "in_progress")


@require_safe
@vary_on_headers("HX-Request")
@requires(*WORK)
def item(request: HttpRequest, item: UUID) -> HttpResponse:
    """The page of a step: its form, the order around it, clocks and activity."""
    found = item_for(request.user, item, timezone.now())
    if found.kind == WorkItem.Kind.APPROVAL:
        return redirect(url_of(found))
    return render(request, "portal_staff/item.html", item_context(request, found))


@require_safe
@requires(*WORK)
def preview(request: HttpRequest, item: UUID) -> HttpResponse:
    """What a step is about, beside the queue."""
    now = timezone.now()
    found = item_for(request.user, item, now)
    shows(found.order.branch.timezone)
    context = {
        "item": found,
        "url": here(request, found),
        "asked": asked(request),
        "state": word(ITEM_STATES, found.state),
        "left": timing(found, now, calendar(found.order.branch.calendar)),
        "client": client_name(found.client),
        "answers": answers_of(found.order),
        "latest": found.order.messages.filter(is_internal=False).select_related("author").order_by("-sent_at").first(),
        "can_claim": found.holder_id is None and found.is_open and can_work(request.user, found),
        "is_mine": found.holder_id == request.user.pk,
    }
    template = "portal_staff/preview.html" if request.htmx else "portal_staff/preview_page.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def item_context(
    request: HttpRequest,
    found: WorkItem,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """All that the page shows. typed, errors: what was posted and what is wrong with it."""
    user, now = request.user, timezone.now()
    mine = found.holder_id == user.pk
    leads = holds(user, "lead_queue", found.queue_id)
    listing = listing_of(request, found)
    question = question_of(found)
    answers = typed if typed is not None else found.result or found.draft
    return {
        "item": found,
        "order": found.order,
        "client": client_name(found.client),
        "state": word(ITEM_STATES, found.state),
        "left": timing(found, now, calendar(found.order.branch.calendar)),
        "form": step_form(found, answers, now, errors),
        "question": question,
        "may_ask": question is None or question["request"].state == "returned",
        "is_mine": mine,
        "can_do": mine and found.state in MINE_TO_DO,
        "can_claim": found.holder_id is None and found.is_open and can_work(user, found),
        "leads": leads and found.is_open,
        "people": people_for(found, now) if leads and found.is_open else [],
        "listing": listing,
        "beside": beside(found, listing.rows, "staff:item", asked(request), line=listing.line),
        "asked": asked(request),
        "next_url": here(request, found),
        "verbs": verbs_of_step(found, user),
        "advice": advice_on(found),
        **around_order(found.order, user, now),
    }


def around_order(order: Order, user: Any, now: datetime) -> dict[str, Any]:
    """What item, decision and order pages share: answers, papers, thread, notes, clocks, activity, diagram."""
    shows(order.branch.timezone)
    entries = entries_of(order)
    thread = list(order.messages.select_related("author").order_by("sent_at"))
    return {
        "answers": answers_of(order),
        "facts": facts_of(order),
        "sees_client": clients_visible_to(user).filter(pk=order.client_id).exists(),
        "documents": list(order.documents.select_related("uploaded_by").order_by("-uploaded_at")),
        "thread": [said(message, user) for message in thread if not message.is_internal],
        "notes": [said(message, user) for message in thread if message.is_internal],
        "clocks": [clock_row(clock, now) for clock in clocks_of(order) if clock.stopped_at is None],
        "events": events(entries, names=names_in(order), user=user, words=Vocabulary.of_order(order), quiet=True),
        "diagram": drawn(order),
        "writes": may(user, WRITE) and has_part(order, user),
        "key": uuid4().hex,
    }


def answers_of(order: Order) -> list[dict[str, Any]]:
    """The client's answers in the order of the product's form."""
    return [
        {"label": each.label, "kind": each.kind, "value": each.value, "zone": each.zone}
        for each in details(order.product.form, order.answers, order.branch.timezone)
    ]


def facts_of(order: Order) -> list[dict[str, Any]]:
    """What the order is, beside its answers."""
    rows: list[dict[str, Any]] = [
        {"label": _("Order"), "value": order.number},
        {"label": _("Channel"), "value": _in_words(order.channel.name)},
    ]
    rows.append({"label": _("Branch"), "value": _in_words(order.branch.name)})
    if order.amount:
        rows.append({"label": _("Amount"), "value": str(order.amount), "num": True})
    rows.append({"label": _("Placed by"), "value": order.placed_by.display_name if order.placed_by else _("A process")})
    return rows


def said(message: Any, reader: Any) -> dict[str, Any]:
    """A message for `ui/thread.html`."""
    return {
        "who": message.author.display_name,
        "from_team": _("client side") if message.from_client else "",
        "at": message.sent_at,
        "text": message.body,
        "mine": message.author_id == reader.pk,
    }


def clock_row(clock: Clock, now: datetime) -> dict[str, Any]:
    """A running clock for `ui/clock.html`."""
    if clock.kind == Clock.Kind.DECISION:
        return _decision_row(clock, now)
    band = "paused" if clock.state == Clock.State.PAUSED else clock.band
    left = time_left(band, clock.due_at, now, calendar(clock.calendar))
    of = _in_words(clock.work_item.name) if clock.work_item else _("Whole order")
    paused = (
        _("%(time)s paused, not counted") % {"time": duration_text(clock.paused_seconds, get_language())}
        if clock.paused_seconds
        else ""
    )
    kind = "" if clock.kind == Clock.Kind.SERVICE else word(CLOCK_KINDS, clock.kind)
    return {"label": of, "band": left.band, "text": left.text, "sub": paused or kind, "left": left}


def _decision_row(clock: Clock, now: datetime) -> dict[str, Any]:
    """The clock of a decision: over when the next level is told, as its item is due; then what comes next."""
    left = time_left(clock.band, clock.red_at, now, calendar(clock.calendar))
    if now < clock.red_at:
        following = word(CLOCK_KINDS, clock.kind)
    elif now < clock.due_at:
        zone, named = timezone.get_current_timezone(), is_named(clock.due_at)
        at = moment_text(clock.due_at, get_language(), now=now, zone=zone, style="short", named=named)
        following = _("somebody else is asked %(moment)s") % {"moment": at}
    else:
        following = _("somebody else is asked")
    of = _in_words(clock.work_item.name) if clock.work_item else _("Whole order")
    return {"label": of, "band": left.band, "text": left.text, "sub": following, "left": left}


def drawn(order: Order) -> str:
    """The process diagram with the tokens and the ways already gone, as safe SVG of our own making."""
    if order.process is None:
        return ""
    svg = diagram(order.process, get_language() or "en", trail_of(order.process))
    return mark_safe(svg)  # noqa: S308 - drawn by processes.engine, which escapes every label


def step_names(order: Order) -> dict[str, str]:
    """The steps of an order in the reader's language, as its items call them: one statement."""
    names = order.work_items.order_by("pk").values_list("node", "name")
    return {node: _in_words(name) for node, name in names}


def step_form(
    item: WorkItem, answers: Mapping[str, Any], now: datetime, errors: Mapping[str, str] | None = None
) -> SchemaForm:
    """The questions of a step with what was answered or typed."""
    asked = schemas.asked(item.form, item.order.branch.day(now))
    return schema_form(asked, answers, errors=errors, language=get_language() or "en")


def _in_words(texts: Mapping[str, str]) -> str:
    return pick_text(texts, get_language())
