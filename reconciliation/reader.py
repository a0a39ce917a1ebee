"""What the reconciliation asks of the table of severities: the columns that it keeps."""

from reconciliation.models import Break
from rulebook.readers import ONE_ANSWER, Kept, Reader
from rulebook.said import gettext_noop as _

SEVERITY = Reader(
    inputs=(
        Kept("break_kind", "text", _("It names what does not agree."), is_needed=True, values=tuple(Break.Kind.values)),
        Kept("amount", "number", _("The amount at stake is compared with it."), in_currency=True),
    ),
    outputs=(Kept("severity", "text", _("It decides how a break is worked and how fast."), is_needed=True),),
    policies=ONE_ANSWER,
)
