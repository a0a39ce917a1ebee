"""How orders say no."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.refusals import Invalid, NotFound, Refusal, Stale
from orders.words import not_now
from ui.words import moment_text


class NoSuchOrder(NotFound):
    """There is no such order, or the actor may not see it."""

    code = "orders.not_found"

    def __init__(self) -> None:
        super().__init__(_("Expected an order that you may see, but there is none with this number."))


class AnswersWrong(Invalid):
    """Some fields need another answer; each is named."""

    code = "orders.answers_wrong"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(_("Expected complete answers, but some fields need your attention."), fields=fields)


class NotOffered(Invalid):
    """The product cannot be ordered here: the channel, the branch or the client does not fit."""

    code = "orders.not_offered"


class NoPlaceLeft(Invalid):
    """The quota is used up."""

    code = "orders.no_place_left"

    def __init__(self, field: str) -> None:
        super().__init__(
            _("Expected a free place, but this time has just been taken."),
            fields={field: _("This time has just been taken. Choose another one.")},
        )


class NoSuchTime(Invalid):
    """A time at which nothing is offered, or that is over."""

    code = "orders.no_such_time"

    def __init__(self, field: str) -> None:
        super().__init__(
            _("Expected a time that is offered, but nothing is offered then."),
            fields={field: _("Nothing is offered at this time. Choose another one.")},
        )


class WrongMoment(Refusal):
    """The order's state does not allow it."""

    code = "orders.wrong_moment"

    def __init__(self, state: str, verb: str) -> None:
        super().__init__(not_now(state, verb), next_step=_("Reload the page to see what happened to it."))


class DraftChanged(Stale):
    """A draft was changed since a page showed it, as in another window; says which version it has now."""

    code = "orders.draft_changed"

    def __init__(self, version: int) -> None:
        super().__init__(
            _("Expected the answers as this page showed them, but they were changed in another window."),
            next_step=_("Look at both, and choose which are to stay."),
            version=version,
        )


class AlreadyAnswered(Refusal):
    """The request was answered or is no longer open."""

    code = "orders.already_answered"

    def __init__(self) -> None:
        super().__init__(_("Expected an open request, but it was answered already."))


class AskedAlready(Refusal):
    """The client's side asked us to hurry today; says when it may again."""

    code = "orders.asked_already"

    def __init__(self, again_at: datetime) -> None:
        zone = timezone.get_current_timezone()
        when = moment_text(again_at, get_language(), now=timezone.now(), zone=zone)
        super().__init__(
            _("Expected the first call of today to hurry, but there was one: we have told the team."),
            next_step=_("You can ask again from %(time)s.") % {"time": when},
            again_at=again_at,
        )


class AlreadyRated(Refusal):
    """An order is rated once."""

    code = "orders.already_rated"

    def __init__(self) -> None:
        super().__init__(_("Expected an order that is not rated yet, but it is."))


class UploadRefused(Invalid):
    """The file is too large or of a kind that we do not take."""

    code = "orders.upload_refused"
