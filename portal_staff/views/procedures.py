"""Written supervisory procedures: the page for a day, and the same as a file."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from insights.actions import take_procedures
from insights.procedures import expect_reader
from portal_staff.access import RULES, actor, may, requires
from portal_staff.days import DayField
from portal_staff.procedures.asked import Asked
from portal_staff.procedures.filing import pages_of, procedures_of
from portal_staff.procedures.pdf import write_pdf

PERIODS = {"month": 30, "quarter": 91, "year": 365}
LANGUAGES = {"en": "en", "zh-Hans": "zh-hans"}  # of a file → as Django calls it


class ProceduresForm(forms.Form):
    """Which day, compared with which, and over how long applications are counted."""

    on = DayField(label=gettext_lazy("In force on"))
    against = DayField(label=gettext_lazy("Compare with"), required=False)
    period = forms.ChoiceField(
        label=gettext_lazy("Count the orders of"),
        choices=[
            ("month", gettext_lazy("the 30 days before")),
            ("quarter", gettext_lazy("the 91 days before")),
            ("year", gettext_lazy("the 365 days before")),
        ],
    )

    def __init__(self, given: QueryDict, today: date) -> None:
        usual = {"on": today.isoformat(), "period": "quarter"}
        super().__init__({**usual, **{name: given[name] for name in ("on", "against", "period") if name in given}})
        self.today = today
        for field in self.fields.values():
            field.widget.attrs["class"] = "select" if isinstance(field, forms.ChoiceField) else "input"

    def clean_on(self) -> date:
        """Raises ValidationError for a day that is to come."""
        return self._past(self.cleaned_data["on"])

    def clean_against(self) -> date | None:
        """Raises ValidationError for a day that is to come, and for the same day."""
        day = self.cleaned_data["against"]
        if day and day == self.cleaned_data.get("on"):
            raise forms.ValidationError(_("Choose another day than the one above, or leave it empty."))
        return day and self._past(day)

    def _past(self, day: date) -> date:
        if day > self.today:
            raise forms.ValidationError(_("Choose today or a day before: what will be in force is not certain."))
        return day

    def asked(self, now: datetime) -> Asked:
        """What the valid form asks for: a day counts to its end, today to this moment."""
        data = self.cleaned_data
        at = _end_of(data["on"], now)
        against = _end_of(data["against"], now) if data["against"] else None
        since = at - timedelta(days=PERIODS[data["period"]])
        return Asked(data["on"], at, since, data["against"], against)


@require_safe
@requires()
def procedures(request: HttpRequest) -> HttpResponse:
    """What was in force at the end of a day, in sentences, with what each was applied to."""
    expect_reader(request.user)
    now = timezone.now()
    form = ProceduresForm(request.GET, timezone.localdate(now))
    if not form.is_valid():
        return _refused(request, form)
    asked = form.asked(now)
    found = procedures_of(request.user, asked)
    context = {"form": form, "asked": asked, "procedures": found, "opens_versions": may(request.user, RULES)}
    return render(request, "portal_staff/procedures.html", context)


@require_POST
@requires()
def procedures_file(request: HttpRequest) -> HttpResponse:
    """The same as a PDF in one of the languages; that it was taken goes on record."""
    expect_reader(request.user)
    now = timezone.now()
    form = ProceduresForm(request.POST, timezone.localdate(now))
    if not form.is_valid():
        return _refused(request, form)
    asked = form.asked(now)
    language = request.POST.get("language", "")
    language = language if language in LANGUAGES else _own_language()
    with override(LANGUAGES[language]):
        name = getattr(request.user, "display_name", "")
        pages = pages_of(procedures_of(request.user, asked), asked, taken_by=name, now=now)
        content = write_pdf(pages)
    digest = hashlib.sha256(content).hexdigest()
    take_procedures(on=asked.on, language=language, digest=digest, actor=actor(request), now=now)
    file = f"procedures-{asked.on.isoformat()}-{language}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _refused(request: HttpRequest, form: ProceduresForm) -> HttpResponse:
    return render(request, "portal_staff/procedures.html", {"form": form}, status=422)


def _own_language() -> str:
    return next((name for name, code in LANGUAGES.items() if code == get_language()), "en")


def _end_of(day: date, now: datetime) -> datetime:
    """The last instant of a day where the reader is, or now where it has not passed."""
    following = datetime.combine(day + timedelta(days=1), time(), tzinfo=timezone.get_current_timezone())
    return min(following - timedelta(microseconds=1), now)
