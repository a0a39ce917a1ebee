"""The verbs of processes: publish versions, start and move instances, deliver messages, repair what failed."""

from processes.actions.cases import retire_case, save_case
from processes.actions.conditions import tell
from processes.actions.instances import (
    cancel_instance,
    complete_task,
    escalate,
    fire_timer,
    send_back,
    start,
    throw_error,
)
from processes.actions.messages import (
    apply_message,
    deliver_message,
    expire_messages,
    fire_start,
    note_failed_start,
    receive_message,
    throw_signal,
)
from processes.actions.migrating import expect_target, migrate_instance
from processes.actions.repair import (
    approve_skip,
    count_attempt,
    propose_skip,
    reject_skip,
    retry_by_itself,
    retry_instance,
)
from processes.actions.versions import (
    PROCESSES,
    add_model,
    approve_version,
    draft_version,
    grant_as_elsewhere,
    open_model,
    propose_version,
    put_in_force,
    reject_version,
    roll_back,
    withdraw_version,
)

__all__ = [
    "PROCESSES",
    "add_model",
    "apply_message",
    "approve_skip",
    "approve_version",
    "cancel_instance",
    "complete_task",
    "count_attempt",
    "deliver_message",
    "draft_version",
    "escalate",
    "expect_target",
    "expire_messages",
    "fire_start",
    "note_failed_start",
    "fire_timer",
    "grant_as_elsewhere",
    "migrate_instance",
    "open_model",
    "propose_skip",
    "propose_version",
    "put_in_force",
    "receive_message",
    "reject_skip",
    "reject_version",
    "retire_case",
    "retry_by_itself",
    "retry_instance",
    "roll_back",
    "save_case",
    "send_back",
    "start",
    "tell",
    "throw_error",
    "throw_signal",
    "withdraw_version",
]
