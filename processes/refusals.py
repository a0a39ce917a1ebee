"""How processes say no."""

from django.utils.translation import gettext as _

from audit.refusals import Invalid, Refusal


class StepFailed(Refusal):
    """The step could not be taken; it was rolled back and kept as an incident for a person to repair.

    The sentence reaches clients too: node and cause stand in the incident.
    """

    code = "processes.step_failed"

    def __init__(self) -> None:
        super().__init__(
            _("Expected the next step to begin, but it failed. Nothing was changed."),
            next_step=_("We look into it. What you typed is kept; send it again when it is repaired."),
        )


class NotStarted(Refusal):
    """The first step failed: there is no instance, and what was to be started stays as it was."""

    code = "processes.not_started"

    def __init__(self) -> None:
        super().__init__(
            _("Expected the first step to begin, but it failed. Nothing was sent."),
            next_step=_("What you typed is kept. Please send it again later."),
        )


class NotRunning(Refusal):
    """The instance has ended or waits for repair."""

    code = "processes.not_running"

    def __init__(self, status: str) -> None:
        if status == "error":
            sentence, next_step = _("Expected work in progress, but it is being repaired."), _("Try again later.")
        else:
            sentence, next_step = _("Expected work in progress, but it has ended."), ""
        super().__init__(sentence, next_step=next_step, status=status)


class NotPublishable(Invalid):
    """The drawing has errors; all of them are named."""

    code = "processes.not_publishable"


class NotMovable(Refusal):
    """The instance stands on elements that have no counterpart in the other version; it stays where it is."""

    code = "processes.not_movable"

    def __init__(self, reasons: list[str]) -> None:
        sentence = _("Expected a counterpart for everything that is open, but it cannot move: %(reasons)s.")
        super().__init__(sentence % {"reasons": "; ".join(reasons)}, reasons=reasons)
