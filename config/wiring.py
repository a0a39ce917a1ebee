"""What happens when …? The one page that connects the rooms.

A fact that is not listed cannot be recorded, and a name that cannot be imported stops the start-up.
"""

from audit.wiring import every, nightly, nothing, on

# fact → what follows: now in the same transaction (database only), later by the worker (at least once, idempotent),
# news likewise, but not for replayed facts older than a week
REACTIONS = {
    "insights.procedures.taken": nothing,
    "demo.history.made": nothing,  # by `demo build`: what stands before it is made up
    "audit.invariants.checked": nothing,
    "audit.worker.returned": nothing,  # after a silence: what was late meanwhile is judged by it
    "accounts.absence.entered": on(news=["approvals.reactions.foresee_stalls"]),
    "accounts.absence.called_off": nothing,
    "accounts.branch.opened": nothing,
    "accounts.client.added": nothing,
    "accounts.delegation.given": on(news=["notifications.reactions.tell_of_lent_authority"]),
    "accounts.delegation.revoked": on(news=["notifications.reactions.tell_of_lent_authority"]),
    "accounts.password.changed": nothing,
    "accounts.password.reset": nothing,
    "accounts.right.granted": nothing,
    "accounts.second_factor.added": nothing,
    "accounts.second_factor.renewed": nothing,
    "accounts.second_factor.removed": nothing,
    "accounts.team.appointed": nothing,
    "accounts.team.formed": nothing,
    "accounts.user.added": nothing,
    "accounts.user.joined": nothing,
    "accounts.user.locked_out": nothing,
    "accounts.user.logged_in": nothing,
    "accounts.user.logged_out": nothing,
    "accounts.user.preferred": nothing,
    "calendars.calendar.opened": nothing,
    "calendars.version.drafted": nothing,
    "calendars.version.edited": nothing,
    "calendars.version.proposed": nothing,
    "calendars.version.approved": nothing,
    "calendars.version.rejected": nothing,
    "calendars.version.withdrawn": nothing,
    "calendars.version.in_force": nothing,
    "catalog.channel.added": nothing,
    "catalog.product.added": nothing,
    "catalog.product.listed": nothing,
    "catalog.product.offered": nothing,
    "catalog.slot.opened": nothing,
    "catalog.slot.taken": nothing,
    "catalog.slot.released": nothing,
    "rulebook.table.added": nothing,
    "rulebook.version.drafted": nothing,
    "rulebook.version.edited": nothing,
    "rulebook.version.proposed": nothing,
    "rulebook.version.approved": nothing,
    "rulebook.version.rejected": nothing,
    "rulebook.version.withdrawn": nothing,
    "rulebook.version.in_force": nothing,
    "rulebook.case.saved": nothing,
    "rulebook.model.added": nothing,
    "rulebook.model_version.drafted": nothing,
    "rulebook.model_version.proposed": nothing,
    "rulebook.model_version.approved": nothing,
    "rulebook.model_version.rejected": nothing,
    "rulebook.model_version.withdrawn": nothing,
    "rulebook.model_version.in_force": nothing,
    "rulebook.model_case.saved": nothing,
    "rulebook.model_case.retired": nothing,
    "rulebook.case.retired": nothing,
    "processes.model.added": nothing,
    "processes.version.drafted": nothing,
    "processes.version.proposed": nothing,
    "processes.version.approved": nothing,
    "processes.version.rejected": nothing,
    "processes.version.withdrawn": nothing,
    "processes.version.in_force": nothing,
    "processes.version.withheld": nothing,
    "processes.case.saved": nothing,
    "processes.case.retired": nothing,
    "processes.instance.started": nothing,
    "processes.instance.advanced": nothing,
    "processes.instance.failed": on(now=["orders.reactions.hold_for_repair"]),
    "processes.instance.resumed": on(later=["integrations.reactions.apply_waiting"]),
    "processes.instance.migrated": nothing,
    "processes.message.received": on(now=["processes.reactions.ring_for_messages"]),
    "processes.message.thrown": on(now=["processes.reactions.ring_for_messages"]),
    "processes.message.delivered": nothing,
    "processes.message.expired": nothing,
    "processes.start.failed": nothing,
    "processes.condition.met": on(now=["processes.reactions.ring_for_messages"]),
    "processes.signal.thrown": on(now=["processes.reactions.ring_for_messages"]),
    "processes.skip.proposed": nothing,
    "processes.skip.approved": on(now=["approvals.reactions.void_changed"]),
    "processes.skip.rejected": nothing,
    "orders.draft.saved": nothing,
    "orders.draft.discarded": nothing,
    "orders.order.submitted": on(
        now=["sla.reactions.start_order_clocks"], news=["notifications.reactions.tell_client_of_receipt"]
    ),
    "orders.order.started": nothing,
    "orders.order.waiting_on_client": on(
        now=["sla.reactions.pause_clocks"], news=["notifications.reactions.tell_client_of_request"]
    ),
    "orders.order.proceeded": on(now=["sla.reactions.resume_clocks"]),
    "orders.order.completed": on(
        now=["sla.reactions.stop_clocks", "orders.reactions.release_place"],
        news=["notifications.reactions.tell_client_of_end"],
    ),
    "orders.order.rejected": on(
        now=["sla.reactions.stop_clocks", "orders.reactions.release_place"],
        news=["notifications.reactions.tell_client_of_end"],
    ),
    "orders.order.cancelled": on(
        now=["sla.reactions.cancel_clocks", "orders.reactions.release_place"],
        news=["notifications.reactions.tell_client_of_end"],
    ),
    "orders.order.failed": nothing,
    "orders.order.repaired": nothing,
    "orders.order.viewed_as_client": nothing,
    "orders.order.urged": on(now=["work.reactions.move_up"], news=["notifications.reactions.tell_of_urge"]),
    "orders.order.rated": nothing,
    "orders.rating.explained": nothing,
    "orders.milestone.reached": nothing,
    "orders.request.opened": nothing,
    "orders.request.answered": nothing,
    "orders.request.closed": nothing,
    "orders.document.added": on(now=["approvals.reactions.void_unseen"]),
    "orders.message.sent": on(news=["notifications.reactions.tell_of_message"]),
    "orders.note.added": nothing,
    "orders.order.copied": on(news=["notifications.reactions.tell_of_copy"]),
    "orders.promise.changed": nothing,
    "work.queue.opened": nothing,
    "work.queue.overfull": on(news=["notifications.reactions.tell_of_depth"]),
    "work.queue.eased": nothing,
    "work.item.opened": on(now=["sla.reactions.start_item_clock"]),
    "work.item.claimed": nothing,
    "work.item.assigned": on(news=["notifications.reactions.tell_assignee"]),
    "work.item.handed_over": on(news=["notifications.reactions.tell_assignee"]),
    "work.item.taken_back": nothing,
    "work.advice.asked": on(news=["notifications.reactions.tell_of_question"]),
    "work.advice.given": on(news=["notifications.reactions.tell_of_advice"]),
    "work.item.started": nothing,
    "work.item.released": nothing,
    "work.item.pended": on(now=["sla.reactions.pause_item_clock"]),
    "work.item.resumed": on(now=["sla.reactions.resume_item_clock"]),
    "work.item.prioritised": nothing,
    "work.item.completed": on(now=["sla.reactions.stop_item_clock"]),
    "work.item.cancelled": on(now=["sla.reactions.cancel_item_clock", "approvals.reactions.withdraw_question"]),
    "approvals.request.opened": nothing,
    "approvals.tier.opened": on(now=["sla.reactions.start_decision_clock"]),
    "approvals.tier.stranded": on(news=["notifications.reactions.tell_of_missing_signer"]),
    "approvals.signer.added": nothing,  # the item that it opens tells who is asked
    "approvals.signer.removed": nothing,
    "approvals.decision.taken_back": nothing,
    "approvals.tier.approved": nothing,
    "approvals.tier.rejected": nothing,
    "approvals.tier.returned": nothing,
    "approvals.request.approved": nothing,
    "approvals.request.rejected": nothing,
    "approvals.request.returned": nothing,
    "approvals.request.void": nothing,
    "approvals.question.answered": on(news=["notifications.reactions.tell_asker"]),
    "approvals.stall.foreseen": on(news=["notifications.reactions.tell_of_stalls"]),
    "approvals.log.opened": nothing,
    "approvals.log.signed": nothing,
    "sla.clock.started": nothing,
    "sla.clock.paused": nothing,
    "sla.clock.resumed": nothing,
    "sla.clock.met": nothing,
    "sla.clock.cancelled": nothing,
    "sla.clock.turned": nothing,  # into another band
    "sla.calendar.running_out": on(news=["notifications.reactions.tell_of_calendar"]),
    "sla.clock.moved": nothing,  # a target or calendar came into force
    "sla.clock.breached": nothing,
    "sla.escalation.raised": on(
        now=["approvals.reactions.ask_somebody_else"], news=["notifications.reactions.tell_of_escalation"]
    ),
    "sla.breach.explained": nothing,
    "integrations.connector.added": nothing,
    "integrations.call.queued": on(news=["integrations.reactions.send_call"]),
    "integrations.call.sent": nothing,
    "integrations.call.parked": nothing,
    "integrations.call.retried": nothing,
    "integrations.call.withdrawn": nothing,
    "integrations.message.received": on(later=["integrations.reactions.apply_message"]),
    "integrations.message.applied": nothing,
    "integrations.message.ignored": nothing,
    "reconciliation.statement.expected": nothing,
    "reconciliation.statement.received": nothing,
    "reconciliation.statement.compared": nothing,
    "reconciliation.break.found": on(later=["reconciliation.reactions.open_order"]),
    "reconciliation.break.opened": nothing,
}

# (BPMN element, tl:kind) → who opens such a task, and who closes it when the process moves on without it
HANDLERS = {
    ("userTask", "work"): "work.handlers.open_item",
    ("manualTask", "work"): "work.handlers.open_item",
    ("userTask", "approval"): "approvals.handlers.open_request",
    ("userTask", "client"): "orders.handlers.open_request",
    ("serviceTask", "custodian"): "integrations.handlers.queue_call",
    ("serviceTask", "reconcile"): "reconciliation.handlers.take_step",
    ("userTask", "work", "cancel"): "work.handlers.cancel_item",
    ("manualTask", "work", "cancel"): "work.handlers.cancel_item",
    ("userTask", "approval", "cancel"): "approvals.handlers.void_request",
    ("userTask", "client", "cancel"): "orders.handlers.close_request",
    ("serviceTask", "custodian", "cancel"): "integrations.handlers.withdraw_call",
    ("serviceTask", "reconcile", "cancel"): "reconciliation.handlers.call_off",
}

# Kinds of task that a process may have that runs for no order; every other one is about an order
WITHOUT_ORDER = {("serviceTask", "reconcile")}

# Kind of message that answers no call of ours → who reads its members (raises BadMessage), and who takes it up
INBOX = {"statement": ("reconciliation.statements.read", "reconciliation.handlers.keep_statement")}

# (BPMN element, tl:kind) → who says, before a drawing is published, why such a task could not be opened
DRAWN = {
    ("userTask", "work"): "work.handlers.why_unopenable",
    ("manualTask", "work"): "work.handlers.why_unopenable",
    ("userTask", "approval"): "approvals.handlers.why_unopenable",
}

# Who says what speaks against a form (of a product, of a drawing's tasks), before it is kept
FORM_CHECK = "orders.form_checks.why_unfit"

# Kind of table → who says which of its answers nobody could work with, before it is kept
TABLES = {
    "approval_matrix": "approvals.checking.unworkable_cells",
    "sla_escalation": "sla.checking.unworkable_cells",
    "sla_targets": "sla.target_checks.unworkable_cells",
}

# Kind of table → who asks it, with the columns that it keeps: see `rulebook.readers`
READERS = {
    "approval_matrix": "approvals.reader.MATRIX",
    "sla_targets": "sla.reader.TARGETS",
    "sla_escalation": "sla.reader.ESCALATION",
    "break_severity": "reconciliation.reader.SEVERITY",
    "routing": "insights.reader.ROUTING",
}

# Kinds of table that people may open; of every other kind the code asks one table by its key
OPENED = ("decision", "approval_matrix")

# Kind of table → who says what else speaks against its rows: by themselves (pure), and with what this firm has
FINDINGS = {
    "approval_matrix": {"alone": "approvals.chain_checks.of_rows", "here": "approvals.checking.findings"},
    "sla_targets": {"here": "sla.target_checks.findings"},
}

# Kind of table → who says what a version would have decided otherwise in the past
WHAT_IF = {"approval_matrix": "approvals.what_if.replay"}

# What is supervisory: kinds of tables and keys of decision models, and a process that asks for one. Who holds one of
# these roles has to approve its versions (seed decision 22)
SUPERVISED = {"tables": ("approval_matrix",), "models": ("kyc_risk",)}
COMPLIANCE = ("compliance", "chief_compliance_officer")

# Kind of work item → who is asked before somebody takes it or is given it; raises what speaks against it
GUARDS = {"approval": "approvals.access.expect_other_eyes"}

# Who knows whether authority may be lent for one matrix of that key
LENT_FOR = "approvals.queries.is_matrix"

# Whom the engine asks for the (locked) order of an instance, and who takes the effects that are not tasks
ENGINE = {
    "order": "orders.queries.lock_order",
    "milestone": "orders.handlers.reach_milestone",
    "finished": "orders.handlers.finish",
    "settled": "orders.handlers.settle_state",
    "resumed": "orders.handlers.return_from_repair",
    "repairer": "orders.handlers.expect_repairer",
    "in_charge": "orders.handlers.expect_in_charge",
}

# Whom an order asks whether somebody works on it, or leads who does
PARTS = {"works_on": "work.access.works_on", "leads": "work.access.leads"}

# What the worker runs by itself, through django-q2's own schedules
SCHEDULES = {
    "audit.tasks.beat": every(seconds=15),
    "audit.tasks.deliver": every(minutes=1),
    "audit.tasks.seal": every(minutes=5),
    "processes.tasks.fire_timers": every(minutes=1),
    "processes.tasks.deliver_messages": every(minutes=1),
    "processes.tasks.retry_incidents": every(minutes=1),
    "rulebook.tasks.put_in_force": every(minutes=1),
    "processes.tasks.put_in_force": every(minutes=1),
    "calendars.tasks.put_in_force": every(minutes=1),
    "processes.tasks.read_passages": every(minutes=5),
    "sla.tasks.move": every(minutes=1),
    "sla.tasks.sweep": every(minutes=1),
    "sla.tasks.watch_calendars": nightly(hour=4),
    "work.tasks.watch_depth": every(minutes=1),
    "integrations.tasks.send_calls": every(minutes=1),
    "integrations.tasks.collect_answers": every(minutes=1),
    "notifications.tasks.send_mail": every(minutes=1),
    "audit.tasks.check_invariants": nightly(hour=5),
}

# What `run_due(now)` runs, in this order, when a driver moves the time
DUE = [
    "rulebook.tasks.put_in_force",
    "processes.tasks.put_in_force",
    "calendars.tasks.put_in_force",
    "processes.tasks.fire_timers",
    "processes.tasks.deliver_messages",
    "processes.tasks.retry_incidents",
    "sla.tasks.move",
    "sla.tasks.sweep",
    "audit.tasks.deliver",
]

# What the replay of a recorded log needs of work; the command that drives it stands below it
REPLAY = {
    "open_items": "work.queries.open_items_at",
    "claim": "work.actions.claim",
    "release": "work.actions.release",
    "complete": "work.actions.complete",
}

# What must always hold (`manage.py invariants`); the ids are those of the reliability paper
INVARIANTS = [
    "orders.invariants.one_order_per_key",  # I1
    "orders.invariants.states_follow_from_entries",  # I2
    "work.invariants.states_follow_from_entries",  # I2
    "sla.invariants.steps_follow_from_entries",  # I2
    "approvals.invariants.steps_follow_from_entries",  # I2
    "processes.invariants.instances_follow_from_entries",  # I2
    "processes.invariants.versions_follow_from_entries",  # I2
    "rulebook.invariants.tables_follow_from_entries",  # I2
    "rulebook.invariants.models_follow_from_entries",  # I2
    "calendars.invariants.versions_follow_from_entries",  # I2
    "audit.rehash.sealed_ledger_verifies",  # I3
    "work.invariants.one_holder_and_one_completion",  # I4
    "catalog.invariants.no_quota_is_oversold",  # I5
    "notifications.invariants.each_notice_at_most_once",  # I6
    "sla.invariants.each_escalation_once",  # I7
    "audit.invariants.every_later_reaction_has_its_delivery",  # I8
    "integrations.invariants.calls_follow_from_entries",  # I8
    "notifications.invariants.notices_follow_from_entries",  # I8
    "integrations.invariants.messages_act_once",  # I9
    "reconciliation.invariants.breaks_follow_from_entries",  # I9
    "orders.invariants.files_are_whole",  # I10
    "approvals.invariants.approvers_are_distinct",  # I11
    "insights.invariants.orders_go_on_by_themselves",  # I12
    "processes.state_invariants.rows_agree_with_states",  # I13
]

# What the benchmarks fill their scratch databases with
BENCH = {"firm": "demo.load.load_firm"}
