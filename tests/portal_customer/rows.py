"""Rows for pages that only read: a branch, clients, products and orders, without running a process."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from guardian.shortcuts import assign_perm

from accounts.models import Branch, Client, User
from catalog.models import BranchOffering, Channel, Listing, Product
from orders.models import ClientRequest, Document, Message, Milestone, Order
from orders.numbers import new_number

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
_numbers = count(1)


def both(en: str, zh: str = "") -> dict[str, str]:
    """A text in both languages."""
    return {"en": en, "zh-Hans": zh or f"{en}（中）"}


FORM = {
    "type": "object",
    "x-tl": {
        "sections": [
            {"key": "what", "title": {"en": "What to change", "zh-Hans": "变更内容"}},
            {"key": "proof", "title": {"en": "Proof", "zh-Hans": "证明"}},
        ]
    },
    "properties": {
        "kind": {"const": "address", "x-tl": {"widget": "hidden"}},
        "account_number": {
            "type": "string",
            "pattern": "^HL-[0-9]{6}$",
            "x-tl": {"title": both("Account number", "账号"), "prefill": "client.account", "section": "what"},
        },
        "scope": {
            "type": "string",
            "enum": ["all", "one"],
            "x-tl": {
                "widget": "radio",
                "title": both("Which accounts", "适用账户"),
                "labels": {"all": both("All of them", "全部"), "one": both("One of them", "单个")},
                "section": "what",
            },
        },
        "which": {
            "type": "string",
            "minLength": 1,
            "maxLength": 40,
            "x-tl": {"title": both("Which one", "哪一个"), "section": "what", "show_if": 'scope = "one"'},
        },
        "fee": {
            "type": "string",
            "pattern": r"^(0|[1-9][0-9]*)\.[0-9]{2}$",
            "x-tl": {"widget": "money", "currency": "USD", "title": both("Fee", "费用"), "section": "what"},
        },
        "from_day": {
            "type": "string",
            "format": "date",
            "x-tl": {"widget": "date", "title": both("From", "生效日期"), "section": "what"},
        },
        "paperless": {
            "type": "boolean",
            "x-tl": {"widget": "checkbox", "title": both("Without paper", "无纸化"), "section": "proof"},
        },
        "proof": {
            "type": "string",
            "x-tl": {"widget": "document", "title": both("Proof of address", "地址证明"), "section": "proof"},
        },
        "remarks": {
            "type": "string",
            "maxLength": 1000,
            "x-tl": {"widget": "textarea", "title": both("Remarks", "备注"), "section": "proof"},
        },
    },
    "required": ["account_number", "scope"],
    "allOf": [
        {
            "if": {"properties": {"scope": {"const": "one"}}, "required": ["scope"]},
            "then": {"required": ["which"]},
        }
    ],
    "additionalProperties": False,
}


def make_branch(code: str = "harbour") -> Branch:
    branch, _ = Branch.objects.get_or_create(
        code=code, defaults={"name": both(code), "timezone": "America/New_York", "calendar": "US-OFFICE"}
    )
    return branch


def make_client(ref: str, *, name: str = "", advisor: User | None = None) -> Client:
    return Client.objects.create(
        ref=ref, kind="person", name=name or f"Client {ref}", tier="standard", branch=make_branch(), advisor=advisor
    )


def make_user(username: str, name: str, *roles: str, client_side: bool = True) -> User:
    user = User.objects.create(username=username, display_name=name, is_client_side=client_side)
    user.groups.set([Group.objects.get_or_create(name=f"role:{role}")[0] for role in roles])
    return user


def let(user: User, thing: Client | Product | Branch, *rights: str) -> None:
    """Give the user rights on a client (or another thing), through the group that stands for the user."""
    group, _ = Group.objects.get_or_create(name=f"person:{user.username}")
    user.groups.add(group)
    for right in rights or ("view_client", "order_for_client"):
        assign_perm(right, group, thing)


def let_see(user: User, product: Product, branch: Branch) -> None:
    """Let one of the staff see the product's orders at a branch."""
    let(user, product, "view_product")
    let(user, branch, "serve_branch")


def make_product(code: str = "account_closure", form: dict | None = None, **about: Any) -> Product:
    defaults = {
        "name": both("Change of address", "地址变更"),
        "summary": both("Tell us where you live now.", "告知我们您的新地址。"),
        "family": "maintenance",
        "audience": "any",
        "form": FORM if form is None else form,
        "process_key": code,
    }
    product = Product.objects.create(code=code, **(defaults | about))
    channel, _ = Channel.objects.get_or_create(code="web", defaults={"name": both("Web", "网站")})
    Listing.objects.create(product=product, channel=channel)
    BranchOffering.objects.create(product=product, branch=make_branch())
    return product


def make_order(client: Client, product: Product, placed_by: User, **about: Any) -> Order:
    """A submitted order in progress, unless told otherwise."""
    defaults: dict[str, Any] = {
        "state": "in_progress",
        "number": new_number(),
        "answers": {"kind": "address", "account_number": "HL-123456", "scope": "all"},
        "created_at": NOW,
        "submitted_at": NOW,
        "promised_at": datetime(2026, 11, 25, 22, 0, tzinfo=UTC),
    }
    values = defaults | about
    values.setdefault("first_promised_at", values["promised_at"])
    if values["state"] == "draft":
        values |= {"number": None, "submitted_at": None}
    key = f"key-{next(_numbers)}"
    channel = Channel.objects.get(code="web")
    return Order.objects.create(
        client=client, product=product, placed_by=placed_by, branch=client.branch, channel=channel,
        **({"idempotency_key": key} | values),
    )  # fmt: skip


def add_milestones(order: Order, *names: str, reached: int = 0) -> None:
    for place, name in enumerate(names, start=1):
        moment = NOW if place <= reached else None
        Milestone.objects.create(order=order, position=place, key=f"step-{place}", name=both(name), reached_at=moment)


def ask(order: Order, title: str = "Proof of address", *, form: dict | None = None, **about: Any) -> ClientRequest:
    fields = {"proof": FORM["properties"]["proof"], "remarks": FORM["properties"]["remarks"]}
    default = {"type": "object", "properties": fields, "required": ["proof"], "additionalProperties": False}
    values = {"title": both(title), "text": both("Please send it."), "opened_at": NOW, "node": "ask", "task": 1} | about
    return ClientRequest.objects.create(order=order, form=default if form is None else form, **values)


def write(order: Order, author: User, body: str, *, internal: bool = False) -> Message:
    return Message.objects.create(
        order=order, author=author, from_client=author.is_client_side, is_internal=internal, body=body, sent_at=NOW,
        idempotency_key=f"message-{next(_numbers)}",
    )  # fmt: skip


def attach(order: Order, by: User, name: str = "bill.pdf", **about: Any) -> Document:
    stored_as = f"{order.public_id}/{next(_numbers)}.pdf"
    values = {"content_type": "application/pdf", "size": 1200, "sha256": "0" * 64, "stored_as": stored_as} | about
    return Document.objects.create(order=order, name=name, uploaded_by=by, uploaded_at=NOW, **values)
