"""Orders from a file: texts are taken in as those of a page."""

from __future__ import annotations

import csv

import pytest

from orders.importing import ImportRefused, import_orders
from orders.models import Order
from tests.firm import ADDRESS


@pytest.fixture
def read(firm, now, tmp_path):
    """Reads a file of one address change; what is given stands in its columns."""

    def reading(**columns: str):
        values = {"key": "row-1", "client": firm.ana_client.ref, **ADDRESS, **columns}
        path = tmp_path / "orders.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([list(values), list(values.values())])
        [row] = import_orders(path, product_code="address_change", dry_run=False, keep_good=False, now=now)
        return row

    return reading


def test_marks_that_nobody_sees_are_dropped(read) -> None:
    row = read(street="\u200e18 Orchard\u200b Lane\u202c", city="\ufeffAlbany")
    assert row.error == ""
    answers = Order.objects.get(number=row.number).answers
    assert (answers["street"], answers["city"]) == ("18 Orchard Lane", "Albany")


def test_a_field_of_nothing_but_marks_is_empty(read) -> None:
    row = read(street="\u200e\u2069")
    assert (row.column, row.error) == ("street", "Please fill this in.")


@pytest.mark.parametrize("strange", ["\0", "\x07", "\x85"])
def test_control_characters_are_refused_with_their_column(strange: str, read) -> None:
    row = read(street=f"18 Orchard{strange} Lane")
    assert (row.column, row.error) == ("street", "Expected text, but it contains a character that is none.")


def test_a_column_that_stands_twice_is_refused(firm, now, tmp_path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("key,client,client,street\nz1,C-0001,C-0002,1 Main\n")
    with pytest.raises(ImportRefused, match=":1: expected each column once, but client stands there twice"):
        import_orders(path, product_code="address_change", dry_run=False, keep_good=False, now=now)


def test_what_sending_refuses_is_said_with_the_sentence_of_its_field(read, firm) -> None:
    type(firm.ana_client).objects.filter(pk=firm.ana_client.pk).update(account="HL-777777")
    row = read(applies_to="one", account_number="HL-123456")
    assert (row.column, row.error) == ("account_number", "This is not an account of this client. Check each digit.")


@pytest.mark.parametrize("time", ["2199-01-01T00:00:00Z", "1900-01-01T00:00:00Z"])
def test_a_row_is_submitted_neither_in_the_future_nor_before_every_calendar(time: str, read) -> None:
    row = read(submitted_at=time)
    assert (row.column, row.error) == ("submitted_at", f"Expected a time from 1990 until now, but got {time}.")


@pytest.mark.parametrize(("strange", "told"), [("stret", "also has stret"), ("", "a column without a name")])
def test_a_column_that_nothing_reads_is_refused(strange: str, told: str, read) -> None:
    with pytest.raises(ImportRefused, match=told):
        read(**{strange: "1 Main"})


def test_the_same_key_with_other_content_keeps_its_order_and_is_told(read) -> None:
    first = read()
    again = read(street="1 Elsewhere")
    assert (again.number, again.is_new, again.differs) == (first.number, False, ("street",))
    assert again.as_json()["differs"] == ["street"]
    assert "differs in street" in str(again)
    assert "differs" not in read().as_json()


def test_a_row_with_a_cell_too_many_is_refused(firm, now, tmp_path) -> None:
    path = tmp_path / "orders.csv"
    values = {"key": "row-1", "client": firm.ana_client.ref, **ADDRESS}
    path.write_text(",".join(values) + "\n" + ",".join(f'"{value}"' for value in values.values()) + ",more\n")
    [row] = import_orders(path, product_code="address_change", dry_run=False, keep_good=False, now=now)
    assert "there are more" in row.error
    assert not Order.objects.exists()
