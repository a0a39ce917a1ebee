"""Leads and managers: breaches get their cause, new appointment places are opened."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from demo import files
from demo.history.hours import after
from demo.history.ordering import team_of
from demo.history.scene import HEAD_OFFICE, Scene
from demo.load import open_slots
from sla import actions as sla
from sla.models import Breach, Clock

EXPLAINED_SHARE = 0.7
CAUSES = {"volume": 0.34, "absence": 0.16, "missing_papers": 0.14, "client_late": 0.1, "error": 0.1, "priority": 0.08}
CUSTODY_CAUSES = {"custodian": 0.5, **CAUSES}
EXPLANATIONS = {
    "volume": "Twice the usual orders that day; the queue was worked in order of due time.",
    "absence": "Two colleagues were away; cover was arranged the next morning.",
    "missing_papers": "A page was missing and came after the cut-off.",
    "client_late": "The client confirmed only after the due time.",
    "error": "Routed to the wrong person first; the step was taken again.",
    "priority": "Put behind urgent transfers of the same afternoon.",
    "custodian": "The custodian answered after its usual time; chased twice.",
}


class Managing:
    """Evelyn, Omar, Zhou Min and Helen, when they are not approving."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.slots = [
            (offering, plan)
            for product in scene.firm.products.values()
            for offering in product.offerings.select_related("branch")
            for plan in [self._plan(product.code).get(offering.branch.code)]
            if plan
        ]

    def breached(self, clock_id: int, now: datetime) -> None:
        """A target was missed: mostly somebody says why, within two days."""
        clock = Clock.objects.select_related("order__product").get(pk=clock_id)
        if clock.order_id in self.scene.staged:
            return
        number = self.scene.numbers.get(clock.order_id, clock.order_id)
        draws = self.scene.draws("breach", number, clock.kind, clock.started_at.isoformat())
        if not draws.chance(EXPLAINED_SHARE):
            return
        team = team_of(self.scene.plan, clock.order.product.code)
        cause = draws.choice(CUSTODY_CAUSES if team == "transfers" else CAUSES)
        lead = {"transfers": "omar", "corporate": "zhoumin"}.get(team, "evelyn")
        who = "helen" if draws.chance(0.25) else lead
        later = after(self.scene.calendars[HEAD_OFFICE], now, draws.between(1800, 14 * 3600))
        self.scene.timeline.at(later, partial(self._explain, clock_id, cause, who))

    def open_places(self, now: datetime) -> None:
        """Each day the appointment places of one more day open."""
        for offering, plan in self.slots:
            open_slots(offering, plan, since=now, now=now)

    def _explain(self, clock_id: int, cause: str, who: str, now: datetime) -> None:
        breach = Breach.objects.values_list("pk", flat=True).get(clock=clock_id)
        actor = self.scene.actor(self.scene.people[who])
        sla.explain_breach(breach, cause=cause, explanation=EXPLANATIONS[cause], actor=actor, now=now)

    def _plan(self, code: str) -> dict:
        return files.read_yaml(f"products/{code}/product.yaml").get("slots", {})
