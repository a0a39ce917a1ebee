"""Facts are recorded inside actions only, whole, with personal fields unreadable once the person's key is gone."""

import uuid

import pytest
from django.db import connection

from audit import personal
from audit.actions import record
from audit.canonical import digest
from audit.context import action, replaying
from audit.models import Entry, PersonKey
from audit.reactions import UnknownFact
from tests.audit.conftest import ACTOR, say


def test_recording_outside_an_action_is_refused(wired, now):
    with pytest.raises(RuntimeError, match="Expected a running action"):
        record("tests.thing.happened", subject="tests.thing:1", actor=ACTOR, now=now)
    assert not Entry.objects.filter(fact="tests.thing.happened").exists()


def test_a_fact_that_the_wiring_does_not_list_is_refused(wired, now):
    with pytest.raises(UnknownFact, match="tests.thing.unheard"):
        say("tests.thing.unheard", now)


def test_an_entry_says_who_what_when_why_and_its_digest_covers_it(wired, now):
    entry = say("tests.thing.happened", now, reason="Because.", before={"a": 1}, after={"a": 2})
    kept = Entry.objects.get(pk=entry.pk)
    assert (kept.actor, kept.via, kept.reason, kept.happened_at) == ("system:tests", "worker", "Because.", now)
    assert (kept.before, kept.after) == ({"a": 1}, {"a": 2})
    assert kept.digest == digest(kept.content())
    assert kept.recorded_at is not None


def test_entries_of_one_action_share_its_id_and_another_action_has_its_own(wired, now):
    @action
    def both():
        return say("tests.thing.happened", now), say("tests.thing.followed", now)

    first, second = both()
    assert first.action_id == second.action_id
    assert say("tests.thing.happened", now).action_id != first.action_id


def test_what_an_action_recorded_is_written_at_its_end_set_wise(wired, now, django_assert_num_queries):
    @action
    def many():
        first = say("tests.thing.happened", now)
        rest = [say("tests.thing.happened", now) for _number in range(9)]
        assert not Entry.objects.filter(public_id=first.public_id).exists()
        return [first, *rest]

    with django_assert_num_queries(4):  # savepoint, the look inside, all entries at once, release
        made = many()
    assert [entry.pk for entry in made] == sorted(entry.pk for entry in made)


def test_what_a_driver_replays_is_marked(wired, now):
    with replaying():
        assert say("tests.thing.happened", now).replayed
    assert not say("tests.thing.happened", now).replayed


def test_an_action_that_fails_leaves_nothing(wired, now):
    @action
    def half():
        say("tests.thing.happened", now)
        raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        half()
    assert not Entry.objects.filter(fact="tests.thing.happened").exists()


def test_personal_fields_are_not_readable_in_the_table_and_lost_with_the_key(wired, now):
    person = f"client:{uuid.uuid4()}"
    entry = say("tests.thing.happened", now, person=person, personal={"name": "Ana Moreau"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_entry WHERE id = %s", [entry.pk])
        assert "Moreau" not in str(cursor.fetchone())
    assert personal.open_for(person, entry.personal) == {"name": "Ana Moreau"}
    PersonKey.objects.filter(person=person).delete()
    assert personal.open_for(person, entry.personal) is None
    assert digest(Entry.objects.get(pk=entry.pk).content()) == entry.digest  # the ledger still verifies


def test_one_persons_fields_do_not_open_with_anothers_key(wired, now):
    ana = say("tests.thing.happened", now, person="client:a", personal={"name": "Ana"})
    say("tests.thing.happened", now, person="client:b", personal={"name": "Bo"})
    assert personal.open_for("client:b", ana.personal) is None
