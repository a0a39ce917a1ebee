"""Clients answer what they are asked, or never do, and write now and then."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from accounts.models import Client
from demo.history.answers import fill
from demo.history.draws import Draws
from demo.history.hours import after
from demo.history.ordering import filling, team_of
from demo.history.papers import paper
from demo.history.scene import Scene
from orders import actions as orders
from orders.models import ClientRequest, Order
from orders.refusals import AlreadyAnswered, AnswersWrong, WrongMoment

REPLIES = {
    "en": (
        "We have all we need, thank you.",
        "We are on it and will be done in time.",
        "Thank you, noted on your order.",
    ),
    "zh-hans": ("材料已齐全，谢谢。", "正在办理，会按时完成。", "谢谢，已记录在您的订单中。"),
}


class Clientele:
    """Everybody for whom the firm works."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def asked(self, request: ClientRequest, now: datetime) -> None:
        """Something is asked of a client."""
        order_id = request.order_id
        self.scene.asked[order_id] = self.scene.asked.get(order_id, 0) + 1
        draws = self.scene.order_draws(order_id, request.node, request.task)
        plan = self.scene.plan["clients"]
        if not draws.chance(plan["never_answers"]):
            later = now + timedelta(seconds=draws.seconds(plan["answers_after"]))
            self.scene.timeline.at(later, partial(self.answer, request, draws))

    def submitted(self, order: Order, now: datetime) -> None:
        """An order was sent: some clients write to us about it, a few ask us to hurry."""
        draws = self.scene.order_draws(order.pk, "message")
        if draws.chance(self.scene.plan["clients"]["writes_a_message"]):
            later = now + timedelta(minutes=draws.between(20, 2400))
            self.scene.timeline.at(later, partial(self._write, order, draws))
        if draws.chance(self.scene.plan["clients"]["urges"]):
            cal = self.scene.calendars[self._client(order).branch.code]
            self.scene.timeline.at(after(cal, now, draws.between(2, 14) * 3600), partial(self._urge, order))

    def completed(self, order: Order, now: datetime) -> None:
        """An order is done: some clients rate it within three days."""
        draws = self.scene.order_draws(order.pk, "rating")
        if draws.chance(self.scene.plan["clients"]["rates"]):
            later = now + timedelta(minutes=draws.between(10, 4320))
            self.scene.timeline.at(later, partial(self._rate, order, draws))

    def answer(self, request: ClientRequest, draws: Draws, now: datetime) -> None:
        """The client sends what was asked, with the papers that must be there."""
        client = self._client(request.order)
        actor = self.scene.actor(self.scene.speakers[client.pk])
        about = filling(self.scene, self.scene.products[request.order.product_id].code, client, draws, now)
        about.optional = 0.0

        def upload(field: str) -> str | None:
            if field not in request.form.get("required", []):
                return None
            sent = paper(field, f"{field.replace('_', ' ').capitalize()}, sent {now:%Y-%m-%d}")
            order = request.order.public_id
            return str(orders.add_document(order, upload=sent, field=field, actor=actor, now=now).public_id)

        about.upload = upload
        try:
            orders.answer_request(request.public_id, answers=fill(request.form, about), actor=actor, now=now)
        except (AlreadyAnswered, WrongMoment):  # closed meanwhile
            return
        except AnswersWrong:  # no appointment was free: another day
            self.scene.timeline.at(now + timedelta(days=1), partial(self.answer, request, draws))

    def _urge(self, order: Order, now: datetime) -> None:
        speaker = self.scene.speakers[order.client_id]
        try:
            orders.urge_order(order.public_id, actor=self.scene.actor(speaker), now=now)
        except WrongMoment:  # done meanwhile, or the client's own turn
            return

    def _rate(self, order: Order, draws: Draws, now: datetime) -> None:
        client, plan = self._client(order), self.scene.plan["clients"]
        stars = draws.choice(plan["rating"])
        language = "zh-Hans" if client.language == "zh-hans" else "en"
        said = self.scene.plan["pools"]["ratings"][language]["good" if stars > 3 else "poor"]
        comment = draws.pick(said) if draws.chance(plan["says_why"]) else ""
        actor = self.scene.actor(self.scene.speakers[client.pk])
        orders.rate_order(order.public_id, stars=stars, comment=comment, actor=actor, now=now)

    def _write(self, order: Order, draws: Draws, now: datetime) -> None:
        client = self._client(order)
        speaker = self.scene.speakers[client.pk]
        language = "zh-Hans" if client.language == "zh-hans" else "en"
        body = draws.pick(self.scene.plan["pools"]["messages"][language])
        key = f"demo-{self.scene.numbers.get(order.pk, order.pk)}"
        orders.send_message(
            order.public_id, body=body, idempotency_key=f"{key}-asks", actor=self.scene.actor(speaker), now=now
        )
        cal = self.scene.calendars[client.branch.code]
        later = after(cal, now, draws.between(600, 5 * 3600))
        self.scene.timeline.at(later, partial(self._reply, order, client, f"{key}-reply", draws))

    def _reply(self, order: Order, client: Client, key: str, draws: Draws, now: datetime) -> None:
        team = team_of(self.scene.plan, self.scene.products[order.product_id].code)
        colleagues = [u for u in self.scene.holders("analyst") if u.team and u.team.code == team]
        writer = draws.pick([user for user in colleagues if not self.scene.is_away(user, now)] or colleagues)
        body = draws.pick(REPLIES.get(client.language, REPLIES["en"]))
        orders.send_message(order.public_id, body=body, idempotency_key=key, actor=self.scene.actor(writer), now=now)

    def _client(self, order: Order) -> Client:
        return self.scene.clients[order.client_id]
