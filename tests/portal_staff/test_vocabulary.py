"""Codes are said in words, in both languages, wherever they come from."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from audit.actors import Actor
from audit.models import Entry
from catalog.models import Product
from demo import files
from orders import actions as orders
from portal_staff.activity import Opener, event, names_in, people_of
from portal_staff.vocabulary import Vocabulary
from rulebook.models import TableVersion
from tests.firm import ADDRESS
from tests.portal_staff.test_decision_page import approval_of
from ui.words import date_text

CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")
QUOTED = re.compile(r'"([^"]*)"')
FREE = {"calendar", "driver", "cutoff"}  # columns whose texts are names already
LABELS = {"way": {"by_wire": {"en": "By wire", "zh-Hans": "电汇"}}}


@pytest.mark.parametrize(
    ("name", "code", "en", "zh"),
    [
        ("way", "by_wire", "By wire", "电汇"),
        ("way", "by_mail", "by mail", "by mail"),
        ("roles", "team_lead", "Team lead", "团队主管"),
        ("band", "red", "Critical", "紧急"),
        ("client_tier", "premier", "Premier", None),
        (
            "evidence",
            "verbal_callback",
            "Verbal call-back",
            None,
        ),
        ("product", "address_change", "Change of address", "地址变更"),
        ("queue", "maintenance", "Account maintenance", "账户维护"),
        ("channel", "web", "Web", "网站"),
        ("branch", "new_york", "New York head office", "纽约总部"),
        ("table", "transfers", "Approval of account transfers", "账户转移审批"),
        ("node", "verify_address", "Verify the new address", None),
        ("target", "2bd", "2 business days", "2 个营业日"),
        ("adds_at_most", "4h", "4 h", "4 小时"),
        ("remind_after", "PT15M", "15 min", "15 分钟"),
        ("regulatory", "false", "No", "否"),
        ("orders.order:state", "waiting_on_client", "Waiting for the client", None),
        ("work.item:state", "in_progress", "In progress", None),
        ("skill", "transfers", "Account transfers", "账户转账"),
        ("skill", "custodian", "Custodian exceptions", "托管异常"),
        ("custodian_outcome", "acknowledged", "Acknowledged", "已受理"),
        ("custodian_outcome", "rejected", "Rejected", "已拒绝"),
        ("approval", "approved", "Approved", "已批准"),
        ("approval", "more_information", "More information asked for", None),
        ("anything", "FINRA Rule 11870", "FINRA Rule 11870", "FINRA Rule 11870"),
    ],
)
def test_a_code_is_said_in_words(firm, name: str, code: str, en: str, zh: str | None) -> None:
    words = Vocabulary(labels=LABELS)
    assert words.said(name, code) == en
    with translation.override("zh-hans"):
        said = Vocabulary(labels=LABELS).said(name, code)
        assert said == zh if zh else re.search(r"[\u4e00-\u9fff]", said)


def test_skills_are_said_as_the_firm_names_them() -> None:
    for skill in files.read_yaml("firm.yaml")["skills"]:
        assert Vocabulary().said("skill", skill["code"]) == skill["name"]["en"]
        with translation.override("zh-hans"):
            assert Vocabulary().said("skill", skill["code"]) == skill["name"]["zh-Hans"]


def test_what_the_engine_is_told_has_a_name_in_both_languages() -> None:
    for name in ("approval", "custodian_outcome", "custodian_reference", "custodian_code"):
        assert Vocabulary().label(name) != name.replace("_", " ")
        with translation.override("zh-hans"):
            assert re.search(r"[\u4e00-\u9fff]", Vocabulary().label(name))


def test_our_own_word_for_a_reason_stands_before_a_form_that_asks_one_of_that_name(firm, now) -> None:
    words = Vocabulary(fields={"reason": {"type": "string"}})
    assert words.value("reason", "waiting_on_client", now=now, about="sla.clock") == "Waiting for the client"
    assert words.value("reason", "Too late", now=now, about="orders.order") == "Too late"


def test_rows_are_read_once_for_all_their_codes(firm, django_assert_num_queries) -> None:
    words = Vocabulary()
    with django_assert_num_queries(1):
        assert words.said("queue", "transfers") != words.said("queue", "maintenance")


def codes_of(body: dict) -> list[tuple[str, str]]:
    """Every code of a table: declared values, and what stands quoted in its cells."""
    columns = [*body["inputs"], *body["outputs"]]
    found = [(column["name"], value) for column in columns for value in column.get("values", ())]
    rows = [*body["rules"], {"then": body.get("default") or {}}]
    cells = [cell for row in rows for cell in [*row.get("when", {}).items(), *row["then"].items()]]
    return [*found, *((name, code) for name, cell in cells for code in QUOTED.findall(cell))]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("body", [*files.tables(), *files.table_drafts()], ids=lambda body: body["key"])
def test_every_code_of_the_firms_tables_has_words(firm, body: dict, language: str) -> None:
    here = {code for code, _name in Vocabulary().named("product")}  # the small firm has some products only
    with translation.override(language):
        words = Vocabulary.of_table(body)
        for name, code in codes_of(body):
            if (
                name in FREE
                or name == "product"
                and code not in here
                or name == "node"
                and code not in dict(words.named("node"))
            ):
                continue
            said = words.said(name, code)
            assert not CODE.search(said), (name, code, said)
            assert language == "en" or re.search(r"[\u4e00-\u9fff]", said), (name, code, said)


def test_the_rules_of_a_table_are_said_in_words_with_a_key_to_their_codes(firm, as_user) -> None:
    page = as_user(firm.alan).get(reverse("staff:table", args=["transfers"])).text
    rules, key = page.split("<tbody>")[1].split("</tbody>")[0], page.split('id="codes"')[1].split("</details>")[0]
    assert "Whole account (full ACAT)" in rules
    assert "full_acat" not in rules
    assert "full_acat" in key
    assert "Operations analyst" in rules


def test_a_table_of_before_its_labels_still_shows_its_codes_without_underscores(firm, as_user) -> None:
    version = TableVersion.objects.get(table__key="transfers", state="in_force")
    for column in version.body["inputs"]:
        column.pop("labels", None)
    TableVersion.objects.filter(pk=version.pk).update(body=version.body)
    assert "full acat" in as_user(firm.alan).get(reverse("staff:table", args=["transfers"])).text


def test_the_facts_of_a_decision_are_said_in_words(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    page = as_user(firm.eve).get(reverse("staff:decision", args=[item.public_id])).text
    facts = page.split("Facts that the rules looked at")[1].split("</dl>")[0]
    assert "Whole account (full ACAT)" in facts
    assert "USD 2,000,000.01" in facts
    assert not CODE.search(re.sub(r"<[^>]*>", " ", facts))


# --- the ledger ---


def details(entry: Entry, reader, order) -> dict[str, str]:
    names, words = {**people_of([entry]), **names_in(order)}, Vocabulary.of_order(order)
    shown = event(entry, names, Opener(reader), words)["details"]
    return {str(row["label"]): str(row["value"]) for row in shown}


def latest(fact: str) -> Entry:
    return Entry.objects.filter(fact=fact).latest("pk")


def test_what_changed_is_said_in_words(firm, desk) -> None:
    found = details(latest("work.item.claimed"), firm.dee, desk.order)
    assert found == {"State": "In progress (was Waiting)", "Holder": f"{firm.dee.display_name} (was –)"}
    found = details(latest("orders.order.submitted"), firm.dee, desk.order)
    assert found["Product"] == "Change of address"
    assert found["Branch"] == "New York head office"
    assert found["Which accounts"] == "All my accounts"
    day = date.fromisoformat(ADDRESS["valid_from"])
    assert found["Valid from"] == date_text(day, "en", this_year=timezone.now().year)


def test_a_draft_saved_again_says_what_stood_there_before(firm, now) -> None:
    product, ana = Product.objects.get(code="address_change"), Actor.of(firm.ana)
    first, second = ADDRESS, {**ADDRESS, "street": "1 Elsewhere"}
    del second["region"]
    for answers in (first, second):
        draft = orders.save_draft(
            product=product, client=firm.ana_client, channel="web", answers=answers, idempotency_key="again",
            actor=ana, now=now,
        )  # fmt: skip
    found = details(latest("orders.draft.saved"), firm.dee, draft)
    assert found["Street and number"] == "1 Elsewhere (was 18 Orchard Lane)"
    assert found["State or province"] == "– (was New York)"
    assert found["City"] == "Albany"


def test_what_changed_is_said_in_chinese_too(firm, desk) -> None:
    with translation.override("zh-hans"):
        found = details(latest("work.item.claimed"), firm.dee, desk.order)
    assert set(found) == {"状态", "经办人"}
    assert "（" in found["状态"]


def test_instants_and_amounts_are_said_as_everywhere_else(firm, now) -> None:
    words = Vocabulary()
    with timezone.override("America/New_York"):
        assert words.value("due_at", "2026-11-25T22:00:00.000000Z", now=datetime(2026, 11, 16, tzinfo=UTC)) == (
            "Wed 25 Nov, 17:00"
        )
    assert words.value("amount", {"amount": "1526938.50", "currency": "USD"}, now=now) == "USD 1,526,938.50"
    assert words.value("matrix", "transfers v1", now=now) == "Approval of account transfers, version 1"
    assert words.value("rules", [], now=now) == "–"
    assert words.value("title_matches", True, now=now) == "Yes"


def test_a_drawing_names_queues_and_matrices_in_words(firm, as_user) -> None:
    page = as_user(firm.alan).get(reverse("staff:process", args=["full_acat"])).text
    assert "Approval of account transfers" in page
    assert ">Transfers<" in page
    assert ">Account transfers<" in page


def test_a_sentence_about_a_table_names_it(firm) -> None:
    entry = latest("rulebook.version.drafted")
    name = Vocabulary().said("table", entry.data["table"])
    assert name in event(entry, {}, Opener(firm.judith))["text"]
    assert name != entry.data["table"]


def test_a_sentence_about_a_version_names_its_table_or_process_and_its_number(firm) -> None:
    for fact, name in (("rulebook.version.in_force", "table"), ("processes.version.in_force", "process")):
        entry = latest(fact)
        said, named = event(entry, {}, Opener(firm.judith))["text"], Vocabulary().said(name, entry.data[name])
        assert f"put version {entry.data['number']} of" in said
        assert f"“{named}”" in said
        assert named != entry.data[name]


def test_an_entry_keeps_its_codes_for_the_examiner(firm, desk, as_user) -> None:
    entry = latest("work.item.claimed")
    page = as_user(firm.judith).get(reverse("staff:entry", args=[entry.public_id])).text
    assert "In progress (was Waiting)" in page
    assert "in_progress" in page.split('id="changed"')[1]


def test_a_note_changed_nothing(firm, desk, now) -> None:
    orders.add_note(desk.order.public_id, body="Called", actor=Actor.of(firm.dee), now=now)
    assert details(latest("orders.note.added"), firm.dee, desk.order) == {}


def test_what_somebody_typed_is_shown_as_typed() -> None:
    words = Vocabulary(fields={"remarks": {"type": "string", "maxLength": 40}})
    assert words.value("remarks", "ring_the_bell", now=timezone.now()) == "ring_the_bell"


def test_an_example_has_currencies_units_and_the_words_for_yes_and_no() -> None:
    columns = [
        {"name": "amount", "unit": "USD", "label": {"en": "Amount", "zh-Hans": "金额"}},
        {"name": "client_age", "unit": "years", "label": {"en": "Age", "zh-Hans": "年龄"}},
        {"name": "abroad", "label": {"en": "Abroad", "zh-Hans": "境外"}},
        {"name": "fine", "unit": "USD", "label": {"en": "Fine", "zh-Hans": "细"}},
        {"name": "day", "label": {"en": "Day", "zh-Hans": "日"}},
    ]
    example = {
        "amount": Decimal(500),
        "client_age": Decimal(65),
        "abroad": True,
        "fine": Decimal("1.23456"),
        "day": None,
    }
    english = Vocabulary.of_table({"inputs": columns}).facts(example)
    assert "500.00" in english
    assert "USD" in english
    assert "Age = 65 years, Abroad = Yes, Fine = USD 1.23456, Day = not given" in english
    with translation.override("zh-hans"):
        assert "境外 = 是" in Vocabulary.of_table({"inputs": columns}).facts(example)
