"""What the written procedures ask of the table of routing: the columns that it keeps."""

from rulebook.readers import MANY_ANSWERS, ONE_ANSWER, Kept, Reader
from rulebook.said import gettext_noop as _

ROUTING = Reader(
    inputs=(
        Kept("queue", "text", _("The written procedures count by it what each rule was applied to."), is_needed=True),
    ),
    outputs=(),
    policies=(*ONE_ANSWER, *MANY_ANSWERS),
)
