"""Written supervisory procedures: the page of a day, what differs from another, and the same as a file."""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest
from django.urls import reverse

from approvals.rules import explain
from audit.actors import Actor
from audit.models import Entry
from portal_staff.procedures import matrices
from portal_staff.procedures.chapters import Chapter, Line, Sentence, changes_between
from portal_staff.procedures.pdf import Entry as PdfEntry
from portal_staff.procedures.pdf import Pages, Part, write_pdf
from rulebook import actions, tasks
from rulebook.feel import compile_unary_tests
from rulebook.feel.limits import Steps
from rulebook.feel.scope import STEPS
from rulebook.models import Table, TableVersion
from tests.approvals.transfers import validated

PAGE, FILE = "/staff/procedures/", "/staff/procedures/file/"
DAY = timedelta(days=1)


@pytest.fixture
def at_work(now, time_machine):
    time_machine.move_to(now + timedelta(hours=1), tick=False)
    return now


@pytest.fixture
def changed(firm, at_work, time_machine):
    """Two days later the transfer desk's rule for seniors begins at 90,000, and one rule is gone."""
    later = at_work + 2 * DAY
    time_machine.move_to(later + timedelta(hours=1), tick=False)
    table = Table.objects.get(key="transfers")
    base = table.versions.get(state="in_force")
    body = deepcopy(base.body)
    body["rules"][4]["when"]["amount"] = "> 90000"
    del body["rules"][5]
    draft = actions.draft_version(table, body=body, base=base, actor=Actor.of(firm.alan), now=later)
    about = {"justification": "Seniors are asked earlier.", "effective_at": later}
    actions.propose_version(draft.pk, **about, actor=Actor.of(firm.alan), now=later)
    actions.approve_version(draft.pk, actor=Actor.of(firm.rob), now=later)
    tasks.put_in_force(later)
    return later


def words_in(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def pdf_of(response) -> pypdfium2.PdfDocument:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return pypdfium2.PdfDocument(response.content)


def text_of(document) -> str:
    return " ".join("\n".join(page.get_textpage().get_text_range() for page in document).split())


def test_each_rule_stands_in_words_with_its_version_and_who_answers_for_it(firm, at_work, as_user) -> None:
    text = words_in(as_user(firm.judith).get(PAGE))
    assert "T4 Where the destination is “Somebody else&#x27;s account”" in text
    assert "the approvals of team lead and compliance are needed, in this order" in text
    assert "M1 Where the product is “Change of address”" in text
    assert "“Verify the new address”: done by hand by a colleague of the queue “Account maintenance”" in text
    assert "Approved by Robert Achterberg" in text
    assert "First version, as the firm&#x27;s procedures state it." in text


def test_how_many_orders_a_sentence_applied_to_stands_beside_it(firm, at_work, as_user) -> None:
    validated(firm, at_work, amount="450000.00")
    chapters = {chapter.id: chapter for chapter in as_user(firm.max).get(PAGE).context["procedures"].chapters}
    counts = {sentence.key: sentence.orders for sentence in chapters["table-transfers"].sentences}
    assert (counts["T1"], counts["T2"]) == (1, 0)
    assert not chapters["table-sla_escalation"].is_counted


def test_the_difference_between_the_two_matrices_is_named_with_all_that_it_depends_on(firm, at_work, as_user) -> None:
    page = as_user(firm.fay).get(PAGE)
    found = page.context["procedures"].matrices
    young = "the client's age on the day is under 65 years or the client's age on the day is not known"
    assert len(found) == 6
    own, third = found[:4], found[4:]
    assert all("the destination is “The client's own account”" in each for each in own)
    assert all("the destination is “Somebody else's account”" in each for each in third)
    assert young in own[0]
    assert "the amount is under 500,000 USD" in own[0]
    assert "“Approval of account transfers” governs and asks for nobody's signature (T1)" in own[0]
    assert "“Delegation of authority of the firm” would ask for team lead (F4)" in own[0]
    assert "the client's age on the day is at least 65 years and the amount is at most 100,000 USD" in own[2]
    assert "asks for team lead and compliance (T4)" in third[0]
    assert "the sum to the same beneficiary in a day or a week" in page.text


def in_force(key: str) -> TableVersion:
    return Table.objects.get(key=key).versions.get(state="in_force")


@pytest.mark.parametrize("destination", ["own", "third_party"])
@pytest.mark.parametrize("age", [None, "64", "65", "99"])
@pytest.mark.parametrize("amount", ["0.01", "100000", "100000.01", "499999.99", "500000", "2000000", "2000000.01"])
def test_what_is_said_of_two_matrices_is_so_of_every_order(firm, destination, age, amount) -> None:
    compared = matrices.Compared(in_force("transfers"), in_force("firm"), matrices.FULL_TRANSFER)
    facts = {"destination": destination, "client_age": age and Decimal(age), "amount": Decimal(amount)}
    signers = tuple(
        explain(table, {**about, **{column.name: facts.get(column.name) for column in table.inputs} | about}).signers
        for table, about in zip(compared.tables, compared.facts, strict=True)
    )

    def holds(box) -> bool:
        cells = ((name, compared.cell(name, places)) for name, places in box.stretches.items())
        return all(compile_unary_tests(cell).run(facts[name], {STEPS: Steps()}) for name, cell in cells)

    assert [box.signers for box in compared.boxes() if holds(box)] == ([signers] if signers[0] != signers[1] else [])


def test_where_a_cell_cannot_be_cut_nothing_is_claimed(firm) -> None:
    desk = TableVersion(body=deepcopy(in_force("transfers").body))
    desk.body["rules"][4]["when"]["amount"] = "modulo(?, 2) = 0"
    assert not matrices.Compared(desk, in_force("firm"), matrices.FULL_TRANSFER).is_exact


def test_sentences_that_came_went_and_changed_since_another_day_are_shown(firm, changed, as_user) -> None:
    page = as_user(firm.rob).get(PAGE, {"on": "2026-11-18", "against": "2026-11-16"})
    (change,) = page.context["procedures"].changes
    assert (change.title, change.before, change.after) == ("Approval of account transfers", 1, 2)
    kinds = {line.key: (line.kind, line.before, line.after) for line in change.lines}
    assert kinds["T5"][0] == "changed"
    assert "over 100,000 USD" in kinds["T5"][1]
    assert "over 90,000 USD" in kinds["T5"][2]
    assert kinds["T6"][::2] == ("removed", "")
    assert len(kinds) == 2
    assert "Seniors are asked earlier." in words_in(page)


def test_the_order_of_the_two_days_does_not_matter(firm, changed, as_user) -> None:
    page = as_user(firm.rob).get(PAGE, {"on": "2026-11-16", "against": "2026-11-18"})
    (change,) = page.context["procedures"].changes
    assert (change.before, change.after) == (1, 2)
    assert "over 100,000 USD" in words_in(page).split("T5 Where")[-1]


def test_days_on_which_the_same_governed_do_not_differ(firm, changed, as_user) -> None:
    page = as_user(firm.rob).get(PAGE, {"on": "2026-11-16", "against": "2026-11-17"})
    assert page.context["procedures"].changes == []
    assert "No sentence differs" in page.text


def test_before_the_first_version_nothing_was_in_force(firm, at_work, as_user) -> None:
    assert "Nothing was in force then" in as_user(firm.rob).get(PAGE, {"on": "2020-01-01"}).text


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"on": "2026-11-17"}, "on", "Choose today or a day before"),
        ({"on": "31.2.2026"}, "on", "Enter a valid date."),
        ({"on": ""}, "on", "This field is required."),
        ({"against": "2199-01-01"}, "against", "Choose today or a day before"),
        ({"on": "2026-11-16", "against": "2026-11-16"}, "against", "Choose another day"),
        ({"period": "ever"}, "period", "Select a valid choice"),
    ],
)
def test_a_day_that_cannot_be_told_is_refused_at_its_field(asked, field, said, firm, at_work, as_user) -> None:
    browser = as_user(firm.judith)
    for page in (browser.get(PAGE, asked), browser.post(FILE, asked)):
        assert page.status_code == 422
        assert said in page.context["form"].errors[field][0]
        assert said in page.text
    assert not Entry.objects.filter(fact="insights.procedures.taken").exists()


def test_compliance_reads_all_without_addresses_that_are_closed_to_it(firm, at_work, as_user) -> None:
    text = as_user(firm.fay).get(PAGE).text
    assert "Delegation of authority of the firm" in text
    assert reverse("staff:version", args=["firm", 1]) not in text
    assert reverse("staff:version", args=["firm", 1]) in as_user(firm.judith).get(PAGE).text


def test_the_file_says_what_the_page_says(firm, changed, as_user) -> None:
    browser = as_user(firm.judith)
    asked = {"on": "2026-11-18", "against": "2026-11-16", "period": "month"}
    document = pdf_of(browser.post(FILE, {**asked, "language": "en"}))
    text = text_of(document)
    for chapter in browser.get(PAGE, asked).context["procedures"].chapters:
        assert chapter.title in text
    assert "T4 Where the destination is “Somebody else's account”" in text
    assert "Seniors are asked earlier." in text
    assert "What changed between Mon 16 Nov 2026 and Wed 18 Nov 2026" in text
    assert "by Judith Marsh" in text
    assert "Harbor & Lane" in text


def test_the_file_has_a_title_contents_page_numbers_and_an_outline(firm, at_work, as_user) -> None:
    document = pdf_of(as_user(firm.judith).post(FILE, {"language": "en"}))
    assert document.get_metadata_dict()["Title"] == "Written supervisory procedures"
    assert document.get_metadata_dict()["Author"] == "Harbor & Lane"
    contents, third = (document[number].get_textpage().get_text_range() for number in (1, 2))
    assert re.search(r"1\. Where two matrices differ[ .]*3", contents)
    assert "page 3" in third
    titles = [entry.get_title() for entry in document.get_toc()]
    assert titles[0] == "1. Where two matrices differ"
    assert len(titles) == 1 + len(as_user(firm.judith).get(PAGE).context["procedures"].chapters)


def test_the_file_in_chinese_has_chinese_text_that_can_be_searched(firm, at_work, as_user) -> None:
    response = as_user(firm.judith).post(FILE, {"language": "zh-Hans"})
    document = pdf_of(response)
    assert document.get_metadata_dict()["Title"] == "书面监督程序"
    assert "当去向为“他人账户”时：由运营专员经办；须依次经团队主管和合规审批" in text_of(document).replace(" ", "")
    assert b"/Lang (zh-CN)" in response.content
    assert response["Content-Disposition"] == 'attachment; filename="procedures-2026-11-16-zh-Hans.pdf"'


def test_who_took_a_file_is_on_record(firm, at_work, as_user) -> None:
    response = as_user(firm.fay).post(FILE, {"language": "en"})
    entry = Entry.objects.get(fact="insights.procedures.taken")
    assert entry.actor == f"user:{firm.fay.pk}"
    assert entry.data["sha256"] == hashlib.sha256(response.content).hexdigest()


def test_a_decision_model_is_a_chapter_with_its_approver_and_why(firm, as_user) -> None:
    page = as_user(firm.judith).get(reverse("staff:procedures"))
    (chapter,) = [each for each in page.context["procedures"].chapters if each.kind == "model"]
    assert (chapter.version.number, chapter.version.checker) == (1, firm.rob)
    assert chapter.sentences[0].text.startswith(
        "“Points of identity” is decided by a table of 3 rows from Tax residence"
    )
    assert chapter.sentences[-1].text.startswith("“Risk score” is decided as Points of identity + Points of the watch")
    assert "Decision model: Points of client risk" in page.text
    assert reverse("staff:model_version", args=["kyc_risk", 1]) in page.text


def test_the_statements_of_the_page_are_bounded(firm, changed, as_user, django_assert_num_queries) -> None:
    browser = as_user(firm.judith)
    asked = {"on": "2026-11-18", "against": "2026-11-16"}
    browser.get(PAGE, asked)  # drawings are read once in a process
    with django_assert_num_queries(27):
        browser.get(PAGE, asked)


def test_chapters_that_come_are_counted_and_those_that_go_are_told_in_full() -> None:
    old = Chapter("a", "routing", "A", TableVersion(number=1), [Sentence("R1", "one"), Sentence("", "else")])
    new = Chapter("b", "routing", "B", TableVersion(number=4), [Sentence("R1", "two")])
    came, went = changes_between([old], [new])
    assert (came.title, came.before, came.after, came.new, came.lines) == ("B", None, 4, 1, [])
    assert (went.before, went.after) == (1, None)
    assert went.lines == [Line("removed", "R1", "one"), Line("removed", "", "else")]


def test_marks_in_a_text_are_letters_in_the_file_and_a_long_one_goes_on() -> None:
    entries = [PdfEntry(f"R<{number}>", f"<b>& “{number}” 林梅 </para><img src='x'/>", "note") for number in range(200)]
    pages = Pages("A & B", "Firm <1>", "en-US", [("On", "now")], [Part("One & two", [("Why", "<i>")], entries)])
    document = pypdfium2.PdfDocument(write_pdf(pages))
    text = text_of(document)
    assert "R<199> <b>& “199” 林梅 </para><img src='x'/>" in text
    assert len(document) > 5
