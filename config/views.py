"""The front door: where somebody who logged in belongs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the customer portal or to the staff portal."""
    return redirect("customer:home" if getattr(request.user, "is_client_side", False) else "staff:home")
