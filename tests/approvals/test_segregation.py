"""Segregation of duties under attack: random people, roles, delegations, drafts, decisions and changes of the data;
tiers at once and of several signers, added signers, hand-overs, advice, ways back and decisions taken back.

The attack keeps books of its own, apart from the rooms' rows: who touched what, who signed, who lent what to whom.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from accounts.delegating import delegate_authority, revoke_delegation
from accounts.models import User
from approvals import access
from approvals.invariants import approvers_are_distinct, steps_follow_from_entries
from approvals.models import Decision, Request, Tier
from approvals.queries import people_to_add
from approvals.refusals import FourEyes
from approvals.signers import add_signers, remove_signer
from approvals.taking_back import take_decision_back
from audit.actors import Actor
from audit.refusals import Refusal
from tests.approvals.transfers import THIRD, decide, governed, ordered
from work import actions as work
from work.models import WorkItem

CREW = ("eve", "max", "fay", "dov", "omar", "tia")
ROLES = ("team_lead", "operations_manager", "compliance")
AMOUNT = 200_000_001  # of the transfer, in cents
ABOVE = {"operations_manager": "team_lead", "head_of_operations": "operations_manager"}
people = st.sampled_from(CREW)
BOUNDS = {"max_examples": 25, "stateful_step_count": 22, "deadline": None, "derandomize": True, "database": None}
QUIET = {"suppress_health_check": list(HealthCheck)}


class Attack(RuleBasedStateMachine):
    """One large transfer to a third party, which needs as many signatures as the matrix says."""

    firm, now, seen, needed = None, None, Counter(), 3

    def __init__(self):
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        for name in CREW:
            person = self.person(name)
            person.groups.set(Group.objects.filter(name__in=["team:transfers", "lead:transfers", *_queues()]))
            User.objects.filter(pk=person.pk).update(skills=["transfers"])
        self.at = self.now
        self.lent, self.touched, self.typed, self.hands, self.advised = [], set(), {}, {}, set()
        self.order = ordered(self.firm, self.now, by=self.firm.omar, amount="2000000.01", **THIRD)
        self.touched.add(self.firm.omar.pk)
        self.complete(self.items()[-1], self.person("tia"))

    @initialize(chance=st.randoms(use_true_random=False))
    def begin(self, chance):
        """Somebody for each role, further roles, and half of them lend what they have."""
        held = [(name, role) for role in ROLES for name in chance.sample(CREW, 2)]
        for name, role in held:
            self.hold(name, role)
        for giver in dict(chance.sample(held, 6)):
            self.delegate(giver, chance.choice(CREW[:4]), by=giver, begins=self.at, hours=100)

    def teardown(self):
        try:
            for names in (CREW, CREW[::-1], CREW):  # in the end everybody presses every button
                self.everybody(names, "approve")
            assert approvers_are_distinct().violations == ()
            assert steps_follow_from_entries().violations == ()
            for request in Request.objects.filter(order=self.order, state="approved", asked_again=None):
                self.seen["approved"] += 1
                assert len(self.signers(request)) >= self.needed, "approved by fewer people than the matrix asks for"
        finally:
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    def signers(self, request):
        """Whose hands signed a request, here or before it was asked again."""
        standing = [tier.carried for tier in request.tiers.exclude(carried=None)]
        made = [*request.decisions.filter(choice="approve"), *standing]
        return {each.by_id for each in made}

    def person(self, name):
        return User.objects.get(pk=getattr(self.firm, name).pk)

    def items(self):
        return list(WorkItem.objects.open().filter(order=self.order).order_by("pk"))

    def tries(self, act, *args, **kwargs):
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except Refusal as refusal:
            self.seen[type(refusal).__name__] += 1
            return None

    def hold(self, name, role):
        self.person(name).groups.add(Group.objects.get(name=f"role:{role}"))

    @rule(what=st.sampled_from(["give", "take", "leave", "wait", "press"]), name=people, role=st.sampled_from(ROLES))
    def disturb(self, what, name, role):
        person = self.person(name)
        match what:
            case "give":
                self.hold(name, role)
            case "take":
                person.groups.remove(Group.objects.get(name=f"role:{role}"))
            case "leave":
                User.objects.filter(pk=person.pk).update(is_active=not person.is_active)
            case "wait":
                self.at += timedelta(hours=5)
            case "press":
                WorkItem.objects.filter(order=self.order).update(band="red")

    @rule(
        giver=people,
        taker=people,
        by_alan=st.booleans(),
        hours=st.sampled_from([100, 24, 2]),
        later=st.sampled_from([0, 0, 3]),
        matrix=st.sampled_from(["", "", "transfers", "firm"]),
        most=st.sampled_from([None, None, AMOUNT, AMOUNT - 1]),
    )
    def lend(self, giver, taker, by_alan, hours, later, matrix, most):
        begins = self.at + timedelta(hours=later)
        by = "alan" if by_alan else giver
        self.delegate(giver, taker, by=by, begins=begins, hours=hours, matrix=matrix, most=most)

    def delegate(self, giver, taker, *, by, begins, hours, matrix="", most=None):
        about = {"begins_at": begins, "ends_at": begins + timedelta(hours=hours), "matrix": matrix, "reason": "Away."}
        made = self.tries(
            delegate_authority,
            delegator=getattr(self.firm, giver).pk,
            delegate=getattr(self.firm, taker).pk,
            most=(most, "USD") if most else None,
            actor=Actor.of(self.person(by)),
            now=self.at,
            **about,
        )
        if made:
            self.lent.append({**about, "row": made, "most": most, "revoked_at": None})

    @precondition(lambda self: self.lent)
    @rule(data=st.data(), by=st.sampled_from([*CREW, "alan"]))
    def revoke(self, data, by):
        chosen = data.draw(st.sampled_from(self.lent))
        by_whom = Actor.of(self.person(by))
        done = self.tries(revoke_delegation, chosen["row"].public_id, reason="Back.", actor=by_whom, now=self.at)
        if done:
            chosen["revoked_at"] = self.at

    def decisions(self):
        return [item for item in self.items() if item.kind == "approval"]

    @precondition(lambda self: self.items())
    @rule(name=people, move=st.sampled_from(["claim", "draft", "release", "complete", "complete"]), to=people)
    def work_on(self, name, move, to):
        item, who = self.items()[-1], self.person(name)
        by = {"actor": Actor.of(who), "now": self.at}
        if move == "claim":
            self.tries(work.claim, item.public_id, **by)
        elif move == "release":
            self.tries(work.release, item.public_id, reason="Later.", **by)
        elif item.kind == "work" and move == "draft":
            answers = {"transfer_check": "valid", "note": f"{name} {self.at}"}
            if self.tries(work.keep_draft, item.public_id, answers=answers, version=item.version, **by):
                self.typed.setdefault(item.pk, set()).add(who.pk)
        elif item.kind == "work":
            self.complete(item, who)

    def complete(self, item, who):
        by = {"actor": Actor.of(who), "now": self.at}
        self.tries(work.claim, item.public_id, **by)
        if self.tries(work.complete, item.public_id, answers={"transfer_check": "valid"}, **by):
            self.touched |= {who.pk} | self.typed.get(item.pk, set())

    @precondition(lambda self: self.decisions())
    @rule(data=st.data(), lead=people, names=st.permutations(CREW), verb=st.sampled_from([work.assign, work.hand_over]))
    def give(self, data, lead, names, verb):
        """A lead, or whoever can hold it, gives it to the first who can have it."""
        item = data.draw(st.sampled_from(self.decisions()))
        holder = self.somebody_holds(item, names) if verb is work.hand_over else self.person(lead)
        for who in map(self.person, names[::-1]) if holder else ():
            by = {"reason": "Off.", "actor": Actor.of(holder), "now": self.at}
            if who != holder and self.tries(verb, item.public_id, to=who, **by):
                self.seen[verb.__name__] += 1
                assert who.pk not in self.touched | self.advised
                return

    def somebody_holds(self, item, names):
        """The first of them who can claim an item has it then."""
        for name in names:
            if self.tries(work.claim, item.public_id, actor=Actor.of(self.person(name)), now=self.at):
                return self.person(name)
        return None

    @precondition(lambda self: self.decisions())
    @rule(data=st.data(), names=st.permutations(CREW), to=people)
    def ask(self, data, names, to):
        item, who = data.draw(st.sampled_from(self.decisions())), self.person(to)
        holder = self.somebody_holds(item, names)
        if holder is None:
            return
        by = {"actor": Actor.of(holder), "now": self.at}
        made = self.tries(work.ask, item.public_id, to=who, question="Usual?", **by)
        if made and self.tries(work.answer, made.public_id, text="Yes.", actor=Actor.of(who), now=self.at):
            self.seen["advised"] += 1
            self.advised.add(who.pk)
        self.tries(work.release, item.public_id, reason="Later.", **by)

    @precondition(lambda self: self.decisions())
    @rule(data=st.data(), names=st.permutations(CREW), count=st.integers(1, 2), any_of=st.booleans())
    def add(self, data, names, count, any_of):
        """The first who may asks as many of the others as can be asked."""
        item = data.draw(st.sampled_from(self.decisions()))
        request = Tier.objects.get(work_item=item).request
        for name in names:
            able = {person.username for person, _role in people_to_add(request, self.person(name), self.at)}
            to = [each.pk for each in map(self.person, names) if each.username in able][:count]
            about = {"people": to, "any_of": any_of, "reason": "A second look."}
            made = self.tries(add_signers, item.public_id, **about, actor=Actor.of(self.person(name)), now=self.at)
            if made:
                self.seen["added"] += 1
                if data.draw(st.booleans()):
                    self.remove(made[0], name)
                else:
                    self.sign_for_the_added(made[0], names)
                return

    def sign_for_the_added(self, tier, names):
        """Whoever was asked by name lends to the first who can have it; then everybody tries that seat."""
        lender = next(name for name in CREW if getattr(self.firm, name).pk == tier.asked_id)
        for taker in names:
            known = len(self.lent)
            self.delegate(lender, taker, by=lender, begins=self.at, hours=24)
            if len(self.lent) > known:
                break
        for name in (each for each in names if each != lender):
            self.sign(WorkItem.objects.get(approval_tier=tier), name, "approve")

    @precondition(lambda self: self.decisions())
    @rule(data=st.data(), name=people)
    def take_out(self, data, name):
        asked = Tier.objects.select_related("request", "added_by").filter(work_item__in=self.decisions())
        tier = data.draw(st.sampled_from(list(asked.order_by(F("added_by").asc(nulls_last=True), "pk"))))
        name = next((each for each in CREW if tier.added_by == getattr(self.firm, each)), name)
        self.remove(tier, name)

    def remove(self, tier, name):
        about = {"tier": tier.number, "seat": tier.seat, "reason": "Quicker.", "actor": Actor.of(self.person(name))}
        if self.tries(remove_signer, tier.request.public_id, **about, now=self.at):
            self.seen["taken out"] += 1
            assert tier.added_by_id is not None, "a signer whom a rule requires was taken out"

    @rule()
    def take_back(self):
        """Whoever decided last tries; not the attack's own books but the rooms' say whether it is too late."""
        last = Decision.objects.filter(request__order=self.order, taken_back_at=None).order_by("-pk").first()
        if last is None:
            return
        by = {"reason": "Wrong button.", "actor": Actor.of(User.objects.get(pk=last.by_id)), "now": self.at}
        again = self.tries(take_decision_back, last.tier.work_item.public_id, **by)
        if again:
            self.seen["taken back"] += 1
            assert last.by_id not in self.signers(again), "a decision that was taken back still counts"

    @precondition(lambda self: self.decisions())
    @rule(names=st.permutations(CREW), choice=st.sampled_from(["approve"] * 8 + ["more_information", "reject"]))
    def everybody_tries_to_sign(self, names, choice):
        self.everybody(names, choice)

    def everybody(self, names, choice):
        for name in names:
            for item in self.decisions():
                self.sign(item, name, choice)

    def sign(self, item, name, choice):
        to = "validate_transfer" if choice == "reject" else ""
        made = self.tries(decide, item, self.person(name), self.at, choice=choice, to=to)
        if made:
            self.seen["for another" if made.on_behalf_of_id else "for themselves"] += 1
            self.judge(made, item)

    def judge(self, made, item):
        """What no decision may be."""
        hands = self.hands.setdefault(made.request_id, self.signers(made.request) - {made.by_id})
        used = {made.by_id} | ({made.on_behalf_of_id} - {None})
        assert not used & self.advised, "somebody signed what they, or whom they signed for, had advised on"
        assert not used & self.touched, "somebody signed what they, or whom they signed for, had touched"
        assert not used & hands, "a person, or an authority, signed twice"
        hands |= used
        signer = User.objects.get(pk=made.on_behalf_of_id or made.by_id)
        roles = set(signer.groups.filter(name__startswith="role:").values_list("name", flat=True))
        fits = {f"role:{item.role}"} | (
            {f"role:{up}" for up, low in ABOVE.items() if low == item.role} if _presses(item) else set()
        )
        assert made.tier.asked_id in (None, signer.pk), "somebody signed in place of one who was asked by name"
        assert signer.is_active, "an authority of somebody who left"
        assert roles & fits, "an authority that nobody holds"
        if made.on_behalf_of_id:
            assert any(self.covers(one, made, item) for one in self.lent), "a delegate signed who could not"

    def covers(self, one, made, item):
        row = one["row"]
        return (
            (row.delegator_id, row.delegate_id) == (made.on_behalf_of_id, made.by_id)
            and one["begins_at"] <= self.at < one["ends_at"]
            and one["revoked_at"] is None
            and one["matrix"] in ("", "transfers")
            and (one["most"] or AMOUNT) >= AMOUNT
        )


def _presses(item):
    return item.band in ("red", "breached")


def _queues():
    """The groups that work the queues of the three roles."""
    return Group.objects.filter(name__regex="^(work|lead|team):approvals").values_list("name", flat=True)


SHAPES = {  # what the row of large transfers says → how many signatures it takes with the third party's row
    "one after the other": ({}, 3),
    "two leads, and compliance beside them": (
        {
            "roles": '["operations_analyst", "team_lead", "team_lead", "operations_manager"]',
            "together": '["team_lead", "operations_manager"]',
        },
        4,
    ),
}


@pytest.fixture(params=SHAPES)
def attack(firm, now, request):
    class OnFirm(Attack):
        seen = Counter()

    then, OnFirm.needed = SHAPES[request.param]
    if then:
        governed(firm, now, **then)
    OnFirm.firm, OnFirm.now = firm, now
    return OnFirm


def test_no_attack_finds_a_self_approval_a_second_signature_or_a_false_delegate(attack):
    run_state_machine_as_test(attack, settings=settings(**BOUNDS, **QUIET))

    assert attack.seen["for themselves"] > 9  # the attack did get somewhere,
    assert attack.seen["for another"] > 5
    assert attack.seen[FourEyes.__name__] > 20  # and was stopped
    tried = ["hand_over", "advised", "added", "taken out", "taken back"] + ["approved"] * (attack.needed == 3)
    assert [what for what in tried if not attack.seen[what]] == [], attack.seen


@pytest.mark.parametrize("forgotten", ["prepared", "placed"])
def test_the_attack_finds_a_hole_when_there_is_one(attack, monkeypatch, forgotten):
    """Four eyes that forget who prepared, or who placed: the attack must notice."""
    whole = access.took_part
    monkeypatch.setattr(
        access, "took_part", lambda request: {who: how for who, how in whole(request).items() if how != forgotten}
    )
    few = {**BOUNDS, "max_examples": 8, "phases": [Phase.generate]}
    with pytest.raises(Exception):  # noqa: B017,PT011 - the books or the database, whichever notices first
        run_state_machine_as_test(attack, settings=settings(**few, **QUIET))
