"""Django forms that draw a JSON Schema. They only show: what is right is decided by the actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.html import escape
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from portal_customer.order_form import Field, Section, ShownWhen, sections
from ui.words import pick_text

ACCEPT = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


@dataclass(frozen=True)
class Slot:
    """A free place: when it starts as ISO text, and in words (day for the group, time for the line)."""

    key: str
    day: str
    time: str


@dataclass(frozen=True)
class Question:
    """A bound field with what the page needs around it."""

    bound: forms.BoundField
    shown_when: ShownWhen | None
    only_if: str  # in words, for readers without a script
    sent: str  # name of the paper that is already there


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


class SchemaForm(ShowingForm):
    """The questions of a schema, with answers or typed texts as they are."""

    def __init__(
        self,
        schema: Mapping[str, Any],
        answers: Mapping[str, Any],
        *,
        errors: Mapping[str, str] | None = None,
        slots: Iterable[Slot] = (),
        sent: Mapping[str, str] | None = None,
        ids: str = "id",
    ) -> None:
        """errors: by field. slots: free places for a slot field. sent: names of papers by id. ids: prefix of ids."""
        super().__init__(initial=dict(answers), auto_id=f"{ids}_%s")
        self.sections: Sequence[Section] = sections(schema)
        self._sent = dict(sent or {})
        for question in self._questions():
            self.fields[question.name] = _form_field(question, tuple(slots))
        if errors:
            self.refuse(errors)

    def groups(self) -> Iterator[tuple[str, list[Question]]]:
        """Title and questions of each section."""
        for section in self.sections:
            yield _words(section.title), [self._question(each) for each in section.fields]

    @property
    def has_documents(self) -> bool:
        return any(question.widget == "document" for question in self._questions())

    def _questions(self) -> list[Field]:
        return [question for section in self.sections for question in section.fields]

    def _question(self, question: Field) -> Question:
        sent = self._sent.get(str(self.initial.get(question.name) or ""), "") if question.widget == "document" else ""
        return Question(self[question.name], question.shown_when, self._only_if(question), sent)

    def _only_if(self, question: Field) -> str:
        """The condition as the label of the driving question and its answers."""
        when = question.shown_when
        driver = next((each for each in self._questions() if when and each.name == when.driver), None)
        if when is None or driver is None:
            return ""
        answers = [_words(text) for value, text in driver.choices if value in when.values]
        both = {"question": _words(driver.label), "answers": gettext(" or ").join(answers)}
        return gettext("Only if “%(question)s” is: %(answers)s") % both if answers else ""


class ReasonForm(ShowingForm):
    """Why the client takes an order back."""

    reason = forms.CharField(
        label=_("Why do you no longer need it?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
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


class PreferencesForm(forms.Form):
    """The language in which we speak to the reader."""

    language = forms.ChoiceField(
        label=_("Language"), choices=[("en", "English"), ("zh-hans", "简体中文")], widget=forms.RadioSelect
    )


def _form_field(question: Field, slots: tuple[Slot, ...]) -> forms.Field:
    about: dict[str, Any] = {
        "label": _words(question.label),
        "help_text": escape(_words(question.hint)),
        "required": question.is_required,
    }
    makers = {"radio": _radio, "select": _select, "checkbox": _checkbox, "document": _document}
    if question.widget == "slot":
        return forms.ChoiceField(choices=_slot_choices(slots), widget=forms.Select, **about)
    return makers.get(question.widget, _line)(question, about)


def _radio(question: Field, about: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=_choices(question), widget=forms.RadioSelect, **about)


def _select(question: Field, about: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", gettext("Choose one")), *_choices(question)], **about)


def _checkbox(question: Field, about: dict[str, Any]) -> forms.Field:
    return forms.BooleanField(**about)


def _document(question: Field, about: dict[str, Any]) -> forms.Field:
    return forms.FileField(widget=forms.FileInput(attrs={"accept": ACCEPT}), **about)


def _line(question: Field, about: dict[str, Any]) -> forms.Field:
    limit = {"maxlength": question.max_length} if question.max_length else {}
    if question.widget == "textarea":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3} | limit), **about)
    if question.widget == "date":
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **about)
    if question.widget == "money":
        about["label"] = f"{about['label']} ({question.currency})"
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **about)
    attrs = {"inputmode": "numeric"} if question.widget == "number" else limit
    return forms.CharField(widget=forms.TextInput(attrs=attrs), **about)


def _choices(question: Field) -> list[tuple[str, str]]:
    return [(value, _words(text)) for value, text in question.choices]


def _slot_choices(slots: tuple[Slot, ...]) -> list[tuple[str, Any]]:
    days: dict[str, list[tuple[str, str]]] = {}
    for slot in slots:
        days.setdefault(slot.day, []).append((slot.key, slot.time))
    return [("", gettext("Choose a time")), *days.items()]


def _words(texts: Mapping[str, str]) -> str:
    return pick_text(texts, get_language())
