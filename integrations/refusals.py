"""How integrations say no."""

from django.utils.translation import gettext as _

from audit.refusals import Invalid, NotFound


class NoSuchConnector(NotFound):
    """Nobody of that code is connected."""

    code = "integrations.no_such_connector"


class BadMessage(Invalid):
    """A message that cannot be read, or is not signed by whom it says."""

    code = "integrations.bad_message"

    def __init__(self, why: str) -> None:
        super().__init__(_("Expected a signed message, but %(why)s.") % {"why": why})
