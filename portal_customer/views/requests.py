"""The client's turn: an answer, a paper, or both."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.refusals import Invalid, NotFound, Refusal
from orders import schemas
from orders.actions import answer_request
from orders.client_queries import document_names
from orders.models import ClientRequest, Order
from orders.refusals import AlreadyAnswered
from portal_customer.access import NotDone, PageRequest, actor, client_page
from portal_customer.forms import SchemaForm
from portal_customer.papers import keep_papers
from portal_customer.views.orders import order_for_client, order_response


@require_POST
@client_page
def answer(request: PageRequest, number: str, task: UUID) -> HttpResponse:
    """Keep the papers, then answer; what is wrong is said at the fields, and what was sent stays."""
    order = order_for_client(request, number)
    asked = order.requests.filter(public_id=task, answered_at=None, closed_at=None).first()
    if asked is None or not order.is_open:
        messages.info(request, _("We have this already. Nothing more is needed."))
        return redirect("customer:order", order.number)
    answers, errors = keep_papers(request, order, asked.form, schemas.clean(asked.form, request.POST), timezone.now())
    errors = schemas.check(asked.form, answers) | errors
    if not errors:
        errors = _answer(request, asked, answers)
    if errors:
        return _again(request, order, asked, answers, errors)
    messages.success(request, _("Thank you. We have it and go on with your order."))
    return redirect("customer:order", order.number)


def _answer(request: PageRequest, asked: ClientRequest, answers: dict) -> dict[str, str]:
    try:
        answer_request(asked.public_id, answers=answers, actor=actor(request), now=timezone.now())
    except AlreadyAnswered:
        return {}
    except Invalid as refusal:
        return refusal.fields or {"": refusal.sentence}
    except NotFound:
        raise
    except Refusal:  # a later step failed; its words are for staff, and what was typed stays
        return {"": NotDone().sentence}
    return {}


def _again(
    request: PageRequest, order: Order, asked: ClientRequest, answers: dict, errors: dict[str, str]
) -> HttpResponse:
    sent = document_names(request.user, order)
    form = SchemaForm(asked.form, answers, errors=errors, sent=sent, ids=f"r{asked.public_id.hex}")
    return order_response(request, order, task_form=(asked.public_id, form), status=422)
