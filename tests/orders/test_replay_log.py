"""Recorded applications driven through the real actions, and orders made from files."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from accounts import actions as accounts
from accounts.models import Branch, User
from audit.actors import Actor
from audit.models import Entry
from catalog import actions as catalog
from catalog.models import Channel, Product
from demo import files
from orders.loan_log import write_log
from orders.models import Order
from orders.replay import read_plans, replay
from processes import actions as processes
from tests.firm import Cast
from work.models import WorkItem

LOADER = Actor.system("test set-up")
pytestmark = pytest.mark.usefixtures("loan")


@pytest.fixture
def loan(firm: Cast, now: datetime) -> Product:
    """The personal loan on the small firm's shelf, its process in force."""
    folder = next(path for path in files.product_folders() if path.name == "personal_loan")
    known = Product.objects.filter(code=folder.name).first()
    return known or _shelved(folder, firm, now)


def _shelved(folder: Path, firm: Cast, now: datetime) -> Product:
    about, when = files.read_yaml(str(folder / "product.yaml")), {"actor": LOADER, "now": now}
    names = {name: about[name] for name in ("code", "name", "summary", "family", "icon", "audience")}
    form, parameters = files.read_json(folder / "order_form.json"), about["parameters"]
    product = catalog.add_product(**names, form=form, process_key=about["process"], parameters=parameters, **when)
    for channel in Channel.objects.all():
        catalog.list_product(product, channel, **when)
    catalog.offer_at_branch(product, Branch.objects.get(code="amsterdam"), parameters={}, **when)
    accounts.grant(accounts.group("team:lending"), "view_product", product, **when)
    model = processes.add_model(key=product.process_key, name=product.name, **when)
    for right, user in (("edit_process", firm.alan), ("approve_process", firm.nadia)):
        accounts.grant(accounts.group("role:administrator"), right, model, **when)
        user.__dict__.pop("_held_rights", None)
    xml, forms = files.process_of(folder)
    maker, checker = Actor.of(firm.alan), Actor.of(firm.nadia)
    draft = processes.draft_version(product.process_key, xml=xml, forms=forms, actor=maker, now=now, file="loan.bpmn")
    processes.propose_version(draft.pk, justification="First version.", effective_at=now, actor=maker, now=now)
    processes.approve_version(draft.pk, actor=checker, now=now)
    processes.put_in_force(**when)
    return product


@pytest.fixture
def log(tmp_path: Path) -> tuple[Path, Path]:
    """A generated log: (applications, events)."""
    return write_log(tmp_path, applications=12, seed=5)


def test_a_log_is_replayed_at_its_times_with_its_people(log: tuple[Path, Path]) -> None:
    plans = read_plans(log[1], log[0])
    result = replay(plans)
    tally = result.tally
    assert (tally.applications, tally.true_outcome) == (12, tally.closed)
    assert tally.work_items_matched == tally.work_items > 0
    assert not tally.moves_refused
    for plan in plans:
        done = [move for move in plan.moves if move.kind == "complete"]
        order = Order.objects.get(idempotency_key=f"personal_loan:{plan.application.number}")
        items = WorkItem.objects.filter(order=order, state="completed").order_by("ended_at")
        assert [(item.node, item.ended_at) for item in items] == [(move.node, move.at) for move in done]
        names = [f"lending-{move.person or 'unrecorded'}" for move in done]
        assert [item.completed_by.username for item in items] == names
        assert order.submitted_at == plan.moves[0].at
    assert not Entry.objects.filter(order_ref=order.ledger_ref, replayed=False).exists()


def test_a_replay_that_was_stopped_goes_on_and_does_nothing_twice(log: tuple[Path, Path]) -> None:
    plans = read_plans(log[1], log[0])
    replay(plans[:4])
    entries = Entry.objects.count()
    assert replay(plans[:4]).actions == 0
    assert Entry.objects.count() == entries
    assert replay(plans).tally.true_outcome == replay(plans).tally.closed


def test_imported_applications_are_replayed_where_they_stand(
    log: tuple[Path, Path], capsys: pytest.CaptureFixture
) -> None:
    call_command("orders", "import", str(log[0]), product="personal_loan", json=True)
    assert Order.objects.filter(product__code="personal_loan").count() == 12
    capsys.readouterr()
    call_command("orders", "replay-log", str(log[1]), applications=log[0], json=True)
    report = json.loads(capsys.readouterr().out)
    assert (report["applications"], report["true_outcome"]) == (12, report["closed"])
    assert report["work_items_matched"] == report["work_items"]
    assert Order.objects.filter(product__code="personal_loan").count() == 12


def test_a_file_imported_twice_creates_nothing_twice(log: tuple[Path, Path], capsys: pytest.CaptureFixture) -> None:
    first, again = (_imported(log[0], capsys) for _ in range(2))
    assert {row["created"] for row in first} == {True}
    assert {row["created"] for row in again} == {False}
    assert [row["number"] for row in first] == [row["number"] for row in again]


def test_a_dry_run_creates_nothing(log: tuple[Path, Path], capsys: pytest.CaptureFixture) -> None:
    people = User.objects.count()
    assert {row["number"] for row in _imported(log[0], capsys, dry_run=True)} == {None}
    assert not Order.objects.filter(product__code="personal_loan").exists()
    assert User.objects.count() == people


@pytest.mark.parametrize(("keep_good", "created"), [(False, 0), (True, 11)])
def test_a_bad_row_stops_all_unless_the_good_ones_are_kept(
    log: tuple[Path, Path], capsys: pytest.CaptureFixture, keep_good: bool, created: int
) -> None:
    lines = log[0].read_text(encoding="utf-8").splitlines()
    number, at, _, *rest = lines[3].split(",")
    lines[3] = ",".join([number, at, "a lot", *rest])
    log[0].write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = _imported(log[0], capsys, keep_good=keep_good, fails=not keep_good)
    assert [(row["row"], row["column"]) for row in rows if "error" in row] == [(4, "amount_eur")]
    assert Order.objects.filter(product__code="personal_loan").count() == created


def test_a_workbook_is_read_like_a_text_file(log: tuple[Path, Path], capsys: pytest.CaptureFixture) -> None:
    book = Workbook()
    for line in log[0].read_text(encoding="utf-8").splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    path = log[0].with_suffix(".xlsx")
    book.save(path)
    assert [row["key"] for row in _imported(path, capsys)] == [row["key"] for row in _imported(log[0], capsys)]
    assert Order.objects.filter(product__code="personal_loan").count() == 12


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", ":1: the file is empty"),
        ("application,amount\n1,5\n", ":1: missing column amount_eur"),
        (b"\xff\xfe\x00", ":1: the file can't be read"),
        (None, ":1: Expected a file that can be read, but: No such file or directory."),
    ],
)
def test_files_that_cannot_be_imported_are_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture, content: str | bytes | None, message: str
) -> None:
    path = tmp_path / "rows.csv"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(SystemExit) as stopped:
        call_command("orders", "import", str(path), product="personal_loan")
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{path}{message}")
    assert said.count("\n") == 1


def _imported(path: Path, capsys: pytest.CaptureFixture, *, fails: bool = False, **options: bool) -> list[dict]:
    capsys.readouterr()
    expected = pytest.raises(SystemExit) if fails else nullcontext()
    with expected:
        call_command("orders", "import", str(path), product="personal_loan", json=True, **options)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]
