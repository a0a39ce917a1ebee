"""Days that people type into forms and addresses: a calendar's edge is none, since no zone can reckon beyond it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
TOO_FAR = gettext_lazy("Expected a day between the years 1900 and 2199.")


class DayField(forms.DateField):
    """A day that every zone has."""

    default_validators = [MinValueValidator(EARLIEST, TOO_FAR), MaxValueValidator(LATEST, TOO_FAR)]

    def __init__(self, **about: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **about)
