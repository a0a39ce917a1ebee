"""Sending an order: validated as a whole or not at all, once however often it is sent."""

from uuid import uuid4

import pytest

from audit.actors import Actor
from audit.models import Entry
from audit.refusals import Invalid
from catalog.models import BranchOffering, Listing, Product
from orders import actions as orders
from orders.models import Milestone, Order
from orders.numbers import read_number
from orders.refusals import AnswersWrong, DraftChanged, NoSuchOrder, NotOffered, WrongMoment
from tests.approvals.transfers import FULL
from tests.firm import ADDRESS, address_change, submitted


def draft(
    firm, now, *, key="key-1", who=None, client=None, product="address_change", channel="web", answers=None, **kw
):
    return orders.save_draft(
        product=Product.objects.get(code=product),
        client=client or firm.ana_client,
        channel=channel,
        answers=ADDRESS if answers is None else answers,
        idempotency_key=key,
        actor=Actor.of(who or firm.ana),
        now=now,
        **kw,
    )


def send(order, who, now, **about):
    return orders.submit_order(order.public_id, actor=Actor.of(who), now=now, **about)


def test_sending_gives_a_number_the_milestones_and_one_entry(firm, now):
    order = address_change(firm, now)
    assert read_number(order.number) == order.number
    assert (order.state, order.submitted_at, order.channel.code) == ("in_progress", now, "web")
    assert [step.key for step in Milestone.objects.filter(order=order)] == ["received", "checked", "updated", "done"]
    entry = Entry.objects.get(fact="orders.order.submitted")
    assert (entry.order_ref, entry.after["number"]) == (order.ledger_ref, order.number)
    assert ADDRESS["street"] not in entry.personal + str(entry.after) + str(entry.data)


def test_sending_twice_gives_the_same_order(firm, now):
    made = draft(firm, now)
    first, again = send(made, firm.ana, now), send(made, firm.ana, now)
    assert (first.pk, first.number) == (again.pk, again.number)
    assert Entry.objects.filter(fact="orders.order.submitted").count() == 1


def test_what_is_sent_is_what_was_checked(firm, now):
    made = draft(firm, now)
    changed = draft(firm, now, answers={**ADDRESS, "city": "Troy"})
    with pytest.raises(DraftChanged):
        send(made, firm.ana, now, version=made.version)
    assert Order.objects.get(pk=made.pk).state == "draft"
    order = send(made, firm.ana, now, version=changed.version)
    assert order.answers["city"] == "Troy"
    assert send(made, firm.ana, now, version=changed.version).pk == order.pk  # a second press


def test_the_same_key_makes_one_draft(firm, now):
    first, second = draft(firm, now), draft(firm, now, answers={"city": "Troy"})
    assert (first.pk, second.answers) == (second.pk, {"city": "Troy"})
    assert Order.objects.count() == 1


def test_a_key_that_came_through_another_door_at_the_same_moment_makes_one_draft(firm, now, monkeypatch):
    first = draft(firm, now)
    with monkeypatch.context() as blind:
        blind.setattr("orders.actions.drafts._existing", lambda *about: None)
        assert draft(firm, now).pk == first.pk
    assert Order.objects.count() == 1


def test_somebody_elses_key_finds_nothing(firm, now):
    draft(firm, now)
    with pytest.raises(NoSuchOrder):
        draft(firm, now, who=firm.bo, client=firm.bo_client)


def test_a_sent_order_is_no_draft_any_more(firm, now):
    order = address_change(firm, now)
    with pytest.raises(WrongMoment):
        draft(firm, now)
    with pytest.raises(WrongMoment):
        orders.discard_draft(order.public_id, actor=Actor.of(firm.ana), now=now)


def test_a_draft_is_seen_by_who_began_it_only(firm, now):
    made = draft(firm, now)
    for who in (firm.adam, firm.bo, firm.eve, firm.judith):
        with pytest.raises(NoSuchOrder):
            send(made, who, now)
    orders.discard_draft(made.public_id, actor=Actor.of(firm.ana), now=now)
    assert not Order.objects.exists()
    with pytest.raises(NoSuchOrder):
        send(made, firm.ana, now)


def test_an_unknown_draft_is_not_found(firm, now):
    with pytest.raises(NoSuchOrder):
        orders.submit_order(uuid4(), actor=Actor.of(firm.ana), now=now)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"street": None}, "street"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"country": "x" * 500}, "country"),
        ({"surprise": "!"}, ""),
    ],
)
def test_wrong_answers_are_named_and_nothing_is_sent(firm, now, change, field):
    answers = {name: value for name, value in {**ADDRESS, **change}.items() if value is not None}
    made = draft(firm, now)
    with pytest.raises(AnswersWrong) as refused:
        send(made, firm.ana, now, answers=answers)
    assert list(refused.value.fields) == [field]
    kept = Order.objects.get(pk=made.pk)
    assert (kept.state, kept.number, kept.answers, kept.process) == ("draft", None, ADDRESS, None)


def test_a_paper_of_another_order_is_no_paper_of_this_one(firm, now):
    form = Product.objects.get(code="address_change").form
    form["properties"]["bill"] = {"type": "string", "x-tl": {"widget": "document"}}
    Product.objects.filter(code="address_change").update(form=form)
    made = draft(firm, now, answers={**ADDRESS, "bill": str(uuid4())})
    with pytest.raises(AnswersWrong) as refused:
        send(made, firm.ana, now)
    assert list(refused.value.fields) == ["bill"]


def test_a_product_off_the_shelf_is_not_sold(firm, now):
    made = draft(firm, now)
    Listing.objects.filter(product__code="address_change", channel__code="web").delete()
    with pytest.raises(NotOffered):
        send(made, firm.ana, now)
    with pytest.raises(NotOffered):
        draft(firm, now, key="key-2")


def test_a_product_that_the_branch_does_not_offer_is_not_sold(firm, now):
    BranchOffering.objects.filter(product__code="address_change").delete()
    with pytest.raises(NotOffered):
        draft(firm, now)


def test_a_companys_product_is_not_for_a_person(firm, now):
    with pytest.raises(NotOffered):
        draft(firm, now, product="corporate_account_opening", answers={})


def test_nobody_orders_for_somebody_elses_client(firm, now):
    with pytest.raises(NoSuchOrder):
        draft(firm, now, who=firm.bo)
    with pytest.raises(NoSuchOrder):
        draft(firm, now, who=firm.judith)


def test_advisors_and_staff_order_for_their_clients(firm, now):
    for number, who in enumerate((firm.adam, firm.dee)):
        order = submitted(who, firm.ana_client, "address_change", ADDRESS, now, key=f"key-{number}")
        assert (order.placed_by, order.client) == (who, firm.ana_client)


def test_the_amount_is_kept_in_minor_units(firm, now):
    order = submitted(firm.ana, firm.ana_client, "full_acat", {**FULL, "amount": "1234567.89"}, now)
    assert (order.amount_minor, order.currency) == (123456789, "USD")


def test_a_form_of_monstrous_length_is_refused(firm, now):
    with pytest.raises(Invalid):
        draft(firm, now, answers={"street": "x" * 20_001})


def test_the_key_of_a_form_for_something_else_is_refused_and_changes_nothing(firm, now):
    made = draft(firm, now)
    with pytest.raises(Invalid, match="something else"):
        draft(firm, now, product="full_acat", answers=FULL)
    made.refresh_from_db()
    assert made.answers == ADDRESS


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_cancelling_asks_for_a_reason_of_ordinary_length(firm, now, reason):
    order = address_change(firm, now)
    with pytest.raises(Invalid) as refused:
        orders.cancel_order(order.public_id, reason=reason, actor=Actor.of(firm.ana), now=now)
    assert "reason" in refused.value.fields
    assert Order.objects.get(pk=order.pk).is_open


@pytest.mark.parametrize("day", ["0001-01-01", "2026-11-15", "2027-11-17", "9999-12-31"])
def test_an_effective_date_lies_between_today_and_a_year_from_now(firm, now, day):
    with pytest.raises(AnswersWrong) as refused:
        address_change(firm, now, valid_from=day)
    assert refused.value.fields == {"valid_from": "Enter a date from Mon 16 Nov 2026 to Tue 16 Nov 2027."}


def test_today_is_the_day_at_the_branch(firm, now):
    late_evening = now.replace(day=17, hour=3)  # still Monday in New York
    assert address_change(firm, late_evening, valid_from="2026-11-16").state == "in_progress"


def test_an_amount_has_at_most_fifteen_digits(firm, now):
    answers = {**FULL, "amount": "1234567890123.00"}
    with pytest.raises(AnswersWrong) as refused:
        submitted(firm.ana, firm.ana_client, "full_acat", answers, now)
    assert refused.value.fields == {"amount": "Use at most 12 digits before the point."}
