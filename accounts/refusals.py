"""How accounts says no."""

from __future__ import annotations

from django.utils.translation import gettext as _

from audit.refusals import Invalid, NotAllowed, NotFound, Refusal


class NoSuchDelegation(NotFound):
    """There is none, or the actor may not see it."""

    code = "accounts.no_such_delegation"

    def __init__(self) -> None:
        super().__init__(_("Expected a delegation that you may see, but there is none."))


class NotYoursToLend(NotAllowed):
    """Only who holds the authority lends it, or an administrator for them."""

    code = "accounts.not_yours_to_lend"

    def __init__(self) -> None:
        super().__init__(
            _("Expected the approver, or an administrator of their branch, but you are neither."),
            next_step=_("Ask one of them to give or to revoke the delegation."),
        )


class NothingToLend(Refusal):
    """Who signs nothing has no authority to lend; what was lent to them is not theirs."""

    code = "accounts.nothing_to_lend"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Expected somebody who signs by a role of their own, but %(name)s holds none.") % {"name": name},
            next_step=_("What was lent to somebody cannot be passed on."),
        )


class WrongDelegate(Invalid):
    """This person cannot act for that one. why: a sentence."""

    code = "accounts.wrong_delegate"

    def __init__(self, why: str) -> None:
        super().__init__(why, fields={"delegate": why})


class CircularDelegation(WrongDelegate):
    """People would sign for each other at the same time. name: the delegate; last: who lends to the delegator."""

    code = "accounts.circular_delegation"

    def __init__(self, name: str, last: str) -> None:
        if name == last:
            why = _("Expected somebody who is there meanwhile, but %(name)s lends the authority back at that time.")
        else:
            why = _("Expected somebody who is there meanwhile, but %(name)s lends on, and %(last)s lends it back then.")
        super().__init__(why % {"name": name, "last": last})


class UnknownMatrix(Invalid):
    """There is no approval matrix of that name."""

    code = "accounts.unknown_matrix"

    def __init__(self, key: str) -> None:
        why = _("Expected one of the approval matrices, or none for all of them, but there is no “%(key)s”.")
        super().__init__(why % {"key": key}, fields={"matrix": why % {"key": key}})


class WrongTimes(Invalid):
    """It would end before it begins, be over already or last too long. why: a sentence."""

    code = "accounts.wrong_times"

    def __init__(self, why: str) -> None:
        super().__init__(why, fields={"ends_at": why})


class WrongLimit(Invalid):
    """The largest amount is no amount of a currency."""

    code = "accounts.wrong_limit"

    def __init__(self) -> None:
        why = _("Expected an amount above zero with its currency, such as 25000 USD.")
        super().__init__(why, fields={"most": why})


class DelegationReasonMissing(Invalid):
    """Lending and revoking have a reason in words."""

    code = "accounts.delegation_reason_missing"

    def __init__(self) -> None:
        super().__init__(
            _("Expected a reason of 1 to 500 characters."),
            fields={"reason": _("Say why, in at most %(count)s characters.") % {"count": 500}},
        )


class DelegationOver(Refusal):
    """It expired or was revoked, so nobody signs under it any more."""

    code = "accounts.delegation_over"

    def __init__(self, name: str, *, revoked: bool) -> None:
        expired = _("Expected a delegation that is in force, but the one from %(name)s has expired.")
        taken_back = _("Expected a delegation that is in force, but the one from %(name)s was revoked.")
        super().__init__(
            (taken_back if revoked else expired) % {"name": name},
            next_step=_("Ask them, or an administrator, for a new one."),
        )


class NoSuchAbsence(NotFound):
    """There is none, or the actor may not see it."""

    code = "accounts.no_such_absence"

    def __init__(self) -> None:
        super().__init__(_("Expected an absence that you may see, but there is none."))


class NotYoursToEnter(NotAllowed):
    """Each enters their own absence; of others their lead, their manager or an administrator."""

    code = "accounts.not_yours_to_enter"

    def __init__(self) -> None:
        super().__init__(
            _("Expected the person, who leads or manages their team, or an administrator, but you are none of them."),
            next_step=_("Ask one of them to enter the absence or to call it off."),
        )


class WrongAbsence(Invalid):
    """Its times or its kind are none. field: where; why: a sentence."""

    code = "accounts.wrong_absence"

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why, fields={field: why})


class AbsenceOverlaps(WrongAbsence):
    """The person is away already in a part of that time. from_to: the days of the other absence, in words."""

    code = "accounts.absence_overlaps"

    def __init__(self, from_to: str) -> None:
        why = _("Expected days on which the person is not away yet, but an absence is entered: %(days)s.")
        super().__init__("first_day", why % {"days": from_to})


class AbsenceOver(Refusal):
    """It has passed or was called off, so there is nothing to call off."""

    code = "accounts.absence_over"

    def __init__(self) -> None:
        super().__init__(_("Expected an absence that is to come or goes on, but it has passed or was called off."))


class PersonAway(Invalid):
    """Nobody is given work while they are away."""

    code = "accounts.person_away"

    def __init__(self, name: str) -> None:
        why = _("Expected somebody who is there, but %(name)s is away.") % {"name": name}
        super().__init__(why, fields={"to": why}, next_step=_("Choose somebody else, or call the absence off."))
