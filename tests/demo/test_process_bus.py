"""Opening an account, re-registering one and the periodic review, played by actions from the order to its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from audit.actors import Actor
from audit.context import replaying
from audit.due import run_due
from audit.invariants import check_all
from catalog.models import Product
from demo import files, load
from demo.history import make_history
from demo.history.papers import paper
from integrations import actions as integrations
from integrations.models import Connector, OutboxCall
from orders import actions as orders
from orders.models import ClientRequest, Milestone, Order
from processes.models import Instance, Message
from processes.tasks import put_in_force
from rulebook.tasks import put_in_force as put_rules_in_force
from tests.conftest import MONDAY
from tests.firm import Cast, submitted
from work import actions as work
from work.models import WorkItem

SIX = {"data_collection", "kyc", "document_review", "custodian_submission", "confirmation_processing"} | {
    "account_activation"
}
CLEAN = {
    "identity_check": "confirmed", "tax_residence": "US", "source_of_funds": "salary", "politically_exposed": False,
    "watch_list_hits": 0,
}  # fmt: skip
ANSWERS: dict[str, dict[str, Any]] = {
    "record_trust": {"trust_kind": "revocable", "trustees_act": "each"},
    "record_estate": {"estate_power": "will"},
    "verify_identity": CLEAN,
    "review_identity_papers": {"papers_check": "complete"},
    "review_trust_papers": {"papers_check": "complete"},
    "review_estate_papers": {"papers_check": "complete"},
    "dispose_hit": {
        "disposition": "false_positive",
        "hit_list": "sanctions",
        "disposition_reason": "Another birthday.",
    },
    "review_risk": {"risk_review": "accepted", "risk_reason": "Known for years."},
    "correct_application": {"corrected": "name"},
    "chase_custodian": {"chase_channel": "phone", "chase_contact": "Peter Lang", "custodian_next": "give_up"},
    "repair_instruction": {"repair_cause": "papers", "repair_done": "Page added.", "custodian_next": "send_again"},
    "compare_title": {"title_check": "same"},
    "activate_account": {"new_account_number": "HL-200001"},
    "send_welcome": {"welcome_sent": "mail"},
    "restrict_account": {"restriction": "no_new_business", "restriction_reason": "True match."},
    "set_next_review": {"next_review": "2027-11-16"},
    "check_deed": {"deed_check": "valid"},
    "check_cost_basis": {"cost_basis_check": "complete", "cost_basis_total": "1000.00"},
}
INDIVIDUAL = {"account_type": "individual", "holder_name": "Ana Whitmore", "custodian": "meridian", "funding": "bank"}
TRUST = {**INDIVIDUAL, "account_type": "trust", "first_trustee": "Ana Whitmore", "second_trustee": "Rosa Delgado"}
ESTATE = {**INDIVIDUAL, "account_type": "estate", "executor_name": "Ana Whitmore"}
COMPLIANCE = ("dispose_hit", "review_risk", "restrict_account")

pytestmark = pytest.mark.django_db


class Played:
    """One order and the people around it; `now` moves."""

    def __init__(self, firm: Cast, order: Order) -> None:
        self.firm, self.order, self.now = firm, order, MONDAY

    @property
    def state(self) -> str:
        return Order.objects.get(pk=self.order.pk).state

    @property
    def nodes(self) -> list[str]:
        return sorted(WorkItem.objects.open().filter(order=self.order).values_list("node", flat=True))

    @property
    def calls(self) -> list[str]:
        waiting = OutboxCall.objects.filter(order=self.order, state__in=("queued", "sent"))
        return sorted(waiting.values_list("operation", flat=True))

    def work(self, node: str, **answers: Any) -> None:
        """Somebody takes the oldest item of a node and completes it."""
        item = WorkItem.objects.open().filter(order=self.order, node=node).order_by("pk").first()
        assert item is not None, f"{node} is not open, but {self.nodes}"
        actor = Actor.of(self.firm.fay if node in COMPLIANCE else self.firm.dee)
        work.claim(item.public_id, actor=actor, now=self.now)
        work.complete(item.public_id, answers={**ANSWERS[node], **answers}, actor=actor, now=self.now)

    def custodian(self, outcome: str = "acknowledged", reference: str = "MC-1") -> None:
        """The custodian answers the only call that waits."""
        call = OutboxCall.objects.get(order=self.order, state__in=("queued", "sent"))
        payload = {"outcome": outcome, "reference": reference if outcome == "acknowledged" else "", "code": "M102"}
        about: dict[str, Any] = {"message_id": uuid4().hex, "call_id": str(call.public_id), "payload": payload}
        connector = Connector.objects.get(pk=call.connector_id)
        message = integrations.receive(connector, **about, actor=connector.as_actor(), now=self.now)
        integrations.apply_message(message.pk, actor=Actor.system("custodian"), now=self.now)

    def request(self) -> ClientRequest:
        return ClientRequest.objects.get(order=self.order, answered_at=None, closed_at=None)

    def answer(self, **answers: Any) -> None:
        """Ana sends what she was asked for."""
        actor = Actor.of(self.firm.ana)
        orders.answer_request(self.request().public_id, answers=answers, actor=actor, now=self.now)

    def wait(self, days: int) -> None:
        """Time passes."""
        self.now += timedelta(days=days)
        with replaying():
            run_due(self.now)

    def variables(self, process: str = "") -> dict[str, Any]:
        """Those of the order's own instance, or of the last one of a process that it called."""
        own = Instance.objects.filter(subject=self.order.subject).order_by("-pk")
        found = own.filter(version__model__key=process) if process else own.filter(parent=None)
        return found[0].state["variables"]

    def reached(self) -> list[str]:
        reached = Milestone.objects.filter(order=self.order).exclude(reached_at=None)
        return list(reached.order_by("position").values_list("key", flat=True))


@pytest.fixture
def bus(firm: Cast) -> Iterator[Cast]:
    """The firm with the three products, and what must always hold at the end of each story."""
    wanted = ("account_opening", "account_reregistration", "periodic_review")
    with replaying():
        standing = load.Firm.standing(MONDAY)
        load.add_products(standing, [path for path in files.product_folders() if path.name in wanted])
    put_rules_in_force(MONDAY)
    put_in_force(MONDAY)
    yield firm
    assert [violation for result in check_all() for violation in result.violations] == []


def opening(firm: Cast, answers: dict[str, Any], key: str = "key-1") -> Played:
    """Ana opens an account."""
    return Played(firm, submitted(firm.ana, firm.ana_client, "account_opening", answers, MONDAY, key=key))


def checked(firm: Cast, answers: dict[str, Any]) -> Played:
    """An opening whose three checks are done: it waits for the custodian."""
    played = opening(firm, answers)
    played.work("verify_identity")
    played.work("review_identity_papers")
    played.custodian(reference="PRE-1")
    assert (played.calls, played.reached()) == (["account_opening"], ["received", "checked"])
    return played


def test_an_individual_s_account_opens_through_six_called_processes(bus: Cast) -> None:
    played = opening(bus, INDIVIDUAL)
    assert played.nodes == ["review_identity_papers", "verify_identity"]
    assert played.calls == ["account_prevalidation"]
    played.work("verify_identity")
    played.work("review_identity_papers")
    played.custodian(reference="PRE-1")
    played.custodian(reference="MC-77")
    assert played.variables()["custodian_reference"] == "MC-77"
    played.work("activate_account")
    played.work("send_welcome")
    assert (played.state, played.reached()) == ("completed", ["received", "checked", "custodian", "done"])
    called = Instance.objects.filter(subject=played.order.subject).exclude(parent=None)
    assert set(called.values_list("version__model__key", flat=True)) == SIX
    assert set(called.values_list("status", "outcome")) == {("completed", "completed")}


def test_the_confirmation_is_a_message_that_only_this_order_takes(bus: Cast) -> None:
    first = checked(bus, INDIVIDUAL)
    second = opening(bus, INDIVIDUAL, "key-2")
    first.custodian(reference="MC-1")
    (message,) = Message.objects.all()
    assert (message.name, message.keys) == ("account_confirmed", {"order": first.order.number})
    assert (first.nodes, second.nodes) == (["activate_account"], ["review_identity_papers", "verify_identity"])


def test_an_acknowledgement_without_a_reference_opens_nothing(bus: Cast) -> None:
    played = checked(bus, INDIVIDUAL)
    played.custodian(reference="")
    assert (played.calls, played.nodes, played.state) == (["account_opening"], [], "in_progress")


def test_everybody_who_acts_for_a_trust_is_known_and_its_title_is_compared(bus: Cast) -> None:
    played = opening(bus, TRUST)
    played.work("record_trust")
    assert played.nodes == ["review_trust_papers", "verify_identity", "verify_identity"]
    items = WorkItem.objects.open().filter(order=played.order, node="verify_identity").order_by("pk")
    assert [item.name["en"] for item in items] == ["Verify the identity (1)", "Verify the identity (2)"]
    played.work("verify_identity")
    played.work("verify_identity", tax_residence="other", source_of_funds="other")
    assert played.nodes == ["review_risk", "review_trust_papers"]
    played.work("review_risk")
    assert (played.variables("kyc")["person_name"], played.variables("kyc")["risk_score"]) == ("Rosa Delgado", 60)
    played.work("review_trust_papers")
    played.custodian(reference="PRE-1")
    assert played.variables()["risks"] == ["low", "high"]
    played.custodian(reference="MC-1")
    played.work("compare_title", title_check="different")
    assert played.calls == ["account_opening"]
    played.custodian(reference="MC-2")
    played.work("compare_title")
    assert played.variables()["custodian_reference"] == "MC-2"
    played.work("activate_account")
    played.work("send_welcome")
    assert played.state == "completed"


def test_an_estate_goes_the_legal_way(bus: Cast) -> None:
    played = opening(bus, ESTATE)
    played.work("record_estate")
    assert played.nodes == ["review_estate_papers", "verify_identity"]


def test_each_watch_list_hit_is_disposed_of_before_the_risk_is_scored(bus: Cast) -> None:
    played = opening(bus, INDIVIDUAL)
    played.work("verify_identity", watch_list_hits=2)
    assert played.nodes == ["dispose_hit", "dispose_hit", "review_identity_papers"]
    played.work("dispose_hit")
    assert played.nodes == ["dispose_hit", "review_identity_papers"]
    played.work("dispose_hit")
    known = played.variables("kyc")
    assert known["dispositions"] == ["false_positive", "false_positive"]
    assert (known["risk_score"], known["risk"]) == (20, "low")
    assert played.nodes == ["review_identity_papers"]


def test_a_true_hit_ends_the_order_and_everything_beside_it(bus: Cast) -> None:
    played = opening(bus, INDIVIDUAL)
    played.work("verify_identity", watch_list_hits=2)
    played.work("dispose_hit")
    played.work("dispose_hit", disposition="true_match")
    assert (played.state, played.nodes, played.calls) == ("rejected", [], [])


@pytest.mark.parametrize(
    ("node", "answers"),
    [("verify_identity", {"identity_check": "refused"}), ("review_identity_papers", {"papers_check": "refused"})],
)
def test_a_check_that_fails_ends_the_others(bus: Cast, node: str, answers: dict[str, Any]) -> None:
    played = opening(bus, INDIVIDUAL)
    played.work(node, **answers)
    assert (played.state, played.nodes, played.calls) == ("rejected", [], [])


def test_a_high_risk_that_is_refused_ends_the_order(bus: Cast) -> None:
    played = opening(bus, INDIVIDUAL)
    played.work("verify_identity", politically_exposed=True, tax_residence="other")
    played.work("review_risk", risk_review="refused")
    assert played.state == "rejected"


def test_papers_that_never_come_close_the_order_after_thirty_days(bus: Cast) -> None:
    played = opening(bus, INDIVIDUAL)
    played.work("verify_identity")
    played.work("review_identity_papers", papers_check="missing")
    played.wait(29)
    assert (played.state, played.request().node) == ("waiting_on_client", "ask_papers")
    played.wait(1)
    assert (played.state, played.nodes, played.calls) == ("cancelled", [], [])


def test_papers_that_come_are_reviewed_again(bus: Cast) -> None:
    played = opening(bus, INDIVIDUAL)
    played.work("review_identity_papers", papers_check="missing")
    sent = orders.add_document(
        played.order.public_id,
        upload=paper("passport", "Passport"),
        field="missing_paper",
        actor=Actor.of(bus.ana),
        now=MONDAY,
    )
    played.answer(missing_paper=str(sent.public_id))
    assert played.nodes == ["review_identity_papers", "verify_identity"]


def test_a_custodian_that_does_not_pre_validate_within_a_day_holds_nothing_up(bus: Cast) -> None:
    played = opening(bus, INDIVIDUAL)
    played.work("verify_identity")
    played.work("review_identity_papers")
    played.wait(1)
    assert (played.calls, played.reached()) == (["account_opening"], ["received", "checked"])


def test_an_application_that_is_not_valid_is_corrected_and_validated_again(bus: Cast) -> None:
    played = opening(bus, INDIVIDUAL)
    played.custodian("rejected")
    played.work("correct_application")
    assert played.calls == ["account_prevalidation"]


def test_a_refused_submission_is_repaired_and_sent_again(bus: Cast) -> None:
    played = checked(bus, INDIVIDUAL)
    played.custodian("rejected")
    played.work("repair_instruction")
    played.custodian(reference="MC-9")
    assert played.nodes == ["activate_account"]


def test_a_submission_that_is_given_up_rejects_the_order(bus: Cast) -> None:
    played = checked(bus, INDIVIDUAL)
    played.custodian("rejected")
    played.work("repair_instruction", custodian_next="give_up")
    assert (played.state, played.variables()["submission"]) == ("rejected", "rejected")
    assert "custodian_reference" not in played.variables()


def test_a_silent_custodian_is_chased_after_three_days(bus: Cast) -> None:
    played = checked(bus, INDIVIDUAL)
    played.wait(3)
    assert (played.nodes, played.calls) == (["chase_custodian"], [])


REVIEW = {"person_name": "Ana Whitmore", "review_cause": "due"}


def review(firm: Cast) -> Played:
    """A colleague begins a review of Ana."""
    draft = orders.save_draft(
        product=Product.objects.get(code="periodic_review"), client=firm.ana_client, channel="staff",
        answers=REVIEW, idempotency_key="review-1", actor=Actor.of(firm.dee), now=MONDAY,
    )  # fmt: skip
    return Played(firm, orders.submit_order(draft.public_id, actor=Actor.of(firm.dee), now=MONDAY))


def test_a_periodic_review_runs_the_same_kyc_process(bus: Cast) -> None:
    played = review(bus)
    played.answer(details_unchanged=True)
    played.work("verify_identity")
    played.work("set_next_review")
    assert (played.state, played.variables()["risk"]) == ("completed", "low")
    assert Instance.objects.get(subject=played.order.subject, version__model__key="kyc").outcome == "completed"


def test_a_reviewed_client_who_stands_on_a_list_is_restricted(bus: Cast) -> None:
    played = review(bus)
    played.answer(details_unchanged=False)
    played.work("verify_identity", watch_list_hits=1)
    played.work("dispose_hit", disposition="true_match")
    played.work("restrict_account")
    assert (played.state, played.reached()) == ("rejected", ["received", "details"])


def test_a_review_that_nobody_answers_closes_after_thirty_days(bus: Cast) -> None:
    played = review(bus)
    played.wait(30)
    assert played.state == "cancelled"


TRUSTEES = {
    "custodian": "meridian", "account_number": "HL-104038", "trust_name": "The Whitmore Trust",
    "trust_date": "2020-01-01", "trustee_names": "Ana Whitmore", "trust_kind": "revocable",
    "tax_id_last_four": "1234", "keep_cost_basis": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("hit", "calls", "state"), [("false_positive", 1, "in_progress"), ("true_match", 0, "rejected")]
)
def test_a_trust_s_trustees_are_known_before_the_account_is_its(bus: Cast, hit: str, calls: int, state: str) -> None:
    played = Played(bus, submitted(bus.ana, bus.ana_client, "account_reregistration", TRUSTEES, MONDAY))
    played.work("check_deed")
    played.work("check_cost_basis")
    played.work("verify_identity", watch_list_hits=1)
    played.work("dispose_hit", disposition=hit)
    assert (len(played.calls), played.state) == (calls, state)


def test_made_history_opens_accounts_and_reviews_clients(bus: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = files.read_yaml("generated.yaml")
    plan["per_month"] = {"brokerage": 90}
    read = files.read_yaml
    monkeypatch.setattr(files, "read_yaml", lambda name: plan if name == "generated.yaml" else read(name))
    make_history(load.Firm.standing(MONDAY), until=MONDAY + timedelta(days=14), seed=3)
    made = Order.objects.exclude(number=None).filter(idempotency_key__startswith="demo-")
    assert {"account_opening", "periodic_review"} == set(made.values_list("product__code", flat=True))
    assert set(made.filter(product__code="periodic_review").values_list("channel__code", flat=True)) == {"staff"}
    assert made.filter(product__code="account_opening", state="completed").exists()
    assert not made.filter(state="exception").exists()


@pytest.mark.parametrize("code", ["account_opening", "periodic_review"])
def test_the_steps_file_of_a_product_holds(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    drawing, steps = files.FOLDER / "products" / code / "process.bpmn", files.FOLDER / "steps" / f"{code}.json"
    call_command("process", "run", str(drawing), "--steps", str(steps))
    assert "completed" in capsys.readouterr().out.splitlines()[-1]
