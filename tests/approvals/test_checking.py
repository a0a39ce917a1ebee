"""A matrix that asks for what the firm cannot do is refused when it is written."""

import copy

import pytest

from audit.actors import Actor
from rulebook import actions
from rulebook.models import Table, TableVersion
from rulebook.refusals import TableWrong


def drafted_with(firm, now, **cells):
    table = Table.objects.get(key="transfers")
    body = copy.deepcopy(TableVersion.objects.get(table=table, state="in_force").body)
    body["rules"][0]["then"] |= cells
    return actions.draft_version(table, body=body, actor=Actor.of(firm.alan), now=now)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("roles", '["wizard"]'),
        ("roles", '["team_lead", "head_of_operations"]'),
        ("roles", "5"),
        ("roles", "[5]"),
        ("evidence", '"verbal_callback"'),
        ("adds_at_most", '"soon"'),
        ("adds_at_most", "4"),
    ],
)
def test_a_cell_that_no_chain_can_be_made_from_is_refused_by_name(firm, now, column, cell):
    before = TableVersion.objects.count()
    with pytest.raises(TableWrong) as refused:
        drafted_with(firm, now, **{column: cell})
    assert [name.split(".")[1] for name in refused.value.fields] == [column]
    assert TableVersion.objects.count() == before


def test_a_matrix_of_roles_that_decide_here_is_kept(firm, now):
    cells = {"roles": '["operations_analyst", "team_lead"]', "evidence": '["verbal_callback"]', "adds_at_most": '"4h"'}
    assert drafted_with(firm, now, **cells).state == "draft"
