"""A quarter before a calendar that is in use ends, administrators hear of it, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Branch
from audit.models import Entry
from audit.tasks import deliver
from calendars.queries import last_year_of
from insights.health import readings
from notifications.models import Notice
from sla.running_out import ending
from sla.tasks import watch_calendars

LAST = last_year_of("US-OFFICE")
NEW_YEAR = datetime(LAST + 1, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("days", "ends"), [(94, False), (93, True), (1, True), (-30, True)])
def test_a_calendar_ends_soon_from_a_quarter_before_its_last_day(firm, days, ends):
    assert ("US-OFFICE" in ending(NEW_YEAR - timedelta(days=days))) == ends


def test_one_that_nobody_goes_by_is_not_looked_at(firm):
    assert "NYSE" not in ending(NEW_YEAR)
    Branch.objects.filter(calendar="US-OFFICE").update(calendar="US-OFFICE+NYSE")
    assert "US-OFFICE+NYSE" in ending(NEW_YEAR)


def test_administrators_hear_of_it_once(firm):
    soon = NEW_YEAR - timedelta(days=60)
    assert watch_calendars(soon) == len(ending(soon)) > 0
    assert watch_calendars(soon + timedelta(days=1)) == 0
    deliver(soon)
    told = Notice.objects.filter(template="calendar_ends", channel="inbox")
    assert {notice.recipient for notice in told} == {firm.nadia, firm.alan}
    assert told.filter(recipient=firm.nadia).count() == Entry.objects.filter(fact="sla.calendar.running_out").count()


@pytest.mark.parametrize(("days", "state"), [(200, "good"), (30, "watch"), (-1, "bad")])
def test_the_health_page_shows_it_as_long_as_it_lasts(firm, days, state):
    found = {reading.key: reading.state for reading in readings(NEW_YEAR - timedelta(days=days))}
    assert found["calendars"] == state
