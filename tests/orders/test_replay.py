"""Reading a recorded loan log, turning it into moves, and what the drawn process allows of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orders.loan_log import write_log
from orders.replay_items import recorded_items
from orders.replay_log import BadLog, read_applications, read_events
from orders.replay_moves import Plan, plan
from orders.replay_simulation import Tally, simulate
from processes.engine import Graph, compile_graph, parse
from processes.evaluate import evaluate

MODEL = Path(__file__).resolve().parents[2] / "demo/products/personal_loan/process.bpmn"
LEADS, COMPLETE, CALL = "W_Afhandelen leads", "W_Completeren aanvraag", "W_Nabellen offertes"
ASSESS, PAPERS, CHANGE = "W_Valideren aanvraag", "W_Nabellen incomplete dossiers", "W_Wijzigen contractgegevens"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return compile_graph(parse(MODEL.read_bytes()))


def written(folder: Path, outcome: str, *events: tuple[str, str, str]) -> tuple[Path, Path]:
    """The two files of a log of one application. events: (activity, lifecycle, who), a minute apart."""
    about, log = folder / "applications.csv", folder / "events.csv"
    about.write_text(
        f"application,submitted_at,amount_eur,outcome\n7,2026-01-05T09:00:00+01:00,5000,{outcome}\n", encoding="utf-8"
    )
    rows = [
        f"7,2026-01-05T09:{minute:02d}:00+01:00,{activity},{lifecycle},{who}"
        for minute, (activity, lifecycle, who) in enumerate(events)
    ]
    log.write_text("\n".join(["application,at,activity,lifecycle,resource", *rows]) + "\n", encoding="utf-8")
    return about, log


def plans(about: Path, log: Path) -> list[Plan]:
    applications = read_applications(about)
    return [plan(applications[number], events) for number, events in read_events(log)]


def moves(found: Plan) -> list[tuple[str, str, str | None, str]]:
    return [(move.kind, move.node, move.person, move.next) for move in found.moves]


def test_an_item_is_put_down_until_the_log_shows_what_came_next(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        "A_DECLINED",
        ("A_SUBMITTED", "COMPLETE", "112"),
        (LEADS, "SCHEDULE", "112"),
        (LEADS, "START", "11"),
        (LEADS, "COMPLETE", "11"),
        (LEADS, "START", "12"),
        (COMPLETE, "SCHEDULE", "12"),
        (LEADS, "COMPLETE", "12"),
        (COMPLETE, "START", "13"),
        ("A_DECLINED", "COMPLETE", "13"),
        (COMPLETE, "COMPLETE", "13"),
    )
    [found] = plans(*files)
    assert found.credit_check == "unsure"
    assert moves(found) == [
        ("submit", "", "112", ""),
        ("start", "handle_lead", "11", ""),
        ("put_down", "handle_lead", "11", ""),
        ("start", "handle_lead", "12", ""),
        ("complete", "handle_lead", "12", "complete_application"),
        ("start", "complete_application", "13", ""),
        ("complete", "complete_application", "13", "declined"),
    ]


def test_work_that_names_nobody_belongs_to_who_set_a_state_meanwhile(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        "A_ACTIVATED",
        ("A_SUBMITTED", "COMPLETE", "112"),
        (COMPLETE, "SCHEDULE", "112"),
        (COMPLETE, "START", ""),
        ("A_ACCEPTED", "COMPLETE", "42"),
        (COMPLETE, "COMPLETE", ""),
    )
    [events] = [events for _, events in read_events(files[1])]
    assert [sitting.person for item in recorded_items(events) for sitting in item.sittings] == ["42"]


def test_an_item_closed_without_being_started_is_done_in_one_go(tmp_path: Path, graph: Graph) -> None:
    files = written(
        tmp_path,
        "A_CANCELLED",
        ("A_SUBMITTED", "COMPLETE", "112"),
        (COMPLETE, "SCHEDULE", "112"),
        (COMPLETE, "START", "11"),
        (COMPLETE, "COMPLETE", "11"),
        (COMPLETE, "COMPLETE", "11"),
        ("A_CANCELLED", "COMPLETE", "112"),
    )
    [found] = plans(*files)
    assert [kind for kind, *_ in moves(found)] == ["submit", "start", "put_down", "start", "complete"]
    assert moves(found)[-1][3] == "cancelled"
    assert _counts(simulate([found], graph, evaluate)) == (1, 1, 1, 1)


def test_moves_at_one_instant_get_times_of_their_own(tmp_path: Path) -> None:
    about, log = write_log(tmp_path, applications=40, seed=3)
    for found in plans(about, log):
        times = [move.at for move in found.moves]
        assert times == sorted(set(times))


def test_an_item_of_an_open_application_stays_open(tmp_path: Path, graph: Graph) -> None:
    files = written(
        tmp_path,
        "OPEN",
        ("A_SUBMITTED", "COMPLETE", "112"),
        (COMPLETE, "SCHEDULE", "112"),
        (COMPLETE, "START", "11"),
        (CALL, "SCHEDULE", "11"),
        (COMPLETE, "COMPLETE", "11"),
    )
    [found] = plans(*files)
    tally = simulate([found], graph, evaluate)
    assert moves(found)[-1] == ("complete", "complete_application", "11", "call_after_offer")
    assert (tally.closed, tally.work_items, tally.work_items_matched) == (0, 2, 2)


def test_what_the_process_does_not_allow_is_refused_by_kind_and_never_forced(tmp_path: Path, graph: Graph) -> None:
    files = written(
        tmp_path,
        "A_ACTIVATED",
        ("A_SUBMITTED", "COMPLETE", "112"),
        (LEADS, "SCHEDULE", "112"),
        (LEADS, "START", "11"),
        (ASSESS, "SCHEDULE", "11"),
        (LEADS, "COMPLETE", "11"),
        (ASSESS, "START", "12"),
        ("A_ACTIVATED", "COMPLETE", "12"),
        (ASSESS, "COMPLETE", "12"),
    )
    tally = simulate(plans(*files), graph, evaluate)
    assert tally.true_outcome == 0
    assert set(tally.moves_refused) == {
        "complete handle_lead: no_flow_taken: next assess",
        "start assess: is not open",
        "complete assess: is not open",
    }
    assert "ended open, recorded completed" in tally.unmatched["7"]


def test_contract_data_that_nobody_changed_is_listed_and_not_counted_as_done(tmp_path: Path, graph: Graph) -> None:
    files = written(
        tmp_path,
        "A_DECLINED",
        ("A_SUBMITTED", "COMPLETE", "112"),
        (COMPLETE, "SCHEDULE", "112"),
        (COMPLETE, "START", "11"),
        ("A_DECLINED", "COMPLETE", "11"),
        (COMPLETE, "COMPLETE", "11"),
        (CHANGE, "SCHEDULE", "11"),
    )
    tally = simulate(plans(*files), graph, evaluate)
    assert (tally.true_outcome, tally.closed_whole, tally.work_items, tally.work_items_matched) == (1, 0, 2, 1)
    assert tally.unmatched == {"7": ["change_contract: opened and never taken up"]}


@pytest.mark.parametrize(
    ("changed", "to", "line", "message"),
    [
        ("lifecycle", "life", 1, "missing column lifecycle"),
        ("A_SUBMITTED", "W_Unknown", 2, "unknown activity 'W_Unknown'"),
        ("SCHEDULE", "LATER", 3, "unknown lifecycle 'LATER'"),
        ("2026-01-05T09:01:00+01:00", "2026-01-05T09:01:00", 3, "at '2026-01-05T09:01:00' has no offset from UTC"),
        ("2026-01-05T09:01:00+01:00", "soon", 3, "at 'soon' is not a date and time"),
        ("2026-01-05T09:01:00", "2026-01-05T08:00:00", 3, "the event is earlier than the one before it"),
        ("7,2026-01-05T09:01", ",2026-01-05T09:01", 3, "application is empty"),
    ],
)
def test_bad_events_are_refused_with_file_and_line(
    tmp_path: Path, changed: str, to: str, line: int, message: str
) -> None:
    _, log = written(tmp_path, "OPEN", ("A_SUBMITTED", "COMPLETE", "112"), (LEADS, "SCHEDULE", "112"))
    log.write_text(log.read_text(encoding="utf-8").replace(changed, to), encoding="utf-8")
    with pytest.raises(BadLog) as refused:
        list(read_events(log))
    assert str(refused.value).startswith(f"{log}:{line}: {message}")


@pytest.mark.parametrize(
    ("changed", "to", "message"),
    [
        ("5000", "50.5", "amount_eur '50.5' is not a whole number of euros"),
        ("5000", "-3", "amount_eur '-3' is not a whole number of euros"),
        ("OPEN", "A_LOST", "unknown outcome 'A_LOST'"),
        (",OPEN", "", "the row has fewer values than the file has columns"),
    ],
)
def test_bad_applications_are_refused_with_file_and_line(tmp_path: Path, changed: str, to: str, message: str) -> None:
    about, _ = written(tmp_path, "OPEN", ("A_SUBMITTED", "COMPLETE", "112"))
    about.write_text(about.read_text(encoding="utf-8").replace(changed, to), encoding="utf-8")
    with pytest.raises(BadLog) as refused:
        read_applications(about)
    assert str(refused.value) == f"{about}:2: {message}"


def test_files_that_are_no_log_are_refused_in_one_line(tmp_path: Path) -> None:
    torn = tmp_path / "torn.csv.gz"
    torn.write_bytes(b"\x1f\x8b nothing that gzip knows")
    for path in (torn, tmp_path / "missing.csv"):
        with pytest.raises(BadLog) as refused:
            list(read_events(path))
        assert "\n" not in str(refused.value)


def test_an_application_torn_apart_in_the_file_is_refused(tmp_path: Path) -> None:
    _, log = written(tmp_path, "OPEN", ("A_SUBMITTED", "COMPLETE", "112"))
    first = log.read_text(encoding="utf-8")
    row = first.splitlines()[1]
    log.write_text(first + row.replace("7,", "8,", 1) + "\n" + row + "\n", encoding="utf-8")
    with pytest.raises(BadLog, match="do not stand together"):
        list(read_events(log))


def test_the_generator_makes_the_same_log_twice_and_another_for_another_seed(tmp_path: Path) -> None:
    first, same, other = (
        write_log(tmp_path / name, applications=30, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert list(read_events(first[1])) == list(read_events(same[1]))
    assert list(read_events(first[1])) != list(read_events(other[1]))


def test_a_generated_log_has_the_shape_of_a_real_one_and_fits_the_process(tmp_path: Path, graph: Graph) -> None:
    about, log = write_log(tmp_path, applications=500, seed=20261122)
    tally = simulate(plans(about, log), graph, evaluate)
    outcomes = [application.outcome for application in read_applications(about).values()]
    assert _counts(tally) == (500, tally.closed, tally.closed, tally.work_items)
    assert not tally.moves_refused
    assert 0.50 < outcomes.count("rejected") / 500 < 0.66  # measured: 0.58
    assert 0.13 < outcomes.count("completed") / 500 < 0.24  # measured: 0.17
    assert 800 < tally.work_items < 1250  # measured: 2.0 an application


@pytest.mark.skipif("LOAN_LOG" not in os.environ, reason="LOAN_LOG names no folder with a recorded log")
def test_the_recorded_log_fits_the_process(graph: Graph) -> None:
    folder = Path(os.environ["LOAN_LOG"])
    tally = simulate(plans(folder / "loan_applications.csv", folder / "loan_events.csv.gz"), graph, evaluate)
    assert tally.closed_whole >= 0.9 * tally.closed


def _counts(tally: Tally) -> tuple[int, int, int, int]:
    return tally.applications, tally.closed, tally.true_outcome, tally.work_items_matched
