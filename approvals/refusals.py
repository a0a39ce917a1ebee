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


class AskedByName(NotAllowed):
    """Somebody was asked to sign by name; others of the role do not sign in their place."""

    code = "approvals.asked_by_name"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Expected %(name)s, who was asked by name, but you are somebody else.") % {"name": name},
            next_step=_("They can lend their authority; whoever asked them can ask somebody else instead."),
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


class AttestationMissing(Invalid):
    """Who approves attests every matched row of the tier by itself."""

    code = "approvals.attestation_missing"

    def __init__(self, rules: list[str]) -> None:
        said = _("Attest each of these rules: %(rules)s.") % {"rules": ", ".join(rules)}
        sentence = _("Expected every matched rule to be attested, but these are not: %(rules)s.")
        super().__init__(sentence % {"rules": ", ".join(rules)}, fields={"attested": said})


class WrongTarget(Invalid):
    """A rejection leads back only to a step that the order passed."""

    code = "approvals.wrong_target"

    def __init__(self) -> None:
        super().__init__(
            _("Expected a rejection to one of the steps that the order passed, but it names another."),
            fields={"to": _("Choose one of the steps listed.")},
        )


class RuleRequires(Refusal):
    """A signature that a rule asks for cannot be taken out."""

    code = "approvals.rule_requires"

    def __init__(self) -> None:
        super().__init__(
            _("Expected a signer whom somebody added, but a rule requires this one."),
            next_step=_("Only a change of the rules, or of what they look at, makes that signature needless."),
        )


class NotYourSigner(NotAllowed):
    """Who added a signer, or leads where they are asked, takes them out."""

    code = "approvals.not_your_signer"

    def __init__(self, by: str) -> None:
        super().__init__(_("Expected whoever added this signer, but that was %(name)s.") % {"name": by})


class NoSigner(Invalid):
    """The people who are to sign too cannot: they hold no role for it, had a part, or are asked already."""

    code = "approvals.no_signer"

    def __init__(self, most: int) -> None:
        super().__init__(
            _("Expected one to %(most)s people who may sign and are not asked yet.") % {"most": most},
            fields={"people": _("Choose from the people listed.")},
        )


class TooLate(Refusal):
    """Somebody acted on it already, or it led to what cannot be undone."""

    code = "approvals.too_late"

    def __init__(self) -> None:
        super().__init__(
            _("Expected a decision on which nobody acted yet, but the order has gone on."),
            next_step=_("Write a note to whoever works on it, or have the order cancelled."),
        )


class NotYourDecision(NotAllowed):
    """Only who decided takes the decision back."""

    code = "approvals.not_your_decision"

    def __init__(self) -> None:
        super().__init__(_("Expected a decision of yours that stands, but this is none."))


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


class QuestionMissing(Invalid):
    """Whoever asks for a decision says what is to be decided."""

    code = "approvals.question_missing"

    def __init__(self, longest: int) -> None:
        super().__init__(
            _("Expected a question of 1 to %(count)s characters.") % {"count": longest},
            fields={"question": _("Say what is to be decided, in at most %(count)s characters.") % {"count": longest}},
        )


class AskedAlready(Refusal):
    """One decision is asked for in a step."""

    code = "approvals.asked_already"

    def __init__(self) -> None:
        super().__init__(_("Expected a step in which no decision was asked for, but there is one already."))


class MatrixUnfit(Invalid):
    """The matrix that was named cannot be asked about this order. why: what speaks against it, where it is a fact."""

    code = "approvals.matrix_unfit"

    def __init__(self, why: str, *, asks_nobody: bool = False) -> None:
        sentence = _("Expected a matrix that asks somebody to decide about this order, but this one does not.")
        said = why or (_("By this matrix nobody has to sign for this order.") if asks_nobody else _("Choose a matrix."))
        super().__init__(sentence, fields={"matrix": said})


class NotInBulk(Refusal):
    """A rule asks that each decision of its kind is taken by itself."""

    code = "approvals.not_in_bulk"

    def __init__(self) -> None:
        super().__init__(
            _("Expected a decision that may be taken together with others, but its rules ask for one by itself."),
            next_step=_("Open it, and decide it on its own page."),
        )


class AlreadyDecided(Refusal):
    """The tier has its decision, or the request is closed."""

    code = "approvals.already_decided"

    def __init__(self, by: str) -> None:
        sentence = _("Expected an open decision, but %(name)s has decided it.") % {"name": by}
        super().__init__(sentence if by else _("Expected an open decision, but it is closed."), by=by)
