"""What a refusal says, put into a form."""

from __future__ import annotations

from django import forms

from audit.refusals import Invalid, Refusal


def say(form: forms.Form, refusal: Refusal) -> None:
    """Each sentence at its field; what belongs to none of them stands above the form."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    known = {name: said for name, said in fields.items() if name in form.fields}
    for name, said in known.items():
        form.add_error(name, said)
    if not known:
        form.add_error(None, f"{refusal.sentence} {refusal.next_step}".strip())
