"""The call-back of a large wire: recorded in fields, checked field by field, and kept where it may be read."""

from datetime import timedelta

import pytest

from approvals.evidence import CALL_BACK, from_step, masked, step_of
from approvals.models import Decision
from approvals.refusals import EvidenceMissing, EvidenceWrong
from audit.models import Entry
from audit.personal import open_for
from tests.approvals.transfers import CALLED, THIRD, call_back, decide, done, ordered, validated
from tests.firm import open_item


@pytest.fixture
def later(now):
    return now + timedelta(minutes=5)


@pytest.fixture
def wire(firm, now):
    return validated(firm, now, "non_acat_transfer", transfer="non_acat_wire", amount="50000.01")


def refused_at(error):
    return [field.removeprefix(f"evidence_{CALL_BACK}_") for field in error.value.fields]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"who": "A"}, "who"),
        ({"who": "x" * 121}, "who"),
        ({"who": "Ana\x00"}, "who"),
        ({"number": "555"}, "number"),
        ({"number": "call her"}, "number"),
        ({"number": "+1 " + "2" * 40}, "number"),
        ({"on": "2026-11-31"}, "on"),
        ({"on": "2026-11-17"}, "on"),
        ({"on": "2026-01-05"}, "on"),
        ({"time": "24:00"}, "time"),
        ({"time": "10am"}, "time"),
        ({"time": "10:06"}, "time"),  # a minute from now
        ({"time": "09:59"}, "time"),  # before the order came in
        ({"outcome": "perhaps"}, "outcome"),
        ({"outcome": "not_confirmed"}, "outcome"),
        ({"outcome": "not_reached"}, "outcome"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(firm, wire, later, changed, field):
    with pytest.raises(EvidenceWrong) as error:
        decide(open_item(wire), firm.eve, later, **call_back(later, **changed))
    assert refused_at(error) == [field]
    assert not Decision.objects.exists()


@pytest.mark.parametrize("choice", ["approve", "reject", "more_information"])
def test_a_call_back_is_not_half_recorded(firm, wire, later, choice):
    with pytest.raises(EvidenceMissing) as error:
        decide(open_item(wire), firm.eve, later, choice=choice, **call_back(later, number=None, time=None))
    assert refused_at(error) == ["number", "time"]


@pytest.mark.parametrize("outcome", ["not_confirmed", "not_reached"])
def test_a_rejection_keeps_what_the_client_said(firm, wire, later, outcome):
    decision = decide(open_item(wire), firm.eve, later, choice="reject", **call_back(later, outcome=outcome))
    assert decision.evidence[f"{CALL_BACK}_outcome"] == outcome


def test_the_next_tier_does_not_call_again(firm, now, later):
    order = validated(firm, now, "non_acat_transfer", transfer="non_acat_wire", amount="50000.01", **THIRD)
    decide(open_item(order), firm.eve, later, **call_back(later))
    assert decide(open_item(order), firm.fay, later).evidence == {}


def test_a_call_in_which_nobody_confirmed_does_not_count_for_the_next_request(firm, wire, later):
    unclear = call_back(later, outcome="not_reached")
    decide(open_item(wire), firm.eve, later, choice="more_information", **unclear)
    done(open_item(wire, "validate_transfer"), firm.tia, later, transfer_check="valid")
    done(open_item(wire, "call_back"), firm.tia, later, **CALLED)
    with pytest.raises(EvidenceMissing):
        decide(open_item(wire), firm.eve, later)


def test_the_ledger_keeps_whom_one_called_encrypted_and_says_nothing_of_it_in_clear(firm, wire, later):
    decide(open_item(wire), firm.eve, later, **call_back(later))
    entry = Entry.objects.get(fact="approvals.tier.approved")
    assert open_for(entry.person, entry.personal) == {"evidence": call_back(later)}
    in_clear = str([entry.data, entry.before, entry.after, entry.reason, entry.subject])
    assert not [text for text in ("Whitfield", "0101") if text in in_clear]


def test_a_decision_that_needs_no_evidence_keeps_none(firm, now):
    order = validated(firm, now)
    decision = decide(open_item(order), firm.eve, now, verbal_callback_who="Somebody")
    assert decision.evidence == {}
    assert not Entry.objects.get(fact="approvals.tier.approved").personal


def test_the_step_of_the_process_offers_what_it_recorded(firm, wire, now):
    offered = from_step(step_of(wire), wire.branch.timezone)
    assert offered == call_back(now + timedelta(minutes=1))


def test_without_such_a_step_nothing_is_offered(firm, now):
    assert step_of(ordered(firm, now)) is None


def test_a_record_of_former_times_counts(firm, now, later):
    order = validated(firm, now, "non_acat_transfer", transfer="non_acat_wire", amount="50000.01", **THIRD)
    decide(open_item(order), firm.eve, later, **call_back(later))
    Decision.objects.update(evidence={CALL_BACK: "Called at ten, confirmed."})
    assert decide(open_item(order), firm.fay, later)


@pytest.mark.parametrize(
    ("number", "shown"), [("+1 212 555 0101", "•••• 0101"), ("0101", "••••"), ("", "••••"), ("12345", "•••• 2345")]
)
def test_a_number_is_shown_by_its_last_digits(number, shown):
    assert masked(number) == shown
