"""What a failed step is called in the reader's words; its technical text stands beside it, in English."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNREACHABLE = _("A connected system did not answer.")
UNDECIDED = _("A rule or a condition could not be worked out.")
KINDS: dict[str, str | Promise] = {  # by the error's class, with which a cause begins
    **dict.fromkeys(("ConnectionError", "ConnectionRefusedError", "ConnectionResetError"), UNREACHABLE),
    **dict.fromkeys(("TimeoutError", "OSError", "NotDelivered"), UNREACHABLE),
    **dict.fromkeys(("FeelError", "EngineError", "TableError", "NoRule", "TooManyRules", "FactError"), UNDECIDED),
    "DoesNotExist": _("Something that the step needs does not exist."),
}
OTHERWISE = _("The step ended with an unexpected error.")


def failure_words(cause: str) -> str:
    """The sentence for a cause such as `ConnectionError: The link is down.`"""
    return str(KINDS.get(cause.partition(":")[0].rpartition(".")[2], OTHERWISE))
