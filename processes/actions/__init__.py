"""The verbs of processes: publish versions, start and move instances."""

from processes.actions.instances import cancel_instance, complete_task, fire_timer, retry_instance, start
from processes.actions.versions import (
    add_model,
    approve_version,
    draft_version,
    propose_version,
    put_in_force,
    reject_version,
    withdraw_version,
)

__all__ = [
    "add_model",
    "approve_version",
    "cancel_instance",
    "complete_task",
    "draft_version",
    "fire_timer",
    "propose_version",
    "put_in_force",
    "reject_version",
    "retry_instance",
    "start",
    "withdraw_version",
]
