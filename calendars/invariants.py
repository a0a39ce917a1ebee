"""What must always hold of the calendars' versions."""

from audit.invariants import Checked
from calendars.models import CalendarVersion
from rulebook.invariants import versions_follow_from_entries as versions_of


def versions_follow_from_entries() -> Checked:
    """I2: each step of a version of a calendar is legal and on record once."""
    return versions_of("calendars.version", "a version of a calendar", CalendarVersion, "calendar_id")
