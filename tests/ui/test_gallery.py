"""The gallery of components is for staff, and only where the product is developed."""

from __future__ import annotations

import pytest
from django.urls import reverse


@pytest.mark.parametrize("who", ["anonymous", "ana", "adam", "dee"])
@pytest.mark.parametrize("debugging", [True, False])
def test_the_gallery_is_open_to_staff_while_debugging_only(who: str, debugging: bool, firm, client, settings) -> None:
    settings.DEBUG = debugging
    if who != "anonymous":
        client.force_login(getattr(firm, who), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("ui:gallery")).status_code == (200 if debugging and who == "dee" else 404)
