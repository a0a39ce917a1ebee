"""What both shells show around every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import resolve


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation and theme for the portal of the person who is logged in."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "")
    around: dict[str, Any] = {"theme": theme if theme in ("light", "dark") else "", "nav": []}
    if user is not None and user.is_authenticated:
        from portal_customer.navigation import navigation as customer_navigation
        from portal_staff.navigation import navigation as staff_navigation

        navigation = customer_navigation if user.is_client_side else staff_navigation
        around["nav"] = navigation(user, _current(request))
    return {"shell": around}


def _current(request: HttpRequest) -> str:
    match = request.resolver_match or resolve(request.path_info)
    return match.view_name or ""
