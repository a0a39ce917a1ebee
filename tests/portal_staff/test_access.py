"""Who may open what on the staff side: one table of pages and roles; a page that is not in it fails."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal_staff.urls import urlpatterns

PEOPLE = ("dee", "eve", "max", "fay", "rob", "hal", "alan", "judith")
EVERYBODY = set(PEOPLE)
WORKERS = EVERYBODY - {"alan"}
MANAGERS = {"eve", "max", "rob", "hal", "judith"}
RULES = {"max", "rob", "hal", "alan", "judith"}

# page → who gets 200; everybody else gets 403, or 404 where `BEYOND` says that they may not even know of it
READ = {
    "my_work": WORKERS,
    "queues": WORKERS,
    "queue": WORKERS - {"fay"},
    "queue_changes": WORKERS - {"fay"},
    "item": WORKERS - {"fay"},
    "item_part": WORKERS - {"fay"},
    "assign": {"eve", "max"},
    "priority": {"eve", "max"},
    "order": WORKERS,
    "trail": WORKERS,
    "cancel": {"eve", "max", "hal"},
    "approvals": {"eve", "max", "fay", "rob", "hal"},
    "supervisory_log": {"eve", "max", "hal"},
    "absences": EVERYBODY,
    "look_ahead": EVERYBODY,
    "new_absence": EVERYBODY,
    "delegations": EVERYBODY,
    "lend": {"eve", "max", "fay", "rob", "hal", "alan"},
    "board": MANAGERS,
    "board_file": MANAGERS,
    "breaches": MANAGERS,
    "tables": RULES,
    "table": RULES,
    "version": RULES,
    "what_if": RULES,
    "table_cases": RULES,
    "version_file": RULES,
    "procedures": RULES | {"fay"},
    "calendars": RULES,
    "new_calendar": {"alan"},
    "processes": RULES,
    "process": RULES,
    "process_version": RULES,
    "process_file": RULES,
    "process_change": RULES,
    "process_heat": RULES,
    "heat_orders": RULES,
    "dry_run": RULES,
    "models": RULES,
    "model": RULES,
    "model_version": RULES,
    "model_file": RULES,
    "model_change": RULES,
    "model_cases": RULES,
    "upload_model": {"alan"},
    "new_model": {"alan"},
    "upload_process": {"alan"},
    "new_process": {"alan"},
    "new_table": {"alan", "nadia"},
    "waiting": EVERYBODY,
    "instance": WORKERS,
    "ledger": {"rob", "judith"},
    "health": {"rob", "alan", "judith"},
    "search": WORKERS,
    "notices": EVERYBODY,
    "preferences": EVERYBODY,
}
BEYOND = {page: {"fay"} for page in ("queue", "queue_changes", "item", "item_part")} | {"instance": {"alan"}}
POSTS = {
    "take_next", "assign_many", "prioritise_many", "undo", "claim", "start", "resume", "keep_draft", "complete",
    "message", "note", "urge", "sign_log", "draft_version", "propose_version", "approve_version", "reject_version",
    "withdraw_version", "propose_process", "approve_process", "reject_process", "withdraw_process", "verify",
    "roll_back_version", "roll_back_process", "propose_model", "approve_model", "reject_model", "withdraw_model",
    "roll_back_model",
    "read_notices", "retry_instance", "cancel_instance", "propose_skip", "approve_skip", "reject_skip",
    "procedures_file", "decide_many",
}  # fmt: skip
# tested where they are
ELSEWHERE = {
    "home", "ask", "decision", "breach", "edit_version", "import_rules", "table_columns", "entry", "release",
    "pend", "repair",
    "calendar", "calendar_version", "edit_calendar", "draft_calendar", "propose_calendar", "approve_calendar",
    "reject_calendar", "withdraw_calendar", "roll_back_calendar",
    "called_instance", "cell", "migrate", "retire_case", "retire_table_case", "retire_model_case",
    "revoke_delegation", "hand_over", "ask_colleague", "take_back", "add_signers", "void", "advice", "remove_signer",
    "copy_order", "call_off_absence",
}  # fmt: skip


OF_MODELS = (
    "model_version", "model_file", "model_cases", "propose_model", "approve_model", "reject_model", "withdraw_model",
    "roll_back_model",
)  # fmt: skip


def address(name: str, desk) -> str:
    number, item = desk.order.number, desk.item.public_id
    places = {
        "queue": ["maintenance"], "queue_changes": ["maintenance"], "prioritise_many": ["maintenance"],
        "undo": ["maintenance"], "board_file": ["breaches"], "item": [item], "item_part": [item],
        "assign": [item], "priority": [item], "order": [number], "trail": [number], "cancel": [number],
        "table": ["transfers"], "version": ["transfers", 1], "what_if": ["transfers", 1],
        "roll_back_version": ["transfers", 1], "version_file": ["transfers", 1, "dmn"], "table_cases": ["transfers", 1],
        "process": ["address_change"],
        "model": ["kyc_risk"], "upload_model": ["kyc_risk"], "model_change": ["kyc_risk", 1, 1],
        **{name: ["kyc_risk", 1] for name in OF_MODELS},
        "take_next": ["maintenance"], "assign_many": ["maintenance"], "claim": [item], "start": [item],
        "resume": [item], "keep_draft": [item], "complete": [item], "message": [number], "note": [number],
        "urge": [number], "sign_log": [1], "draft_version": ["transfers"], "propose_version": ["transfers", 1],
        "process_version": ["address_change", 1], "process_file": ["address_change", 1],
        "process_change": ["address_change", 1, 1], "upload_process": ["address_change"],
        "process_heat": ["address_change"], "heat_orders": ["address_change", "verify_address"],
        "dry_run": ["address_change", 1],
        "propose_process": ["address_change", 1], "approve_process": ["address_change", 1],
        "reject_process": ["address_change", 1], "withdraw_process": ["address_change", 1],
        "roll_back_process": ["address_change", 1],
        "approve_version": ["transfers", 1], "reject_version": ["transfers", 1], "withdraw_version": ["transfers", 1],
        "instance": [number], "retry_instance": [number], "cancel_instance": [number], "propose_skip": [number],
        "approve_skip": [number], "reject_skip": [number],
    }  # fmt: skip
    return reverse(f"staff:{name}", args=places.get(name, []))


def test_every_page_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(READ) | POSTS | ELSEWHERE


@pytest.mark.parametrize("page", READ)
def test_only_the_roles_named_may_open_a_page(page: str, firm, desk, as_user) -> None:
    found = {who: as_user(getattr(firm, who)).get(address(page, desk)).status_code for who in PEOPLE}
    beyond = BEYOND.get(page, set())
    assert found == {who: 200 if who in READ[page] else 404 if who in beyond else 403 for who in PEOPLE}


@pytest.mark.parametrize("page", sorted(set(READ) | POSTS | {"home"}))
def test_clients_and_advisors_get_nothing(page: str, firm, desk, as_user) -> None:
    for user in (firm.ana, firm.adam):
        browser = as_user(user)
        response = browser.post(address(page, desk)) if page in POSTS else browser.get(address(page, desk))
        assert response.status_code == 403


@pytest.mark.parametrize("page", sorted(POSTS))
def test_what_writes_is_not_read(page: str, firm, desk, as_user) -> None:
    assert as_user(firm.max).get(address(page, desk)).status_code == 405


@pytest.mark.parametrize("page", sorted(set(READ) | POSTS))
def test_nobody_gets_in_without_logging_in(page: str, client, desk) -> None:
    response = client.post(address(page, desk)) if page in POSTS else client.get(address(page, desk))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_closed_page_says_which_role_has_it(firm, as_user) -> None:
    page = as_user(firm.dee).get(reverse("staff:ledger"))
    assert page.status_code == 403
    assert "examiner" in page.text


@pytest.mark.parametrize(
    ("who", "lands"),
    [("dee", "my_work"), ("eve", "my_work"), ("max", "board"), ("judith", "ledger"), ("alan", "tables")],
)
def test_everybody_lands_where_their_day_begins(who: str, lands: str, firm, as_user) -> None:
    response = as_user(getattr(firm, who)).get(reverse("staff:home"))
    assert response["Location"] == reverse(f"staff:{lands}")


def test_the_rail_shows_only_what_opens(firm, desk, as_user) -> None:
    for who in PEOPLE:
        browser = as_user(getattr(firm, who))
        for group in browser.get(reverse("staff:notices")).context["shell"]["nav"]:
            for place in group["items"]:
                assert browser.get(place["url"], follow=True).status_code == 200, (who, place["url"])
