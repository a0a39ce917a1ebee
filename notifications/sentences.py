"""What notices say, by template: the order's number and plain facts only, nothing personal, nothing staff-side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sentence:
    """The words of one kind of notice."""

    subject: str | Promise
    body: str | Promise

    def title(self, context: dict[str, Any]) -> str:
        """The subject in the language that is active."""
        return str(self.subject) % context

    def text(self, context: dict[str, Any]) -> str:
        """The sentence in the language that is active."""
        return str(self.body) % context


SENTENCES = {
    "order_received": Sentence(
        _("We received your order %(number)s"),
        _("We received your order %(number)s. You can follow each step on its page."),
    ),
    "order_waits_for_you": Sentence(
        _("We need something from you for order %(number)s"),
        _("We need something from you to go on with order %(number)s. Its page says what."),
    ),
    "order_completed": Sentence(_("Order %(number)s is done"), _("Your order %(number)s is done.")),
    "order_rejected": Sentence(
        _("Order %(number)s could not be carried out"),
        _("Your order %(number)s could not be carried out. Write to us on its page if you have questions."),
    ),
    "order_cancelled": Sentence(_("Order %(number)s was cancelled"), _("Your order %(number)s was cancelled.")),
    "message_from_us": Sentence(
        _("A message about order %(number)s"),
        _("You have a new message about order %(number)s. You can read it and answer on the order's page."),
    ),
    "message_from_client": Sentence(
        _("The client wrote about order %(number)s"),
        _("The client wrote about order %(number)s, which you are working on."),
    ),
    "item_assigned": Sentence(
        _("Work on order %(number)s was given to you"), _("A work item of order %(number)s was given to you.")
    ),
    "question_asked": Sentence(
        _("A colleague asks you about order %(number)s"),
        _("A colleague asks you something about order %(number)s. The decision stays with them."),
    ),
    "question_answered": Sentence(
        _("Your question about order %(number)s is answered"),
        _("Your question about order %(number)s is answered. You find the answer on its page."),
    ),
    "order_copied": Sentence(
        _("For your information: order %(number)s"),
        _("A colleague shows you order %(number)s for information. You need not do anything."),
    ),
    "decision_taken": Sentence(
        _("The decision that you asked for about order %(number)s is taken"),
        _("The decision that you asked for about order %(number)s is taken. The step's page says how."),
    ),
    "more_is_asked": Sentence(
        _("More is asked before a decision about order %(number)s"),
        _("Before the decision that you asked for about order %(number)s more is asked. The step's page says what."),
    ),
    "order_went_back": Sentence(
        _("Order %(number)s went back to an earlier step"),
        _("Instead of the decision that you asked for, order %(number)s went back to an earlier step."),
    ),
    "signer_missing": Sentence(
        _("Whoever you asked to sign order %(number)s does not sign"),
        _("Order %(number)s waits for a signature that you asked for. On its page you can ask somebody else instead."),
    ),
    "authority_lent": Sentence(
        _("Authority to sign was lent to you"),
        _("You may sign for a colleague for a time. The page of delegations says for whom, until when and how far."),
    ),
    "authority_taken_back": Sentence(
        _("Authority that was lent to you was taken back"),
        _("You sign no more for a colleague who had lent you their authority. The page of delegations says for whom."),
    ),
    "own_authority_lent": Sentence(
        _("Your authority to sign was lent"),
        _("An administrator lent your authority to sign. The page of delegations says to whom and until when."),
    ),
    "own_authority_taken_back": Sentence(
        _("Your authority to sign is yours alone again"),
        _("An administrator took back that a colleague signs for you. The page of delegations says who it was."),
    ),
    "absence_stalls": Sentence(
        _("An absence makes orders stall"),
        _("While one of your people is away, orders wait for a signature. This page says which, and who could help."),
    ),
    "queue_too_long": Sentence(
        _("More waits in a queue than its limit"),
        _("In a queue of your people more work waits than the routing table allows. This page shows it."),
    ),
    "calendar_ends": Sentence(
        _("A calendar ends soon"),
        _("A calendar that branches or targets go by knows its days off for less than a quarter. Bring it up to date."),
    ),
    "order_urged": Sentence(
        _("Please hurry: order %(number)s"),
        _("Somebody asks for order %(number)s to be done sooner. Its target stays; it goes before others of its kind."),
    ),
    "order_escalated": Sentence(
        _("Order %(number)s needs your attention"),
        _("Order %(number)s is close to its due time or past it, and was raised to you."),
    ),
}
WITHOUT_ORDER = frozenset(  # these are about people's time and authority
    {
        "authority_lent",
        "authority_taken_back",
        "own_authority_lent",
        "own_authority_taken_back",
        "absence_stalls",
        "queue_too_long",
        "calendar_ends",
    }
)
