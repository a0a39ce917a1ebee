"""The forms of absences: who, and for which days; the last one is included."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.absences import entered_for
from accounts.being_away import FURTHEST
from accounts.delegations import window_of_days
from accounts.models import Absence, User
from portal_staff.days import DayField
from portal_staff.delegation_form import FIRM_ZONE, named_person


class DaysAwayForm(forms.Form):
    """Days are those of the branch of who is away."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Who is away"), queryset=User.objects.none(), to_field_name="public_id"
    )
    first_day = DayField(label=gettext_lazy("From"))
    ends_at = DayField(label=gettext_lazy("To"), help_text=gettext_lazy("This day included."))

    def __init__(self, user: Any, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.latest = (now - FURTHEST).date(), (now + FURTHEST).date()
        fields: dict[str, Any] = self.fields
        fields["person"].queryset = entered_for(user)
        fields["person"].label_from_instance, fields["person"].empty_label = named_person, None
        fields["person"].initial = user.public_id
        for field in fields.values():
            field.widget.attrs["class"] = "select" if isinstance(field, forms.ChoiceField) else "input"

    def clean(self) -> dict[str, Any]:
        """What is no order of days, or far away, is said at its field."""
        given = super().clean() or {}
        first, last = given.get("first_day"), given.get("ends_at")
        for name, day in (("first_day", first), ("ends_at", last)):
            if day and not self.first <= day <= self.latest:
                self.add_error(name, _("Expected a day within two years, but it is further away."))
        if first and last and last < first:
            self.add_error("ends_at", _("Expected an end after the beginning, but it is before."))
        return given

    def window(self) -> tuple[datetime, datetime]:
        """From when until when, of a valid form; the end is excluded."""
        given = self.cleaned_data
        team = given["person"].team
        zone = team.branch.timezone if team else FIRM_ZONE
        return window_of_days(given["first_day"], given["ends_at"], zone)


class AbsenceForm(DaysAwayForm):
    """An absence that is entered."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Absence.Kind.choices,
        help_text=gettext_lazy("Only what planning needs: no reason of illness."),
    )

    def entered(self) -> dict[str, Any]:
        """What `enter_absence` asks for, of a valid form."""
        begins_at, ends_at = self.window()
        given = self.cleaned_data
        return {"person": given["person"].pk, "begins_at": begins_at, "ends_at": ends_at, "kind": given["kind"]}
