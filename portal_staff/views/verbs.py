"""Verbs of work and approvals that ask for a person, a text or both: each one page, one form, one action."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.words import ROLES
from approvals import signers, taking_back
from approvals.actions import authority_to_sign, expect_open
from approvals.queries import people_to_add, request_seen, seat_of
from audit.refusals import Invalid, NotFound, Refusal
from orders import actions as orders
from orders.access import expect_part
from orders.queries import order_for, people_who_see
from portal_staff.access import ANY_STAFF, WORKERS, WRITE, actor, requires, said_at
from portal_staff.rows import url_of
from portal_staff.words import word
from ui.typed import judges
from ui.words import pick_text
from work import actions
from work.access import expect_holder, expect_lead
from work.actions.taking_back import next_task
from work.models import WorkItem
from work.queries import advice_for, item_for, people_for, people_to_ask
from work.refusals import NoSuchItem, NotYoursToTakeBack, TooLate

GET_AND_POST = ["GET", "HEAD", "POST"]
ALL, ANY = "all", "any"


@dataclass(frozen=True)
class Asked:
    """What the page of a verb asks for. people: (key, name, what more is said of them); several: more than one of them.

    nobody: what choosing nobody is called, where one need not; who: the label of the people.
    text: the field of the text, with its label and its bound; ways: (value, label, hint) of which one is chosen.
    """

    title: str
    hint: str
    number: str
    back_to: str
    sub: str
    people: list[tuple[str, str, str]] = field(default_factory=list)
    asks_people: bool = False
    several: bool = False
    nobody: str = ""
    who: str = ""
    text: str = "reason"
    label: str = ""
    longest: int = 500
    ways: list[tuple[str, str, str]] = field(default_factory=list)
    question: str = ""
    is_danger: bool = False


@judges("reason")
@require_http_methods(GET_AND_POST)
@requires(*ANY_STAFF)
def hand_over(request: HttpRequest, item: UUID) -> HttpResponse:
    """Give what one holds to a colleague."""
    found = item_for(request.user, item, timezone.now())
    expect_holder(found, actor(request))
    people = _others(people_for(found, timezone.now()), request)
    hint = _("From then on it is theirs; what you typed stays with it.")
    asked = _about(found, _("Hand over"), hint, people=_named(people), asks_people=True)

    def act(typed: dict[str, Any]) -> str:
        to = _one_of(people, typed["people"])
        actions.hand_over(item, to=to, reason=typed["text"], actor=actor(request), now=timezone.now())
        return _("Handed over to %(name)s.") % {"name": to.display_name}

    return _page(request, asked, act)


@judges("question")
@require_http_methods(GET_AND_POST)
@requires(*ANY_STAFF)
def ask(request: HttpRequest, item: UUID) -> HttpResponse:
    """Ask a colleague about what one holds."""
    found = item_for(request.user, item, timezone.now())
    expect_holder(found, actor(request))
    people = people_to_ask(found, request.user)
    hint = _("It stays yours. Whoever answers has a part in the order and signs no decision on it any more.")
    about = {"people": _named(people), "asks_people": True, "text": "question", "longest": 2000}
    asked = _about(found, _("Ask a colleague"), hint, label=_("Question"), **about)

    def act(typed: dict[str, Any]) -> str:
        to = _one_of(people, typed["people"])
        actions.ask(item, to=to, question=typed["text"], actor=actor(request), now=timezone.now())
        return _("Asked %(name)s. The answer will stand on this page.") % {"name": to.display_name}

    return _page(request, asked, act)


@judges("answer")
@require_http_methods(GET_AND_POST)
@requires(*ANY_STAFF)
def advice(request: HttpRequest, advice: UUID) -> HttpResponse:
    """Answer what a colleague asks."""
    made = advice_for(request.user, advice)
    found = item_for(request.user, made.item.public_id, timezone.now())
    hint = _("%(name)s asks you. They decide; you sign no decision on this order once you have answered.")
    about = {"text": "answer", "label": _("Answer"), "longest": 2000, "question": made.question}
    asked = _about(found, _("Answer a colleague"), hint % {"name": made.asked_by.display_name}, **about)

    def act(typed: dict[str, Any]) -> str:
        actions.answer(advice, text=typed["text"], actor=actor(request), now=timezone.now())
        return _("Your answer is sent.")

    return _page(request, asked, act)


@judges("reason")
@require_http_methods(GET_AND_POST)
@requires(*ANY_STAFF)
def take_back(request: HttpRequest, item: UUID) -> HttpResponse:
    """Take back a step or a decision of one's own before anybody acted on it."""
    found = item_for(request.user, item, timezone.now())
    _expect_to_take_back(request, found)
    hint = _("Only while nobody acted on it. The order comes back to you as it was before.")
    asked = _about(found, _("Take back"), hint, is_danger=True)

    def act(typed: dict[str, Any]) -> str:
        is_work = found.kind == WorkItem.Kind.WORK
        verb = actions.take_back if is_work else taking_back.take_decision_back
        verb(item, reason=typed["text"], actor=actor(request), now=timezone.now())
        return _("Taken back.")

    return _page(request, asked, act, then=reverse("staff:order", args=[found.order_number]))


@judges("reason")
@require_http_methods(GET_AND_POST)
@requires(*ANY_STAFF)
def add_signers(request: HttpRequest, item: UUID) -> HttpResponse:
    """Ask further people to sign beside a tier."""
    found = _approval(request, item)
    authority_to_sign(found, found.approval_tier.request, actor(request), timezone.now())
    able = people_to_add(found.approval_tier.request, cast(User, request.user), timezone.now())
    people = [(str(person.public_id), person.display_name, word(ROLES, role)) for person, role in able]
    ways = [
        (ALL, _("All of them must sign"), _("The order goes on once each of them has approved.")),
        (ANY, _("Any one of them is enough"), _("The first approval closes the others. A rejection always counts.")),
    ]
    hint = _("They are asked beside your tier. Whom a rule requires stays required.")
    about = {"people": people, "asks_people": True, "several": True, "ways": ways}
    asked = _about(found, _("Add signers"), hint, **about)

    def act(typed: dict[str, Any]) -> str:
        keys = [person.pk for person, _role in able if str(person.public_id) in typed["people"]]
        by: dict[str, Any] = {"actor": actor(request), "now": timezone.now()}
        signers.add_signers(item, people=keys, any_of=typed["way"] == ANY, reason=typed["text"], **by)
        return _("They are asked to sign.")

    return _page(request, asked, act)


@judges("reason")
@require_http_methods(GET_AND_POST)
@requires(*ANY_STAFF)
def remove_signer(request: HttpRequest, approval: UUID, tier: int, seat: int) -> HttpResponse:
    """Take out somebody who was asked to sign too, or ask another instead."""
    found = request_seen(request.user, approval)
    asked_for = seat_of(found, tier, seat)
    if request.method != "POST":
        signers.expect_removable(asked_for, cast(WorkItem, asked_for.work_item), actor(request))
    person = asked_for.asked
    hint = _("%(name)s need not sign any more. The others still do.")
    able = people_to_add(found, cast(User, request.user), timezone.now())
    people = [(str(each.public_id), each.display_name, word(ROLES, role)) for each, role in able]
    number = str(found.order.number)
    asked = Asked(
        _("Take a signer out"),
        hint % {"name": person.display_name if person else ""},
        number,
        reverse("staff:order", args=[number]),
        pick_text(found.order.product.name, get_language()),
        people=people,
        asks_people=True,
        nobody=_("Nobody instead"),
        who=_("Ask instead"),
        is_danger=True,
    )

    def act(typed: dict[str, Any]) -> str:
        by: dict[str, Any] = {"actor": actor(request), "now": timezone.now()}
        chosen = _one_of([each for each, _role in able], typed["people"]) if any(typed["people"]) else None
        instead = chosen.pk if chosen else None
        signers.remove_signer(approval, tier=tier, seat=seat, reason=typed["text"], instead=instead, **by)
        asked = _("%(name)s is asked instead.") % {"name": chosen.display_name} if chosen else ""
        return asked or _("They are not asked any more.")

    return _page(request, asked, act)


@judges("reason")
@require_http_methods(GET_AND_POST)
@requires(*WORKERS)
def void(request: HttpRequest, item: UUID) -> HttpResponse:
    """Void an approval: its signatures lapse, and the matrix decides again."""
    found = _approval(request, item)
    expect_lead(found, actor(request))
    hint = _("Every signature on it lapses, and the matrix decides again who has to sign.")
    asked = _about(found, _("Void the approval"), hint, is_danger=True)

    def act(typed: dict[str, Any]) -> str:
        taking_back.void_request(item, reason=typed["text"], actor=actor(request), now=timezone.now())
        return _("The approval is void, and asked anew.")

    return _page(request, asked, act, then=reverse("staff:order", args=[found.order_number]))


@judges("reason")
@require_http_methods(GET_AND_POST)
@requires(*WRITE)
def copy_order(request: HttpRequest, number: str) -> HttpResponse:
    """Show an order to a colleague for information."""
    found = order_for(request.user, number)
    expect_part(found, actor(request))
    people = _others(people_who_see(found), request)
    asked = Asked(
        _("Show to a colleague"),
        _("For information only: people who may see this order are told of it, and need not do anything."),
        str(found.number),
        reverse("staff:order", args=[found.number]),
        pick_text(found.product.name, get_language()),
        people=_named(people),
        asks_people=True,
    )

    def act(typed: dict[str, Any]) -> str:
        to = _one_of(people, typed["people"])
        about: dict[str, Any] = {"reason": typed["text"], "actor": actor(request), "now": timezone.now()}
        orders.copy_to(found.public_id, to=to, **about)
        return _("Shown to %(name)s.") % {"name": to.display_name}

    return _page(request, asked, act)


def _page(request: HttpRequest, asked: Asked, act: Callable[[dict[str, Any]], str], then: str = "") -> HttpResponse:
    """The form, or the deed; what is refused stands at its field, and what was typed stays. then: where it goes on."""
    typed: dict[str, Any] = {
        "people": request.POST.getlist("people"),
        "text": request.POST.get(asked.text, ""),
        "way": request.POST.get("way", ""),
    }
    context = {"asked": asked, "typed": typed, "errors": {}}
    if request.method != "POST":
        return render(request, "portal_staff/verb.html", context)
    try:
        if asked.ways and typed["way"] not in [value for value, *_more in asked.ways]:
            raise Invalid(_("Expected one of the ways listed."), fields={"way": _("Choose one of the two.")})
        said = act(typed)
    except NotFound:
        raise
    except Refusal as refusal:
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        named = {"people": fields.get("people") or fields.get("to"), "way": fields.get("way")}
        errors = {name: sentence for name, sentence in named.items() if sentence}
        errors = errors or {"text": said_at(refusal, asked.text)}
        return render(request, "portal_staff/verb.html", context | {"errors": errors}, status=refusal.status)
    messages.success(request, said)
    return redirect(then or asked.back_to)


def _about(found: WorkItem, title: str, hint: str, **more: Any) -> Asked:
    return Asked(title, hint, found.order_number, url_of(found), pick_text(found.name, get_language()), **more)


def _approval(request: HttpRequest, item: UUID) -> WorkItem:
    found = item_for(request.user, item, timezone.now())
    if found.kind != WorkItem.Kind.APPROVAL:
        raise NoSuchItem()
    expect_open(found, found.approval_tier.request, found.approval_tier)
    return found


def _expect_to_take_back(request: HttpRequest, found: WorkItem) -> None:
    """Raises NotYoursToTakeBack, TooLate."""
    if found.completed_by_id != request.user.pk:
        raise NotYoursToTakeBack()
    if found.kind == WorkItem.Kind.WORK:
        is_in_time = next_task(found.order, found.task) is not None
    else:
        tier = found.approval_tier
        is_in_time = taking_back.may_be_taken_back(tier.decision, tier.request)
    if not is_in_time and request.method != "POST":
        raise TooLate()


def _others(people: Iterable[User], request: HttpRequest) -> list[User]:
    return [person for person in people if person.pk != request.user.pk]


def _named(people: Iterable[User]) -> list[tuple[str, str, str]]:
    return [(str(person.public_id), person.display_name, "") for person in people]


def _one_of(people: Iterable[User], chosen: list[str]) -> User:
    person = next((each for each in people if [str(each.public_id)] == chosen), None)
    if person is None:
        raise Invalid(_("Expected one of the people listed."), fields={"people": _("Choose a person.")})
    return person
