"""Numbers of tasks: each instance counts its own; the other rooms know an order's tasks by one number."""

from __future__ import annotations

from processes.models import Instance

SPAN = 100_000  # numbers of one instance; the n-th called instance of an order has those from n * SPAN on


def within_order(instance: Instance, task: int) -> int:
    """The number of an instance's task among all tasks of its order."""
    return instance.serial * SPAN + task


def of_instance(task: int) -> tuple[int, int]:
    """The instance's serial (0: the order's own) and its task, from the number within the order."""
    return divmod(task, SPAN)
