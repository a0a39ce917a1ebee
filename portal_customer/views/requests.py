"""The client's turn: an answer, a paper, or both."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.refusals import NotFound, Refusal
from orders import schemas
from orders.actions import answer_request
from orders.client_queries import document_names
from orders.models import ClientRequest, Order
from orders.refusals import AlreadyAnswered
from portal_customer.access import NoSuchPage, PageRequest, actor, client_page, told
from portal_customer.papers import keep_papers
from portal_customer.questions import AskedAt, questions
from portal_customer.views.orders import order_for_client, order_response


@require_POST
@client_page
def answer(request: PageRequest, number: str, task: UUID) -> HttpResponse:
    """Keep the papers, then answer; what is wrong is said at the fields, and what was sent stays."""
    order = order_for_client(request, number)
    asked, now = order.requests.filter(public_id=task).first(), timezone.now()
    if asked is None:
        raise NoSuchPage()
    if asked.answered_at or asked.closed_at or not order.is_open:
        return _not_needed(request, order, asked)
    answers, errors = keep_papers(request, order, asked.form, schemas.clean(asked.form, request.POST), now)
    errors = schemas.check(asked.form, answers, order.branch.day(now)) | errors
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
    except NotFound:
        raise
    except Refusal as refusal:
        return told(refusal)
    return {}


def _not_needed(request: PageRequest, order: Order, asked: ClientRequest) -> HttpResponse:
    """Somebody was faster, or the order went on without it; what was typed stays readable."""
    messages.info(request, _("We have this already. Nothing more is needed."))
    about = AskedAt(order.product, order.branch, timezone.now())
    typed = questions(asked.form, schemas.clean(asked.form, request.POST), about)
    if not typed.texts:
        return redirect("customer:order", order.number)
    return order_response(request, order, kept=typed.texts, status=409)


def _again(
    request: PageRequest, order: Order, asked: ClientRequest, answers: dict, errors: dict[str, str]
) -> HttpResponse:
    papers, about = document_names(request.user, order), AskedAt(order.product, order.branch, timezone.now())
    form = questions(asked.form, answers, about, errors=errors, papers=papers, ids=f"r{asked.public_id.hex}")
    return order_response(request, order, task_form=(asked.public_id, form), status=422)
