"""What the clocks ask of the tables of targets and of escalation: the columns that those keep."""

from accounts.models import Client
from rulebook.readers import MANY_ANSWERS, ONE_ANSWER, Kept, Reader
from rulebook.said import gettext_noop as _
from sla.targets import TURNS

TIER = Kept("client_tier", "text", _("It comes from the client's own record."), values=tuple(Client.Tier.values))

TARGETS = Reader(
    inputs=(
        Kept("product", "text", _("A target is looked up by the order's product."), is_needed=True),
        Kept("node", "text", _("A target is looked up by the step, or “order” for the whole order."), is_needed=True),
        TIER,
    ),
    outputs=(
        Kept("target", "text", _("It is the time allowed: without it no clock starts."), is_needed=True),
        Kept("calendar", "text", _("Business time is counted by it."), is_needed=True),
        Kept("cutoff", "text", _("Requests after it count from the next working day.")),
        Kept("cadence", "text", _("Clients are reminded no more often than it says.")),
        Kept("regulatory", "boolean", _("A regulatory clock never pauses.")),
        Kept("limit", "text", _("The regulatory clock runs to it.")),
    ),
    policies=ONE_ANSWER,
)

ESCALATION = Reader(
    inputs=(
        Kept("band", "text", _("A clock tells how late it is by it."), is_needed=True, values=TURNS),
        Kept("actively_worked", "boolean", _("It says whether somebody works on the item.")),
        Kept("regulatory", "boolean", _("It says whether a rule of a regulator sets the target.")),
        TIER,
    ),
    outputs=(
        Kept("tier", "number", _("Who is told first is ordered by it."), is_needed=True),
        Kept("to", "text", _("It names who is told."), is_needed=True),
        Kept("says", "text", _("It names what they are asked."), is_needed=True),
        Kept("interval", "text", _("The next level is told after it.")),
    ),
    policies=MANY_ANSWERS,
)
