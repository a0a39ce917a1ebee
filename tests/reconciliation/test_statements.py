"""What a statement must say to be taken in."""

import orjson
import pytest

from integrations.messages import read_incoming
from integrations.refusals import BadMessage
from tests.reconciliation.mornings import statement

LINE = {"reference": "MC-1", "operation": "full_acat", "order": "TL-7K3F9Q2M-C", "amount": "12.50", "currency": "USD"}


def test_amounts_are_kept_in_the_smallest_unit():
    read = read_incoming(orjson.dumps(statement(LINE, {**LINE, "amount": None})))
    assert read.kind == "statement"
    assert [(line["minor"], line["currency"]) for line in read.payload["lines"]] == [(1250, "USD"), (None, "")]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({**statement(LINE), "count": 2}, "as many lines"),
        ({**statement(LINE), "day": "yesterday"}, "day"),
        ({**statement(LINE), "lines": "none"}, "list"),
        (statement({**LINE, "reference": ""}), "lacks"),
        (statement({**LINE, "operation": "x" * 61}), "short text"),
        (statement({**LINE, "amount": "12.505"}), "amount"),
        (statement({**LINE, "amount": 12.5}), "amount"),
        (statement({**LINE, "amount": "1e9"}), "amount"),
        (statement({**LINE, "amount": "NaN"}), "amount"),
        (statement({**LINE, "currency": "usd"}), "amount"),
        ({**statement(), "kind": "weather"}, "kind"),
        ({**statement(), "kind": ["statement"]}, "kind"),
    ],
)
def test_what_is_no_statement_is_refused(said, why):
    with pytest.raises(BadMessage, match=why):
        read_incoming(orjson.dumps(said))
