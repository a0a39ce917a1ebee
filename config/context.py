"""What both shells show around every page."""

from typing import Any

from django.http import HttpRequest

from portal_customer import navigation as customer
from portal_staff import navigation as staff


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation and theme for the portal of the person who is logged in."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "")
    around: dict[str, Any] = {"theme": theme if theme in ("light", "dark") else "", "nav": []}
    if user is not None and user.is_authenticated:
        if user.is_client_side:
            around["nav"] = customer.navigation(user, _current(request))
        else:
            around["nav"] = staff.navigation(user, _current(request), listing=request.GET.get("view", ""))
            around |= staff.around(user)
    return {"shell": around}


def _current(request: HttpRequest) -> str:
    match = request.resolver_match  # none for an address that does not exist
    return match.view_name or "" if match else ""
