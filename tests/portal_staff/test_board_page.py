"""The board, breaches and their causes, search, notices, preferences, verification."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse

from audit.models import Entry
from sla.models import Breach, Clock
from tests.firm import address_change


@pytest.fixture
def breach(firm, now) -> Breach:
    """An order of long ago whose target was missed."""
    order = address_change(firm, now, key="late")
    clock = Clock.objects.get(order=order, work_item=None, kind="service")
    Clock.objects.filter(pk=clock.pk).update(state="breached", band="breached")
    return Breach.objects.create(clock=clock, breached_at=now + timedelta(days=1))


def test_the_board_draws_charts_with_their_tables(firm, desk, as_user) -> None:
    page = as_user(firm.max).get(reverse("staff:board")).text
    assert 'id="open-by-band"' in page
    assert page.count("Show as table") >= 1
    assert "style=" not in page


def rows(page) -> list[list[str]]:
    return list(csv.reader(StringIO(page.content.decode().removeprefix("\ufeff"))))


@pytest.mark.parametrize("part", ["open-orders", "promises-kept", "compliance", "next-to-breach", "breaches"])
def test_each_chart_and_table_is_a_file_as_well(part: str, firm, desk, breach, as_user) -> None:
    browser, address = as_user(firm.max), reverse("staff:board_file", args=[part])
    assert address in browser.get(reverse("staff:board")).text or part in ("compliance", "next-to-breach")
    page = browser.get(address)
    assert page["Content-Type"] == "text/csv; charset=utf-8"
    assert page["Content-Disposition"].startswith(f'attachment; filename="{part}-20')
    assert "no-store" in page["Cache-Control"]
    assert all(len(row) == len(rows(page)[0]) for row in rows(page))


def test_a_file_holds_the_figures_of_the_board_with_titles_in_the_readers_language(firm, desk, as_user) -> None:
    browser = as_user(firm.max)
    browser.cookies["django_language"] = "zh-hans"
    titles, *lines = rows(browser.get(reverse("staff:board_file", args=["open-orders"])))
    assert (titles[0], titles[-1]) == ("产品", "全部时效等级合计")
    assert lines == [[desk.order.product.name["zh-Hans"], "2", "0", "0", "0", "2"]]


def test_a_file_of_breaches_says_why_without_a_formula(firm, breach, as_user) -> None:
    browser = as_user(firm.max)
    browser.post(
        reverse("staff:breach", args=[breach.pk]), {"cause": "volume", "explanation": '=HYPERLINK("http://x.example")'}
    )
    page = browser.get(reverse("staff:board_file", args=["breaches"]))
    assert rows(page)[1][-2:] == ["More work than people", '\'=HYPERLINK("http://x.example")']


def test_a_file_of_no_part_is_missing(firm, as_user) -> None:
    assert as_user(firm.max).get(reverse("staff:board_file", args=["salaries"])).status_code == 404


def test_files_cost_as_much_as_their_part_of_the_board(
    firm, desk, breach, as_user, django_assert_max_num_queries
) -> None:
    browser = as_user(firm.max)
    for part, statements in {"open-orders": 6, "promises-kept": 6, "compliance": 8, "breaches": 5}.items():
        with django_assert_max_num_queries(statements):
            browser.get(reverse("staff:board_file", args=[part]))


@pytest.mark.parametrize("period", ["week", "month", "quarter", "century", ""])
def test_any_period_is_a_page(period: str, firm, as_user) -> None:
    assert as_user(firm.max).get(reverse("staff:board"), {"period": period}).status_code == 200


def test_the_cause_of_a_breach_is_named_once_both_parts_are_there(firm, breach, as_user) -> None:
    browser, address = as_user(firm.max), reverse("staff:breach", args=[breach.pk])
    assert browser.get(address).status_code == 200
    page = browser.post(address, {"cause": "", "explanation": "We were slow"})
    assert page.status_code == 422
    assert "We were slow" in page.text
    browser.post(address, {"cause": "volume", "explanation": "We were slow"})
    breach.refresh_from_db()
    assert (breach.cause, breach.explained_by) == ("volume", firm.max)


def test_a_breach_that_nobody_knows_is_missing(firm, as_user) -> None:
    assert as_user(firm.max).get(reverse("staff:breach", args=[10**6])).status_code == 404


def test_an_analyst_does_not_name_causes(firm, breach, as_user) -> None:
    assert as_user(firm.dee).get(reverse("staff:breach", args=[breach.pk])).status_code == 403


def test_search_jumps_to_an_order_and_lists_a_clients_orders(firm, desk, as_user) -> None:
    browser, address = as_user(firm.dee), reverse("staff:search")
    found = browser.get(address, {"q": desk.order.number.lower()})
    assert found["Location"] == reverse("staff:order", args=[desk.order.number])
    listed = browser.get(address, {"q": "whitmore"}).text
    assert desk.order.number in listed
    assert desk.taken_order.number in listed


def test_search_finds_nothing_beyond_ones_products(firm, desk, as_user) -> None:
    page = as_user(firm.cora).get(reverse("staff:search"), {"q": desk.order.number})
    assert page.status_code == 200
    assert "没有找到订单" in page.text  # cora reads Chinese
    assert as_user(firm.cora).get(reverse("staff:order", args=[desk.order.number])).status_code == 404


def test_preferences_are_kept_and_switch_the_keys_off(firm, as_user) -> None:
    browser, address = as_user(firm.dee), reverse("staff:preferences")
    browser.post(address, {"language": "zh-hans"})
    firm.dee.refresh_from_db()
    assert (firm.dee.language, firm.dee.single_keys) == ("zh-hans", False)
    assert 'data-keys="off"' in browser.get(address).text
    assert browser.get(address).context["LANGUAGE_CODE"] == "zh-hans"


def test_the_inbox_is_marked_as_read(firm, as_user) -> None:
    assert as_user(firm.dee).post(reverse("staff:read_notices"))["Location"] == reverse("staff:notices")


def test_the_examiner_verifies_the_ledger(firm, desk, as_user) -> None:
    page = as_user(firm.judith).post(reverse("staff:verify"), follow=True)
    assert page.status_code == 200


def test_the_examiner_reads_one_entry(firm, desk, as_user) -> None:
    entry = Entry.objects.filter(order_ref=desk.order.ledger_ref).first()
    assert as_user(firm.judith).get(reverse("staff:entry", args=[entry.public_id])).status_code == 200
    assert as_user(firm.dee).get(reverse("staff:entry", args=[entry.public_id])).status_code == 403


def test_pages_hold_no_inline_style_or_script(firm, desk, as_user) -> None:
    browser = as_user(firm.max)
    for name in (
        "my_work",
        "queues",
        "approvals",
        "board",
        "breaches",
        "tables",
        "processes",
        "notices",
        "preferences",
    ):
        page = browser.get(reverse(f"staff:{name}")).text
        assert " style=" not in page, name
        assert "<script>" not in page, name
