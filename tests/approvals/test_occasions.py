"""About which orders a matrix comes to be asked, at which branches: nobody is missed where no such order can arise."""

import pytest

from approvals.asked_chains import Asking
from approvals.occasions import Occasion, arising
from approvals.seats import Desk, Firm
from approvals.staffing_checks import of_staffing
from approvals.where_asked import occasions_of, offered
from audit.actors import Actor
from catalog.actions import offer_at_branch
from catalog.models import BranchOffering, Product
from processes.models import ProcessVersion
from processes.queries import forget
from rulebook.models import TableVersion
from rulebook.queries import table_of
from tests.approvals.matrices import AMOUNT, LEAD, MANAGER, matrix, seat

TASK = {"name": "task", "type": "text", "values": ["cash", "fee"]}
ROWS = {"r1": ({"task": '"cash"'}, [LEAD]), "r2": ({"task": '"fee"'}, [MANAGER])}
TABLE = matrix(ROWS, inputs=(TASK, AMOUNT))
NORTH, SOUTH = 1, 2


def two_desks(**seats):
    return Desk(seats, {NORTH: "north", SOUTH: "south"})


def asked_at(*occasions):
    found = arising(Asking(TABLE), [two_desks()], occasions)
    return {desk.where: {rule for asked in chains for rule in asked.rules} for desk, chains in found}


def test_a_chain_is_asked_where_an_order_of_its_kind_can_arise():
    cash = Occasion(frozenset({NORTH}), {"task": frozenset({"cash"})})
    fee = Occasion(frozenset({NORTH, SOUTH}), {"task": frozenset({"fee"})})
    assert asked_at(cash, fee) == {"north": {"r1", "r2"}, "south": {"r2"}}


def test_without_any_product_it_is_asked_everywhere():
    assert asked_at() == {"north and south": {"r1", "r2"}}


def test_a_row_for_no_product_yet_is_asked_wherever_the_matrix_is():
    fee = Occasion(frozenset({SOUTH}), {"task": frozenset({"fee"})})
    assert asked_at(fee) == {"south": {"r1", "r2"}}


def test_the_example_is_of_an_order_that_can_arise():
    table = matrix({"r1": ({"amount": ">= 0"}, [LEAD])}, inputs=(TASK, AMOUNT))
    fee = Occasion(frozenset({SOUTH}), {"task": frozenset({"fee"})})
    ((_desk, (asked,)),) = arising(Asking(table), [two_desks()], [fee])
    assert asked.example["task"] == "fee"


def test_nobody_is_missed_where_no_such_order_can_arise():
    people = Firm((Desk({LEAD: seat("ab")}, {NORTH: "north"}), Desk({MANAGER: seat("ab")}, {SOUTH: "south"})), {})
    assert {found.code for found in of_staffing(TABLE, people)} == {"role_unheld"}
    cash = Occasion(frozenset({NORTH}), {"task": frozenset({"cash"})})
    fee = Occasion(frozenset({SOUTH}), {"task": frozenset({"fee"})})
    assert of_staffing(TABLE, people, (cash, fee)) == []


def in_force(key):
    return table_of(TableVersion.objects.get(table__key=key, state="in_force"))


def of_products(table):
    """What each product lets the matrix be asked with, by the branches that offer it."""
    return [(occasion.branches, dict(occasion.given)) for occasion in occasions_of(table, offered())]


def test_the_drawings_and_forms_of_the_products_say_it(firm):
    here = frozenset({firm.eve.team.branch_id})
    destination = {"destination": {"own", "third_party"}}
    assert of_products(in_force("transfers")) == [
        (here, {"transfer": {"full_acat"}, **destination}),
        (here, {"transfer": {"non_acat_journal", "non_acat_wire", "non_acat_dtc"}, **destination}),
    ]
    assert of_products(in_force("firm")) == [(here, {"task": {"fee_waiver_or_adjustment"}})]
    assert of_products(in_force("advisor")) == [(here, {"product": {"fee_schedule_adjustment"}})]


def test_a_branch_that_offers_it_counts_from_then_on(firm, now):
    nanjing = firm.cora.team.branch
    full = Product.objects.get(code="full_acat")
    offer_at_branch(full, nanjing, parameters={}, actor=Actor.system("test"), now=now)
    ((branches, _given), _other) = of_products(in_force("transfers"))
    assert nanjing.pk in branches
    BranchOffering.objects.filter(product__family="transfer").delete()
    assert of_products(in_force("transfers")) == []


@pytest.fixture
def _read_anew():
    yield forget()
    forget()


@pytest.mark.usefixtures("_read_anew")
def test_a_step_that_asks_for_it_in_its_own_words_widens_it(firm):
    version = ProcessVersion.objects.get(model__key="full_acat", state="in_force")
    form = {"properties": {"transfer": {"enum": ["partial_acat"]}, "destination": {"type": "string"}}}
    ProcessVersion.objects.filter(pk=version.pk).update(forms={"validate_transfer": form})
    ((_branches, given), _other) = of_products(in_force("transfers"))
    assert given == {"transfer": {"full_acat", "partial_acat"}}  # of the destination anything may be typed


def test_it_costs_a_fixed_number_of_statements(firm, django_assert_num_queries):
    offered()  # the drawings are read once a process
    with django_assert_num_queries(3):
        offered()


@pytest.mark.parametrize("key", ["firm", "transfers", "advisor"])
def test_every_product_of_a_matrix_is_found_in_the_demo(firm, key):
    assert of_products(in_force(key))
