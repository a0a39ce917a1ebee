"""Days at and beyond the calendar's edge are told at their field, on every page that takes one, in every zone."""

import pytest
from django.urls import reverse

from accounts.models import User
from rulebook.models import TableVersion

DAYS = ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"]
PAGES = [
    ("/staff/procedures/", "on", {}),
    ("/staff/procedures/", "against", {}),
    ("/staff/ledger/", "since", {}),
    ("/staff/ledger/", "until", {}),
    ("/staff/absences/ahead/", "first_day", {"ends_at": "2026-11-20"}),
    ("/staff/absences/ahead/", "ends_at", {"first_day": "2026-11-20"}),
]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"])
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("page", "field", "more"), PAGES)
def test_a_day_of_an_address(firm, as_user, page, field, more, day, zone):
    User.objects.filter(pk=firm.rob.pk).update(timezone=zone)
    rob = User.objects.get(pk=firm.rob.pk)
    answer = as_user(rob).get(page, {"person": rob.public_id, **more, field: day})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("field", ["first_day", "ends_at"])
@pytest.mark.parametrize("page", ["/staff/delegations/new/", "/staff/absences/new/"])
def test_a_day_that_is_sent(firm, as_user, page, field, day):
    usual = {"first_day": "2026-11-17", "ends_at": "2026-11-20", "reason": "Leave.", "kind": "leave"}
    people = {"delegator": firm.eve.pk, "delegate": firm.dee.pk, "person": firm.eve.public_id}
    answer = as_user(firm.eve).post(page, {**usual, **people, field: day})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("page", ["/staff/delegations/new/", "/staff/absences/new/"])
def test_a_day_that_an_address_fills_in(firm, as_user, page, day):
    assert as_user(firm.eve).get(page, {"first_day": day, "ends_at": day}).status_code == 200


@pytest.mark.parametrize("moment", [f"{day}T23:59" for day in DAYS] + ["9999-12-31T23:59-14:00"])
def test_a_moment_from_which_a_version_would_govern(firm, as_user, moment):
    alan = as_user(firm.alan)
    alan.post(reverse("staff:draft_version", args=["transfers"]))
    number = TableVersion.objects.get(table__key="transfers", state="draft", maker=firm.alan).number
    address = reverse("staff:propose_version", args=["transfers", number])
    assert alan.post(address, {"justification": "x", "effective_at": moment}).status_code == 422
