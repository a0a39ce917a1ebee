"""The demo's processes, walked by the engine: how they complete, are refused, and close for want of an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from calendars.shipped import load
from processes.business_time import moment_after
from processes.engine import (
    CalledCompleted,
    CallProcess,
    CancelTimer,
    Finished,
    Graph,
    ReachMilestone,
    SetTimer,
    Started,
    TaskCompleted,
    TimerDue,
    advance,
    compile_graph,
    parse,
)
from processes.engine.outside import Outside
from processes.evaluate import evaluate

DEMO = Path(__file__).resolve().parents[2] / "demo"
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
OUTSIDE = Outside(evaluate, due=lambda code, start, text: moment_after(load(code), start, text))
GOOD = {
    "address_check": "confirmed", "document_check": "valid", "designation_check": "valid", "deed_check": "valid",
    "cost_basis_check": "complete", "figures_check": "ready", "closure_check": "ready", "transfer_check": "valid",
    "pre_review": "passed", "visit_result": "signed", "approval": "approved", "custodian_outcome": "acknowledged",
    "payment_check": "ready", "journal_check": "ready",
    "custodian_next": "send_again", "advisor_review_wanted": True, "transfer": "non_acat_wire",
    "amount": {"amount": "50000.01", "currency": "USD"}, "appointment": "2026-11-24T09:45:00+08:00",
}  # fmt: skip
CHECKS = {
    "address_change": ("address_check", "proof_needed"),
    "name_change": ("document_check", "missing"),
    "beneficiary_change": ("designation_check", "missing"),
    "account_reregistration": ("deed_check", "missing"),
    "fee_schedule_adjustment": ("figures_check", "question"),
    "account_closure": ("closure_check", "details_needed"),
    "full_acat": ("transfer_check", "papers_needed"),
    "partial_acat": ("transfer_check", "papers_needed"),
    "non_acat_transfer": ("transfer_check", "papers_needed"),
    "cash_disbursement": ("payment_check", "papers_needed"),
    "registration_journal": ("journal_check", "papers_needed"),
    "corporate_account_opening": ("pre_review", "papers_missing"),
}
TRANSFERS = ("full_acat", "partial_acat", "non_acat_transfer")
PAYMENTS = ("cash_disbursement", "registration_journal")
CUSTODIAN_BOUND = (*TRANSFERS, *PAYMENTS, "name_change", "account_reregistration", "account_closure")


class Walk:
    """One order's process: completes what is open until it ends; where nothing is open, time passes."""

    def __init__(self, code: str, *, silent: frozenset[str] = frozenset(), **changed: Any) -> None:
        self.graph: Graph = compile_graph(parse((DEMO / "products" / code / "process.bpmn").read_bytes()))
        self.silent, self.now, self.state, self.outcome = silent, NOW, {}, ""
        self.tasks: dict[int, str] = {}
        self.timers: dict[int, datetime] = {}
        self.done: list[str] = []
        self.reached: list[str] = []
        self.called: list[str] = []
        self.send(Started({**GOOD, **changed}))

    def send(self, event: Any) -> None:
        self.state, effects = advance(self.graph, self.state, event, self.now, OUTSIDE)
        self.tasks = self.graph.open_tasks(self.state)
        for effect in effects:
            if isinstance(effect, SetTimer):
                self.timers[effect.timer] = effect.due
            elif isinstance(effect, CancelTimer):
                self.timers.pop(effect.timer, None)
            elif isinstance(effect, ReachMilestone):
                self.reached.append(effect.key)
            elif isinstance(effect, CallProcess):  # what is called is played in test_process_bus.py
                self.called.append(effect.process)
                self.send(CalledCompleted(effect.call, {}, "completed"))
            elif isinstance(effect, Finished):
                self.outcome = effect.outcome

    def to_the_end(self, **answers: list[dict[str, Any]]) -> Walk:
        """answers: for a node, what each completion of it gives, in turn; afterwards it gives nothing new."""
        for _ in range(60):
            if self.outcome:
                return self
            ready = [(number, node) for number, node in self.tasks.items() if node not in self.silent]
            if ready:
                number, node = ready[0]
                self.done.append(node)
                self.send(TaskCompleted(number, answers[node].pop(0) if answers.get(node) else {}))
            else:
                number = min(self.timers, key=lambda one: self.timers[one])
                self.now = self.timers.pop(number)
                self.send(TimerDue(number))
        raise AssertionError(f"Expected an end, but it still waits at {self.tasks}")

    @property
    def requests(self) -> frozenset[str]:
        """Nodes that ask the client for something."""
        return frozenset(node.id for node in self.graph.nodes.values() if node.kind == "client")


@pytest.mark.parametrize("code", CHECKS)
def test_an_order_in_which_all_is_well_completes_and_reaches_every_milestone(code: str) -> None:
    walk = Walk(code).to_the_end()
    assert walk.outcome == "completed"
    assert sorted(walk.reached) == sorted({milestone.key for milestone in walk.graph.milestones})
    assert not walk.requests & set(walk.done)


@pytest.mark.parametrize("code", CHECKS)
def test_the_client_is_asked_for_what_is_missing_and_the_check_is_made_again(code: str) -> None:
    check, missing = CHECKS[code]
    walk = Walk(code, **{check: missing})
    ask = next(
        flow.target for node in walk.graph.nodes.values() for flow in node.outgoing if flow.target in walk.requests
    )
    walk.to_the_end(**{ask: [{check: GOOD[check]}]})
    assert walk.outcome == "completed"
    assert walk.done.count(ask) == 1
    assert len(walk.done) > len(set(walk.done))


@pytest.mark.parametrize("code", CHECKS)
def test_a_request_without_an_answer_closes_the_order_after_thirty_days(code: str) -> None:
    check, missing = CHECKS[code]
    walk = Walk(code, **{check: missing})
    walk.silent = walk.requests
    walk.to_the_end()
    assert (walk.outcome, walk.now) == ("cancelled", NOW + timedelta(days=30))


@pytest.mark.parametrize("code", [code for code in CHECKS if code != "fee_schedule_adjustment"])
def test_what_cannot_be_done_is_rejected_before_anybody_else_works_on_it(code: str) -> None:
    walk = Walk(code, **{CHECKS[code][0]: "refused"}).to_the_end()
    assert walk.outcome == "rejected"
    assert len(walk.done) <= 2


@pytest.mark.parametrize("code", CUSTODIAN_BOUND)
def test_without_the_acknowledged_flow_no_completed_end_can_be_reached(code: str) -> None:
    graph = Walk(code).graph
    calls = [node for node in graph.nodes.values() if node.element == "serviceTask"]
    gate = calls[0].outgoing[0].target
    reached: set[str] = set()
    todo = [graph.start]
    while todo:
        node = graph.nodes[todo.pop()]
        if node.id not in reached:
            reached.add(node.id)
            flows = [flow for flow in node.outgoing if node.id != gate or flow.id == node.default]
            todo += [*(flow.target for flow in flows), *node.boundary]
    completed = {
        node.id for node in graph.nodes.values() if node.element == "endEvent" and "milestone" in node.attributes
    }
    assert len(calls) == 1
    assert completed
    assert not completed & reached


@pytest.mark.parametrize("code", CUSTODIAN_BOUND)
def test_a_refused_instruction_is_repaired_and_sent_again(code: str) -> None:
    walk = Walk(code).to_the_end(
        instruct_custodian=[{"custodian_outcome": "rejected"}, {"custodian_outcome": "acknowledged"}]
    )
    assert walk.outcome == "completed"
    assert walk.done.count("instruct_custodian") == 2
    assert walk.done.count("repair_instruction") == 1


# Of business time, from 10:00 on a Monday.
PATIENCE = {
    "cash_disbursement": timedelta(hours=2),
    "registration_journal": timedelta(days=1),
}  # from 10:00 on a Monday


@pytest.mark.parametrize("code", CUSTODIAN_BOUND)
def test_a_silent_custodian_is_chased_and_giving_up_rejects_the_order(code: str) -> None:
    walk = Walk(code, silent=frozenset(["instruct_custodian"]))
    walk.to_the_end(chase_custodian=[{"custodian_next": "send_again"}, {"custodian_next": "give_up"}])
    assert walk.outcome == "rejected"
    assert walk.done.count("chase_custodian") == 2
    assert walk.now == NOW + 2 * PATIENCE.get(code, timedelta(days=3))


@pytest.mark.parametrize("code", [*TRANSFERS, *PAYMENTS])
def test_a_transfer_that_is_not_approved_never_reaches_the_custodian(code: str) -> None:
    walk = Walk(code, approval="rejected").to_the_end()
    assert walk.outcome == "rejected"
    assert "instruct_custodian" not in walk.done


@pytest.mark.parametrize(
    ("code", "approval", "prepared"),
    [(code, "approve_transfer", "validate_transfer") for code in TRANSFERS]
    + [("cash_disbursement", "approve_payment", "prepare_payment")]
    + [("registration_journal", "approve_journal", "prepare_journal")]
    + [("fee_schedule_adjustment", node, "prepare_adjustment") for node in ("advisor_approval", "firm_approval")],
)
def test_a_wish_for_more_information_goes_back_to_who_prepared_it(code: str, approval: str, prepared: str) -> None:
    signs = {"advisor_approval": [{"approval": "approved"}] * 3}
    walk = Walk(code).to_the_end(**{**signs, approval: [{"approval": "more_information"}, {"approval": "approved"}]})
    assert walk.outcome == "completed"
    assert walk.done.count(prepared) == 2


@pytest.mark.parametrize("approval", ["advisor_approval", "firm_approval"])
def test_a_fee_adjustment_needs_the_advisor_and_the_firm(approval: str) -> None:
    walk = Walk("fee_schedule_adjustment").to_the_end(**{approval: [{"approval": "rejected"}]})
    assert walk.outcome == "rejected"
    assert walk.done[-1] == approval


@pytest.mark.parametrize(
    ("transfer", "amount", "called"),
    [
        ("non_acat_wire", "50000.01", True),
        ("non_acat_wire", "50000.00", False),
        ("non_acat_journal", "900000.00", False),
        ("non_acat_dtc", "900000.00", False),
    ],
)
def test_only_a_wire_over_fifty_thousand_is_called_back_before_the_approval(
    transfer: str, amount: str, called: bool
) -> None:
    walk = Walk("non_acat_transfer", transfer=transfer, amount={"amount": amount, "currency": "USD"}).to_the_end()
    assert ("call_back" in walk.done[: walk.done.index("approve_transfer")]) is called


def test_an_advisor_who_does_not_answer_does_not_hold_a_beneficiary_change_up() -> None:
    walk = Walk("beneficiary_change", silent=frozenset(["advisor_review"])).to_the_end()
    assert (walk.outcome, walk.now) == ("completed", NOW + timedelta(days=1))
    assert "advisor_review" not in walk.done


def test_a_beneficiary_change_without_a_wish_for_review_does_not_ask_the_advisor() -> None:
    assert "advisor_review" not in Walk("beneficiary_change", advisor_review_wanted=False).to_the_end().done


def test_the_counter_opens_its_work_at_the_time_of_the_appointment() -> None:
    walk = Walk("corporate_account_opening").to_the_end()
    assert walk.now == datetime(2026, 11, 24, 1, 45, tzinfo=UTC)


def test_a_missed_appointment_is_followed_by_a_new_one() -> None:
    later = {"appointment": "2026-11-26T14:15:00+08:00"}
    walk = Walk("corporate_account_opening").to_the_end(
        counter_visit=[{"visit_result": "no_show"}, {"visit_result": "signed"}], ask_new_visit=[later]
    )
    assert (walk.outcome, walk.now) == ("completed", datetime(2026, 11, 26, 6, 15, tzinfo=UTC))


def test_both_checks_of_a_trust_are_made_before_anything_else() -> None:
    walk = Walk("account_reregistration").to_the_end()
    assert set(walk.done[:2]) == {"check_deed", "check_cost_basis"}
    assert (walk.called, walk.done[2]) == (["kyc"], "instruct_custodian")
