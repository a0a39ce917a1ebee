"""How the calendars say no."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from audit.refusals import Invalid
from calendars.checking import CalendarProblem
from rulebook.said import in_words


class CalendarRefused(Invalid):
    """The text is no calendar that can govern; `problems` are its lines with what is wrong."""

    code = "calendars.calendar_wrong"

    def __init__(self, problems: Iterable[CalendarProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            _("Expected a calendar that can govern, but some lines are wrong."),
            fields={f"line {each.line}": in_words(each.message, _) for each in self.problems},
            next_step=_("Nothing is saved yet. What you typed is kept below."),
        )
