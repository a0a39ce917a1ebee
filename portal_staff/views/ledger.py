"""The ledger: search, one entry with its proof, and verifying the whole."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User
from audit import queries, seals
from audit.models import Entry
from audit.refusals import NotFound
from orders.models import Order
from orders.numbers import read_number
from portal_staff.access import EXAMINE, is_fragment, requires, zone_of
from portal_staff.activity import Opener, event, names_by_order, names_in, people_of
from portal_staff.days import DayField
from portal_staff.sentences import SENTENCES, sentence
from portal_staff.vocabulary import Vocabulary

PART_SECONDS, PART_AGE = 2.0, 3600
SALT = "ledger verification"


class SearchForm(forms.Form):
    """What an examiner looks for."""

    order = forms.CharField(label=gettext_lazy("Order number"), required=False, max_length=20)
    person = forms.CharField(label=gettext_lazy("Person's user name"), required=False, max_length=150)
    fact = forms.ChoiceField(label=gettext_lazy("Fact"), required=False)
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("To"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = sorted(((fact, sentence(fact, {})) for fact in SENTENCES), key=lambda choice: choice[1])
        self.fields["fact"].choices = [("", _("Any")), *facts]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "select" if isinstance(field, forms.ChoiceField) else "input"

    def clean_order(self) -> str:
        """The order's reference in the ledger. Raises ValidationError for a number that cannot be one."""
        typed = self.cleaned_data["order"]
        if not typed:
            return ""
        number = read_number(typed)
        ref = Order.objects.filter(number=number).values_list("public_id", flat=True).first() if number else None
        if ref is None:
            raise forms.ValidationError(_("There is no order with this number. Check each character."))
        return str(ref)

    def clean_person(self) -> str:
        """The person as entries name them. Raises ValidationError for nobody."""
        typed = self.cleaned_data["person"]
        if not typed:
            return ""
        user = User.objects.filter(username=typed).first()
        if user is None:
            raise forms.ValidationError(_("There is nobody with this user name."))
        return f"user:{user.pk}"


@require_safe
@requires(*EXAMINE)
def ledger(request: HttpRequest) -> HttpResponse:
    """Entries by order, person, fact and period, the newest first."""
    form = SearchForm(request.GET)
    found: list[Entry] = []
    if form.is_valid():
        data = form.cleaned_data
        search = queries.Search(data["order"], data["fact"], data["person"], data["since"], data["until"])
        found = queries.entries(search, zone_of(request.user), before=_before(request))
    page, more = found[: queries.PAGE], len(found) > queries.PAGE
    names, opener, words = people_of(page), Opener(request.user, page), Vocabulary()
    numbers, codes = names_by_order(page)
    rows = [
        {
            **event(entry, {**names, **codes.get(entry.order_ref, {})}, opener, words),
            "number": numbers.get(entry.order_ref, ""),
        }
        for entry in page
    ]
    context = {"form": form, "rows": rows, "seal": queries.last_seal(), "next_url": _next(request, page, more)}
    return render(request, "portal_staff/ledger.html", context, status=200 if form.is_valid() else 422)


@require_safe
@requires(*EXAMINE)
def entry(request: HttpRequest, entry: UUID) -> HttpResponse:
    """One entry: every field of it, and the seal that proves it."""
    row = Entry.objects.filter(public_id=entry).first()
    if row is None:
        raise NotFound(_("Expected an entry of the ledger, but there is none."))
    orders = Order.objects.select_related("process__version", "product", "channel", "branch")
    order = orders.filter(public_id=row.order_ref).first() if row.order_ref else None
    names = {**people_of([row]), **(names_in(order) if order else {})}
    words = Vocabulary.of_order(order) if order else Vocabulary()
    context = {
        "entry": row,
        "order": order,
        "event": event(row, names, Opener(request.user), words, codes=True),
        "seal": queries.seal_over(row),
    }
    return render(request, "portal_staff/ledger_entry.html", context)


@require_POST
@requires(*EXAMINE)
def verify(request: HttpRequest) -> HttpResponse:
    """Recompute the whole sealed ledger: a part now, and the page asks for the next one by itself."""
    done, verdict = seals.verify_part(_checked(request.POST.get("done", "")), PART_SECONDS)
    if verdict is None:
        last = queries.last_seal()
        context = {
            "done": signing.dumps(asdict(done), salt=SALT),
            "checked": done,
            "seals": last.number if last else 0,
        }
        part = "portal_staff/verifying.html#part" if is_fragment(request) else "portal_staff/verifying.html"
        return render(request, part, context)
    if verdict.ok:
        words = _("Verified: %(entries)s entries under %(seals)s seals are as they were written.")
        messages.success(request, words % {"entries": f"{verdict.entries:,}", "seals": f"{verdict.checkpoints:,}"})
    elif verdict.first_bad:
        bad = verdict.first_bad
        words = _("Not verified: %(what)s %(id)s: %(why)s.")
        messages.error(request, words % {"what": bad.what, "id": bad.id, "why": bad.why})
    return HttpResponseClientRedirect(reverse("staff:ledger")) if is_fragment(request) else redirect("staff:ledger")


def _checked(text: str) -> seals.Checked:
    """How far the page says that it has come; what it did not get from here begins anew."""
    try:
        return seals.Checked(**signing.loads(text, salt=SALT, max_age=PART_AGE))
    except signing.BadSignature:
        return seals.Checked()


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _next(request: HttpRequest, page: list[Entry], more: bool) -> str:
    if not more:
        return ""
    wanted = request.GET.copy()
    wanted["before"] = str(page[-1].pk)
    return f"?{wanted.urlencode()}"
