"""The client's small forms. They only show: what is right is decided by the actions."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from orders.actions.ending import LONGEST_REASON


class ShowingForm(forms.Form):
    """A form that shows values and the errors it is given, and never validates."""

    use_required_attribute = False

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Show errors: at their fields, and those without a field on top."""
        self._errors = ErrorDict()
        for name, message in errors.items():
            self._errors[name if name in self.fields else "__all__"] = self.error_class([message])

    def texts(self) -> list[str]:
        """What was typed in words, to be shown where the form itself can no longer be sent."""
        typed = [str(bound.value() or "") for bound in self if isinstance(bound.field, forms.CharField)]
        return [text for text in typed if text]


class ReasonForm(ShowingForm):
    """Why the client takes an order back."""

    reason = forms.CharField(
        label=_("Why do you no longer need it?"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(ShowingForm):
    """An advisor's yes, question or no, and why."""

    choice = forms.ChoiceField(label=_("Your decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept on record. Your client does not see it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
    )


class MessageForm(ShowingForm):
    """One message of the thread."""

    body = forms.CharField(
        label=_("Write a message"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 4000})
    )

    def __init__(self, *, initial: dict[str, str] | None = None, is_next: bool = False) -> None:
        """is_next: one was sent just now; the field is empty again and gets the focus."""
        super().__init__(initial=initial)
        if is_next:
            self.fields["body"].widget.attrs["data-focus"] = True


class RatingForm(ShowingForm):
    """The words to the stars."""

    stars = forms.CharField(required=False)
    comment = forms.CharField(
        label=_("What went well, what could be better?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
    )


class PreferencesForm(forms.Form):
    """The language in which we speak to the reader."""

    language = forms.ChoiceField(
        label=_("Language"), choices=[("en", "English"), ("zh-hans", "简体中文")], widget=forms.RadioSelect
    )
