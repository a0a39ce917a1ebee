"""Known statements go to the driver itself, and give and refuse what Django's cursor does."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from audit.statements import execute

pytestmark = pytest.mark.django_db

ADDING = "INSERT INTO known_words (word, size) VALUES (%s, %s) RETURNING size"


@pytest.fixture(autouse=True)
def words():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE known_words (word varchar(40) UNIQUE NOT NULL, size integer)")
    yield
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE known_words")


def test_rows_come_back_as_often_as_it_is_asked():
    for size in range(12):  # more than it takes until the database keeps its plan
        assert execute(ADDING, [f"word {size}", size], connection).fetchall() == [(size,)]


@pytest.mark.parametrize("word", ["100 %", "%s", "what?", "it's", "交易"])
def test_what_stands_in_a_parameter_is_only_a_value(word):
    execute(ADDING, [word, 1], connection)
    assert execute("SELECT word FROM known_words WHERE word = %s", [word], connection).fetchall() == [(word,)]


def test_a_percent_sign_of_the_statement_itself_is_doubled():
    execute(ADDING, ["ten percent", 10], connection)
    like = "SELECT size FROM known_words WHERE word LIKE '%%percent' AND size = %s"
    assert execute(like, [10], connection).fetchall() == [(10,)]


def test_nothing_given_is_null():
    execute(ADDING, ["none", None], connection)
    empty = "SELECT word FROM known_words WHERE size IS NULL AND word = %s"
    assert execute(empty, ["none"], connection).fetchall() == [("none",)]


def test_changed_rows_are_counted():
    execute(ADDING, ["one", 1], connection)
    assert execute("UPDATE known_words SET size = %s", [2], connection).rowcount == 1


def test_a_refusal_is_that_of_django():
    execute(ADDING, ["twice", 1], connection)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(ADDING, ["twice", 2], connection)
    with pytest.raises(DatabaseError, match="nowhere"), transaction.atomic():
        execute("SELECT word FROM nowhere WHERE x = %s", [1], connection)


def test_a_broken_transaction_takes_no_more_statements():
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            execute(ADDING, ["late", 1], connection)


def test_who_counts_statements_sees_them():
    with CaptureQueriesContext(connection) as caught:
        execute(ADDING, ["seen", 1], connection)
    assert ["INSERT INTO known_words" in query["sql"] for query in caught] == [True]
