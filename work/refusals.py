"""How work says no."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.words import role_word
from audit.refusals import Invalid, NotAllowed, NotFound, Refusal, Stale
from work.words import not_now


class NoSuchItem(NotFound):
    """There is no such work item, or the actor may not see it."""

    code = "work.not_found"

    def __init__(self) -> None:
        super().__init__(_("Expected a work item that you may see, but there is none."))


class AlreadyClaimed(Refusal):
    """Somebody else was first."""

    code = "work.already_claimed"

    def __init__(self, by: str) -> None:
        super().__init__(
            _("Expected a free work item, but %(name)s has it.") % {"name": by},
            next_step=_("Take the next one, or ask them to give it back."),
            by=by,
        )


class NotYours(Refusal):
    """Only its holder can do that."""

    code = "work.not_yours"

    def __init__(self, by: str) -> None:
        sentence = (
            _("Expected a work item that you hold, but %(name)s has it.") % {"name": by}
            if by
            else _("Expected a work item that you hold, but nobody has claimed it.")
        )
        next_step = _("Ask them for it, or take the next one.") if by else _("Claim it first.")
        super().__init__(sentence, next_step=next_step, by=by)


class AlreadyClosed(Refusal):
    """It was completed or called off."""

    code = "work.already_closed"

    def __init__(self, state: str, by: str = "") -> None:
        next_step = _("%(name)s completed it. Take the next one.") % {"name": by} if by else ""
        super().__init__(not_now(state, "changed"), next_step=next_step, by=by)


class WrongStep(Refusal):
    """Its state does not allow that verb."""

    code = "work.wrong_step"

    def __init__(self, state: str, verb: str) -> None:
        super().__init__(not_now(state, verb))


class RightMissing(NotAllowed):
    """The queue is not theirs to work or lead."""

    code = "work.right_missing"

    def __init__(self, role: str) -> None:
        super().__init__(
            _("Expected somebody with the right to do this on the queue (%(role)s), but you do not hold it.")
            % {"role": role_word(role)}
        )


class SkillMissing(NotAllowed):
    """It needs a skill that the person does not have."""

    code = "work.skill_missing"

    def __init__(self, skill: str) -> None:
        super().__init__(_('Expected somebody with the skill "%(skill)s".') % {"skill": skill})


class NothingToTake(Refusal):
    """No item in the queue waits for the person's skills."""

    code = "work.nothing_to_take"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("Nothing in this queue waits for somebody with your skills."))


class DecisionNeeded(Refusal):
    """An approval ends by a decision, never by completing it."""

    code = "work.decision_needed"

    def __init__(self) -> None:
        super().__init__(_("Expected a decision, but this item was to be completed. Open it under Approvals."))


class ToOneself(Invalid):
    """It is meant for a colleague."""

    code = "work.to_oneself"

    def __init__(self) -> None:
        said = _("Choose a colleague.")
        super().__init__(_("Expected a colleague, but you named yourself."), fields={"to": said})


class NotYoursToTakeBack(NotAllowed):
    """Only who completed a step takes it back."""

    code = "work.not_yours_to_take_back"

    def __init__(self) -> None:
        super().__init__(_("Expected a step that you completed, but this is none."))


class TooLate(Refusal):
    """Somebody acted on it already, or it led to what cannot be undone."""

    code = "work.too_late"

    def __init__(self) -> None:
        super().__init__(
            _("Expected a step after which nobody acted yet, but the order has gone on."),
            next_step=_("Write a note to whoever works on it."),
        )


class NoSuchAdvice(NotFound):
    """There is no such question, or it is not for the actor."""

    code = "work.no_such_advice"

    def __init__(self) -> None:
        super().__init__(_("Expected a question that was asked of you, but there is none."))


class NotToBeAsked(Invalid):
    """Who is asked must see the item, be somebody else, and not have the question already."""

    code = "work.not_to_be_asked"

    def __init__(self) -> None:
        super().__init__(
            _("Expected a colleague who may see this and whom nobody has asked about it yet."),
            fields={"to": _("Choose from the people listed.")},
        )


class WordsMissing(Invalid):
    """A question and its answer are texts of a bounded length."""

    code = "work.words_missing"

    def __init__(self, field: str, longest: int) -> None:
        super().__init__(
            _("Expected a text of 1 to %(count)s characters.") % {"count": longest},
            fields={field: _("Write it in at most %(count)s characters.") % {"count": longest}},
        )


class DecisionOpen(Refusal):
    """The holder asked for a decision, and it is not taken yet."""

    code = "work.decision_open"

    def __init__(self) -> None:
        super().__init__(
            _("Expected a step that waits for no decision, but the one that was asked for is still open."),
            next_step=_("Complete it when the decision is taken."),
        )


class ReasonMissing(Invalid):
    """The verb needs a reason."""

    code = "work.reason_missing"

    def __init__(self) -> None:
        super().__init__(
            _("Expected a reason of 1 to 500 characters."),
            fields={"reason": _("Say why, in at most %(count)s characters.") % {"count": 500}},
        )


class ChangedMeanwhile(Stale):
    """Somebody changed the item since it was shown."""

    code = "work.changed_meanwhile"

    def __init__(self, by: str, **facts: Any) -> None:
        super().__init__(
            _("Expected the item as it was shown, but %(name)s changed it meanwhile.")
            % {"name": by or _("the system")},
            next_step=_("What you typed is kept. Look at the change, then send yours again."),
            by=by,
            **facts,
        )
