"""The ten nodes: check (watched by a timer), then stop if it is large, else book and inform at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.models import Process


class TenNodes(flow.Flow):
    """The same flow as `insights.bench.ten_nodes`."""

    process_class = Process
    lock_impl = lock.select_for_update_lock

    received = flow.StartHandle(this.receive).Next(this.check)
    check = flow.ManualTask().OnTimeout(timedelta(hours=72), this.stopped).Next(this.large)
    large = flow.If(lambda activation: activation.process.data["amount"] > 1000).Then(this.stopped).Else(this.split)
    stopped = flow.End()
    split = flow.Split().Next(this.book).Next(this.inform)
    book = flow.ManualTask().Next(this.join)
    inform = flow.ManualTask().Next(this.join)
    join = flow.Join().Next(this.done)
    done = flow.End()

    def receive(self, activation: Any) -> Any:
        """A new instance."""
        activation.process.data = {"amount": 1}
        return activation.process
