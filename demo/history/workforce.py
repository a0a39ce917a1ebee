"""Analysts and advisors work the open items: claim, now and then park or give back, complete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from accounts.authority import holds
from accounts.models import User
from calendars.rules import is_open
from demo.history.answers import fill
from demo.history.draws import Draws
from demo.history.hours import after
from demo.history.ordering import filling
from demo.history.scene import Scene
from orders import actions as orders
from work import actions as work
from work.models import Queue, WorkItem
from work.refusals import AlreadyClaimed, AlreadyClosed, NoSuchItem

GONE = (AlreadyClosed, AlreadyClaimed, NoSuchItem)
ASSIGNED_SHARE, PRIORITISED_SHARE, NOTE_SHARE = 0.04, 0.015, 0.05
PARKED_FOR = ("Waiting for a call back from the client.", "Waiting for the records department.", "System is slow.")
GIVEN_BACK = ("Called away to the phones.", "Needs somebody with more practice.", "My shift ends.")
HURRY = ("The client called twice.", "Promised by the advisor for today.", "Large account, keep it moving.")
ADVISORS = "advisors"
WORKING = ("analyst", "compliance", "chief_compliance_officer")  # roles whose people take items themselves


@dataclass(eq=False)
class Job:
    """An open item as its future worker sees it."""

    item: WorkItem
    draws: Draws
    number: int
    given_to: Worker | None = None

    @property
    def urgency(self) -> tuple:
        """Sorts what is taken first."""
        return (self.item.priority, self.item.due_at is None, self.item.due_at or self.number, self.number)


@dataclass(eq=False)
class Worker:
    """Somebody who works queues."""

    user: User
    queues: frozenset[int]
    speed: float
    busy: bool = False
    worked: float = 0.0

    def fits(self, job: Job, placed_by: int | None) -> bool:
        """Whether the job is for this person; who entered an order for a client does not prepare it (decision 17)."""
        item = job.item
        skilled = not item.skill or item.skill in self.user.skills
        return item.queue_id in self.queues and skilled and self.user.pk != placed_by


class Workforce:
    """Everybody who works queues, and what waits for them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.workers = [self._worker(user) for role in WORKING for user in scene.holders(role)]
        self.waiting: dict[UUID, Job] = {}
        self.advisors_queue = Queue.objects.filter(code=ADVISORS).values_list("pk", flat=True).first()
        self._number = 0

    def opened(self, item: WorkItem, now: datetime) -> None:
        """An item opened: somebody looks at it after a while."""
        self._number += 1
        draws = self.scene.order_draws(item.order_id, item.node, item.task)
        job = Job(item, draws, self._number)
        wait = self.scene.plan["work"]["picked_up_after"]
        seconds = draws.seconds({"median": wait[item.priority], "sigma": wait["sigma"]})
        begin = self._advisor_looks if item.queue_id == self.advisors_queue else self._ready
        cal = self.scene.calendars[item.queue.branch.code]
        self.scene.timeline.at(after(cal, now, seconds), partial(begin, job))
        if draws.chance(PRIORITISED_SHARE):
            self.scene.timeline.at(after(cal, now, seconds // 3), partial(self._prioritise, job))

    def come_to_work(self, now: datetime) -> None:
        """The day begins, or the break is over: whoever is free takes what waits."""
        for worker in self.workers:
            self._go_on(worker, now)

    def _worker(self, user: User) -> Worker:
        queues = Queue.objects.values_list("pk", flat=True)
        mine = frozenset(pk for pk in queues if holds(user, "work_queue", pk))
        return Worker(user, mine, self.scene.plan["work"]["speed"].get(user.username, 1.0))

    def _prioritise(self, job: Job, now: datetime) -> None:
        lead = self.scene.by_id.get(job.item.queue.team.lead_id or 0)
        if lead is None or not holds(lead, "lead_queue", job.item.queue_id):
            return
        priority = max(1, job.item.priority - job.draws.between(1, 2))
        self._try(
            partial(
                work.set_priority,
                job.item.public_id,
                priority=priority,
                reason=job.draws.pick(HURRY),
                actor=self.scene.actor(lead),
                now=now,
            )
        )
        job.item.priority = priority

    def _advisor_looks(self, job: Job, now: datetime) -> None:
        advisor = self.scene.clients[job.item.client_id].advisor
        if advisor is None or self.scene.is_away(advisor, now):
            return
        worker = Worker(advisor, frozenset([job.item.queue_id]), 1.0)
        self._take(worker, job, now)

    def _ready(self, job: Job, now: datetime) -> None:
        placed_by = self.scene.placed.get(job.item.order_id)
        free = [w for w in self.workers if w.fits(job, placed_by) and self._is_free(w, now)]
        if not free:
            self.waiting[job.item.public_id] = job
        elif job.draws.chance(ASSIGNED_SHARE):
            self._assign(min(free, key=lambda worker: worker.worked), job, now)
        else:
            self._take(min(free, key=lambda worker: worker.worked), job, now)

    def _assign(self, worker: Worker, job: Job, now: datetime) -> None:
        lead = self.scene.by_id.get(job.item.queue.team.lead_id or 0)
        if lead is None or not holds(lead, "lead_queue", job.item.queue_id):
            return self._take(worker, job, now)
        assigned = partial(work.assign, job.item.public_id, to=worker.user, actor=self.scene.actor(lead), now=now)
        if self._try(assigned):
            worker.busy = True
            soon = after(self.scene.calendar_of(worker.user), now, job.draws.between(300, 2400))
            self.scene.timeline.at(soon, partial(self._take, worker, job))
        return None

    def _is_free(self, worker: Worker, now: datetime) -> bool:
        if worker.busy or self.scene.is_away(worker.user, now):
            return False
        return is_open(self.scene.calendar_of(worker.user), now)

    def _take(self, worker: Worker, job: Job, now: datetime) -> None:
        claimed = partial(work.claim, job.item.public_id, actor=self.scene.actor(worker.user), now=now)
        worker.busy = True
        if not self._try(claimed):
            worker.busy = False
            return self._go_on(worker, now)
        plan, draws = self.scene.plan["work"], job.draws
        seconds = draws.seconds({"median": f"PT{max(job.item.effort_minutes, 1)}M", **plan["effort"]})
        seconds *= plan["effort"]["share"] * worker.speed
        worker.worked += seconds
        verb: Callable[..., None] = self._complete
        if draws.chance(plan["pends"]):
            verb, seconds = self._pend, seconds / 2
        elif draws.chance(plan["releases"]):
            verb, seconds = self._give_back, seconds / 3
        self._later(worker, now, int(seconds), partial(verb, worker, job))
        return None

    def _later(self, worker: Worker, now: datetime, seconds: int, what: Callable[[datetime], None]) -> None:
        self.scene.timeline.at(after(self.scene.calendar_of(worker.user), now, max(seconds, 20)), what)

    def _pend(self, worker: Worker, job: Job, now: datetime) -> None:
        reason = job.draws.pick(PARKED_FOR)
        pended = partial(work.pend, job.item.public_id, reason=reason, actor=self.scene.actor(worker.user), now=now)
        if self._try(pended):
            pause = job.draws.seconds(self.scene.plan["work"]["pended_for"])
            self._later(worker, now, pause, partial(self._resume, worker, job))
        self._free(worker, now)

    def _resume(self, worker: Worker, job: Job, now: datetime) -> None:
        resumed = partial(work.resume, job.item.public_id, actor=self.scene.actor(worker.user), now=now)
        if self._try(resumed):
            self._later(worker, now, job.item.effort_minutes * 30, partial(self._complete, worker, job))

    def _give_back(self, worker: Worker, job: Job, now: datetime) -> None:
        reason = job.draws.pick(GIVEN_BACK)
        released = partial(
            work.release, job.item.public_id, reason=reason, actor=self.scene.actor(worker.user), now=now
        )
        if self._try(released):
            self._later(worker, now, job.draws.between(600, 7200), partial(self._ready, job))
        self._free(worker, now)

    def _complete(self, worker: Worker, job: Job, now: datetime) -> None:
        item, actor = job.item, self.scene.actor(worker.user)
        if job.draws.chance(NOTE_SHARE) and not worker.user.is_client_side:
            body = job.draws.pick(self.scene.plan["pools"]["notes"])
            orders.add_note(item.order.public_id, body=body, actor=actor, now=now)
        self._try(partial(work.complete, item.public_id, answers=self._answers(job, now), actor=actor, now=now))
        self._free(worker, now)

    def _answers(self, job: Job, now: datetime) -> dict:
        item = job.item
        client, product = self.scene.clients[item.client_id], self.scene.products[item.product_id]
        about = filling(self.scene, product.code, client, job.draws, now)
        about.plain, about.optional = True, 0.5
        after_answer = self.scene.plan["outcomes"]["after_an_answer"]
        if self.scene.asked.get(item.order_id) and job.draws.chance(after_answer):
            about.shares = {}
        return fill(item.form, about)

    def _free(self, worker: Worker, now: datetime) -> None:
        worker.busy = False
        self._go_on(worker, now)

    def _go_on(self, worker: Worker, now: datetime) -> None:
        if not self._is_free(worker, now):
            return
        placed = self.scene.placed
        fitting = [job for job in self.waiting.values() if worker.fits(job, placed.get(job.item.order_id))]
        if fitting:
            job = min(fitting, key=lambda each: each.urgency)
            del self.waiting[job.item.public_id]
            self._take(worker, job, now)

    def _try(self, verb: Callable[[], object]) -> bool:
        # The item may have been closed meanwhile, by a timer or with its order: then there is nothing to do.
        try:
            verb()
        except GONE:
            return False
        return True
