"""How the catalogue says no."""

from django.utils.translation import gettext as _

from audit.refusals import Invalid, Refusal


class SoldOut(Refusal):
    """No place is left in the slot."""

    code = "catalog.sold_out"

    def __init__(self) -> None:
        super().__init__(_("Expected a free place, but this time has just been taken."))


class FormUnfit(Invalid):
    """The form of a product leaves an answer without a bound; all such fields are named, for who writes the file."""

    code = "catalog.form_unfit"
