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
from approvals.evidence import given_in
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
from ui.schema_form import Problem, SchemaForm
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
        return _page(request, found, found.draft)
    given = _given(request, found)
    try:
        _answer(request, found, given)
    except Invalid as refusal:
        return _page(request, found, given, refusal.fields or {"": refusal.sentence}, status=422)
    except (NotFound, NotAllowed):
        raise
    except Refusal:  # somebody was faster, or the next step failed
        return _page(request, item_asked(request.user, item), given, status=409)
    messages.success(request, _("Thank you. We have your answer on order %(number)s.") % {"number": found.order_number})
    return redirect("customer:decisions")


def _given(request: PageRequest, found: WorkItem) -> dict[str, Any]:
    if found.kind == WorkItem.Kind.APPROVAL:
        needed = evidence_of(found)
        evidence = given_in(request.POST, needed.names, needed.keys)
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
    form = DecisionForm(initial=dict(answers))
    if errors:
        form.refuse({name: sentence for name, sentence in errors.items() if not name.startswith("evidence_")})
    return form


def _checklist(found: WorkItem, answers: Mapping[str, Any], errors: Mapping[str, str] | None) -> SchemaForm | None:
    """The questions about the evidence that an approval needs."""
    if found.kind != WorkItem.Kind.APPROVAL:
        return None
    needed = evidence_of(found)
    typed = needed.shown({f"evidence_{name}": value for name, value in answers.get("evidence", {}).items()})
    wrong = {name: sentence for name, sentence in (errors or {}).items() if name.startswith("evidence_")}
    about = AskedAt(found.product, found.order.branch, timezone.now())
    return questions(needed.form, typed, about, errors=needed.shown(wrong))


def _problems(form: Form, checklist: SchemaForm | None) -> tuple[Problem, ...]:
    """All that is wrong on the page, each with its field."""
    if isinstance(form, SchemaForm):
        return form.problems
    found = [(name, str(said)) for name, sentences in form.errors.items() for said in sentences]
    own = [
        Problem(said, str(form.fields[name].label), form[name].auto_id) if name in form.fields else Problem(said)
        for name, said in found
    ]
    return (*own, *(checklist.problems if checklist else ()))


def _page(
    request: PageRequest,
    found: WorkItem,
    given: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    row = order_for_client(request, found.order_number)
    closed = why_closed(found, request.user)
    view = client_view(row, request.user, timezone.now())
    form, checklist = _form(found, given, errors), _checklist(found, given, errors)
    context = {
        "asked": asked(found),
        "order": view,
        "package": None if closed else package(row, view),
        "form": form,
        "checklist": checklist,
        "problems": _problems(form, checklist),
        "choices": DECISIONS,
        "closed": closed,
        "refused": (closed or NotDone().sentence) if status == 409 else "",
    }
    return render(request, "portal_customer/decision.html", context, status=status)
