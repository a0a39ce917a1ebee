"""How integrations say no."""

from django.utils.translation import gettext as _

from audit.refusals import Invalid, NotFound


class NoSuchConnector(NotFound):
    """Nobody of that code is connected."""

    code = "integrations.no_such_connector"


class BadMessage(Invalid):
    """A message that cannot be read."""

    code = "integrations.bad_message"

    def __init__(self, why: str) -> None:
        super().__init__(_("Expected a signed message, but %(why)s.") % {"why": why})


class NotSigned(BadMessage):
    """A message that is not signed by whom it says, or not just now."""

    code = "integrations.not_signed"
    status = 401


class MessageTooLarge(BadMessage):
    """A message above the limit; it is not read."""

    code = "integrations.message_too_large"
    status = 413

    def __init__(self) -> None:
        super().__init__(_("it is larger than 64 kB"))
