"""Breaches: kept once, with who was responsible, and explained by who may."""

from datetime import timedelta

import pytest

from accounts.authority import forget
from audit.actors import Actor
from audit.models import Entry
from audit.refusals import Invalid, NotAllowed, NotFound
from sla.actions import CAUSES, LONGEST_EXPLANATION, explain_breach
from sla.models import Breach
from sla.tasks import sweep
from tests.firm import address_change, open_item
from tests.sla.played import clock_of, finish
from tests.sla.test_clocks import DUE
from work import actions as work
from work.models import Queue

LATE = DUE + timedelta(hours=1)


@pytest.fixture
def breach(firm, now):
    order = address_change(firm, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.dee), now=now)
    sweep(LATE)
    return Breach.objects.get(clock=clock_of(order))


def explain(breach, who, cause="volume", explanation="A busy week."):
    return explain_breach(breach.pk, cause=cause, explanation=explanation, actor=Actor.of(who), now=LATE)


def test_a_breach_is_kept_once_at_the_due_instant_with_who_had_it(firm, breach):
    sweep(LATE + timedelta(days=1))
    assert Breach.objects.count() == 1
    assert (breach.breached_at, breach.completed_at, breach.responsible) == (DUE, None, firm.dee)
    entry = Entry.objects.get(fact="sla.clock.breached")
    assert entry.happened_at == LATE
    assert breach.history.get().history_change_reason == entry.action_id


def test_completing_late_work_completes_its_breach(firm, breach):
    finish_at = LATE + timedelta(hours=2)
    finish_from_claimed(firm, breach.clock.order, finish_at)
    breach.refresh_from_db()
    assert breach.completed_at == finish_at
    assert breach.history.latest().history_date == finish_at


def finish_from_claimed(firm, order, now):
    work.release(open_item(order).public_id, reason="Handing over.", actor=Actor.of(firm.dee), now=now)
    finish(order, firm.dov, now)


@pytest.mark.parametrize("name", ["eve", "max", "hal"])
def test_leads_of_the_queue_and_overseers_explain(firm, breach, name):
    who = getattr(firm, name)
    explain(breach, who)
    breach.refresh_from_db()
    assert (breach.cause, breach.explanation) == ("volume", "A busy week.")
    assert (breach.explained_by, breach.explained_at) == (who, LATE)


@pytest.mark.parametrize("name", ["dee", "omar", "ana", "adam", "judith", "alan", "cora", "bo"])
def test_nobody_else_does(firm, breach, name):
    with pytest.raises((NotAllowed, NotFound)):
        explain(breach, getattr(firm, name))
    breach.refresh_from_db()
    assert breach.cause == ""


def test_a_breach_that_one_may_not_see_is_not_there(firm, breach):
    with pytest.raises(NotFound):
        explain(breach, firm.bo)
    with pytest.raises(NotFound):
        explain_breach(10**9, cause="volume", explanation="?", actor=Actor.of(firm.max), now=LATE)


def test_a_lead_of_another_desk_that_worked_on_it_may(firm, breach):
    breach.clock.order.work_items.update(queue=Queue.objects.get(code="transfers"))
    forget(firm.omar)
    explain(breach, firm.omar)
    with pytest.raises(NotAllowed):
        explain(breach, firm.eve)


@pytest.mark.parametrize(
    ("cause", "explanation", "fields"),
    [
        ("", "A busy week.", {"cause"}),
        ("weather", "A busy week.", {"cause"}),
        ("volume", "", {"explanation"}),
        ("volume", " \n", {"explanation"}),
        ("volume", "x" * (LONGEST_EXPLANATION + 1), {"explanation"}),
        ("", "", {"cause", "explanation"}),
    ],
)
def test_a_cause_and_words_of_ordinary_length_are_needed(firm, breach, cause, explanation, fields):
    with pytest.raises(Invalid) as refused:
        explain(breach, firm.eve, cause, explanation)
    assert set(refused.value.fields) == fields


@pytest.mark.parametrize("cause", sorted(CAUSES))
def test_every_cause_is_accepted_with_the_longest_explanation(firm, breach, cause):
    assert explain(breach, firm.eve, cause, "x" * LONGEST_EXPLANATION).cause == cause


def test_an_explanation_is_on_record_and_may_be_corrected(firm, breach):
    explain(breach, firm.eve)
    explain(breach, firm.max, "absence", "Two people were ill.")
    first, second = Entry.objects.filter(fact="sla.breach.explained").order_by("order_seq")
    assert (first.before["cause"], first.after["cause"], first.reason) == ("", "volume", "A busy week.")
    assert (second.before["cause"], second.after["cause"]) == ("volume", "absence")
    assert second.subject == f"sla.breach:{breach.pk}"
    assert second.actor == f"user:{firm.max.pk}"
    causes = breach.history.order_by("history_id").values_list("cause", flat=True)
    assert list(causes) == ["", "volume", "absence"]
