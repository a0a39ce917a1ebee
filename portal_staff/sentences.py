"""One sentence for every fact that the ledger may state; its subject is who acted. A test holds both lists together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ui.bands import BANDS

SENTENCES: dict[str, str | Promise] = {
    "audit.invariants.checked": _("checked what must always hold"),
    "audit.worker.returned": _("came back to work after a silence"),
    "accounts.branch.opened": _("opened a branch"),
    "accounts.client.added": _("took on a client"),
    "accounts.absence.entered": _("entered that %(to)s is away"),
    "accounts.absence.called_off": _("entered that %(to)s is there after all"),
    "accounts.delegation.given": _("let %(to)s sign for %(delegator)s"),
    "accounts.delegation.revoked": _("took back that %(to)s signs for %(delegator)s"),
    "accounts.password.changed": _("changed their password"),
    "accounts.password.reset": _("set a new password through the link in a mail"),
    "accounts.right.granted": _("granted the right “%(right)s” to the group “%(group)s”"),
    "accounts.second_factor.added": _("added a second step to their sign-in"),
    "accounts.second_factor.renewed": _("renewed a second step of their sign-in"),
    "accounts.second_factor.removed": _("removed a second step of their sign-in"),
    "accounts.team.appointed": _("appointed the lead and the manager of a team"),
    "accounts.team.formed": _("formed a team"),
    "accounts.user.added": _("added a person"),
    "accounts.user.joined": _("put a person into the group “%(group)s”"),
    "accounts.user.locked_out": _("was locked out after wrong passwords"),
    "accounts.user.logged_in": _("signed in"),
    "accounts.user.logged_out": _("signed out"),
    "accounts.user.preferred": _("changed their own settings"),
    "calendars.calendar.opened": _("opened a business calendar"),
    "calendars.version.drafted": _("began a draft of the calendar “%(calendar)s”"),
    "calendars.version.edited": _("saved a draft of the calendar “%(calendar)s”"),
    "calendars.version.proposed": _("proposed a version of the calendar “%(calendar)s”"),
    "calendars.version.approved": _("approved a version of the calendar “%(calendar)s”"),
    "calendars.version.rejected": _("rejected a version of the calendar “%(calendar)s”"),
    "calendars.version.withdrawn": _("withdrew a version of the calendar “%(calendar)s”"),
    "calendars.version.in_force": _("put a version of the calendar “%(calendar)s” in force"),
    "catalog.channel.added": _("added a channel"),
    "catalog.product.added": _("added a product"),
    "catalog.product.listed": _("put a product on a channel's shelf"),
    "catalog.product.offered": _("let a branch offer a product"),
    "catalog.slot.opened": _("opened a time with places"),
    "catalog.slot.taken": _("took a place"),
    "catalog.slot.released": _("gave a place back"),
    "rulebook.table.added": _("opened a decision table"),
    "rulebook.version.drafted": _("began a draft of the table “%(table)s”"),
    "rulebook.version.edited": _("saved a draft of the table “%(table)s”"),
    "rulebook.version.proposed": _("proposed a version of a table"),
    "rulebook.version.approved": _("approved a version of a table"),
    "rulebook.version.rejected": _("rejected a version of a table"),
    "rulebook.version.withdrawn": _("withdrew a version of a table"),
    "rulebook.version.in_force": _("put a version of a table in force"),
    "rulebook.case.saved": _("saved an acceptance case of the table “%(table)s”"),
    "rulebook.case.retired": _("retired an acceptance case of the table “%(table)s”"),
    "rulebook.model.added": _("opened the decision model “%(model)s”"),
    "rulebook.model_version.drafted": _("began version %(number)s of the decision model “%(model)s”"),
    "rulebook.model_version.proposed": _("proposed version %(number)s of the decision model “%(model)s”"),
    "rulebook.model_version.approved": _("approved version %(number)s of the decision model “%(model)s”"),
    "rulebook.model_version.rejected": _("rejected version %(number)s of the decision model “%(model)s”"),
    "rulebook.model_version.withdrawn": _("withdrew version %(number)s of the decision model “%(model)s”"),
    "rulebook.model_version.in_force": _("put version %(number)s of the decision model “%(model)s” in force"),
    "rulebook.model_case.saved": _("saved an acceptance case of the decision model “%(model)s”"),
    "rulebook.model_case.retired": _("retired an acceptance case of the decision model “%(model)s”"),
    "processes.model.added": _("opened a process model"),
    "processes.version.drafted": _("began a draft of a process"),
    "processes.version.proposed": _("proposed a version of a process"),
    "processes.version.approved": _("approved a version of a process"),
    "processes.version.rejected": _("rejected a version of a process"),
    "processes.version.withdrawn": _("withdrew a version of a process"),
    "processes.version.in_force": _("put a version of a process in force"),
    "processes.version.withheld": _("held back a version of a process whose acceptance cases do not hold"),
    "processes.case.saved": _("saved an acceptance case of a process"),
    "processes.case.retired": _("retired an acceptance case of a process"),
    "processes.instance.started": _("started the process"),
    "processes.instance.advanced": _("moved the process on"),
    "processes.instance.failed": _("could not move the process on; the step was rolled back"),
    "processes.instance.resumed": _("tried the failed step again"),
    "processes.instance.migrated": _("moved the process to another version of its drawing"),
    "processes.message.received": _("sent the message “%(name)s” to a process"),
    "processes.message.thrown": _("sent the message “%(name)s” from the process"),
    "processes.message.delivered": _("brought “%(name)s” to the process that waited for it"),
    "processes.start.failed": _("could not begin the process: its first step failed"),
    "processes.message.expired": _("gave the message “%(name)s” up: nobody waited for it in time"),
    "processes.condition.met": _("found a condition met that begins a process"),
    "processes.signal.thrown": _("sent the signal “%(name)s” to all that wait for it"),
    "processes.skip.proposed": _("proposed to skip the step “%(step)s”"),
    "processes.skip.approved": _("agreed to skip the step “%(step)s”"),
    "processes.skip.rejected": _("did not agree to skip the step “%(step)s”"),
    "orders.draft.saved": _("saved a draft of the order"),
    "orders.draft.discarded": _("discarded a draft of the order"),
    "orders.order.submitted": _("submitted the order"),
    "orders.order.started": _("set the order going"),
    "orders.order.waiting_on_client": _("began to wait for the client"),
    "orders.order.proceeded": _("went on with the order"),
    "orders.order.completed": _("completed the order"),
    "orders.order.rejected": _("rejected the order"),
    "orders.order.cancelled": _("cancelled the order"),
    "orders.order.failed": _("sent the order to the exception desk"),
    "orders.order.repaired": _("repaired the order"),
    "orders.order.viewed_as_client": _("looked at the order as the client sees it"),
    "orders.order.urged": _("asked to hurry"),
    "orders.order.rated": _("rated the order with %(stars)s of 5 stars"),
    "orders.rating.explained": _("said why they rated the order so"),
    "orders.milestone.reached": _("brought the order to the milestone “%(milestone)s”"),
    "orders.request.opened": _("asked the client for something"),
    "orders.request.answered": _("answered what we asked"),
    "orders.request.closed": _("closed a request to the client"),
    "orders.document.added": _("added a document"),
    "orders.message.sent": _("wrote a message"),
    "orders.note.added": _("wrote an internal note"),
    "orders.order.copied": _("showed the order to %(to)s for information"),
    "orders.promise.changed": _("changed the promised date"),
    "work.queue.opened": _("opened a queue"),
    "work.queue.overfull": _("found %(depth)s items waiting in a queue, more than its limit of %(limit)s"),
    "work.queue.eased": _("found %(depth)s items waiting in a queue, within its limit again"),
    "work.item.opened": _("opened the step “%(step)s”"),
    "work.item.claimed": _("claimed the step “%(step)s”"),
    "work.item.assigned": _("assigned the step “%(step)s” to %(to)s"),
    "work.item.handed_over": _("handed the step “%(step)s” over to %(to)s"),
    "work.item.taken_back": _("took the completed step “%(step)s” back"),
    "work.advice.asked": _("asked %(to)s about the step “%(step)s”"),
    "work.advice.given": _("answered %(to)s about the step “%(step)s”"),
    "work.item.started": _("started the step “%(step)s”"),
    "work.item.released": _("released the step “%(step)s”"),
    "work.item.pended": _("pended the step “%(step)s”"),
    "work.item.resumed": _("resumed the step “%(step)s”"),
    "work.item.prioritised": _("set the priority of the step “%(step)s” to P%(priority)s"),
    "work.item.completed": _("completed the step “%(step)s”"),
    "work.item.cancelled": _("called off the step “%(step)s”"),
    "approvals.request.opened": _("asked the approval matrix who has to sign"),
    "approvals.tier.opened": _("opened approval tier %(tier)s"),
    "approvals.tier.approved": _("approved tier %(tier)s"),
    "approvals.tier.rejected": _("rejected at tier %(tier)s"),
    "approvals.tier.returned": _("asked for more information at tier %(tier)s"),
    "approvals.tier.stranded": _("found nobody else who could decide approval tier %(tier)s"),
    "approvals.stall.foreseen": _("foresaw that orders stall while somebody is away, and told %(to)s"),
    "approvals.signer.added": _("asked %(to)s to sign too, at tier %(tier)s"),
    "approvals.signer.removed": _("took %(to)s, who was asked to sign too, out of the chain"),
    "approvals.decision.taken_back": _("took their decision at tier %(tier)s back"),
    "approvals.request.approved": _("ended the approval: approved"),
    "approvals.request.rejected": _("ended the approval: rejected"),
    "approvals.request.returned": _("ended the approval: more information is needed"),
    "approvals.request.void": _("called the approval off"),
    "approvals.question.answered": _("answered what was asked in the step “%(step)s”"),
    "approvals.log.opened": _("wrote the order into the supervisory log"),
    "approvals.log.signed": _("acknowledged the supervisory log"),
    "sla.clock.started": _("started a clock"),
    "sla.clock.paused": _("paused a clock"),
    "sla.clock.resumed": _("resumed a clock"),
    "sla.clock.met": _("stopped a clock in time"),
    "sla.clock.cancelled": _("called a clock off"),
    "sla.calendar.running_out": _("found that the calendar %(code)s knows nothing after %(last_year)s"),
    "sla.clock.moved": _("moved a clock: a target or calendar changed"),
    "sla.clock.turned": _("turned a clock to “%(band)s”"),
    "sla.clock.breached": _("recorded a breach: the target was missed"),
    "sla.escalation.raised": _("escalated to tier %(tier)s: told %(to)s (%(role)s)"),
    "sla.breach.explained": _("named the cause of a breach"),
    "insights.procedures.taken": _("took the written procedures of %(on)s as a file"),
    "demo.history.made": _("made the history of the demonstration"),
    "integrations.connector.added": _("connected a system"),
    "integrations.call.queued": _("queued a call to a connected system"),
    "integrations.call.sent": _("sent a call to a connected system"),
    "integrations.call.parked": _("parked a call that failed too often"),
    "integrations.call.retried": _("sent a parked call again"),
    "integrations.call.withdrawn": _("withdrew a call"),
    "integrations.message.received": _("sent us an answer"),
    "integrations.message.applied": _("applied an answer"),
    "integrations.message.ignored": _("set an answer aside"),
    "reconciliation.statement.expected": _("began to wait for a custodian's statement"),
    "reconciliation.statement.received": _("took in a custodian's statement"),
    "reconciliation.statement.compared": _("compared a custodian's statement with our records"),
    "reconciliation.break.found": _("found a break between a custodian's statement and our records"),
    "reconciliation.break.opened": _("opened an order for a reconciliation break"),
}

NAMED: dict[str, Promise] = {  # said instead where the entry names what it is about; those from before do not
    "rulebook.version.proposed": _("proposed version %(number)s of the table “%(table)s”"),
    "rulebook.version.approved": _("approved version %(number)s of the table “%(table)s”"),
    "rulebook.version.rejected": _("rejected version %(number)s of the table “%(table)s”"),
    "rulebook.version.withdrawn": _("withdrew version %(number)s of the table “%(table)s”"),
    "rulebook.version.in_force": _("put version %(number)s of the table “%(table)s” in force"),
    "processes.version.drafted": _("began version %(number)s of the process “%(process)s”"),
    "processes.version.proposed": _("proposed version %(number)s of the process “%(process)s”"),
    "processes.version.approved": _("approved version %(number)s of the process “%(process)s”"),
    "processes.version.rejected": _("rejected version %(number)s of the process “%(process)s”"),
    "processes.version.withdrawn": _("withdrew version %(number)s of the process “%(process)s”"),
    "processes.version.in_force": _("put version %(number)s of the process “%(process)s” in force"),
    "processes.version.withheld": _("held back version %(number)s of the process “%(process)s”"),
}

ICONS = {
    "accounts": "people", "approvals": "shield", "calendars": "calendar", "catalog": "grid", "integrations": "connect",
    "orders": "file", "processes": "process", "rulebook": "grid", "sla": "clock", "work": "layers",
}  # fmt: skip
SPECIAL_ICONS = {
    "orders.message.sent": "comment", "orders.note.added": "comment", "orders.document.added": "paperclip",
    "orders.order.urged": "bolt", "orders.order.rated": "star",
    "orders.milestone.reached": "flag", "work.item.completed": "check", "work.item.released": "undo",
    "work.item.claimed": "person", "work.item.assigned": "person", "work.item.handed_over": "person",
    "work.advice.asked": "comment", "work.advice.given": "comment", "orders.order.copied": "eye",
    "work.item.taken_back": "undo", "approvals.decision.taken_back": "undo", "work.item.pended": "pause",
    "sla.clock.breached": "alert", "orders.order.failed": "alert", "processes.instance.failed": "alert",
}  # fmt: skip
CRITICAL = {"sla.clock.breached", "orders.order.failed", "processes.instance.failed"}


def sentence(fact: str, given: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """What a fact says, without who. given: the entry's data and what it changed to; names: words for codes and keys.

    A fact that nobody wrote a sentence for is shown by its name, so that nothing is ever hidden.
    """
    known = names or {}
    words: dict[str, str] = defaultdict(lambda: "…")
    words.update({name: known.get(str(value), str(value)) for name, value in given.items() if value is not None})
    if "node" in given:
        words["step"] = known.get(str(given["node"]), str(given["node"]))
    if "milestone" in given:
        words["milestone"] = known.get(f"milestone:{given['milestone']}", str(given["milestone"]))
    if "to" in given:
        words["to"] = (
            gettext("nobody") if given["to"] is None else known.get(f"user:{given['to']}", gettext("somebody"))
        )
    if given.get("delegator") is not None:
        words["delegator"] = known.get(f"user:{given['delegator']}", gettext("somebody"))
    if str(given.get("band")) in BANDS:
        words["band"] = str(BANDS[str(given["band"])].word)
    is_named = fact in NAMED and {"table", "process"} & given.keys()
    return str(NAMED[fact] if is_named else SENTENCES.get(fact, fact)) % words


def icon_of(fact: str) -> str:
    """The icon of a fact: its own, or its room's."""
    return SPECIAL_ICONS.get(fact) or ICONS.get(fact.partition(".")[0], "activity")
