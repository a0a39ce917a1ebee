"""Which products have a matrix asked, at which branches, and what their forms leave open: read from the drawings.

A colleague may ask any matrix in a step (`approvals.asking`); which one they choose, so such orders are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from approvals.occasions import Occasion
from catalog.models import Product
from processes.drawn import drawn_by_process
from rulebook.tables import DecisionTable

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Offered:
    """A product with the branches that offer it. matrices: keys of those that its process asks; forms: all it fills."""

    code: str
    branches: frozenset[int]
    matrices: frozenset[str]
    forms: tuple[Schema, ...]


def offered() -> list[Offered]:
    """The products that some branch offers and whose processes ask a matrix: three statements."""
    drawn = drawn_by_process("approval", "matrix")
    products = Product.objects.filter(process_key__in=[key for key, found in drawn.items() if found.words])
    return [
        Offered(product.code, branches, found.words, (product.form, *found.forms))
        for product in products.prefetch_related("offerings").order_by("code")
        for found in [drawn[product.process_key]]
        if (branches := frozenset(each.branch_id for each in product.offerings.all()))
    ]


def occasions_of(table: DecisionTable, products: Iterable[Offered]) -> list[Occasion]:
    """About which of these products' orders a matrix is asked, and the words with which they come."""
    texts = [column.name for column in table.inputs if column.type == "text"]
    found = []
    for product in products:
        if table.key in product.matrices:
            words = {name: _words(name, product) for name in texts}
            given = {name: known for name, known in words.items() if known is not None}
            found.append(Occasion(product.branches, given))
    return found


def _words(name: str, product: Offered) -> frozenset[str] | None:
    """The only answers that the forms let a field have; None where no form has it, or one lets it be typed."""
    if name == "product":
        return frozenset({product.code})
    asked = list(_asked(name, product.forms))
    if not asked or any(words is None for words in asked):
        return None
    return frozenset(word for words in asked for word in words or ())


def _asked(name: str, forms: Iterable[Schema]) -> Iterator[Sequence[str] | None]:
    for form in forms:
        schema = form.get("properties", {}).get(name)
        if schema is not None:
            yield [schema["const"]] if "const" in schema else schema.get("enum")
