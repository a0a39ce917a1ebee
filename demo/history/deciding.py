"""Approvers decide what waits for their role, and supervisors acknowledge their log."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from accounts.models import User
from approvals import actions as approvals
from approvals.evidence import CALL_BACK, CONFIRMED
from approvals.models import SupervisoryLog, Tier
from approvals.refusals import AlreadyDecided, FourEyes
from audit.refusals import NotFound, Refusal
from demo.history.draws import Draws
from demo.history.hours import after
from demo.history.scene import HEAD_OFFICE, Scene
from work.models import WorkItem
from work.refusals import AlreadyClosed, RightMissing

CHOICES = {"approved": "approve", "more_information": "more_information", "rejected": "reject"}
REASONS = {
    "approve": ("Checked against the papers, in order.", "Within the mandate, agreed.", "Figures agree with the file."),
    "more_information": ("Please add the reason in the client's own words.", "The amount does not match the papers."),
    "reject": ("Not in line with the client's mandate.", "The client did not confirm it."),
}
EVIDENCE = (
    "Seen and filed.",
    "Discussed with the client, no pressure noticed.",
)
COMMENTS = ("Reviewed.", "Reviewed, no remarks.", "Sampled the papers, in order.")
AGAIN = 4 * 3600  # seconds after which an approver who could not decide looks again
MOST_LOOKS = 6
LAST_DAYS = timedelta(days=3)


def call_back(who: str, number: str, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """A call-back a little before a decision, in which the client confirmed."""
    at = (now - timedelta(minutes=4)).astimezone(zone)
    told = {"who": who, "number": number, "on": at.date().isoformat(), "time": f"{at:%H:%M}", "outcome": CONFIRMED}
    return {f"{CALL_BACK}_{part}": text for part, text in told.items()}


class Deciding:
    """Everybody who approves."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.calendar = scene.calendars[HEAD_OFFICE]

    def opened(self, item: WorkItem, now: datetime) -> None:
        """A tier opened: its approver decides after a while, or overlooks it for days."""
        plan = self.scene.plan["approvals"]
        draws = self.scene.order_draws(item.order_id, item.node, item.task, item.tier)
        if self.scene.timeline.until - now < LAST_DAYS and draws.chance(plan["left_at_end"]):
            return
        seconds = draws.seconds(plan["decides_after"])
        if draws.chance(plan["overlooked"]):
            seconds += draws.between(10, 24) * 3600
        self.scene.timeline.at(after(self.calendar, now, seconds), partial(self._decide, item, draws, 1))

    def logged(self, log_id: int, now: datetime) -> None:
        """A self-reviewed order stands in the supervisory log: nearly always signed by the next day."""
        draws = self.scene.draws("log", self.scene.numbers.get(self._order_of(log_id), log_id))
        in_time = draws.chance(self.scene.plan["approvals"]["supervisory_log_signed_by_next_day"])
        seconds = draws.between(1800, 7 * 3600) if in_time else draws.between(20, 40) * 3600
        self.scene.timeline.at(after(self.calendar, now, seconds), partial(self._sign, log_id, draws, 1))

    def _order_of(self, log_id: int) -> int:
        return SupervisoryLog.objects.values_list("order_id", flat=True).get(pk=log_id)

    def _candidates(self, item: WorkItem, now: datetime) -> list[User]:
        holder = WorkItem.objects.values_list("holder", flat=True).get(pk=item.pk)
        if holder is not None:  # it waited too long and was given to somebody: nobody else decides it
            return [self.scene.by_id[holder]]
        if item.role == "advisor":
            advisor = self.scene.clients[item.client_id].advisor
            return [advisor] if advisor else []
        family = self.scene.products[item.product_id].family
        first = "omar" if family in ("transfer", "payment") else "evelyn"
        people = [user for user in self.scene.holders(item.role) if not self.scene.is_away(user, now)]
        return sorted(people, key=lambda user: user.username != first)

    def _decide(self, item: WorkItem, draws: Draws, look: int, now: datetime) -> None:
        choice = CHOICES[draws.choice(self.scene.plan["approvals"]["decisions"])]
        evidence = self._evidence(item, draws, now)
        for user in self._candidates(item, now):
            try:
                approvals.decide(
                    item.public_id,
                    choice=choice,
                    reason=draws.pick(REASONS[choice]),
                    evidence=evidence,
                    attested=self._rows(item),
                    actor=self.scene.actor(user),
                    now=now,
                )
                return
            except (AlreadyClosed, AlreadyDecided):
                return
            except (FourEyes, NotFound, RightMissing):  # took part, or is not asked at this branch: somebody else
                continue
        if look < MOST_LOOKS:
            self.scene.timeline.at(after(self.calendar, now, AGAIN), partial(self._decide, item, draws, look + 1))

    def _evidence(self, item: WorkItem, draws: Draws, now: datetime) -> dict[str, str]:
        asked = Tier.objects.values_list("request__evidence", flat=True).get(work_item=item)
        found = {name: draws.pick(EVIDENCE) for name in asked if name != CALL_BACK}
        client = self.scene.clients[item.client_id]
        number = f"+1 212 555 {draws.between(100, 9999):04d}"
        return found | (call_back(client.name, number, now, self.calendar.zone) if CALL_BACK in asked else {})

    def _rows(self, item: WorkItem) -> list[str]:
        return Tier.objects.values_list("rules", flat=True).get(work_item=item)

    def _sign(self, log_id: int, draws: Draws, look: int, now: datetime) -> None:
        for name in ("omar", "evelyn", "helen"):
            user = self.scene.people[name]
            if self.scene.is_away(user, now):
                continue
            try:
                approvals.sign_log(log_id, comment=draws.pick(COMMENTS), actor=self.scene.actor(user), now=now)
                return
            except Refusal:  # took part in it: somebody else signs
                continue
        if look < MOST_LOOKS:
            self.scene.timeline.at(after(self.calendar, now, AGAIN), partial(self._sign, log_id, draws, look + 1))
