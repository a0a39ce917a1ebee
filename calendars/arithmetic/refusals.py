"""Every way in which the arithmetic says no."""


class CalendarError(ValueError):
    """The question cannot be answered; the text is one sentence that names what is wrong."""


class BadCalendar(CalendarError):
    """The calendar itself is wrong: unknown time zone, overlapping hours, an impossible date."""


class NotAWorkingDay(CalendarError):
    """Opening or closing time asked of a day on which nobody works."""


class NoOpenHours(CalendarError):
    """No open hour within `SEARCH_YEARS` years: the search stops instead of going on for ever."""


class TooFar(CalendarError):
    """The answer lies outside the years that can be computed."""
