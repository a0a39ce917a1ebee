"""What approvals ask of a matrix: the columns that it keeps. Other facts may be asked by it: see `approvals.facts`."""

from rulebook.readers import MANY_ANSWERS, ONE_ANSWER, Kept, Reader
from rulebook.said import gettext_noop as _

SUM = _("What the client sends is added up by us, in the currency of the amount.")

MATRIX = Reader(
    inputs=(
        Kept("amount", "number", _("The order's amount is compared with it."), in_currency=True),
        Kept("amount_last_day", "number", SUM, in_currency=True),
        Kept("amount_last_week", "number", SUM, in_currency=True),
        Kept("client_age", "number", _("We reckon the client's age in years on the day.")),
        Kept("days_since_advisor_change", "number", _("We count the days since the client's advisor took over.")),
        Kept("client_tier", "text", _("It comes from the client's own record.")),
        Kept("product", "text", _("It comes from the order.")),
        Kept("instruction_source", "text", _("It comes from the order.")),
    ),
    outputs=(
        Kept("roles", "list", _("It names who prepares and who signs."), is_needed=True),
        Kept("evidence", "list", _("It names what must be on record before anybody signs.")),
        Kept("adds_at_most", "text", _("It limits the time that a signature takes.")),
        Kept("log", "text", _("It enters the work in the supervisory log.")),
        Kept("in_bulk", "boolean", _("It says whether several may be decided at once.")),
        Kept("together", "list", _("It names who signs at the same time.")),
    ),
    policies=(*ONE_ANSWER, *MANY_ANSWERS),
    gives_more=True,
)
