"""The order and what belongs to it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models
from django_fsm import GET_STATE, FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from accounts.authority import held
from accounts.models import Branch, Client
from audit.fields import OrderedJSONField
from audit.ids import uuid7
from audit.statements import execute
from audit.texts import both_languages
from catalog.models import Channel, Product, Slot
from orders.money import Money
from processes.models import Instance


class State(models.TextChoices):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_PROGRESS = "in_progress"
    WAITING_ON_CLIENT = "waiting_on_client"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXCEPTION = "exception"


OPEN = (State.SUBMITTED, State.IN_PROGRESS, State.WAITING_ON_CLIENT, State.EXCEPTION)
ENDED = (State.COMPLETED, State.REJECTED, State.CANCELLED)
WORKING = (State.SUBMITTED, State.IN_PROGRESS, State.WAITING_ON_CLIENT)
SUBJECT = "orders.order:"  # and the public id: how the ledger names an order


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: Any) -> OrderQuerySet:
        """Orders that the user may see: their clients' (drafts only their own), their branches'.

        A product shows its orders only at the branches that the user serves.
        """
        mine = models.Q(client_id__in=held(user, "view_client")) & (
            ~models.Q(state=State.DRAFT) | models.Q(placed_by_id=getattr(user, "pk", None))
        )
        branches = held(user, "oversee_branch") | held(user, "examine_branch")
        served = models.Q(product_id__in=held(user, "view_product"), branch_id__in=held(user, "serve_branch"))
        staff = served | models.Q(branch_id__in=branches)
        return self.filter(mine | staff & ~models.Q(state=State.DRAFT))

    def open(self) -> OrderQuerySet:
        return self.filter(state__in=OPEN)


class Order(FSMModelMixin, models.Model):
    """One request for one product; the number is given at submission."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(max_length=13, unique=True, null=True)
    idempotency_key = models.CharField(max_length=64, unique=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="orders")
    product = models.ForeignKey(Product, models.PROTECT, related_name="orders")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="orders")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="orders")
    placed_by = models.ForeignKey(  # null: a process opened it
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="placed_orders"
    )
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")
    state = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    resume_state = models.CharField(max_length=20, blank=True, default="")
    answers = models.JSONField(default=dict)  # what the client filled in; personal
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    process = models.OneToOneField(Instance, models.PROTECT, null=True, related_name="order")
    priority = models.PositiveSmallIntegerField(default=3)
    due_at = models.DateTimeField(null=True)
    band = models.CharField(max_length=10, blank=True, default="")
    promised_at = models.DateTimeField(null=True)
    first_promised_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True, default="")  # staff's words; never shown to the client
    version = models.PositiveIntegerField(default=1)
    ledger_seq = models.PositiveIntegerField(default=0)

    objects = OrderQuerySet.as_manager()
    history = HistoricalRecords(
        history_change_reason_field=models.UUIDField(null=True), excluded_fields=["answers", "ledger_seq"]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=State.DRAFT, number=None)
                | ~models.Q(state=State.DRAFT) & ~models.Q(number=None),
                name="order_number_at_submission",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor=None, currency="")
                | ~models.Q(amount_minor=None) & ~models.Q(currency=""),
                name="order_money_is_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=ENDED) | ~models.Q(ended_at=None), name="order_end_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-submitted_at"], name="order_by_client"),
            models.Index(fields=["product", "state", "due_at"], name="order_by_product"),
            models.Index(fields=["branch", "submitted_at"], name="order_by_branch"),
            models.Index(fields=["ended_at"], name="order_by_end"),  # cycle time, throughput
            models.Index(fields=["product", "band"], condition=models.Q(state__in=OPEN), name="order_depth"),
            models.Index(fields=["due_at"], condition=models.Q(state__in=WORKING), name="order_open_by_due"),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.public_id}"

    @property
    def ledger_ref(self) -> str:
        """Under which reference the ledger numbers this order's entries."""
        return str(self.public_id)

    @property
    def subject(self) -> str:
        return f"{SUBJECT}{self.public_id}"

    @property
    def amount(self) -> Money | None:
        return Money(self.amount_minor, self.currency) if self.amount_minor is not None else None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def take_ledger_numbers(self, count: int) -> int:
        """Take the next numbers of this order's ledger entries, in the order of the row's lock; returns the first."""
        taking = "UPDATE orders_order SET ledger_seq = ledger_seq + %s WHERE id = %s RETURNING ledger_seq"
        [(self.ledger_seq,)] = execute(taking, [count, self.pk], connections[DEFAULT_DB_ALIAS]).fetchall()
        return self.ledger_seq - count + 1

    @transition(state, source=State.DRAFT, target=State.SUBMITTED)
    def submit(self) -> None:
        """The client sent it."""

    @transition(state, source=[State.SUBMITTED, State.WAITING_ON_CLIENT], target=State.IN_PROGRESS)
    def proceed(self) -> None:
        """We work on it (again)."""

    @transition(state, source=State.IN_PROGRESS, target=State.WAITING_ON_CLIENT)
    def wait_for_client(self) -> None:
        """It is the client's turn."""

    @transition(state, source=WORKING, target=State.COMPLETED)
    def complete(self) -> None:
        """Done as asked."""

    @transition(state, source=WORKING, target=State.REJECTED)
    def reject(self) -> None:
        """Not done, with a reason."""

    @transition(state, source=[*WORKING, State.EXCEPTION, State.DRAFT], target=State.CANCELLED)
    def cancel(self) -> None:
        """Taken back, or run out of time."""

    @transition(state, source=WORKING, target=State.EXCEPTION)
    def fail(self) -> None:
        """Needs repair; `resume_state` remembers where to return."""

    @transition(
        state,
        source=State.EXCEPTION,
        target=GET_STATE(lambda order: order.resume_state or State.IN_PROGRESS, states=list(WORKING)),
    )
    def repair(self) -> None:
        """Repaired: back to where it was."""

    def back_to_work(self) -> None:
        """Repaired, and what was to be remembered is forgotten."""
        self.repair()
        self.resume_state = ""


class Milestone(models.Model):
    """A step that the client sees."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField()
    name = models.JSONField(validators=[both_languages])
    reached_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "key"], name="milestone_once")]
        ordering = ["order", "position"]

    def __str__(self) -> str:
        return self.key


class ClientRequest(models.Model):
    """Something we ask of the client: a form to fill or a paper to send; opened by a node of kind client."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="requests")
    task = models.PositiveIntegerField()  # number of the instance's task
    node = models.CharField(max_length=120)
    title = models.JSONField(validators=[both_languages])
    text = models.JSONField(validators=[both_languages])
    form = OrderedJSONField()
    draft = models.JSONField(default=dict)  # what was typed and could not be sent; personal
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "task"], name="request_once_per_task")]

    def __str__(self) -> str:
        return f"request {self.pk}"


class Document(models.Model):
    """A file that belongs to an order; the row exists if and only if its complete bytes do."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="documents")
    field = models.CharField(max_length=60, blank=True, default="")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200, unique=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.public_id)


class Message(models.Model):
    """A message between client and staff, or a note that only staff see."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_client = models.BooleanField()
    is_internal = models.BooleanField(default=False)
    body = models.TextField(max_length=4000)
    sent_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [models.Index(fields=["order", "sent_at"], name="message_thread")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_client=True, is_internal=True), name="message_internal_is_staffs"
            )
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Urge(models.Model):
    """Somebody asked us to hurry: the client's side once per place in the process and working day, staff at will."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="urges")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_client = models.BooleanField()
    nodes = models.CharField(max_length=500, blank=True, default="")  # where the order stood
    working_day = models.DateField()  # of the order's branch; lasts until the next one opens
    urged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "working_day", "nodes"],
                condition=models.Q(from_client=True),
                name="urge_once_a_day_by_clients",
            )
        ]

    def __str__(self) -> str:
        return f"urge {self.pk}"


class Rating(models.Model):
    """What the client thinks of a completed order; given once."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="rating")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField()
    comment = models.TextField(max_length=1000, blank=True, default="")  # personal
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="rating_one_to_five_stars")
        ]
        indexes = [models.Index(fields=["rated_at"], name="rating_by_time")]  # averages of a period

    def __str__(self) -> str:
        return f"rating {self.pk}"


class Copy(models.Model):
    """An order shown to a colleague for information. It lets nobody see more than they may see anyway."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="copies")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="copied_orders")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "to"], name="copy_once_per_person"),
            models.CheckConstraint(condition=~models.Q(to=models.F("by")), name="copy_to_somebody_else"),
        ]
        indexes = [models.Index(fields=["to", "-sent_at"], name="copies_to_me")]

    def __str__(self) -> str:
        return f"copy {self.pk}"
