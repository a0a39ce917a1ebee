"""How processes say no."""

from django.utils.translation import gettext as _

from audit.refusals import Invalid, Refusal


class StepFailed(Refusal):
    """The step could not be taken; it was rolled back and kept as an incident for a person to repair."""

    code = "processes.step_failed"

    def __init__(self, node: str) -> None:
        super().__init__(
            _('Expected the process to move on from "%(node)s", but that step failed. Nothing was changed.')
            % {"node": node},
            next_step=_("It is on the exception desk now; what you typed is kept."),
        )


class NotRunning(Refusal):
    """The instance has ended or waits for repair."""

    code = "processes.not_running"

    def __init__(self, status: str) -> None:
        super().__init__(_('Expected a running process, but it is "%(status)s".') % {"status": status})


class NotPublishable(Invalid):
    """The drawing has errors; all of them are named."""

    code = "processes.not_publishable"
