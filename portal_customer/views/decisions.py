"""The advisor's turn: decisions on their clients' orders, and orders that they should look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from approvals.actions import decide
from audit.refusals import Invalid, NotAllowed, NotFound, Refusal
from orders import schemas
from orders.projection import client_view
from orders.refusals import AnswersWrong
from portal_customer.access import NoSuchPage, NotDone, PageRequest, actor, client_page
from portal_customer.decisions import asked, is_advisor, item_asked, waiting, why_closed
from portal_customer.forms import DecisionForm, ShowingForm
from portal_customer.prepared import evidence_of, package
from portal_customer.questions import AskedAt, questions
from portal_customer.views.orders import order_for_client
from portal_customer.words import DECISIONS
from ui.schema_form import SchemaForm
from work.actions import claim, complete
from work.models import WorkItem

Form = ShowingForm | SchemaForm


@require_safe
@client_page
def decisions(request: PageRequest) -> HttpResponse:
    """What waits for the advisor, the most urgent first."""
    if not is_advisor(request.user):
        raise NoSuchPage()
    return render(request, "portal_customer/decisions.html", {"asked": waiting(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def decision(request: PageRequest, item: UUID) -> HttpResponse:
    """The order's facts and the advisor's answer. What was typed stays when it cannot be taken."""
    found = item_asked(request.user, item)
    if request.method != "POST":
        return _page(request, found, _form(found, found.draft))
    given = _given(request, found)
    try:
        _answer(request, found, given)
    except Invalid as refusal:
        wrong = _form(found, given, refusal.fields or {"": refusal.sentence})
        return _page(request, found, wrong, status=422)
    except (NotFound, NotAllowed):
        raise
    except Refusal:  # somebody was faster, or the next step failed
        return _page(request, item_asked(request.user, item), _form(found, given), status=409)
    messages.success(request, _("Thank you. We have your answer on order %(number)s.") % {"number": found.order_number})
    return redirect("customer:decisions")


def _given(request: PageRequest, found: WorkItem) -> dict[str, Any]:
    if found.kind == WorkItem.Kind.APPROVAL:
        evidence = {each.name: request.POST.get(each.field, "") for each in evidence_of(found)}
        return {
            "choice": request.POST.get("choice", ""),
            "reason": request.POST.get("reason", ""),
            "evidence": evidence,
        }
    return schemas.clean(found.form, request.POST)


def _answer(request: PageRequest, found: WorkItem, given: dict[str, Any]) -> None:
    """Decide; or take the item and complete it, so that one press is enough."""
    who, now = actor(request), timezone.now()
    if found.kind == WorkItem.Kind.APPROVAL:
        decide(found.public_id, **given, actor=who, now=now)
        return
    wrong = schemas.check(found.form, given, found.order.branch.day(now))
    if wrong and found.is_open:  # before it is taken
        raise AnswersWrong(wrong)
    claim(found.public_id, actor=who, now=now)
    complete(found.public_id, answers=given, actor=who, now=now)


def _form(found: WorkItem, answers: Mapping[str, Any], errors: Mapping[str, str] | None = None) -> Form:
    if found.kind != WorkItem.Kind.APPROVAL:
        about = AskedAt(found.product, found.order.branch, timezone.now())
        return questions(found.form, answers, about, errors=errors)
    asked_for = evidence_of(found)
    typed = {each.field: answers.get("evidence", {}).get(each.name, "") for each in asked_for}
    form = DecisionForm(initial={**answers, **typed})
    form.ask_for(asked_for)
    if errors:
        fields = {f"evidence_{each.name}": each.field for each in asked_for}
        form.refuse({fields.get(name, name): sentence for name, sentence in errors.items()})
    return form


def _page(request: PageRequest, found: WorkItem, form: Form, status: int = 200) -> HttpResponse:
    row = order_for_client(request, found.order_number)
    closed = why_closed(found, request.user)
    view = client_view(row, request.user, timezone.now())
    context = {
        "asked": asked(found),
        "order": view,
        "package": None if closed else package(row, view),
        "form": form,
        "choices": DECISIONS,
        "closed": closed,
        "refused": (closed or NotDone().sentence) if status == 409 else "",
    }
    return render(request, "portal_customer/decision.html", context, status=status)
