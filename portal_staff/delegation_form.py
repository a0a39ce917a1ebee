"""The form with which authority is lent: who, to whom, for which days, and for what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.authority import ROLE, held, read_ahead, roles
from accounts.delegates import delegates_for
from accounts.delegating import LONGEST
from accounts.delegations import window_of_days
from accounts.hierarchy import SIGNING
from accounts.models import User
from approvals.queries import Matrix, matrices
from orders.money import Money
from portal_staff.days import DayField
from ui.words import pick_text

FIRM_ZONE = "America/New_York"  # of somebody who is in no team


def may_lend(user: Any) -> bool:
    """Whether the form is for them: they sign by a role of their own, or administer a branch."""
    return bool(SIGNING & roles(user)) or bool(held(user, "administer_branch"))


class DelegationForm(forms.Form):
    """Days are those of the branch of who lends; the last one is included."""

    delegator = forms.ModelChoiceField(label=gettext_lazy("Who lends the authority"), queryset=User.objects.none())
    delegate = forms.ModelChoiceField(label=gettext_lazy("Who signs meanwhile"), queryset=User.objects.none())
    first_day = DayField(label=gettext_lazy("From"))
    ends_at = DayField(label=gettext_lazy("To"), help_text=gettext_lazy("This day included. Then it ends by itself."))
    matrix = forms.ChoiceField(label=gettext_lazy("For"), required=False)
    most = forms.DecimalField(
        label=gettext_lazy("Up to which amount"),
        required=False,
        min_value=0,
        max_digits=15,
        help_text=gettext_lazy("Left empty: every amount. The sums of a day and a week count as well."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Kept in the audit record."),
    )

    def __init__(self, user: Any, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = (now + 2 * LONGEST).date()
        found = matrices(now)
        fields: dict[str, Any] = self.fields
        lenders = lenders_for(user)
        read_ahead(lenders)
        fields["delegator"].queryset, fields["delegate"].queryset = lenders, delegates_for(lenders)
        for name in ("delegator", "delegate"):
            fields[name].label_from_instance, fields[name].empty_label = named_person, _("Choose one")
        fields["matrix"].choices = [("", _("Every matrix")), *_named(found)]
        fields["currency"].choices = [(unit, unit) for unit in dict.fromkeys(each.unit for each in found if each.unit)]
        if SIGNING & roles(user):
            fields["delegator"].initial = user.pk
        for field in fields.values():
            field.widget.attrs["class"] = _look(field)

    def clean(self) -> dict[str, Any]:
        """The limit as minor units; what is no amount of its currency, or a day far away, is said at its field."""
        given = super().clean() or {}
        for name in ("first_day", "ends_at"):
            if given.get(name) and given[name] > self.latest:
                self.add_error(name, _("Expected at most a year, but it is longer."))
        if given.get("most") is not None:
            try:
                money = Money.of(given["most"], given.get("currency", ""))
                given["most"] = (money.minor, money.currency)
            except ValueError:
                self.add_error("most", _("Expected an amount above zero with its currency, such as 25000 USD."))
        return given

    def lent(self) -> dict[str, Any]:
        """What `delegate_authority` asks for, of a valid form."""
        given = self.cleaned_data
        team = given["delegator"].team
        zone = team.branch.timezone if team else FIRM_ZONE
        begins_at, ends_at = window_of_days(given["first_day"], given["ends_at"], zone)
        kept = {name: given[name] for name in ("matrix", "most", "reason")}
        people = {name: given[name].pk for name in ("delegator", "delegate")}
        return {**people, "begins_at": begins_at, "ends_at": ends_at, **kept}


def lenders_for(user: Any) -> QuerySet[User]:
    """For whom the user may lend: themselves, and approvers of the branches that they administer."""
    approvers = User.objects.filter(is_active=True, groups__name__in=[f"{ROLE}{role}" for role in SIGNING])
    administered = approvers.filter(team__branch_id__in=held(user, "administer_branch"))
    people = (administered | approvers.filter(pk=user.pk)).exclude(is_client_side=True).distinct()
    return people.select_related("team__branch").order_by("display_name")


def named_person(person: User) -> str:
    """Somebody with their job title, as a choice."""
    title = pick_text(person.title, get_language())
    return f"{person.display_name} ({title})" if title else person.display_name


def _named(found: list[Matrix]) -> list[tuple[str, str]]:
    return [(each.key, pick_text(each.name, get_language())) for each in found]


def _look(field: forms.Field) -> str:
    if isinstance(field, forms.ChoiceField):
        return "select"
    return "textarea short" if isinstance(field.widget, forms.Textarea) else "input"
