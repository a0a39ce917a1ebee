"""Where codes come from: our own words, the rows that carry a name; and what the ledger's fields are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Branch, Client, Team
from accounts.words import ROLES
from catalog.models import Channel, Product
from orders.words import STATES as ORDER_STATES
from portal_staff.words import ANSWERS, CAUSES, CHOICES, EVIDENCE, HIT_POLICIES, REQUEST_STATES, SKILLS
from processes.models import ProcessModel
from rulebook.models import Table
from rulebook.words import STATES as VERSION_STATES
from work.models import Queue
from work.words import STATES as ITEM_STATES

Words = Mapping[str, str | Promise]

TOLD = {
    "holder": gettext_lazy("Holder"),
    "manager": gettext_lazy("The approver's manager"),
    "alternate": gettext_lazy("Somebody else who can decide"),
}
OWN: dict[str, Words] = {
    **dict.fromkeys(("role", "roles", "together", "to", "prepared_by"), {**ROLES, **TOLD}),
    "orders.order:state": ORDER_STATES,
    "work.item:state": ITEM_STATES,
    "rulebook.version:state": VERSION_STATES,
    "processes.version:state": VERSION_STATES,
    "calendars.version:state": VERSION_STATES,
    "approvals.request:state": REQUEST_STATES,
    "approval": {**REQUEST_STATES, "more_information": CHOICES["more_information"]},
    "custodian_outcome": ANSWERS,
    "skill": SKILLS,
    "evidence": EVIDENCE,
    "cause": CAUSES,
    "hit_policy": HIT_POLICIES,
    "client_tier": dict(Client.Tier.choices),
    "client_kind": {
        "person": pgettext_lazy("client", "Person"),
        "company": pgettext_lazy("client", "Company"),
        "house": pgettext_lazy("client", "The firm itself"),
    },
    "sla.clock:reason": {"waiting_on_client": ORDER_STATES["waiting_on_client"], "parked": ITEM_STATES["pending"]},
    "unit": {"years": pgettext_lazy("unit", "years"), "days": pgettext_lazy("unit", "days")},
}
ROWS: dict[str, tuple[type[models.Model], str]] = {
    "product": (Product, "code"),
    "queue": (Queue, "code"),
    "team": (Team, "code"),
    "channel": (Channel, "code"),
    "branch": (Branch, "code"),
    "table": (Table, "key"),
    "process": (ProcessModel, "key"),
}
FIELDS: Words = {  # what the ledger's entries change
    "state": gettext_lazy("State"),
    "holder_id": gettext_lazy("Holder"),
    "priority": gettext_lazy("Priority"),
    "queue": gettext_lazy("Queue"),
    "band": gettext_lazy("Band"),
    "due_at": gettext_lazy("Due"),
    "effective_at": gettext_lazy("Takes effect from"),
    "begins_at": gettext_lazy("Begins"),
    "ends_at": gettext_lazy("Ends"),
    "revoked_at": gettext_lazy("Revoked"),
    "most_minor": gettext_lazy("Largest amount, in minor units"),
    "promised_at": gettext_lazy("Promised"),
    "number": gettext_lazy("Number"),
    "order_number": gettext_lazy("Order number"),
    "product": gettext_lazy("Product"),
    "channel": gettext_lazy("Channel"),
    "branch": gettext_lazy("Branch"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "rules": gettext_lazy("Rules"),
    "matrix": gettext_lazy("Matrix"),
    "approval": gettext_lazy("Outcome of the approval"),
    "custodian_outcome": gettext_lazy("The custodian's answer"),
    "custodian_reference": gettext_lazy("The custodian's reference"),
    "custodian_code": gettext_lazy("The custodian's reason code"),
    "stars": gettext_lazy("Stars"),
    "comment": gettext_lazy("Comment"),
    "cause": gettext_lazy("Cause"),
    "explanation": gettext_lazy("Explanation"),
    "reason": gettext_lazy("Reason"),
    "name": gettext_lazy("Name"),
    "client_tier": gettext_lazy("Client tier"),
    "client_kind": gettext_lazy("Kind of client"),
}
TOLD_AS: Words = {  # what entries tell beside their changes
    "tier": gettext_lazy("Tier of the escalation"),
    "role": gettext_lazy("Role"),
    "to": gettext_lazy("Told"),
    "band": FIELDS["band"],
    "waited": gettext_lazy("Because"),
}
