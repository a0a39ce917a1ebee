"""How the catalogue says no."""

from django.utils.translation import gettext as _

from audit.refusals import Refusal


class SoldOut(Refusal):
    """No place is left in the slot."""

    code = "catalog.sold_out"

    def __init__(self) -> None:
        super().__init__(_("Expected a free place, but this time has just been taken."))
