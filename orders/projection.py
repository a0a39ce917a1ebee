"""What a client sees of an order: an allow-list. What is not named in these dataclasses never reaches a client's page.

Node names, queues, rules, holds, internal notes and reasons of staff stay out. Of staff a client sees the given name of
who writes to them; an advisor also who holds the order, its deadline and its band.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.authority import roles
from accounts.models import Client
from calendars.queries import calendar
from orders import rules, urging
from orders.days import read_moment
from orders.models import ENDED, ClientRequest, Document, Message, Milestone, Order, State
from orders.money import Money

RATED_WITHIN = timedelta(days=14)  # for so long a list reminds of the stars
Texts = Mapping[str, str]  # {"en": …, "zh-Hans": …}
NOT_DETAILS = ("hidden", "document")


@dataclass(frozen=True)
class ClientMilestone:
    """A step: `status` is done, now or next."""

    name: Texts
    status: str
    reached_at: datetime | None


@dataclass(frozen=True)
class ClientTask:
    """What we ask of the client: the form is JSON Schema."""

    public_id: UUID
    title: Texts
    text: Texts
    form: Mapping[str, Any]
    draft: Mapping[str, Any]  # what was typed and could not be sent
    opened_at: datetime


@dataclass(frozen=True)
class ClientAnswer:
    """What we asked and was answered; `by` is the given name, empty when it was the reader or nobody knows."""

    title: Texts
    by: str
    is_mine: bool
    at: datetime | None


@dataclass(frozen=True)
class ClientMessage:
    """A message of the thread; `author` is empty when the reader wrote it."""

    author: str
    from_client: bool
    body: str
    sent_at: datetime


@dataclass(frozen=True)
class ClientDocument:
    """A file that the client's side sent; `size` in bytes."""

    public_id: UUID
    name: str
    size: int
    uploaded_at: datetime


@dataclass(frozen=True)
class Detail:
    """One answer of the order form. kind: text, choice (value is Texts), yes_no, money, date, time or visit.

    zone: of a visit, the branch's, in which its time is said.
    """

    label: Texts
    kind: str
    value: Any
    field: str
    zone: str = ""


@dataclass(frozen=True)
class AdvisorFacts:
    """What an advisor sees more: the holder's name (empty: nobody holds it), the deadline and the band."""

    holder: str
    due_at: datetime | None
    band: str


@dataclass(frozen=True)
class ClientUrge:
    """That the order can be urged; `again_at`: not before then, since the client's side did at `urged_at`."""

    urged_at: datetime | None = None
    again_at: datetime | None = None


@dataclass(frozen=True)
class ClientRating:
    """The stars that the client gave, and their words."""

    stars: int
    comment: str
    rated_at: datetime


@dataclass(frozen=True)
class ClientSummary:
    """An order as a line of a list. `status`: on_track, new_date, late, complete, declined or cancelled.

    promised_at: None when its date follows from an answer of the client's. expected_at: of a late one, the new date.
    """

    number: str
    product: Texts
    icon: str
    client: Texts  # the name in both scripts
    status: str
    promised_at: datetime | None
    expected_at: datetime | None
    submitted_at: datetime
    ended_at: datetime | None
    milestones: Sequence[ClientMilestone]
    asks: Sequence[Texts]  # titles of what we ask of the client
    wants_rating: bool  # ended lately, and its client has not rated it
    advisor: AdvisorFacts | None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def steps_done(self) -> int:
        return sum(step.status == "done" for step in self.milestones)


@dataclass(frozen=True)
class ClientOrder(ClientSummary):
    """An order as its own page shows it."""

    first_promised_at: datetime | None
    tasks: Sequence[ClientTask]
    answered: Sequence[ClientAnswer]
    messages: Sequence[ClientMessage]
    documents: Sequence[ClientDocument]
    details: Sequence[Detail]
    visit_starts_at: datetime | None
    visit_ends_at: datetime | None
    timezone: str  # of the branch, in which a visit takes place
    urge: ClientUrge | None  # None: there is nobody to hurry
    rating: ClientRating | None
    can_rate: bool


def client_view(order: Order, user: Any, now: datetime, *, holder: str = "") -> ClientOrder:
    """The order as `user` may see it on the client's side. Five statements, and one for the user's roles.

    holder: name of who works on it, which the caller knows and only an advisor gets to see.
    """
    milestones = list(order.milestones.all())
    asked = list(order.requests.select_related("answered_by").order_by("opened_at", "pk"))
    requests = [row for row in asked if row.answered_at is None and row.closed_at is None]
    documents = order.documents.select_related("uploaded_by").order_by("uploaded_at", "pk")
    messages = order.messages.filter(is_internal=False).select_related("author").order_by("sent_at", "pk")
    return ClientOrder(
        **_summary(order, milestones, requests, user, now, holder),
        first_promised_at=order.first_promised_at,
        tasks=tuple(_task(request) for request in requests if order.is_open),
        answered=tuple(_answer(request, user) for request in asked if request.answered_at),
        messages=tuple(_message(message, user) for message in messages),
        documents=tuple(_document(each) for each in documents if is_for_client(each)),
        details=tuple(details(order.product.form, order.answers, order.branch.timezone)),
        visit_starts_at=order.slot.starts_at if order.slot else None,
        visit_ends_at=order.slot.ends_at if order.slot else None,
        timezone=order.branch.timezone,
        urge=_urge(order, now),
        rating=_rating(order, user),
        can_rate=_can_rate(order, user),
    )


def client_line(order: Order, user: Any, now: datetime, *, holder: str = "") -> ClientSummary:
    """The order as a line of a list; reads no statement when milestones and requests were prefetched."""
    requests = [row for row in order.requests.all() if row.answered_at is None and row.closed_at is None]
    return ClientSummary(**_summary(order, list(order.milestones.all()), requests, user, now, holder))


def status_word(order: Order, now: datetime) -> str:
    """Which of the six words holds: the promise measured against the clock, never what staff call the state."""
    ended = {State.COMPLETED: "complete", State.REJECTED: "declined", State.CANCELLED: "cancelled"}
    if order.state in ended:
        return ended[State(order.state)]
    if order.promised_at and now > order.promised_at and order.state != State.WAITING_ON_CLIENT:
        return "late"
    moved = order.promised_at and order.first_promised_at and order.promised_at > order.first_promised_at
    return "new_date" if moved else "on_track"


def name_of(client: Client) -> Texts:
    """The client's name as each language's reader knows it."""
    return {"en": client.name, "zh-Hans": client.native_name or client.name}


def is_for_client(document: Document) -> bool:
    """Whether the client's side may see a document: only what came from the client's side."""
    return document.uploaded_by.is_client_side


def details(form: Mapping[str, Any], answers: Mapping[str, Any], zone: str = "") -> Iterable[Detail]:
    """The answers of a form in its own order; fields without an answer, papers and constants are left out.

    zone: of the branch, where a visit may be among them.
    """
    for name, field in form.get("properties", {}).items():
        hints = field.get("x-tl", {})
        if hints.get("widget") in NOT_DETAILS or answers.get(name) in (None, ""):
            continue
        label = hints.get("title") or {"en": field.get("title", name)}
        kind, value = _shown(field, hints, answers[name])
        is_visit = kind == "time" and hints.get("widget") == "slot" and zone
        yield Detail(label, "visit" if is_visit else kind, value, name, zone if is_visit else "")


def details_for_advisor(form: Mapping[str, Any], answers: Mapping[str, Any]) -> Iterable[Detail]:
    """Of an answer of staff, the fields that the form marks `for_advisor`."""
    fields = form.get("properties", {}).items()
    marked = {name: field for name, field in fields if field.get("x-tl", {}).get("for_advisor") is True}
    return details({"properties": marked}, answers)


def _summary(
    order: Order,
    milestones: list[Milestone],
    requests: list[ClientRequest],
    user: Any,
    now: datetime,
    holder: str,
) -> dict[str, Any]:
    status = status_word(order, now)
    return {
        "number": order.number,
        "product": order.product.name,
        "icon": order.product.icon,
        "client": name_of(order.client),
        "status": status,
        "promised_at": None if _follows_from_answer(order, now) else order.promised_at,
        "expected_at": _expected_by(order, now) if status == "late" else None,
        "submitted_at": order.submitted_at,
        "ended_at": order.ended_at,
        "milestones": _steps(order, milestones),
        "asks": tuple(request.title for request in requests if order.is_open),
        "wants_rating": _can_rate(order, user) and order.ended_at is not None and now - order.ended_at < RATED_WITHIN,
        "advisor": AdvisorFacts(holder, order.due_at, order.band) if "advisor" in roles(user) else None,
    }


def _follows_from_answer(order: Order, now: datetime) -> bool:
    """The clock stands still until the client answers, and what was promised would be past."""
    return order.state == State.WAITING_ON_CLIENT and order.promised_at is not None and now > order.promised_at


def _expected_by(order: Order, now: datetime) -> datetime | None:
    cal = calendar(order.branch.calendar)
    return rules.expected_by(cal, order.promised_at, now) if order.promised_at else None


def _urge(order: Order, now: datetime) -> ClientUrge | None:
    if not urging.can_be_urged(order):
        return None
    asked = urging.asked_already(order, now)
    return ClientUrge(asked.urged_at, asked.again_at) if asked else ClientUrge()


def _rating(order: Order, user: Any) -> ClientRating | None:
    """The client's own stars; an advisor, whom they may concern, does not see them."""
    if "advisor" in roles(user):
        return None
    given = getattr(order, "rating", None) if order.state == State.COMPLETED else None
    return ClientRating(given.stars, given.comment, given.rated_at) if given else None


def _can_rate(order: Order, user: Any) -> bool:
    return order.state == State.COMPLETED and "client" in roles(user) and getattr(order, "rating", None) is None


def _steps(order: Order, milestones: list[Milestone]) -> tuple[ClientMilestone, ...]:
    """Reached steps, then those ahead; not what a branch left out, nor what an ended order never reached."""
    reached = [row for row in milestones if row.reached_at]
    last = max((row.position for row in reached), default=-1)
    ahead = [] if order.state in ENDED else [row for row in milestones if not row.reached_at and row.position > last]
    done = [ClientMilestone(row.name, "done", row.reached_at) for row in reached]
    return (*done, *(ClientMilestone(row.name, "next" if place else "now", None) for place, row in enumerate(ahead)))


def _task(request: ClientRequest) -> ClientTask:
    return ClientTask(request.public_id, request.title, request.text, request.form, request.draft, request.opened_at)


def _answer(request: ClientRequest, reader: Any) -> ClientAnswer:
    by = request.answered_by
    is_mine = by is not None and by == reader
    name = by.given_name if by is not None and not is_mine else ""
    return ClientAnswer(request.title, name, is_mine, request.answered_at)


def _message(message: Message, reader: Any) -> ClientMessage:
    author = message.author.display_name if message.author.is_client_side else message.author.given_name
    mine = message.author_id == getattr(reader, "pk", None)
    return ClientMessage("" if mine else author, message.from_client, message.body, message.sent_at)


def _document(document: Document) -> ClientDocument:
    return ClientDocument(document.public_id, document.name, document.size, document.uploaded_at)


def _shown(field: Mapping[str, Any], hints: Mapping[str, Any], value: Any) -> tuple[str, Any]:
    widget, labels = hints.get("widget"), hints.get("labels", {})
    if isinstance(value, bool):
        return "yes_no", value
    if str(value) in labels:
        return "choice", labels[str(value)]
    if widget == "money":
        return _typed_or_text("money", value, lambda text: Money.of(text, hints.get("currency", "USD")))
    if widget == "slot" or field.get("format") == "date-time":
        return _typed_or_text("time", value, read_moment)
    if widget == "date" or field.get("format") == "date":
        return _typed_or_text("date", value, date.fromisoformat)
    return "text", str(value)


def _typed_or_text(kind: str, value: Any, read: Any) -> tuple[str, Any]:
    """A typed value, or the text as it was typed while a draft is still wrong."""
    try:
        return kind, read(value)
    except (ValueError, TypeError):
        return "text", str(value)
