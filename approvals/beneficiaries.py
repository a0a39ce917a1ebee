"""Whether two payments go to the same beneficiary, however their accounts and names were typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unicodedata import category, normalize

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from orders.models import Order

NAMED_BY = ("receiving_account", "recipient_name")  # answers that say who receives


def compared(text: str) -> str:
    """An account number or a name as it is compared: letters and digits, in one case and one width.

    Blanks, hyphens and other signs are no difference; a text of nothing else is compared as it stands.
    """
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    return "".join(sign for sign in folded if category(sign)[0] in "LMN") or folded.strip()


def named(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Who receives, by account and by name, as they are compared; "" for what the answers leave open."""
    return tuple(compared(str(answers.get(name) or "")) for name in NAMED_BY)


def paying_alike(order: Order, others: QuerySet[Order], *fields: str) -> list[tuple[Any, ...]]:
    """These fields of the others that pay whom this one pays: its account or its recipient. One statement.

    Where it names neither, those of the same product.
    """
    own = named(order.answers)
    if not any(own):
        return list(others.filter(product_id=order.product_id).values_list(*fields))
    texts = {f"paid_{name}": KT(f"answers__{name}") for name in NAMED_BY}
    found = others.annotate(**texts).values_list(*texts, *fields)
    return [row[len(texts) :] for row in found if is_alike(own, named(dict(zip(NAMED_BY, row, strict=False))))]


def is_alike(own: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one of what `named` gives is the same."""
    return any(mine and mine == theirs for mine, theirs in zip(own, other, strict=True))
