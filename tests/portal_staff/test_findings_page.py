"""What the checker and the expression language say stands on the pages in the reader's language."""

import copy

import pytest
from django.urls import reverse

from audit.actors import Actor
from rulebook import actions
from rulebook.models import Table, TableVersion


@pytest.fixture
def draft(firm, now):
    """draft(**cells): a draft of the firm's matrix whose first rule has these cells."""

    def made(**cells):
        table = Table.objects.get(key="firm")
        body = copy.deepcopy(TableVersion.objects.get(table=table, state="in_force").body)
        body["rules"][0]["when"] |= cells
        return actions.draft_version(table, body=body, actor=Actor.of(firm.alan), now=now)

    return made


@pytest.fixture
def chinese(firm, as_user):
    """Alan's browser, in Chinese."""
    browser = as_user(firm.alan)
    browser.cookies["django_language"] = "zh-hans"
    return browser


def address(name, version):
    return reverse(f"staff:{name}", args=["firm", version.number])


@pytest.mark.parametrize(
    ("cell", "says", "english"),
    [
        ("[5..1]", "没有任何值满足 amount [5..1]。", "No value passes"),
        ("modulo(?, 2) = 0", "因此无法证明其没有缺口和重叠。", "so gaps and overlaps"),
    ],
)
def test_a_finding_is_said_in_the_readers_language(draft, chinese, cell, says, english):
    text = chinese.get(address("version", draft(amount=cell))).text
    assert says in text
    assert english not in text


def test_a_cell_that_cannot_be_read_is_explained_in_the_readers_language(draft, chinese):
    page = address("edit_version", draft())
    shown = chinese.get(page).context
    sent = {"rows": str(shown["count"]), "revision": str(shown["revision"]), "do": "save"}
    for row in shown["rows"]:
        sent |= {cell.name: cell.text for cell in [*row.cells, *row.notes]}
        sent |= {} if row.is_default else {f"r{row.place}-id": row.rule}
    text = chinese.post(page, {**sent, "r0-when-amount": "< < 5"}).text
    assert "起无法读取。（第 3 个字符处）类型为数字的列可填写，例如" in text
    assert "takes for example" not in text
