"""How processes say no."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.refusals import Invalid, Refusal
from rulebook.said import in_words


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


class NoWayBack(Refusal):
    """The order did not pass that step, or other work of it goes on beside this one."""

    code = "processes.no_way_back"

    def __init__(self) -> None:
        super().__init__(
            _("Expected an earlier step that the order passed and to which it can go back, but it cannot go there."),
            next_step=_("Choose one of the steps listed."),
        )


class NotPublishable(Invalid):
    """The drawing has errors; all of them are named."""

    code = "processes.not_publishable"


class NotMovable(Refusal):
    """The instance stands on elements that have no counterpart in the other version; it stays where it is."""

    code = "processes.not_movable"

    def __init__(self, reasons: list[str]) -> None:
        sentence = _("Expected a counterpart for everything that is open, but it cannot move: %(reasons)s.")
        super().__init__(sentence % {"reasons": "; ".join(reasons)}, reasons=reasons)


class NotATarget(Refusal):
    """Work does not move there: it is the same version, another process's, or nobody agreed on it and its day."""

    code = "processes.not_a_target"


class BadTrial(Invalid):
    """A trial asks for what the drawing cannot do, or is too long."""

    code = "processes.bad_trial"

    def __init__(self, why: str) -> None:
        super().__init__(_("The trial cannot go on: %(why)s") % {"why": why})


class CasesFail(Refusal):
    """A version cannot repeat what its process must be able to do."""

    code = "processes.cases_fail"

    def __init__(self, failing: dict[str, str]) -> None:
        told = "; ".join(f"{name} ({in_words(why, _, get_language())})" for name, why in failing.items())
        super().__init__(
            _("Expected every acceptance case to hold, but these do not: %(cases)s") % {"cases": told},
            next_step=_("Correct the drawing, or retire a case that is no longer wanted."),
            cases=list(failing),
        )
