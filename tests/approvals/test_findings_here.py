"""The checks with the people of a firm: who holds what is read from the database, in as many statements as ever."""

import io
import json

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from accounts.authority import forget
from approvals.staffing import firm_at
from audit.actors import Actor
from catalog.actions import offer_at_branch
from catalog.models import Product
from demo import files
from rulebook.findings import findings_here
from rulebook.models import Table, TableVersion
from rulebook.queries import table_of
from rulebook.tables import load_table
from tests.accounts.test_delegating import lend


def found(key, now):
    return findings_here("approval_matrix", table_of(TableVersion.objects.get(table__key=key, state="in_force")), now)


def checked(path, *options):
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("rules", "check", str(path), *options, stdout=out, stderr=err, no_color=True)
    except SystemExit as ended:
        status = ended.code
    return status, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("key", ["firm", "transfers", "advisor"])
def test_no_matrix_in_force_of_the_demo_has_an_error(firm, now, key):
    assert not [finding for finding in found(key, now) if finding.is_error]


def test_branches_are_served_by_their_own_queue_or_the_first(firm, now):
    desks = {desk.where: desk for desk in firm_at(now).desks}
    assert set(desks) == {"New York head office and Amsterdam loan desk", "Nanjing branch counter"}
    leads = {where: {firm_at(now).name(one) for one in desk.seat("team_lead").holders} for where, desk in desks.items()}
    assert leads == {
        "New York head office and Amsterdam loan desk": {"Evelyn Carter", "Omar Haddad"},
        "Nanjing branch counter": {"Zhou Min"},
    }
    assert all(desk.seat("advisor").is_personal for desk in desks.values())


def test_who_reads_it_costs_a_fixed_number_of_statements(firm, now, django_assert_num_queries):
    with django_assert_num_queries(6):
        firm_at(now)
    lend(firm.eve, firm.dee, now)
    lend(firm.omar, firm.dov, now)
    with django_assert_num_queries(8):  # two more: where those to whom it is lent can sign
        assert set(firm_at(now).lent) == {firm.eve.pk, firm.omar.pk}


def test_nobody_is_missed_who_let_somebody_sign_for_them(firm, now):
    said = [finding.message for finding in found("firm", now) if "Fay Lindqvist" in finding.message]
    assert said == [  # its products are offered in New York alone
        "If Fay Lindqvist is away or prepared it, this chain in New York head office waits for its time-out; "
        "then it asks Robert Achterberg."
    ]
    lend(firm.fay, firm.dee, now)
    assert not [finding for finding in found("firm", now) if "Fay Lindqvist" in finding.message]


def test_a_role_left_by_its_last_holder_is_an_error_where_it_is_missing(firm, now):
    lead = Group.objects.get(name="lead:corporate").user_set.get()
    lead.groups.remove(Group.objects.get(name="role:team_lead"))
    forget(lead)
    assert not [finding for finding in found("transfers", now) if finding.is_error]  # no transfer arises there
    full, nanjing = Product.objects.get(code="full_acat"), lead.team.branch
    offer_at_branch(full, nanjing, parameters={}, actor=Actor.system("test"), now=now)
    errors = [finding for finding in found("transfers", now) if finding.is_error]
    assert [(finding.code, finding.message) for finding in errors] == [
        ("role_unheld", "Nobody holds the role Team lead in Nanjing branch counter, so nobody can ever sign there.")
    ]


def test_the_command_asks_nobody_unless_it_is_told_to(firm, tmp_path):
    flawed = next(body for body in files.tables() if body["key"] == "firm")
    flawed["rules"][2]["then"]["roles"] = '["operations_analyst"]'
    path = tmp_path / "firm.json"
    path.write_text(json.dumps(flawed))
    status, out, _err = checked(path, "--json")
    answer = json.loads(out)
    assert (status, answer["ok"]) == (0, True)  # whole as a table: that is what it was asked
    assert [each["code"] for each in answer["findings"]] == ["not_monotone"]
    assert answer["findings"][0]["examples"][1]["amount"] == "100000.01" or answer["findings"][0]["level"] == "error"
    status, out, _err = checked(path, "--json", "--with-people")
    codes = [each["code"] for each in json.loads(out)["findings"]]
    assert (status, codes[0]) == (1, "not_monotone")
    assert "not_staffable_without" in codes
    Table.objects.get(key="firm")
    path.write_text(json.dumps({**flawed, "key": "unknown"}))
    assert checked(path, "--with-people")[0] == 2


@pytest.mark.parametrize(("column", "cell"), [("roles", "[5]"), ("roles", '["wizard"]'), ("adds_at_most", '"5 days"')])
def test_the_command_names_an_answer_that_no_chain_can_be_made_from(firm, tmp_path, column, cell):
    flawed = next(body for body in files.tables() if body["key"] == "firm")
    flawed["rules"][2]["then"][column] = cell
    path = tmp_path / "firm.json"
    path.write_text(json.dumps(flawed))
    status, out, _err = checked(path, "--json", "--with-people")
    found = [(each["code"], each["level"], each["column"]) for each in json.loads(out)["findings"]]
    assert (status, found) == (1, [("unworkable", "error", column)])
    if column == "adds_at_most":
        assert [each["code"] for each in json.loads(checked(path, "--json")[1])["findings"]] == ["unworkable"]


def test_findings_stand_at_the_table_at_the_draft_and_in_its_editor(firm, client):
    client.force_login(firm.alan, backend="django.contrib.auth.backends.ModelBackend")
    said = "If Helen Brandt is away or prepared it"
    assert said in client.get(reverse("staff:table", args=["firm"])).text
    client.post(reverse("staff:draft_version", args=["firm"]))
    draft = TableVersion.objects.get(table__key="firm", state="draft")
    assert said in client.get(reverse("staff:version", args=["firm", draft.number])).text
    assert said in client.get(reverse("staff:edit_version", args=["firm", draft.number])).text


def test_in_chinese_everything_but_the_names_is_chinese(firm, client):
    client.force_login(firm.alan, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "zh-hans"
    page = client.get(reverse("staff:table", args=["firm"])).text
    assert "若 Helen Brandt 不在或本人经办，在纽约总部此审批链须等到超时" in page


def test_a_table_of_another_kind_is_not_asked(firm, now):
    body = next(body for body in files.tables() if body["key"] == "break_severity")
    assert findings_here("break_severity", load_table(body), now) == []
