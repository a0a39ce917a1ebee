"""Self-reviewed orders are logged, and a supervisor acknowledges each by the next business day (seed decision 4)."""

from datetime import UTC, datetime

import pytest

from approvals import actions as approvals
from approvals.models import SupervisoryLog
from approvals.queries import unsigned_logs
from approvals.refusals import AlreadyDecided, FourEyes
from audit.actors import Actor
from audit.models import Entry
from audit.refusals import NotAllowed, NotFound
from tests.approvals.transfers import validated


@pytest.fixture
def log(firm, now):
    return SupervisoryLog.objects.get(order=validated(firm, now, amount="499999.99"))


def sign(log, who, now, comment="Seen."):
    return approvals.sign_log(log.pk, comment=comment, actor=Actor.of(who), now=now)


def test_an_entry_is_due_at_the_close_of_the_next_business_day(log):
    assert log.due_at == datetime(2026, 11, 17, 22, 0, tzinfo=UTC)  # Tuesday 17:00 in New York


def test_a_supervisor_signs_once_and_it_is_on_record(firm, now, log):
    assert list(unsigned_logs(firm.eve)) == [log]
    sign(log, firm.eve, now)
    assert list(unsigned_logs(firm.eve)) == []
    log.refresh_from_db()
    assert (log.signed_by, log.signed_at, log.comment) == (firm.eve, now, "Seen.")
    assert Entry.objects.get(fact="approvals.log.signed").actor_name == "evelyn"


def test_the_second_supervisor_is_told_who_signed(firm, now, log):
    sign(log, firm.eve, now)
    with pytest.raises(AlreadyDecided, match="Evelyn Carter"):
        sign(log, firm.omar, now)


@pytest.mark.parametrize(
    ("who", "refusal"), [("dov", NotAllowed), ("ana", NotFound), ("bo", NotFound), ("judith", NotAllowed)]
)
def test_others_do_not_sign(firm, now, log, who, refusal):
    with pytest.raises(refusal):
        sign(log, getattr(firm, who), now)
    assert not SupervisoryLog.objects.exclude(signed_by=None).exists()


def test_a_lead_who_prepared_it_does_not_acknowledge_it(firm, now):
    log = SupervisoryLog.objects.get(order=validated(firm, now, who=firm.omar, amount="1000.00"))
    with pytest.raises(FourEyes, match="you prepared it"):
        sign(log, firm.omar, now)
    sign(log, firm.eve, now)


def test_nothing_is_logged_where_somebody_signs(firm, now):
    validated(firm, now, amount="500000.00")
    assert not SupervisoryLog.objects.exists()
