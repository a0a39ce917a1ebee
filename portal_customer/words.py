"""The client's words for how an order stands, and for the families of products."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class StatusLook:
    """`style` is the chip's class, `glyph` its shape; the word says it all."""

    word: Promise | str
    style: str
    glyph: str


STATUS = {
    "on_track": StatusLook(_("On track"), "ok", "ok"),
    "new_date": StatusLook(_("New date agreed"), "warn", "warn"),
    "late": StatusLook(_("Late, we are on it"), "crit", "crit"),
    "complete": StatusLook(pgettext_lazy("order", "Complete"), "ok", "ok"),
    "declined": StatusLook(pgettext_lazy("order", "Not carried out"), "hold", ""),
    "cancelled": StatusLook(pgettext_lazy("order", "Cancelled"), "hold", ""),
}

FAMILIES = {
    "maintenance": _("Your account"),
    "transfer": _("Move money and holdings"),
    "opening": _("Open an account"),
    "lending": _("Borrow"),
}


@dataclass(frozen=True)
class Choice:
    """One answer of an advisor, with what follows from it."""

    value: str
    label: Promise | str
    hint: Promise | str


DECISIONS = (
    Choice("approve", _("Approve"), _("The order goes on to its next step.")),
    Choice("more_information", _("Ask for more information"), _("It goes back to us, and comes to you again.")),
    Choice("reject", _("Decline"), _("The order ends here. Your client learns the outcome, not your reason.")),
)
DECIDED = {
    "approve": _("{name} approved this on {date}."),
    "more_information": _("{name} asked for more information on {date}."),
    "reject": _("{name} declined this on {date}."),
}
BARRED = {
    "placed": _("You placed this order yourself, so somebody else has to decide it."),
    "prepared": _("You had a part in preparing this order, so somebody else has to decide it."),
    "signed": _("You decided an earlier part of this, so somebody else has to decide now."),
    "advised": _("You were asked for advice on this order, so somebody else has to decide it."),
    "lent": _("Somebody decided an earlier part of this for you, so somebody else has to decide now."),
}
