"""Examples of what a column takes are in its currency; what an aggregate needs is told at the output."""

from __future__ import annotations

import pytest

from rulebook.column_words import takes_fact, takes_output
from rulebook.columns import column_problems
from rulebook.table_loading import TableError, load_table
from rulebook.table_parts import Column


@pytest.mark.parametrize(
    ("column", "example"),
    [
        (Column("amount", "number", "USD"), "USD 500000"),
        (Column("age", "number", "years"), "500000"),
        (Column("abroad", "boolean"), "true"),
    ],
)
def test_a_fact_has_an_example(column: Column, example: str) -> None:
    assert takes_fact(column).endswith(f", for example {example}.")


def test_a_cell_is_a_number_alone() -> None:
    assert takes_output(Column("fee", "number", "USD")).endswith("for example 500000.")


def test_what_an_aggregate_needs_is_told_of_the_output_that_has_it_not() -> None:
    label = {"en": "Adds at most", "zh-Hans": "最多增加"}
    body = {
        "key": "k",
        "hit_policy": "collect_sum",
        "inputs": [{"name": "amount", "type": "number", "label": label}],
        "outputs": [
            {"name": "adds", "type": "text", "label": label},
            {"name": "fee", "type": "number", "label": label},
        ],
        "rules": [],
    }
    said = "This hit policy reckons with numbers, but this output is a text."
    assert column_problems(body) == {"outputs.0.type": said}
    with pytest.raises(TableError) as refused:
        load_table(body)
    (problem,) = refused.value.problems
    assert str(problem) == "adds: The hit policy collect_sum needs outputs that are numbers, but this one is a text."
