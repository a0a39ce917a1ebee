"""How approvals say no."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from audit.refusals import Invalid, NotAllowed, Refusal


class FourEyes(NotAllowed):
    """Whoever prepared it, asked for it or signed it already cannot sign."""

    code = "approvals.four_eyes"

    def __init__(self, why: str) -> None:
        super().__init__(
            _("Expected somebody who had no part in it, but %(why)s.") % {"why": why},
            next_step=_("Somebody else with this role has to decide."),
        )


class ChoiceMissing(Invalid):
    """Approve, reject or ask: one of them."""

    code = "approvals.choice_missing"

    def __init__(self) -> None:
        sentence = _("Expected one of approve, reject or ask for more information.")
        super().__init__(sentence, fields={"choice": _("Choose one of the answers listed.")})


class ReasonMissing(Invalid):
    """Every decision has a reason in words."""

    code = "approvals.reason_missing"

    def __init__(self) -> None:
        super().__init__(
            _("Expected a reason of 1 to 2,000 characters."),
            fields={"reason": _("Say why, in at most %(count)s characters.") % {"count": 2000}},
        )


class EvidenceMissing(Invalid):
    """A rule asks for evidence that was not recorded."""

    code = "approvals.evidence_missing"

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(
            _("Expected the evidence that the rules ask for, but some is not recorded."),
            fields={f"evidence_{name}": _("Record this before you approve.") for name in fields},
        )


class EvidenceWrong(Invalid):
    """Evidence was given, but not as it can be kept. fields: a sentence for each field that is wrong."""

    code = "approvals.evidence_wrong"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(_("Expected evidence that can be kept, but some of it does not fit."), fields=dict(fields))


class TextTooLong(Invalid):
    """Evidence or a comment is longer than its record."""

    code = "approvals.text_too_long"

    def __init__(self, fields: Iterable[str], longest: int) -> None:
        said = _("Use at most %(count)s characters.") % {"count": longest}
        sentence = _("Expected at most %(count)s characters, but it has more.") % {"count": longest}
        super().__init__(sentence, fields=dict.fromkeys(fields, said))


class AlreadyDecided(Refusal):
    """The tier has its decision, or the request is closed."""

    code = "approvals.already_decided"

    def __init__(self, by: str) -> None:
        sentence = _("Expected an open decision, but %(name)s has decided it.") % {"name": by}
        super().__init__(sentence if by else _("Expected an open decision, but it is closed."), by=by)
