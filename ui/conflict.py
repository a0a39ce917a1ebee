"""Forms that carry the version which their page showed: what it was, and the answer when somebody was quicker."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import push_url, reswap, retarget


def version_of(request: HttpRequest) -> int | None:
    """The version that the page showed, or the one on which what was typed is put knowingly."""
    text = request.POST.get("on_top") or request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def beaten(
    request: HttpRequest, template: str, context: dict[str, Any], *, place: str = "find [data-conflict]"
) -> HttpResponse:
    """409: the conflict alone, into the form's place for it, when htmx asks; otherwise the whole page."""
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, template, context, status=409)
    response = render(request, "ui/conflict.html", context, status=409)
    return retarget(reswap(push_url(response, False), "innerHTML"), place)
