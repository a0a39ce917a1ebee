"""Being away: who enters it for whom, no two at once, called off instead of deleted, and what follows for work."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.absences import absences_seen, away_among, is_away, there
from accounts.being_away import call_off_absence, enter_absence
from accounts.models import Absence
from accounts.refusals import AbsenceOver, AbsenceOverlaps, NoSuchAbsence, NotYoursToEnter, WrongAbsence
from audit.actors import Actor
from audit.models import Entry
from tests.races import at_once, needs_row_locks

DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)


def away(person, now, *, by=None, begins=None, ends=None, kind="leave"):
    begins_at, ends_at = begins or now, ends or now + DAY
    about = {"person": person.pk, "begins_at": begins_at, "ends_at": ends_at, "kind": kind}
    return enter_absence(**about, actor=Actor.of(by or person), now=now)


def test_it_is_on_record_and_holds_to_the_microsecond(firm, now):
    made = away(firm.dee, now, begins=now + DAY, ends=now + 2 * DAY)
    moments = (now, now + DAY - MICROSECOND, now + DAY, now + 2 * DAY - MICROSECOND, now + 2 * DAY)
    assert [is_away(firm.dee, at) for at in moments] == [False, False, True, True, False]
    entry = Entry.objects.get(subject=made.subject)
    assert (entry.fact, entry.data) == ("accounts.absence.entered", {"to": firm.dee.pk})
    assert entry.after["kind"] == "leave"
    assert made.history.count() == 1


@pytest.mark.parametrize("who", ["dee", "eve", "max", "alan"])
def test_oneself_the_lead_the_manager_and_an_administrator_enter_it(firm, now, who):
    assert away(firm.dee, now, by=getattr(firm, who)).entered_by == getattr(firm, who)


@pytest.mark.parametrize("who", ["dov", "omar", "fay", "hal", "judith", "ana"])
def test_nobody_else_enters_it(firm, now, who):
    with pytest.raises(NotYoursToEnter):
        away(firm.dee, now, by=getattr(firm, who))


def test_clients_and_advisors_have_none(firm, now):
    for person in (firm.ana, firm.adam):
        with pytest.raises(NotYoursToEnter):
            away(person, now, by=firm.alan)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(-1, 1), (0, 1), (0, 2), (1, 2), (1, 3), (-1, 3)],
)
def test_no_two_at_once(firm, now, begins, ends):
    away(firm.dee, now, begins=now, ends=now + 2 * DAY)
    with pytest.raises(AbsenceOverlaps, match="not away yet"):
        away(firm.dee, now, begins=now + begins * DAY, ends=now + ends * DAY)


def test_one_after_the_other_and_of_others_at_the_same_time(firm, now):
    away(firm.dee, now, begins=now, ends=now + DAY)
    away(firm.dee, now, begins=now + DAY, ends=now + 2 * DAY)
    away(firm.dov, now, begins=now, ends=now + DAY)
    assert Absence.objects.count() == 3
    assert away_among([firm.dee.pk, firm.dov.pk, firm.eve.pk], now) == {firm.dee.pk, firm.dov.pk}
    assert there([firm.dee, firm.eve], now) == [firm.eve]


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"begins": DAY, "ends": DAY}, "ends_at"),
        ({"begins": -2 * DAY, "ends": timedelta(0)}, "ends_at"),
        ({"begins": timedelta(0), "ends": 367 * DAY}, "ends_at"),
        ({"begins": 800 * DAY, "ends": 801 * DAY}, "first_day"),
        ({"kind": "flu"}, "kind"),
    ],
)
def test_times_that_are_none_are_refused_at_their_field(firm, now, about, field):
    moments = {name: now + value for name, value in about.items() if name != "kind"}
    with pytest.raises(WrongAbsence) as refused:
        away(firm.dee, now, **moments, kind=about.get("kind", "leave"))
    assert list(refused.value.fields) == [field]


def test_called_off_it_counts_no_more_and_stays(firm, now):
    made = away(firm.dee, now)
    call_off_absence(made.public_id, actor=Actor.of(firm.eve), now=now + MICROSECOND)
    assert not is_away(firm.dee, now)
    assert Absence.objects.get().cancelled_by == firm.eve
    away(firm.dee, now)
    with pytest.raises(AbsenceOver):
        call_off_absence(made.public_id, actor=Actor.of(firm.dee), now=now)


def test_nobody_calls_off_what_has_passed_or_is_not_theirs(firm, now):
    made = away(firm.dee, now)
    with pytest.raises(AbsenceOver):
        call_off_absence(made.public_id, actor=Actor.of(firm.dee), now=now + DAY)
    with pytest.raises(NoSuchAbsence):
        call_off_absence(made.public_id, actor=Actor.of(firm.dov), now=now)
    with pytest.raises(NotYoursToEnter):
        call_off_absence(made.public_id, actor=Actor.of(firm.judith), now=now)


@pytest.mark.parametrize(
    ("who", "seen"),
    [("dee", 1), ("dov", 0), ("eve", 1), ("omar", 1), ("max", 2), ("fay", 0), ("alan", 2), ("judith", 2), ("ana", 0)],
)
def test_each_sees_their_own_leads_their_peoples_and_branches_all(firm, now, who, seen):
    away(firm.dee, now)
    away(firm.tia, now)
    assert absences_seen(getattr(firm, who)).count() == seen


def test_the_database_refuses_what_no_absence_is(firm, now):
    made = away(firm.dee, now)
    for wrong in ({"ends_at": made.begins_at}, {"cancelled_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.filter(pk=made.pk).update(**wrong)


class TestTogether:
    """Several who enter at the same moment."""

    pytestmark = needs_row_locks

    def test_of_overlapping_ones_exactly_one_is_kept(self, firm, now):
        acts = [
            lambda number=number: away(firm.dee, now, begins=now + number * DAY / 2, ends=now + (number + 3) * DAY / 2)
            for number in range(4)
        ]
        done = at_once([acts[0], acts[1], acts[2], lambda: away(firm.dee, now, by=firm.eve, ends=now + 2 * DAY)])
        kept = [each for each in done if isinstance(each, Absence)]
        assert len(kept) == Absence.objects.count() == 1
        assert all(isinstance(each, Absence | AbsenceOverlaps) for each in done)
